//! Credentials of every kind: where they go, where they never show, and what is refused.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rolecall::auth::{ApiKey, Basic, Bearer, ClientCredentials, Credentials, RefreshToken};
use rolecall::middleware::{Middleware, Outgoing};
use rolecall::{CallSettings, Client, ClientBuilder, ErrorKind, Public};
use rolecall_tests::faults::{
    CLIENT_ID, CLIENT_SECRET, DEADLINE, Expect, FaultsApi, Received, Script, ScriptedResponse, Server, TIMEOUT, Tls,
    Took, case,
};
use rolecall_tests::roles::User;

use crate::{BODY, fails, fine, refused, seconds};

const KEY: &str = "k3y/+of an&API=~%";
const TOKEN_KEY: &str = "k3y/+of-an&API=~%";

fn builder(url: impl Into<String>, credentials: impl Into<Credentials>) -> ClientBuilder<User> {
    Client::builder(url).credentials(credentials).timeout(TIMEOUT).deadline(DEADLINE)
}

fn header<'a>(request: &'a Received, name: &str) -> &'a str {
    request.header(name).unwrap_or("(none)")
}

#[test]
fn each_kind_goes_where_the_api_wants_it() {
    type Made = fn() -> Credentials;
    let cases: [(Made, &str, &str, &str); 9] = [
        (|| ApiKey::header("X-Api-Key", KEY).into(), "/items/1", "x-api-key", KEY),
        (|| ApiKey::header("Authorization", KEY).into(), "/items/1", "authorization", KEY),
        (
            || ApiKey::query("api key", KEY).into(),
            "/items/1?api+key=k3y%2F%2Bof+an%26API%3D%7E%25",
            "x-api-key",
            "(none)",
        ),
        (|| ApiKey::cookie("sid", TOKEN_KEY).into(), "/items/1", "cookie", "sid=k3y/+of-an&API=~%"),
        (|| Basic::new("\u{fc}ser", KEY).into(), "/items/1", "authorization", "Basic w7xzZXI6azN5LytvZiBhbiZBUEk9fiU="),
        (|| Basic::new(KEY, "").into(), "/items/1", "authorization", "Basic azN5LytvZiBhbiZBUEk9fiU6"),
        (|| Bearer::new(TOKEN_KEY).into(), "/items/1", "authorization", "Bearer k3y/+of-an&API=~%"),
        (|| Bearer::with_scheme("Bot", TOKEN_KEY).into(), "/items/1", "authorization", "Bot k3y/+of-an&API=~%"),
        (
            || Bearer::with_scheme("GenieKey", TOKEN_KEY).into(),
            "/items/1",
            "authorization",
            "GenieKey k3y/+of-an&API=~%",
        ),
    ];
    for (credentials, target, name, value) in cases {
        case(async |world| {
            world.secret("a key", KEY);
            world.secret("a key", TOKEN_KEY);
            let server = world.server(ScriptedResponse::item());
            let client = builder(server.url(), credentials()).build().unwrap();
            let proven = world.call(client.get_item("1")).await.is(fine(&[1]));
            let request = server.request(0);
            assert_eq!((request.target.as_str(), header(&request, name)), (target, value));
            world.call(client.get_optional()).await.is(fine(&[2]));
            assert_eq!(header(&server.request(1), name), value, "a client shows what it has");
            world.call(client.get_public()).await.is(fine(&[3]));
            let public = server.request(2);
            assert_eq!((public.target.as_str(), header(&public, name)), ("/public", "(none)"));
            world.capture().add(&format!("{:?} {client:?}", credentials()));
            proven
        });
    }
}

#[test]
fn an_optional_endpoint_is_open_to_a_client_without_credentials() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = Client::<Public>::builder(server.url()).build().unwrap();
        let proven = world.call(client.get_optional()).await.is(fine(&[1]));
        assert_eq!(server.request(0).header("authorization"), None);
        proven
    });
}

