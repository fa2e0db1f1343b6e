//! A part beside a body.

use rolecall::{Client, Error, FilePart, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[part] file: FilePart, #[body] name: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(FilePart::bytes(""), "").await;
}

fn main() {}
