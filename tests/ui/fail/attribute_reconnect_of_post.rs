//! Events whose request is not idempotent.

use rolecall::{Client, Error, Events, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner, reconnect)]
    async fn things(&self) -> Result<Events<String>, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
