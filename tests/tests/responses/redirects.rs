//! `redirects = n` and `base = "…"`.

use std::time::Duration;

use rolecall::{Client, Error, ErrorKind, Public, RateLimit, api, endpoint};
use rolecall_tests::faults::{Expect, ScriptedResponse, Took, case};
use rolecall_tests::roles::User;

use crate::fails;

/// The waits after the first and the second attempt at their longest, and a little.
const TWO_WAITS: Took = Took::UpTo(Duration::from_millis(700));

#[api(headers("x-api-key" = "key"))]
trait MovingApi {
    #[endpoint(method = GET, path = "/archive", role = User, redirects = 2)]
    async fn archive(&self, #[header("range")] range: Option<&str>) -> Result<u8, Error>;

    #[endpoint(method = POST, path = "/jobs", role = User, redirects = 3)]
    async fn start(&self, #[body] job: &str) -> Result<u8, Error>;

    #[endpoint(method = PUT, path = "/upload", role = User, base = "uploads")]
    async fn upload(&self, #[body] file: &str) -> Result<u8, Error>;
}

fn to(status: u16, location: &str) -> ScriptedResponse {
    ScriptedResponse::status(status).header("location", location)
}

#[test]
fn a_redirect_on_the_same_origin_takes_credentials_and_body_along() {
    case(async |world| {
        let server = world.server([to(308, "/v2/jobs?a=1#x"), to(307, "../jobs"), ScriptedResponse::json("7")]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.start("x")).await;
        assert_eq!(*seen.value(), 7);
        for (at, target) in ["/jobs", "/v2/jobs?a=1", "/jobs"].into_iter().enumerate() {
            let request = server.request(at);
            assert_eq!(
                (request.method.as_str(), request.target.as_str(), request.text().as_str()),
                ("POST", target, "\"x\"")
            );
            assert!(request.header("authorization").is_some());
            assert_eq!(
                (request.header("content-type"), request.header("x-api-key")),
                (Some("application/json"), Some("key"))
            );
        }
        seen.is(Expect { requests: &[3], attempts: 3, ..crate::fine(&[]) })
    });
}

#[test]
fn see_other_is_followed_by_get_without_a_body() {
    for status in [303, 302, 301] {
        case(async |world| {
            let server = world.server([to(status, "/jobs/1"), ScriptedResponse::json("7")]);
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.start("x")).await;
            let request = server.request(1);
            assert_eq!(
                (request.method.as_str(), request.target.as_str(), request.text().as_str()),
                ("GET", "/jobs/1", "")
            );
            assert_eq!((request.header("content-type"), request.header("content-length")), (None, None));
            seen.is(Expect { requests: &[2], attempts: 2, ..crate::fine(&[]) })
        });
    }
}

#[test]
fn another_origin_gets_neither_credentials_nor_headers_nor_a_body_not_even_on_the_way_back() {
    case(async |world| {
        let other = world.server(ScriptedResponse::json("7"));
        let server = world.server(to(302, &format!("{}/file", other.url())));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.archive(Some("bytes=0-9"))).await;
        let request = other.request(0);
        let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "host", "range", "user-agent"]);
        seen.is(Expect { requests: &[1, 1], attempts: 2, ..crate::fine(&[]) });

        other.now(to(307, &format!("{}/archive", server.url())));
        server.now([to(302, &format!("{}/file", other.url())), ScriptedResponse::json("8")]);
        let seen = world.call(client.archive(None)).await;
        assert_eq!(server.request(2).header("authorization"), None);
        seen.is(Expect { requests: &[2, 3], attempts: 3, ..crate::fine(&[]) });

        server.now(to(307, &format!("{}/jobs", other.url())));
        let seen = world.call(client.start("x")).await;
        assert!(seen.line().contains("redirect not followed: it would take the request body to another origin"));
        seen.is(fails(&[2, 4], ErrorKind::Status))
    });
}

#[test]
fn a_redirect_that_is_not_followed_says_why() {
    for (location, reason) in [
        ("http://api.example.com/", "it leads to an address that is not encrypted"),
        ("ftp://127.0.0.1/", "it leads to an address that is not encrypted"),
        ("http://user:pw@127.0.0.1:1/", "its `Location` has credentials in it"),
        ("http://[", "invalid `Location`"),
    ] {
        case(async |world| {
            let server = world.server(to(302, location));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.archive(None)).await;
            assert!(seen.line().contains(&format!("302 Found (redirect not followed: {reason})")), "{}", seen.line());
            seen.is(fails(&[1], ErrorKind::Status))
        });
    }
    case(async |world| {
        let server = world.server(to(302, "/archive"));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.archive(None)).await;
        assert!(seen.line().contains("302 Found (more than 2 redirects)"), "{}", seen.line());
        seen.is(Expect { attempts: 3, ..fails(&[3], ErrorKind::Status) })
    });
}

