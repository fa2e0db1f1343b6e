//! A method of which only the name is typed yet.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;

    #[endpoint(method = GET, path = "/half", role = Partner)]
    async fn half

    /// More things.
    #[endpoint(method = GET, path = "/more", role = Partner)]
    async fn more(&self, #[query] limit: u32) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = (client.things().await, client.more(1)).1.await;
}

fn main() {}
