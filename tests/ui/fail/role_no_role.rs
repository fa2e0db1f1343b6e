//! A type that is no role.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Admin;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;

    #[endpoint(method = GET, path = "/others", role = Admin)]
    async fn others(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
