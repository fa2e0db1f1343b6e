//! An error type that cannot be displayed.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Deserialize)]
pub struct ThingError;

#[api(error = ThingError)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