#[test]
fn a_key_and_a_token_are_both_sent_and_the_token_is_renewed() {
    case(async |world| {
        world.secret("a key", KEY);
        let api = world.server([ScriptedResponse::item(), ScriptedResponse::status(401), ScriptedResponse::item()]);
        let auth = world.server(Script::tokens(3600));
        let client = world
            .client_with(&api, &auth)
            .credentials(ApiKey::header("x-api-key", KEY))
            .credentials(ApiKey::header("x-other-key", "an0ther-key-of-the-API"))
            .credentials(ApiKey::query("key", KEY))
            .credentials(ApiKey::cookie("one", "c00kie-key-one-of-two"))
            .credentials(ApiKey::cookie("two", "c00kie-key-two-of-two"));
        let client = client.build().unwrap();
        world.call(client.search("a", "b")).await.is(fails(&[1, 1], ErrorKind::Decode));
        let proven = world.call(client.get_item("1")).await.is(Expect { attempts: 2, ..fine(&[3, 2]) });
        for (number, token) in [(0, 1), (1, 1), (2, 2)] {
            let request = api.request(number);
            assert_eq!(header(&request, "authorization"), format!("Bearer {}", ScriptedResponse::issued(token)));
            assert_eq!(header(&request, "x-api-key"), KEY);
            assert_eq!(header(&request, "x-other-key"), "an0ther-key-of-the-API");
            assert_eq!(header(&request, "cookie"), "one=c00kie-key-one-of-two; two=c00kie-key-two-of-two");
        }
        assert_eq!(api.request(0).target, "/items?text=a&key=k3y%2F%2Bof+an%26API%3D%7E%25");
        assert_eq!(auth.request(0).header("x-api-key"), None, "the key is the API's");
        proven
    });
}

/// Keeps what it sees, URL and `Debug`.
#[derive(Clone, Default)]
struct Spy(Arc<Mutex<String>>);

impl Middleware for Spy {
    fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let seen = format!("{outgoing:?} {} {:?}\n", outgoing.url(), outgoing.headers());
        assert!(outgoing.url_with_credentials().as_str().contains("key=k3y"), "to one that asks");
        self.0.lock().unwrap().push_str(&seen);
        Ok(())
    }
}

#[test]
fn a_key_in_the_query_shows_nowhere_however_the_call_ends() {
    let check = async |world: &rolecall_tests::faults::World, server: &Server, client: Client<User>| {
        world.call(client.get_item("1")).await.is(fine(&[1]));
        assert!(server.request(0).target.ends_with("?key=k3y%2F%2Bof+an%26API%3D%7E%25"));
        let target = server.request(0).target;
        let mut proven = None;
        for (count, (response, kind)) in [
            (ScriptedResponse::status(404).body(&*target), ErrorKind::Status),
            (ScriptedResponse::status(302).header("location", &target), ErrorKind::Status),
            (ScriptedResponse::status(400).header("link", &format!("<{target}>")).body(KEY), ErrorKind::Status),
            (ScriptedResponse::json(&format!(r#"{{"id":"{target}"}}"#)), ErrorKind::Decode),
            (ScriptedResponse::silence(), ErrorKind::Timeout),
            (ScriptedResponse::reset(), ErrorKind::Transport),
        ]
        .into_iter()
        .enumerate()
        {
            server.now(response);
            let seen = world.call(client.create_item(&BODY)).await;
            proven = Some(seen.is(Expect { took: Took::UpTo(TIMEOUT + seconds(1)), ..fails(&[count + 2], kind) }));
        }
        proven.unwrap()
    };
    case(async |world| {
        world.secret("a key", KEY);
        let (server, spy) = (world.server(ScriptedResponse::item()), Spy::default());
        let client = builder(server.url(), ApiKey::query("key", KEY)).middleware(spy.clone()).build().unwrap();
        let proven = check(world, &server, client).await;
        world.capture().add(&spy.0.lock().unwrap());
        proven
    });
    case(async |world| {
        world.secret("a key", KEY);
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let client = world.way().of(builder(server.url(), ApiKey::query("key", KEY))).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1]));
        server.now(ScriptedResponse::status(400).body(&*server.request(0).target));
        world.call(client.get_item("1")).await.is(fails(&[2], ErrorKind::Status))
    });
    case(async |world| {
        world.secret("a key", KEY);
        let client = builder(world.nowhere(), ApiKey::query("key", KEY)).build().unwrap();
        let took = Took::UpTo(seconds(1));
        let ends = Err(ErrorKind::Connect);
        world.call(client.get_item("1")).await.is(Expect { requests: &[], ends, attempts: 3, maybe_sent: false, took })
    });
}

