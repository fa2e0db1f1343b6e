//! Callers that are generic over the role, or over the API, with the bounds that the compiler asks for, word for word.

use rolecall::{Client, Error, Role, api, endpoint};
use rolecall_tests::faults::FaultsApi;
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn any_role<R: Role>(client: &Client<R>) -> Result<String, Error>
where
    things_api::things: rolecall::Allows<R>,
{
    client.things().await
}

#[rustfmt::skip]
pub async fn any_api<A: ThingsApi>(api: &A) -> Result<String, Error>
where
    things_api::things: rolecall::Allows<<A as rolecall::Caller>::Role>,
{
    api.things().await
}

/// The API of another crate.
pub async fn other_crate<R: Role>(client: &Client<R>)
where
    rolecall_tests::faults::faults_api::get_item: rolecall::Allows<R>,
{
    let _ = client.get_item("1").await;
}

fn main() {}
