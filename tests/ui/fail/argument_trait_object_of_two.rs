//! A trait object of two traits.

use std::fmt::{Debug, Display};

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn things(&self, id: &(dyn Display + Debug)) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(&1).await;
}

fn main() {}