#[test]
fn a_server_that_repeats_any_credentials_does_not_show_them() {
    type Made = fn() -> Credentials;
    let pair = STANDARD.encode(format!("a-user:{KEY}"));
    let percent: String = KEY.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let kinds: [Made; 4] = [
        || ApiKey::header("x-api-key", KEY).into(),
        || ApiKey::query("key", KEY).into(),
        || Basic::new("a-user", KEY).into(),
        || Basic::new(KEY, "").into(),
    ];
    for credentials in kinds {
        for echo in [KEY, &pair, &percent, &KEY.replace('/', "\\/"), &KEY.replace('&', "&amp;")] {
            for (response, kind) in [
                (ScriptedResponse::status(403).body(format!("you sent {echo}")), ErrorKind::Status),
                (ScriptedResponse::status(403).body(format!(r#"{{"error":"{echo}"}}"#)), ErrorKind::Status),
                (ScriptedResponse::status(403).header("www-authenticate", echo), ErrorKind::Status),
                (
                    ScriptedResponse::json(&format!(r#"{{"id":1,"x":"{echo}"}}"#)).header("x-sent", echo),
                    ErrorKind::Decode,
                ),
            ] {
                case(async |world| {
                    world.secret("a key", KEY);
                    let server = world.server(response.clone());
                    let client = builder(server.url(), credentials()).build().unwrap();
                    world.call(client.get_item("1")).await.is(fails(&[1], kind))
                });
            }
        }
    }
}

#[test]
fn credentials_that_cannot_be_sent_are_refused_when_the_client_is_built() {
    case(async |world| {
        world.secret("a key", "k3y-with-a-line\nend-in-it");
        world.secret("half of it", "k3y-with-a-line-");
        let bad = "k3y-with-a-line\nend-in-it";
        let url = "https://auth.example.com/token";
        let oauth = || ClientCredentials::new(url, CLIENT_ID, CLIENT_SECRET);
        let all: Vec<Credentials> = vec![
            ApiKey::header("x-api-key", "").into(),
            ApiKey::header("x-api-key", bad).into(),
            ApiKey::header("x-api-key", " key").into(),
            ApiKey::header("", "key").into(),
            ApiKey::header("x api key", "key").into(),
            ApiKey::header("host", "key").into(),
            ApiKey::header("content-length", "key").into(),
            ApiKey::header("cookie", "key").into(),
            ApiKey::query("", "key").into(),
            ApiKey::query("key", "").into(),
            ApiKey::cookie("a b", "key").into(),
            ApiKey::cookie("sid", "a;b").into(),
            ApiKey::cookie("sid", bad).into(),
            ApiKey::cookie("sid", "").into(),
            Basic::new("a:b", "c").into(),
            Basic::new("", "").into(),
            Basic::new("a", bad).into(),
            Bearer::new("").into(),
            Bearer::new(bad).into(),
            Bearer::with_scheme("", "token").into(),
            Bearer::with_scheme("a b", "token").into(),
            Bearer::with_scheme("a\r\nb", "token").into(),
            Bearer::supplied_by(async |_| Ok::<_, std::io::Error>("token")).scheme("a b").into(),
            oauth().parameter("grant_type", "password").into(),
            oauth().parameter("", "x").into(),
            ClientCredentials::new("http://auth.example.com", CLIENT_ID, CLIENT_SECRET).into(),
            ClientCredentials::from_issuer("http://auth.example.com", CLIENT_ID, CLIENT_SECRET).into(),
            ClientCredentials::new(url, "a:b", CLIENT_SECRET).basic_verbatim().into(),
            RefreshToken::new(url, CLIENT_ID, "").into(),
            RefreshToken::new(url, "", "r").into(),
        ];
        let mut proven = None;
        for credentials in all {
            let seen = world.built(builder("https://api.example.com", credentials.clone()).build());
            assert!(!seen.line().contains('\n'), "{}", seen.line());
            world.capture().add(&format!("{credentials:?}"));
            seen.is(refused(&[], ErrorKind::Configuration));
            // For a call they are refused by the call.
            let client = builder("https://api.example.com", Credentials::per_call()).build().unwrap();
            let seen = world.call(client.with(CallSettings::new().credentials(credentials)).get_item("1")).await;
            proven = Some(seen.is(refused(&[], ErrorKind::Configuration)));
        }
        proven.unwrap()
    });
}

#[test]
fn two_credentials_for_one_place_are_refused_and_named() {
    case(async |world| {
        let mut proven = None;
        for (one, two, place) in [
            (Credentials::from(Bearer::new("a")), Credentials::from(Basic::new("a", "b")), "header `authorization`"),
            (ApiKey::header("X-Key", "a").into(), ApiKey::header("x-key", "b").into(), "header `x-key`"),
            (ApiKey::query("key", "a").into(), ApiKey::query("key", "b").into(), "query parameter `key`"),
            (ApiKey::cookie("sid", "a").into(), ApiKey::cookie("sid", "b").into(), "cookie `sid`"),
            (
                ClientCredentials::new("https://a.example", "i", "s").into(),
                ApiKey::header("authorization", "b").into(),
                "header `authorization`",
            ),
        ] {
            for (one, two) in [(one.clone(), two.clone()), (two, one)] {
                let seen = world.built(builder("https://api.example.com", one).credentials(two).build());
                assert!(seen.line().contains(place), "{}", seen.line());
                proven = Some(seen.is(refused(&[], ErrorKind::Configuration)));
            }
        }
        proven.unwrap()
    });
}

#[test]
fn a_client_without_a_role_has_no_credentials() {
    case(async |world| {
        let build = |credentials: Credentials| {
            Client::<Public>::builder("https://api.example.com").credentials(credentials).build()
        };
        let seen = world.built(build(ApiKey::header("x-key", "a").into()));
        assert!(seen.line().contains("`Public`"), "{}", seen.line());
        seen.is(refused(&[], ErrorKind::Configuration));
        world.built(build(Bearer::new("a").into())).is(refused(&[], ErrorKind::Configuration));
        let client = Client::<Public>::builder("https://api.example.com").build().unwrap();
        let client = client.with(CallSettings::new().credentials(Bearer::new("a")));
        world.call(client.get_public()).await.is(refused(&[], ErrorKind::Configuration))
    });
}

#[test]
fn plain_http_beyond_loopback_is_for_those_who_ask_for_it() {
    case(async |world| {
        let urls = [("http://billing.internal", "https://a.example"), ("https://a.example", "http://auth.internal/t")];
        for (api, auth) in urls {
            let build = || builder(api, ClientCredentials::new(auth, CLIENT_ID, CLIENT_SECRET));
            let seen = world.built(build().build());
            assert!(seen.line().contains("allow_plain_http"), "{}", seen.line());
            seen.is(refused(&[], ErrorKind::Configuration));
            let expected = Expect { requests: &[], ends: Ok(()), attempts: 0, maybe_sent: false, took: Took::AtOnce };
            world.built(build().allow_plain_http().build()).is(expected);
        }
        let ftp = builder("ftp://a.example", Bearer::new("a")).allow_plain_http();
        world.built(ftp.build()).is(refused(&[], ErrorKind::Configuration))
    });
}

#[test]
fn a_header_of_the_call_that_is_the_credentials_is_refused() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("[]"));
        let client = builder(server.url(), ApiKey::header("x-trace", KEY)).build().unwrap();
        let seen = world.call(client.search("a", "b")).await;
        assert!(seen.line().contains("header `x-trace`"), "{}", seen.line());
        seen.is(refused(&[0], ErrorKind::Configuration));
        let set = CallSettings::new().header("x-trace", "b");
        world.call(client.with(set).get_item("1")).await.is(refused(&[0], ErrorKind::Configuration))
    });
}

#[test]
fn an_issuer_names_its_token_endpoint_once() {
    case(async |world| {
        let api = world.server(ScriptedResponse::item());
        let url = Arc::new(Mutex::new(String::new()));
        let issuer = Arc::clone(&url);
        let mut number = 0;
        let auth = world.server(Script::by(move |request| {
            let issuer = issuer.lock().unwrap().clone();
            if request.target == "/.well-known/openid-configuration" {
                return ScriptedResponse::json(&format!(r#"{{"issuer":"{issuer}","token_endpoint":"{issuer}/t"}}"#));
            }
            number += 1;
            if request.target == "/t" { ScriptedResponse::token(number, 100) } else { ScriptedResponse::status(404) }
        }));
        *url.lock().unwrap() = auth.url();
        let credentials = ClientCredentials::from_issuer(auth.url(), CLIENT_ID, CLIENT_SECRET);
        let client = builder(api.url(), credentials).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 2]));
        world.pass(seconds(101)).await;
        world.call(client.get_item("1")).await.is(fine(&[2, 3]))
    });
}

