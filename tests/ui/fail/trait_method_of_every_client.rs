//! A method with the name of one that every client has.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn into(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = ThingsApi::into(client).await;
}

fn main() {}
