//! A supertrait that no client has.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub trait Super {}

#[api]
pub trait ThingsApi: Super {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = async { let _ = client; }.await;
}

fn main() {}
