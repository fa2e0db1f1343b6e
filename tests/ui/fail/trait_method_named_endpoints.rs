//! A method with the name of the list of endpoints.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
    #[allow(non_snake_case)]
    #[endpoint(method = GET, path = "/endpoints", role = Partner)]
    async fn ENDPOINTS(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
