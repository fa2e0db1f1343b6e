//! A type for the compiler to infer.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn things(&self, id: _) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(1).await;
}

fn main() {}
