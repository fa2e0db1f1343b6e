//! Two endpoints that no server can tell apart.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn things(&self, id: u32) -> Result<String, Error>;

    #[endpoint(method = GET, path = "/things/{name}", role = Partner)]
    async fn named(&self, name: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(1).await;
}

fn main() {}
