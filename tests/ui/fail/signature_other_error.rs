//! An error of another name.

use rolecall::{Client, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Fault;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Fault>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
