//! A client of any role, without the bound.

use rolecall::{Client, Error, Role, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn generic<R: Role>(client: &Client<R>) {
    let _ = client.things().await;
}

fn main() {}
