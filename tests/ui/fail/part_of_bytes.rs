//! Bytes, which need a name and a media type, as a part.

use rolecall::{Bytes, Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn things(&self, #[part] file: Bytes) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(Bytes::new()).await;
}

fn main() {}
