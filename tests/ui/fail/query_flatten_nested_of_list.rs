//! A list, whose items have no names, as the fields of a query.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Serialize)]
pub struct Filter {
    pub size: u32,
}

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[query(flatten, nested)] filters: &[Filter]) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&[Filter { size: 1 }]).await;
}

fn main() {}
