//! An encoding of all queries that does not exist.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api(query_encoding = "url")]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
