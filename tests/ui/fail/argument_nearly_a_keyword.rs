//! An argument that is nearly a placeholder, which is a keyword.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{type}", role = Partner)]
    async fn things(&self, typ: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("1").await;
}

fn main() {}
