//! A module with the name of the trait's own.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

mod things_api {}

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
