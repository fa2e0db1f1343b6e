//! A type named `Public` that is not `rolecall::Public`.

use rolecall::{Client, Error, Role, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(Role)]
pub enum Public {}

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = any(Public, Partner))]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
