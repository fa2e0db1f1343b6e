//! A `Bytes` that is not `rolecall::Bytes`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Bytes;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Bytes, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
