//! The encoding of a query that no call has.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner, query_encoding = "percent")]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
