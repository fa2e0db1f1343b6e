//! A name that is not a string.

use rolecall::{Client, Error, Role, api, endpoint};

#[derive(Role)]
#[role(name = Reader)]
pub enum Reader {}

#[api(role = Reader)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things")]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Reader>) {
    let _ = client.things().await;
}

fn main() {}
