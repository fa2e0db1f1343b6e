//! Several headers of one name.

use rolecall::{Client, Error, HeaderMap, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[header("x-trace", flatten)] headers: &HeaderMap) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&HeaderMap::new()).await;
}

fn main() {}
