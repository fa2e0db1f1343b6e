//! Middlewares see each attempt, and break no promise.

use std::error::Error;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use rolecall::auth::ApiKey;
use rolecall::middleware::{Attempt, AttemptOutcome, Middleware, Outgoing};
use rolecall::{ErrorKind, HeaderName, HeaderValue, RateLimit, Retry};
use rolecall_tests::faults::{Expect, FaultsApi, Script, ScriptedResponse, TIMEOUT, Took, case};
use rolecall_tests::roles::User;
use tokio::time::timeout;

use crate::{BODY, TWO_WAITS, fails, fine, seconds};

/// Writes down what it sees.
#[derive(Debug, Clone, Default)]
struct Log {
    name: &'static str,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Log {
    fn named(&self, name: &'static str) -> Self {
        Self { name, lines: Arc::clone(&self.lines) }
    }

    fn write(&self, line: String) {
        self.lines.lock().unwrap().push(format!("{}{line}", self.name));
    }

    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

impl Middleware for Log {
    fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
        let body = outgoing.body().map(String::from_utf8_lossy);
        self.write(format!(
            "{} {}: {} {} {body:?}",
            outgoing.attempt(),
            outgoing.endpoint().name,
            outgoing.method(),
            outgoing.url().path(),
        ));
        Ok(())
    }

    fn after(&self, ended: &Attempt<'_>) {
        let end = match ended.outcome() {
            AttemptOutcome::Response { status, headers } => format!("{} {:?}", status.as_u16(), headers.get("x-a")),
            AttemptOutcome::Failed { kind, cause } => format!("{kind:?} {}", cause.is_some()),
            AttemptOutcome::Cancelled => "dropped".to_owned(),
            end => format!("{end:?}"),
        };
        let seconds = ended.elapsed().as_secs();
        self.write(format!("{} {}: {end} after {seconds} s", ended.attempt(), ended.endpoint().name));
    }
}

/// Sets a header, or keeps the attempt from being sent.
struct Set(&'static str, &'static str);

impl Middleware for Set {
    fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
        outgoing.headers_mut().insert(HeaderName::try_from(self.0)?, HeaderValue::from_static(self.1));
        Ok(())
    }
}

/// Keeps all it can get hold of.
#[derive(Clone, Default)]
struct Spy(Arc<Mutex<String>>);

impl Middleware for Spy {
    fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut seen = self.0.lock().unwrap();
        *seen += &format!("{outgoing:?} {:?} {:?}", outgoing.url(), outgoing.body());
        for (name, value) in outgoing.headers() {
            *seen += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
        }
        Ok(())
    }

    fn after(&self, ended: &Attempt<'_>) {
        let mut seen = self.0.lock().unwrap();
        *seen += &format!("{ended:?} {:?}", ended.outcome());
        if let AttemptOutcome::Response { headers, .. } = ended.outcome() {
            for (name, value) in headers {
                *seen += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
            }
        }
    }
}

#[test]
fn each_attempt_is_shown_with_its_end() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::status(503).header("x-a", "1"),
            ScriptedResponse::close(),
            ScriptedResponse::item(),
        ]);
        let log = Log::default();
        let client = world.client(&server).middleware(log.clone()).build().unwrap();
        let expect = Expect { attempts: 3, took: TWO_WAITS, ..fine(&[3]) };
        let proven = world.call(client.create_item_once(&BODY)).await.is(expect);
        let request = r#"create_item_once: POST /items/once Some("{\"count\":1}")"#;
        assert_eq!(
            log.lines(),
            [
                format!("1 {request}"),
                r#"1 create_item_once: 503 Some("1") after 0 s"#.to_owned(),
                format!("2 {request}"),
                "2 create_item_once: Transport true after 0 s".to_owned(),
                format!("3 {request}"),
                "3 create_item_once: 200 None after 0 s".to_owned(),
            ]
        );
        proven
    });
}

#[test]
fn an_attempt_without_response_is_reported_with_its_kind_and_its_time() {
    case(async |world| {
        let log = Log::default();
        let silent = world.server(ScriptedResponse::silence());
        let builder = |url: String| world.client_of(url).middleware(log.clone()).retry(Retry::never());
        let took = Took::About(TIMEOUT);
        let client = builder(silent.url()).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect { took, ..fails(&[1], ErrorKind::Timeout) });
        assert_eq!(log.lines()[1], "1 get_item: Timeout false after 6 s");

        let client = builder(world.nowhere()).build().unwrap();
        let unsent = Expect { maybe_sent: false, ..fails(&[1], ErrorKind::Connect) };
        world.call(client.get_item("1")).await.is(unsent);
        assert_eq!(log.lines()[1], "1 get_item: Connect true after 0 s");

        let large = world.server(ScriptedResponse::item());
        let client = builder(large.url()).max_response_size(3).build().unwrap();
        let proven = world.call(client.get_item("1")).await.is(fails(&[1, 1], ErrorKind::ResponseTooLarge));
        assert_eq!(log.lines()[1], "1 get_item: ResponseTooLarge false after 0 s");
        proven
    });
}

