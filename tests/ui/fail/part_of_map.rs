//! A map as one part.

use std::collections::BTreeMap;

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[part] fields: BTreeMap<String, String>) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(BTreeMap::new()).await;
}

fn main() {}
