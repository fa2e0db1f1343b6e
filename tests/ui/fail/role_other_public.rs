//! A `Public` that is not `rolecall::Public`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub struct Public;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Public)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
