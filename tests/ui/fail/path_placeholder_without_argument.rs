//! A placeholder that no argument fills.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{thingId}/parts/{part}", role = Partner)]
    async fn things(&self, part: u32) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(1).await;
}

fn main() {}
