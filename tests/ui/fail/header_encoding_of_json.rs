//! A response of JSON that is asked for compressed.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner, headers("accept-encoding" = "gzip"))]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
