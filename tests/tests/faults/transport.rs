//! A transport sends in the client's place, and its failures are judged like the client's own.

use std::time::Duration;

use rolecall::middleware::TransportError;
use rolecall::{Client, ErrorKind, HeaderValue, Public, Retry};
use rolecall_tests::faults::{Expect, FaultsApi, ScriptedResponse, Seen, TIMEOUT, Took, Way, World, case, case_by};

use crate::{BODY, TWO_WAITS, fails, fine};

/// A way to send that needs no socket.
fn double() -> impl Fn(reqwest::Request) -> std::future::Ready<Result<reqwest::Response, TransportError>> {
    |request| {
        std::future::ready(match request.url().path() {
            "/items/unsent" => Err(TransportError::unsent("the double is off")),
            "/items/broken" => Err(TransportError::new("the double broke")),
            path => {
                let body = format!(r#"{{"id":"{} {path}","count":{}}}"#, request.method(), request.headers().len());
                Ok(http::Response::new(body).into())
            }
        })
    }
}

#[test]
fn a_transport_sends_in_the_clients_place() {
    case(async |world| {
        let client = world.client_of("https://api.example.com/v1").transport(double()).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.value().id, "GET /v1/items/1");
        assert_eq!(seen.value().count, 4, "accept, accept-encoding, authorization, and user-agent");
        seen.is(fine(&[]))
    });
}

#[test]
fn the_error_of_a_transport_decides_whether_it_is_retried() {
    async fn call(world: &World, id: &'static str, idempotent: bool) -> Seen<()> {
        let transport = move |mut request: reqwest::Request| {
            request.url_mut().set_path(&format!("/items/{id}"));
            double()(request)
        };
        let client = world.client_of("https://api.example.com").transport(transport).build().unwrap();
        let call = async {
            let body = BODY;
            if idempotent { client.create_item_once(&body).await } else { client.create_item(&body).await }
        };
        world.call(async { call.await.map(drop) }).await
    }
    case(async |world| {
        let again = |kind, maybe_sent| Expect { attempts: 3, took: TWO_WAITS, maybe_sent, ..fails(&[], kind) };
        let unsent = call(world, "unsent", false).await;
        assert!(
            unsent.chain().ends_with("could not connect to api.example.com (3 attempts): the double is off"),
            "{}",
            unsent.chain()
        );
        unsent.is(again(ErrorKind::Connect, false));
        let broken = call(world, "broken", false).await;
        assert!(broken.chain().ends_with(": the double broke"), "{}", broken.chain());
        broken.is(fails(&[], ErrorKind::Transport));
        call(world, "broken", true).await.is(again(ErrorKind::Transport, true))
    });
}

#[test]
fn a_transport_has_the_attempts_time() {
    case(async |world| {
        let never = |_| std::future::pending::<Result<reqwest::Response, reqwest::Error>>();
        let client = world.client_of("https://api.example.com").transport(never).build().unwrap();
        let took = Took::About(TIMEOUT);
        world.call(client.create_item(&BODY)).await.is(Expect { took, ..fails(&[], ErrorKind::Timeout) })
    });
}

/// One of `reqwest-middleware`'s own.
struct Stamp;

#[async_trait::async_trait]
impl reqwest_middleware::Middleware for Stamp {
    async fn handle(
        &self,
        mut request: reqwest::Request,
        extensions: &mut http::Extensions,
        next: reqwest_middleware::Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        request.headers_mut().insert("x-stamp", HeaderValue::from_static("1"));
        next.run(request, extensions).await
    }
}

/// `follows_none`: the stack follows no redirects, so that what it could not connect to was not sent.
fn stacked(base_url: String, http: reqwest::Client, follows_none: bool) -> Client<Public> {
    let stack = reqwest_middleware::ClientBuilder::new(http).with(Stamp).build();
    let builder = Client::builder(base_url).retry(Retry::default().backoff(Duration::ZERO, Duration::ZERO));
    let builder = builder.transport(move |request| {
        let stack = stack.clone();
        async move {
            stack.execute(request).await.map_err(|error| match error {
                reqwest_middleware::Error::Reqwest(error) if follows_none && error.is_connect() => {
                    TransportError::unsent(error.without_url())
                }
                reqwest_middleware::Error::Reqwest(error) => TransportError::from(error),
                reqwest_middleware::Error::Middleware(error) => TransportError::new(error),
            })
        }
    });
    builder.build().unwrap()
}

