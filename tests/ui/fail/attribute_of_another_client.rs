//! The attribute of another client library, by its path.

use rolecall::{Client, Error, api};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[http::DELETE("/things")]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
