//! A trait as the type of an argument, without `dyn`.

use std::fmt::Display;

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn things(&self, id: &Display) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&1).await;
}

fn main() {}
