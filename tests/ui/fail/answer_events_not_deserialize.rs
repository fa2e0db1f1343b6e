//! Events that cannot be decoded.

use rolecall::{Client, Error, Events, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Thing;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Events<Thing>, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
