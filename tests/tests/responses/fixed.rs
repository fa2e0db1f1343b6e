//! What is the same for all calls of a trait or an endpoint: query parameters and the accepted media type.

use rolecall::{Caller, Client, Error, Text, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::fine;

#[api(query("api-version" = "2025-01", "$top" = "a b&c"), accept = "application/vnd.hub+json")]
trait FixedApi: Caller {
    #[endpoint(method = GET, path = "/plain", role = User)]
    async fn plain(&self) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/of/{id}", role = User, query("kind" = "x"))]
    async fn of(&self, id: u8, #[query] limit: u8) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/newer", role = User, query("api-version" = "2026-01"), accept = "text/csv")]
    async fn newer(&self) -> Result<Text, Error>;

    #[endpoint(method = GET, path = "/chosen", role = User)]
    async fn chosen(&self, #[query("api-version")] version: &str, #[query] limit: u8) -> Result<u8, Error>;
}

#[test]
fn a_traits_query_is_sent_by_every_call_unless_an_endpoint_or_an_argument_replaces_it() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        world.call(client.plain()).await.is(fine(&[1]));
        world.call(client.of(5, 9)).await.is(fine(&[2]));
        world.call(client.newer()).await.is(fine(&[3]));
        let proven = world.call(client.chosen("2024-12", 3)).await.is(fine(&[4]));
        let request = |at: usize| {
            let request = server.request(at);
            (request.target.clone(), request.header("accept").unwrap().to_owned())
        };
        let hub = || "application/vnd.hub+json".to_owned();
        assert_eq!(request(0), ("/plain?api-version=2025-01&%24top=a+b%26c".to_owned(), hub()));
        assert_eq!(request(1), ("/of/5?api-version=2025-01&%24top=a+b%26c&kind=x&limit=9".to_owned(), hub()));
        assert_eq!(request(2), ("/newer?%24top=a+b%26c&api-version=2026-01".to_owned(), "text/csv".to_owned()));
        assert_eq!(request(3), ("/chosen?%24top=a+b%26c&api-version=2024-12&limit=3".to_owned(), hub()));
        proven
    });
}

#[test]
fn the_fixed_query_is_part_of_the_metadata() {
    let endpoints = <Client<User> as FixedApi>::ENDPOINTS;
    assert_eq!(endpoints[0].query, [("api-version", "2025-01"), ("$top", "a b&c")]);
    assert_eq!(endpoints[2].query, [("$top", "a b&c"), ("api-version", "2026-01")]);
    assert_eq!(endpoints[3].query, [("$top", "a b&c")]);
}