#[test]
fn an_endpoint_on_another_host_has_a_base_url_by_name() {
    case(async |world| {
        let uploads = world.server(ScriptedResponse::json("7"));
        let server = world.server(ScriptedResponse::json("8"));
        let client = world.client(&server).base("uploads", uploads.url() + "/u/").build().unwrap();
        let seen = world.call(client.upload("x")).await;
        assert_eq!(*seen.value(), 7);
        let request = uploads.request(0);
        assert_eq!((request.method.as_str(), request.target.as_str()), ("PUT", "/u/upload"));
        assert!(request.header("authorization").is_some());
        seen.is(crate::fine(&[1, 0]));

        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.upload("x")).await;
        assert!(seen.line().contains("no base URL `uploads`; call `base(\"uploads\", …)`"), "{}", seen.line());
        seen.is(Expect { attempts: 0, maybe_sent: false, ..fails(&[1, 0], ErrorKind::Configuration) })
    });
}

#[test]
fn a_named_base_url_is_checked_as_the_clients_own() {
    for url in ["http://uploads.example.com", "uploads.example.com", "https://u.example.com/?a=b"] {
        let error = Client::<Public>::builder("https://api.example.com").base("uploads", url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("base URL `uploads`"), "{error}");
    }
}

/// The server has processed a `POST` that it redirects to a `GET`.
#[test]
fn the_get_that_a_post_was_redirected_to_is_retried_but_the_call_is_not_retryable() {
    for status in [301, 302, 303] {
        case(async |world| {
            let server = world.server([
                to(status, "/jobs/1"),
                ScriptedResponse::status(503),
                ScriptedResponse::reset(),
                ScriptedResponse::json("7"),
            ]);
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.start("x")).await;
            let methods: Vec<_> = server.requests().into_iter().map(|request| request.method).collect();
            assert_eq!(methods, ["POST", "GET", "GET", "GET"]);
            seen.is(Expect { requests: &[4], attempts: 4, took: TWO_WAITS, ..crate::fine(&[]) });

            server.now([to(status, "/jobs/1"), ScriptedResponse::status(503)]);
            let seen = world.call(client.start("x")).await;
            assert!(!seen.error().is_retryable());
            let failed = |requests| Expect { attempts: 4, took: TWO_WAITS, ..fails(requests, ErrorKind::Status) };
            seen.is(failed(&[8]));

            server.now([to(status, "/jobs/1"), ScriptedResponse::status(429).header("retry-after", "100")]);
            let seen = world.call(client.start("x")).await;
            assert!(!seen.error().is_retryable() && seen.error().retry_after().is_some());
            assert!(!seen.line().contains("retry after"), "{}", seen.line());
            seen.is(Expect { attempts: 2, ..fails(&[10], ErrorKind::RateLimited) });

            server.now(to(status, &world.nowhere()));
            let seen = world.call(client.start("x")).await;
            assert!(!seen.error().is_retryable() && seen.error().maybe_sent());
            seen.is(Expect { attempts: 4, took: TWO_WAITS, ..fails(&[11], ErrorKind::Connect) })
        });
    }
}

#[test]
fn a_call_that_was_redirected_with_its_method_is_as_retryable_as_any_other() {
    case(async |world| {
        let server = world.server([to(307, "/jobs/1"), ScriptedResponse::status(429).header("retry-after", "100")]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.start("x")).await;
        assert!(seen.error().is_retryable(), "no server has processed it");
        seen.is(Expect { attempts: 2, ..fails(&[2], ErrorKind::RateLimited) });
        server.now([to(303, "/archive/1"), ScriptedResponse::status(503)]);
        let seen = world.call(client.archive(None)).await;
        assert!(seen.error().is_retryable(), "`GET` is idempotent");
        seen.is(Expect { attempts: 4, took: TWO_WAITS, ..fails(&[6], ErrorKind::Status) })
    });
}

#[test]
fn a_redirect_to_an_address_that_no_request_can_have_is_not_followed() {
    case(async |world| {
        let server = world.server(to(302, &format!("/{}", "a".repeat(70_000))));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.archive(None)).await;
        assert!(seen.line().contains("(redirect not followed: its `Location` is too long)"), "{}", seen.line());
        seen.is(fails(&[1], ErrorKind::Status))
    });
}

/// The client's rate limit is not that of another origin, so nothing but the call itself waits there.
#[test]
fn a_429_of_another_origin_is_waited_out_too() {
    case(async |world| {
        let other =
            world.server([ScriptedResponse::status(429).header("retry-after", "2"), ScriptedResponse::json("7")]);
        let server = world.server(to(302, &format!("{}/file", other.url())));
        let limit = RateLimit::new(50, Duration::from_secs(60));
        let client = world.client(&server).rate_limit(limit).queue_timeout(Duration::from_secs(60)).build().unwrap();
        let seen = world.call(client.archive(None)).await;
        let took = Took::About(Duration::from_secs(2));
        seen.is(Expect { requests: &[2, 1], attempts: 3, took, ..crate::fine(&[]) })
    });
}
