//! A list in a header, of a type that is neither `Display` nor `Serialize`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Filter;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[header("x-trace")] traces: &[Filter]) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&[Filter]).await;
}

fn main() {}
