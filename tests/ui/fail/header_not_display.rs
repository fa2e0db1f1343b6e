//! A header that is neither `Display` nor `Serialize`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Trace;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[header("x-trace")] trace: &Trace) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&Trace).await;
}

fn main() {}
