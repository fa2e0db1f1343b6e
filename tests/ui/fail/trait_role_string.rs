//! A default role that is a string, is reported once.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api(role = "Partner")]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things")]
    async fn things(&self) -> Result<String, Error>;

    #[endpoint(method = GET, path = "/others")]
    async fn others(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