#[test]
fn a_stack_of_reqwest_middleware_sends_the_requests_and_its_failures_are_judged_as_the_clients_own() {
    case_by(Way::Own, async |world| {
        let server = world.server([ScriptedResponse::status(503), ScriptedResponse::item()]);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let client = stacked(server.url(), http.clone(), true);
        world.call(client.get_public()).await.is(Expect { attempts: 2, ..fine(&[2]) });
        assert_eq!(server.request(1).header("x-stamp"), Some("1"));
        let client = stacked(world.nowhere(), http.clone(), false);
        let maybe_sent = Expect { attempts: 3, took: TWO_WAITS, ..fails(&[2], ErrorKind::Transport) };
        world.call(client.get_public()).await.is(maybe_sent);
        let client = stacked(world.nowhere(), http, true);
        let unsent = Expect { attempts: 3, maybe_sent: false, took: TWO_WAITS, ..fails(&[2], ErrorKind::Connect) };
        world.call(client.get_public()).await.is(unsent)
    });
}

/// A client of reqwest's that is already built may follow redirects, as reqwest's does by default.
#[test]
fn a_post_that_a_reqwest_client_has_redirected_to_a_dead_host_is_carried_out_once() {
    for status in [301, 302, 303, 307, 308] {
        case_by(Way::Reqwest, async |world| {
            let dead = world.nowhere();
            let server = world.server(ScriptedResponse::status(status).header("location", &dead));
            let _ = rustls::crypto::ring::default_provider().install_default();
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            let client = world.client(&server).http_client(http).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(!seen.error().is_retryable());
            seen.is(fails(&[1], ErrorKind::Transport));
            let builder = reqwest::Client::builder().no_proxy();
            let client = world.client(&server).http_client(builder).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(seen.line().contains("redirects are not followed"), "{}", seen.line());
            seen.is(fails(&[2], ErrorKind::Status))
        });
    }
}

#[test]
fn what_a_built_reqwest_client_could_not_connect_to_counts_as_maybe_sent() {
    case_by(Way::Reqwest, async |world| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let client = world.client_of(world.nowhere()).http_client(http).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fails(&[], ErrorKind::Transport));
        let builder = reqwest::Client::builder().no_proxy();
        let client = world.client_of(world.nowhere()).http_client(builder).build().unwrap();
        let unsent = Expect { attempts: 3, maybe_sent: false, took: TWO_WAITS, ..fails(&[], ErrorKind::Connect) };
        world.call(client.create_item(&BODY)).await.is(unsent)
    });
}

#[test]
fn settings_for_connections_and_a_reqwest_client_contradict_each_other() {
    case_by(Way::Reqwest, async |world| {
        let settings = rolecall::ConnectionSettings::new();
        let built = world.built(world.client_of("https://api.example.com").connection(settings).build());
        assert!(built.line().contains("both `http_client` and `connection` are set"), "{}", built.line());
        built.is(Expect { attempts: 0, maybe_sent: false, ..fails(&[], ErrorKind::Configuration) })
    });
}

/// Not every resolver knows that these names are loopback (RFC 6761, section 6.3), and plain `http` is for loopback.
#[test]
fn a_name_below_localhost_is_loopback_for_reqwest_or_refused() {
    case_by(Way::Reqwest, async |world| {
        let server = world.server(ScriptedResponse::item());
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = format!("http://api.localhost:{}", server.port());
        let client = world.client_of(&url).http_client(reqwest::Client::builder().no_proxy()).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[1]));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let built = world.built(world.client_of(&url).http_client(http.clone()).build());
        assert!(built.line().contains("`api.localhost` may be resolved to another machine"), "{}", built.line());
        built.is(Expect { attempts: 0, maybe_sent: false, ..fails(&[1], ErrorKind::Configuration) });
        let auth = Client::<rolecall_tests::roles::User>::builder(server.url())
            .client_credentials(format!("{url}/token"), "id", "a-secret-of-some-length")
            .http_client(http);
        let built = world.built(auth.build());
        assert!(built.line().contains("`api.localhost` may be resolved to another machine"), "{}", built.line());
        built.is(Expect { attempts: 0, maybe_sent: false, ..fails(&[1], ErrorKind::Configuration) })
    });
}
