//! An argument that is nearly a placeholder: one mistake.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{thingId}", role = Partner)]
    async fn things(&self, thing_ids: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("1").await;
}

fn main() {}
