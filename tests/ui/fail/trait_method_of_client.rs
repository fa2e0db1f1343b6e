//! A method with the name of one of `Client`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn with(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = ThingsApi::with(client).await;
}

fn main() {}
