//! A call that the trait's default role forbids.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::{Partner, User};

#[api(role = Partner)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things")]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<User>) {
    let _ = client.things().await;
}

fn main() {}
