//! A list, whose items have no names, as a nested form.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(serde::Serialize)]
pub struct Filter {
    pub size: u32,
}

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[body(form, nested)] filters: Vec<Filter>) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(vec![Filter { size: 1 }]).await;
}

fn main() {}
