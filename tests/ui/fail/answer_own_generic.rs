//! A type of the author without its type argument.
// In an incremental build, errors: 2

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Serialize, serde::Deserialize)]
pub struct Wrapper<T>(T);

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Wrapper, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
