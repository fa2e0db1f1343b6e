//! The attribute of a server, with a method for its name.

use rolecall::{Client, Error, api};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[get("/things")]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
