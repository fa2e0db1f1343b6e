//! Attributes of a method go where they belong.

#![deny(warnings)]

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[cfg(any())]
    #[endpoint(method = GET, path = "/gone", role = NoRole)]
    async fn gone(&self) -> Result<NoType, Error>;

    #[cfg(not(any()))]
    #[cfg(not(target_os = "none"))]
    #[endpoint(method = GET, path = "/there", role = Partner)]
    async fn there(&self) -> Result<String, Error>;

    #[deprecated(since = "1.0.0", note = "use `there`")]
    #[endpoint(method = GET, path = "/old", role = Partner)]
    async fn old(&self, #[query] #[allow(unused_variables)] limit: u32) -> Result<String, Error>;

    #[cfg(any())]
    #[endpoint(method = GET, path = "/either", role = Partner)]
    async fn either(&self) -> Result<u32, Error>;

    #[cfg(not(any()))]
    #[endpoint(method = GET, path = "/either", role = Partner)]
    async fn either(&self) -> Result<String, Error>;

    /// No `#[must_use]` is lost.
    #[must_use = "the last of them"]
    #[endpoint(method = GET, path = "/last", role = Partner)]
    async fn last(&self) -> Result<String, Error>;
}

fn main() {
    let endpoints = <Client<Partner> as ThingsApi>::ENDPOINTS;
    let names: Vec<_> = endpoints.iter().map(|endpoint| endpoint.name).collect();
    assert_eq!(names, ["there", "old", "either", "last"]);

    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    drop(client.there());
    #[allow(deprecated)]
    drop(client.old(1));
    drop(client.either());
    drop(client.last());
}
