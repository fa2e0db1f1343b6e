//! A map as one value of the query.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;
use std::collections::HashMap;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[query] filter: &HashMap<String, String>) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&HashMap::new()).await;
}

fn main() {}
