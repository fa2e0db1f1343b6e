//! Many mistakes: all are told, in the order of the source, and each once.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api(path = "v1")]
pub trait ThingsApi {
    #[endpoint(metod = GET, path = "/things", role = Partner)]
    async fn things(&self, limit: u32) -> String;

    fn others(&self) -> Result<(), Error>;

    #[endpoint(method = get, path = "others/{id}", role = any(), timeout = "soon")]
    async fn more(&mut self, #[query] #[body] id: &str, #[qurey] limit: u32) -> Result<(), Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(1).await;
}

fn main() {}