#[test]
fn a_call_that_is_dropped_has_an_end_too() {
    case(async |world| {
        let server = world.server([ScriptedResponse::silence(), ScriptedResponse::item()]);
        let log = Log::default();
        let client = world.client(&server).middleware(log.clone()).build().unwrap();
        {
            let mut call = pin!(client.get_item("1"));
            timeout(seconds(2), &mut call).await.unwrap_err();
        }
        assert_eq!(log.lines(), ["1 get_item: GET /items/1 Some(\"\")", "1 get_item: dropped after 2 s"]);
        world.call(client.get_item("1")).await.is(fine(&[2]))
    });
}

#[test]
fn several_are_asked_in_order_and_reported_in_the_opposite_one() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let log = Log::default();
        let builder = world.client(&server).middleware(log.named("a ")).middleware(Set("x-a", "1"));
        let client = builder.middleware(Set("x-a", "2")).middleware(log.named("b ")).build().unwrap();
        let proven = world.call(client.get_item("1")).await.is(fine(&[1]));
        let lines: Vec<String> = log.lines().iter().map(|line| line.chars().take(16).collect()).collect();
        assert_eq!(lines, ["a 1 get_item: GE", "b 1 get_item: GE", "b 1 get_item: 20", "a 1 get_item: 20"]);
        assert_eq!(server.request(0).header("x-a"), Some("2"));
        proven
    });
}

#[test]
fn what_one_leaves_before_it_finds_after() {
    struct Id;
    impl Middleware for Id {
        fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
            let attempt = outgoing.attempt();
            outgoing.extensions_mut().insert(format!("id {attempt}"));
            Ok(())
        }

        fn after(&self, ended: &Attempt<'_>) {
            let id = ended.extensions().get::<String>().unwrap();
            assert_eq!(*id, format!("id {}", ended.attempt()));
        }
    }
    case(async |world| {
        let server = world.server([ScriptedResponse::status(503), ScriptedResponse::item()]);
        let client = world.client(&server).middleware(Id).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect { attempts: 2, took: TWO_WAITS, ..fine(&[2]) })
    });
}

#[test]
fn a_middleware_sees_no_token_and_no_client_secret() {
    case(async |world| {
        let echo = |response: ScriptedResponse, number| {
            response.header("x-sent", &format!("Bearer {}", ScriptedResponse::issued(number)))
        };
        let server = world.server([
            echo(ScriptedResponse::status(401), 1),
            echo(ScriptedResponse::item(), 2).header("x-kept", "a-value"),
        ]);
        let auth = world.server(Script::tokens(3600));
        let spy = Spy::default();
        let client = world.client_with(&server, &auth).middleware(spy.clone()).build().unwrap();
        let proven = world.call(client.create_item(&BODY)).await.is(Expect { attempts: 2, ..fine(&[2, 2]) });
        let seen = spy.0.lock().unwrap();
        assert!(seen.contains("user-agent") && !seen.contains("authorization"), "{seen}");
        assert!(seen.contains("x-kept: a-value"), "{seen}");
        // A secret that it has seen would show in what is captured.
        world.capture().add(&seen);
        proven
    });
}

#[test]
fn a_middleware_cannot_replace_credentials_but_may_authorize_a_public_call() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).middleware(Set("authorization", "Other")).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        let cause = seen.error().source().unwrap().to_string();
        assert!(cause.contains("use `ClientBuilder::credentials`"), "{cause}");
        seen.is(kept(&[0]));
        let proven = world.call(client.get_public()).await.is(fine(&[1]));
        assert_eq!(server.request(0).header("authorization"), Some("Other"));
        let keyed = rolecall::Client::<User>::builder(server.url())
            .credentials(ApiKey::header("x-api-key", "a-key-of-some-length"))
            .middleware(Set("x-api-key", "another"));
        world.call(keyed.build().unwrap().get_item("1")).await.is(kept(&[1]));
        proven
    });
}

/// A call that a middleware keeps from being sent.
fn kept(requests: &[usize]) -> Expect<'_> {
    Expect { maybe_sent: false, ..fails(requests, ErrorKind::Middleware) }
}

#[test]
fn a_middleware_that_fails_ends_the_call_before_anything_is_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let log = Log::default();
        let builder = world.client(&server).middleware(log.named("a ")).middleware(Set("no name", ""));
        // The slot goes back: a second call needs no wait.
        let builder = builder.rate_limit(RateLimit::new(1, seconds(10)));
        let client = builder.middleware(log.named("b ")).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.line(), "get_item (GET /items/{id}) failed: a middleware rejected the request");
        assert_eq!(seen.error().source().unwrap().to_string(), "invalid HTTP header name");
        seen.is(kept(&[0]));
        let ends = ["a 1 get_item: GET /items/1 Some(\"\")", "a 1 get_item: Middleware true after 0 s"];
        assert_eq!(log.lines(), ends, "those that let it go on are told, and no others");
        world.call(client.create_item(&BODY)).await.is(kept(&[0]))
    });
}

#[test]
fn what_frames_the_message_is_not_for_a_middleware_to_set() {
    for name in ["content-length", "transfer-encoding", "host", "connection", "te", "upgrade", "keep-alive"] {
        case(async |world| {
            let server = world.server(ScriptedResponse::item());
            let client = world.client(&server).middleware(Set(name, "1")).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(seen.chain().contains(&format!("header `{name}` cannot be set by a middleware")));
            seen.is(kept(&[0]))
        });
    }
}
