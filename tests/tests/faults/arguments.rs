//! Requests that cannot be made: the call fails before anything is sent, waited for, or spent.

use std::time::Duration;

use rolecall::auth::ApiKey;
use rolecall::middleware::TransportError;
use rolecall::{Client, Error, ErrorKind, Page, RateLimit, Retry, api, endpoint};
use rolecall_tests::faults::{Expect, FaultsApi, Script, ScriptedResponse, Tls, Way, case, case_by};
use rolecall_tests::roles::User;
use serde::Serialize;

use crate::{TWO_WAITS, fails, fine, refused, seconds};

/// What a filter is made of.
#[derive(Serialize)]
struct Range {
    from: u8,
}

/// A filter whose second field is no text.
#[derive(Serialize)]
struct Filter {
    name: &'static str,
    range: Range,
}

const FILTER: Filter = Filter { name: "a", range: Range { from: 1 } };

/// Calls whose arguments may be too much.
#[api(role = User)]
trait ArgumentsApi {
    /// Things, by many IDs.
    #[endpoint(method = GET, path = "/things")]
    async fn things(&self, #[query] ids: &[u64]) -> Result<Page<Vec<u8>>, Error>;

    /// A thing, by a long name.
    #[endpoint(method = GET, path = "/things/{name}")]
    async fn thing(&self, name: &str) -> Result<(), Error>;

    /// Things, by a struct in place of a value.
    #[endpoint(method = GET, path = "/nested")]
    async fn nested(&self, #[query] filter: &Filter) -> Result<(), Error>;

    /// Things, by the fields of a struct.
    #[endpoint(method = GET, path = "/flat")]
    async fn flat(&self, #[query(flatten)] filter: &Filter) -> Result<(), Error>;

    /// Things, by a form.
    #[endpoint(method = POST, path = "/form")]
    async fn form(&self, #[body(form)] filter: &Filter) -> Result<(), Error>;
}

fn many() -> Vec<u64> {
    (1_000_000..1_015_000).collect()
}

#[test]
fn a_url_that_is_too_long_is_an_argument_error_that_costs_nothing() {
    for tls in [None, Some(Tls::http1()), Some(Tls::http2())] {
        case(async |world| {
            let server = match &tls {
                None => world.server([ScriptedResponse::status(503), ScriptedResponse::item()]),
                Some(tls) => world.tls_server([ScriptedResponse::status(503), ScriptedResponse::item()], tls.clone()),
            };
            let auth = world.server(Script::tokens(3600));
            let client = world
                .client_with(&server, &auth)
                .rate_limit(RateLimit::new(2, seconds(60)))
                .retry(Retry::default().budget(1))
                .build()
                .unwrap();
            for _ in 0..3 {
                let seen = world.call(client.things(&many())).await;
                assert!(seen.line().contains("bytes, and at most 65534 can be sent"), "{}", seen.line());
                assert!(!seen.error().is_retryable());
                seen.is(refused(&[0, 0], ErrorKind::Argument));
                let seen = world.call(client.thing(&"x".repeat(70_000))).await;
                seen.is(refused(&[0, 0], ErrorKind::Argument));
            }
            assert_eq!(client.queued_calls(), 0);
            // Both permits are left, and the budget pays for the retry.
            world.call(client.get_item("1")).await.is(Expect { attempts: 2, took: TWO_WAITS, ..fine(&[2, 1]) })
        });
    }
}

#[test]
fn a_url_may_be_as_long_as_the_limit() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("[]"));
        let client = world.client(&server).build().unwrap();
        let text = "x".repeat(65_534 - server.url().len() - "/items?text=".len());
        world.call(client.search(&text, "t")).await.is(fine(&[1]));
        assert_eq!(server.request(0).target.len() + server.url().len(), 65_534);
        world.call(client.search(&(text + "x"), "t")).await.is(refused(&[1], ErrorKind::Argument))
    });
}

#[test]
fn a_key_in_the_query_counts_for_the_length_of_the_url() {
    case(async |world| {
        world.secret("a key", "a-key-of-some-length");
        let server = world.server(ScriptedResponse::json("[]"));
        let key = ApiKey::query("key", "a-key-of-some-length");
        let client = world.way().of(Client::<User>::builder(server.url()).credentials(key)).build().unwrap();
        let text = "x".repeat(65_534 - server.url().len() - "/items?text=&key=a-key-of-some-length".len());
        world.call(client.search(&text, "t")).await.is(fine(&[1]));
        world.call(client.search(&(text + "x"), "t")).await.is(refused(&[1], ErrorKind::Argument))
    });
}

/// A client of reqwest's that is already built, and a function, never see the request.
#[test]
fn a_url_that_is_too_long_is_not_given_to_a_transport_of_the_callers() {
    case_by(Way::Reqwest, async |world| {
        let server = world.server(ScriptedResponse::item());
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let client = world.client(&server).http_client(http).build().unwrap();
        world.call(client.things(&many())).await.is(refused(&[0], ErrorKind::Argument));
        let never = |_| async { Err::<reqwest::Response, _>(TransportError::new("it was called")) };
        let client = world.client(&server).transport(never).build().unwrap();
        world.call(client.things(&many())).await.is(refused(&[0], ErrorKind::Argument))
    });
}

#[test]
fn a_next_page_whose_url_is_too_long_is_not_requested() {
    case(async |world| {
        let link = format!("</things?page={}>; rel=\"next\"", "a".repeat(70_000));
        let server = world.server(ScriptedResponse::json("[1]").header("link", &link));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.things(&[1])).await;
        seen.is(fine(&[1]));
        let page = seen.into_value();
        world.call(page.next()).await.is(refused(&[1], ErrorKind::Argument))
    });
}

/// How large a header may be is up to the server.
#[test]
fn a_header_of_many_kib_arrives_whole() {
    case(async |world| {
        let server = world.server([ScriptedResponse::json("[]"), ScriptedResponse::status(431)]);
        let client = world.client(&server).build().unwrap();
        let trace = "x".repeat(200_000);
        world.call(client.search("a", &trace)).await.is(fine(&[1]));
        assert_eq!(server.request(0).header("x-trace"), Some(&*trace));
        world.call(client.search("a", &trace)).await.is(fails(&[2], ErrorKind::Status))
    });
}

#[test]
fn a_field_that_cannot_be_written_is_named_with_what_would_do() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).rate_limit(RateLimit::new(1, seconds(60))).build().unwrap();
        let seen = world.call(client.nested(&FILTER)).await;
        let line = seen.line();
        assert!(
            line.starts_with("nested (GET /nested) failed: could not serialize argument `filter` as a query"),
            "{line}"
        );
        assert!(line.ends_with("the fields of a struct or map need `#[query(flatten)]`"), "{line}");
        seen.is(refused(&[0], ErrorKind::Argument));
        for (name, seen) in [
            ("flat (GET /flat)", world.call(client.flat(&FILTER)).await),
            ("form (POST /form)", world.call(client.form(&FILTER)).await),
        ] {
            let line = seen.line();
            assert!(
                line.starts_with(&format!("{name} failed: could not serialize argument `filter`, field `range`: ")),
                "{line}"
            );
            assert!(line.contains("add `#[serde(flatten)]` to `range`"), "{line}");
            seen.is(refused(&[0], ErrorKind::Argument));
        }
        let started = tokio::time::Instant::now();
        let proven = world.call(client.get_item("1")).await.is(fine(&[1]));
        assert!(started.elapsed() < Duration::from_secs(1), "the permit was left");
        proven
    });
}
