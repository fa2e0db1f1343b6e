//! A client of none of the roles.

use rolecall::{Client, Error, Public, api, endpoint};
use rolecall_tests::roles::{Partner, User};

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = any(Partner, User))]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Public>) {
    let _ = client.things().await;
}

fn main() {}
