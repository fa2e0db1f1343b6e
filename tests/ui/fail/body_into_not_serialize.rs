//! A body of a type that cannot be serialized, as an `impl Into<Option<…>>`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Thing;

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[body] body: impl Into<Option<&Thing>>) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&Thing).await;
}

fn main() {}
