//! A slice of bytes as a part, which would be a part for each byte.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[part] file: Option<&[u8]>) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(None).await;
}

fn main() {}
