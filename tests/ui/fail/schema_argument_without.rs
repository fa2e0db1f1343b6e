//! An argument without a JSON Schema in a trait with `schema`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Serialize)]
pub struct Filter {
    pub name: String,
}

#[api(schema)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[query(flatten)] filter: &Filter) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&Filter { name: String::new() }).await;
}

fn main() {}
