//! `crate` with a path that does not exist.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api(crate = wrong)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn thing(&self, id: u64, #[query] limit: Option<u32>) -> Result<String, Error>;

    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
