//! A type of the author without its type argument.
// In an incremental build, errors: 2

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Serialize, serde::Deserialize)]
pub struct Wrapper<T>(T);

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[body] thing: &Wrapper) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&Wrapper(1)).await;
}

fn main() {}
