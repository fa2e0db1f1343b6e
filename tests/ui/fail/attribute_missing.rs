//! A method without `#[endpoint]`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    async fn things(&self) -> Result<String, Error>;
    #[endpoint(method = GET, path = "/others", role = Partner)]
    async fn others(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.others().await;
}

fn main() {}
