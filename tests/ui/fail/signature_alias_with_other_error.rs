//! An alias of `Result` with the error of another library.

use rolecall::{Client, api, endpoint};
use rolecall_tests::roles::Partner;

/// A library of one's own: what is shown of std's depends on whether its source is installed.
mod other {
    #[derive(Debug)]
    pub struct Error;
    pub type Result<T> = core::result::Result<T, Error>;
}

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> other::Result<String>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
