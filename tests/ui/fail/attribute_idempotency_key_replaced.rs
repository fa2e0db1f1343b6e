//! A key that an argument always replaces.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner, idempotency_key = "idempotency-key")]
    async fn things(&self, #[header("idempotency-key")] key: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("x").await;
}

fn main() {}
