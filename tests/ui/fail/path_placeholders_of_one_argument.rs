//! Two spellings of one name.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{userId}/{user_id}", role = Partner)]
    async fn things(&self, user_id: &str) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things("1").await;
}

fn main() {}
