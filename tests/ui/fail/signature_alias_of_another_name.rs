//! An alias of `Result` that is called otherwise.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub type ApiResult<T> = Result<T, Error>;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> ApiResult<String>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things().await;
}

fn main() {}
