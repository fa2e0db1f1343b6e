//! A header twice.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[header("x-trace")] a: &str, #[header("X-Trace")] b: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("1", "2").await;
}

fn main() {}
