//! A type parameter with a default.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things<T = String>(&self, #[query] name: T) -> Result<String, Error>
    where
        T: ToString + Send + Sync;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("a").await;
}

fn main() {}
