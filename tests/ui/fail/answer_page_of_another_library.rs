//! A page that is not that of rolecall.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Deserialize)]
pub struct Page<T>(pub T);

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Page<String>, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
