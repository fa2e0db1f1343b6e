//! Nearly `#[endpoint]`.

use rolecall::{Client, Error, api};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpont(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
