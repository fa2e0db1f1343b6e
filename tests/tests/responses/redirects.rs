//! `redirects = n` and `base = "…"`.

use rolecall::{Client, Error, ErrorKind, Public, api, endpoint};
use rolecall_tests::faults::{Answer, Expect, case};
use rolecall_tests::roles::User;

use crate::fails;

#[api(headers("x-api-key" = "key"))]
trait MovingApi {
    #[endpoint(method = GET, path = "/archive", role = User, redirects = 2)]
    async fn archive(&self, #[header("range")] range: Option<&str>) -> Result<u8, Error>;

    #[endpoint(method = POST, path = "/jobs", role = User, redirects = 3)]
    async fn start(&self, #[body] job: &str) -> Result<u8, Error>;

    #[endpoint(method = PUT, path = "/upload", role = User, base = "uploads")]
    async fn upload(&self, #[body] file: &str) -> Result<u8, Error>;
}

fn to(status: u16, location: &str) -> Answer {
    Answer::status(status).header("location", location)
}

#[test]
fn a_redirect_on_the_same_origin_takes_credentials_and_body_along() {
    case(async |world| {
        let server = world.server([to(308, "/v2/jobs?a=1#x"), to(307, "../jobs"), Answer::json("7")]);
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
            let server = world.server([to(status, "/jobs/1"), Answer::json("7")]);
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
        let other = world.server(Answer::json("7"));
        let server = world.server(to(302, &format!("{}/file", other.url())));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.archive(Some("bytes=0-9"))).await;
        let request = other.request(0);
        let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "host", "range", "user-agent"]);
        seen.is(Expect { requests: &[1, 1], attempts: 2, ..crate::fine(&[]) });

        other.now(to(307, &format!("{}/archive", server.url())));
        server.now([to(302, &format!("{}/file", other.url())), Answer::json("8")]);
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
        let uploads = world.server(Answer::json("7"));
        let server = world.server(Answer::json("8"));
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
