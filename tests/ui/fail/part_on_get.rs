//! A part of a request without a body.

use rolecall::{Client, Error, FilePart, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[part] file: FilePart) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(FilePart::bytes("")).await;
}

fn main() {}
