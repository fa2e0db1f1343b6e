//! A path and a query as servers have them.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/<id>?<limit>", role = Partner)]
    async fn things(&self, id: u32, #[query] limit: u32) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(1, 2).await;
}

fn main() {}
