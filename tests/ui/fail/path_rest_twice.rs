//! Two rests.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/{*a}/things/{*b}", role = Partner)]
    async fn things(&self, a: &str, b: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("1", "2").await;
}

fn main() {}
