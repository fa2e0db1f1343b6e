//! A rest that is no segment by itself.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/a{*rest}", role = Partner)]
    async fn things(&self, rest: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("1").await;
}

fn main() {}
