//! A type.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    type Thing;
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Self::Thing, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
