//! A response in a tuple with its status.

use rolecall::{Client, Error, StatusCode, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<(StatusCode, String), Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
