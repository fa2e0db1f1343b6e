//! A tuple as one value of the query.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[query] range: (u32, u32)) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things((1, 2)).await;
}

fn main() {}
