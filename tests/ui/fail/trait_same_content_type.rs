//! Two endpoints whose bodies have the same content type.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = PATCH, path = "/things", role = Partner)]
    async fn things(&self, #[body(content_type = "application/merge-patch+json")] body: &str) -> Result<String, Error>;

    #[endpoint(method = PATCH, path = "/things", role = Partner)]
    async fn others(&self, #[body(content_type = "application/merge-patch+json")] body: &u32) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("").await;
}

fn main() {}
