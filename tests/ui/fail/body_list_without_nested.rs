//! A style of lists for a form that is not nested.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Serialize)]
pub struct Filter {
    pub size: u32,
}

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[body(form, list = "brackets")] filter: &Filter) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&Filter { size: 1 }).await;
}

fn main() {}
