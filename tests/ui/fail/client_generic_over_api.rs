//! A caller that is generic over the API, without the bound on the role.

use rolecall::{Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn generic<A: ThingsApi>(api: &A) -> Result<String, Error> {
    api.things().await
}

fn main() {}