#[test]
fn an_issuer_that_is_another_or_sends_elsewhere_gets_no_secret() {
    for metadata in [
        r#"{"issuer":"https://other.example","token_endpoint":"ISSUER/t"}"#,
        r#"{"issuer":"ISSUER","token_endpoint":"https://other.example/t"}"#,
        r#"{"issuer":"ISSUER"}"#,
        "{}",
    ] {
        case(async |world| {
            let url = Arc::new(Mutex::new(String::new()));
            let issuer = Arc::clone(&url);
            let auth = world.server(Script::by(move |_| {
                ScriptedResponse::json(&metadata.replace("ISSUER", &issuer.lock().unwrap()))
            }));
            *url.lock().unwrap() = auth.url();
            let credentials = ClientCredentials::from_issuer(auth.url(), CLIENT_ID, CLIENT_SECRET);
            let client = builder("https://api.example.com", credentials).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(!auth.requests().iter().any(|request| request.header("authorization").is_some()));
            seen.is(refused(&[1], ErrorKind::Authorization))
        });
    }
}

/// The credentials of a row of the guide's table, and the code as the row has it.
macro_rules! row {
    ($code:expr) => {
        (stringify!($code), Credentials::from($code))
    };
}

#[test]
fn each_row_of_the_guides_table_is_accepted_by_a_client() {
    let (key, user, password, token, id, secret) = ("a-key", "a-user", "a-password", "a-token", "an-id", "a-secret");
    let (token_url, issuer) = ("https://auth.example.com/token", "https://auth.example.com");
    let function = async |_| Ok::<_, std::io::Error>("a-token");
    let rows = [
        row!(ApiKey::header("x-api-key", key)),
        row!(ApiKey::header("authorization", key)),
        row!(ApiKey::query("key", key)),
        row!(ApiKey::cookie("sid", key)),
        row!(Basic::new(user, password)),
        row!(Basic::new(key, "")),
        row!(Bearer::new(token)),
        row!(Bearer::with_scheme("Bot", token)),
        row!(ClientCredentials::new(token_url, id, secret)),
        row!(RefreshToken::new(token_url, id, token)),
        row!(ClientCredentials::from_issuer(issuer, id, secret)),
        row!(Bearer::supplied_by(function)),
    ];
    let guide = include_str!("../../../runtime/src/guide/credentials.md");
    let in_guide: Vec<&str> = guide.lines().filter_map(|line| line.split("[`").nth(1)?.split("`]").next()).collect();
    for (code, credentials) in rows {
        let code = code.replace(['\n', ' '], "");
        assert!(in_guide.iter().any(|row| row.replace(' ', "") == code), "{code} is not in {in_guide:?}");
        builder("https://api.example.com", credentials).build().unwrap();
    }
    let calls = in_guide.iter().filter(|row| row.contains('('));
    assert_eq!(calls.count(), 12, "a row is not tried: {in_guide:?}");
}
