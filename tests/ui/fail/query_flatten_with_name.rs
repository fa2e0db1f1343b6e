//! A flattened query with a name.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Serialize)]
pub struct Filter {
    pub limit: u32,
}

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[query("filter", flatten)] filter: &Filter) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&Filter { limit: 1 }).await;
}

fn main() {}
