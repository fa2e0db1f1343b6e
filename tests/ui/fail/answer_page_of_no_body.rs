//! A page of a body that is none.

use rolecall::{Client, Error, Page, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Deserialize)]
pub struct Thing;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Page<Thing>, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
