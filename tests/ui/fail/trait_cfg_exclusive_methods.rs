//! An error in a trait with two methods of one name, of which each build has one.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[cfg(debug_assertions)]
    #[endpoint(method = get, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;

    #[cfg(not(debug_assertions))]
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
