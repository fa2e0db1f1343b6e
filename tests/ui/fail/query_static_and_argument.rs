//! A query parameter that is both fixed and an argument.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner, query("limit" = "1"))]
    async fn things(&self, #[query] limit: u32) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(7).await;
}

fn main() {}
