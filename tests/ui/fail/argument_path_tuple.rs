//! A tuple in the path.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn things(&self, id: (u32, u32)) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things((1, 2)).await;
}

fn main() {}
