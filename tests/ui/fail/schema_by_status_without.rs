//! A `ByStatus` enum without `#[status(schema)]` in a trait with `schema`.

use rolecall::{ByStatus, Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[derive(ByStatus)]
pub enum Reply {
    #[status(200)]
    Name(String),
    #[status(204)]
    Nothing,
}

#[api(schema)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Reply, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
