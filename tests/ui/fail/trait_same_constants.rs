//! Two endpoints of the same constants, in another order.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner, query("a" = "1", "b"))]
    async fn things(&self) -> Result<String, Error>;

    #[endpoint(method = GET, path = "/things", role = Partner, query("b", "a" = "1"))]
    async fn others(&self, #[query] limit: Option<u32>) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
