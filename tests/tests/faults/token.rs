//! The token's life: one fetch, renewed ahead, kept through an outage, never sent once it has expired.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rolecall::{ErrorKind, RateLimit};
use rolecall_tests::faults::{
    DEADLINE, Expect, FaultsApi, Gate, Script, ScriptedResponse, Server, TIMEOUT, Took, case,
};
use tokio::time::timeout;

use crate::{BODY, fails, fine, refused, seconds};

/// The number of the token that the request was authorized with.
pub(crate) fn token_of(server: &Server, request: usize) -> usize {
    let authorization = server.request(request).header("authorization").unwrap().to_owned();
    (1..100).find(|number| authorization == format!("Bearer {}", ScriptedResponse::issued(*number))).unwrap()
}

#[test]
fn a_thousand_calls_without_a_token_cost_one_fetch() {
    case(async |world| {
        let (api, gate) = (world.server(ScriptedResponse::item()), Gate::new());
        let auth = world.server(ScriptedResponse::token(1, 3600).after(&gate));
        let client = world.client_with(&api, &auth).build().unwrap();
        let calls = (0..1000).map(|_| {
            let client = client.clone();
            async move { client.create_item(&BODY).await }
        });
        let open = async {
            auth.has_received(1).await;
            tokio::time::sleep(seconds(1)).await;
            gate.open();
        };
        let (all, ()) = tokio::join!(world.calls(calls), open);
        let mut proven = None;
        for seen in &all {
            proven = Some(seen.is(Expect { took: Took::Between(seconds(1), seconds(4)), ..fine(&[1000, 1]) }));
        }
        proven.unwrap()
    });
}

#[test]
fn credentials_are_sent_as_basic_and_nowhere_else() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).build().unwrap();
        let proven = world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        let request = auth.request(0);
        let pair = STANDARD.encode("an+id%3A+of%2Fa+client:s3cret%2F%2Bof+a%3Aclient+%26+more%7E%25");
        assert_eq!(request.header("authorization").unwrap(), format!("Basic {pair}"));
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/oauth2/token"));
        assert_eq!(request.text(), "grant_type=client_credentials");
        assert_eq!(request.header("content-type").unwrap(), "application/x-www-form-urlencoded");
        assert_eq!(token_of(&api, 0), 1);
        proven
    });
}

#[test]
fn a_token_is_renewed_ahead_while_the_old_one_serves() {
    case(async |world| {
        let (api, gate) = (world.server(ScriptedResponse::item()), Gate::new());
        let auth = world.server([ScriptedResponse::token(1, 1000), ScriptedResponse::token(2, 1000).after(&gate)]);
        let client = world.client_with(&api, &auth).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        world.pass(seconds(650)).await;
        world.call(client.get_item("1")).await.is(fine(&[2, 1]));
        world.pass(seconds(120)).await;
        for requests in 3..6 {
            world.call(client.get_item("1")).await.is(fine(&[requests, 2]));
            assert_eq!(token_of(&api, requests - 1), 1);
        }
        gate.open();
        world.pass(Duration::ZERO).await;
        let proven = world.call(client.get_item("1")).await.is(fine(&[6, 2]));
        assert_eq!(token_of(&api, 5), 2);
        proven
    });
}

#[test]
fn an_old_token_serves_while_its_renewal_fails() {
    for failure in [
        ScriptedResponse::status(503),
        ScriptedResponse::reset(),
        ScriptedResponse::status(401),
        ScriptedResponse::json("{}"),
        ScriptedResponse::silence(),
    ] {
        case(async |world| {
            let (api, auth) = (
                world.server(ScriptedResponse::item()),
                world.server([ScriptedResponse::token(1, 1000), failure.clone()]),
            );
            let client = world.client_with(&api, &auth).build().unwrap();
            world.call(client.get_item("1")).await.is(fine(&[1, 1]));
            world.pass(seconds(760)).await;
            // From here to the token's end there are calls all the time.
            for n in 2..=23 {
                let seen = world.call(client.get_item("1")).await;
                seen.is(fine(&[n, auth.count()]));
                assert_eq!(token_of(&api, n - 1), 1);
                world.pass(seconds(10)).await;
            }
            assert!((2..=4).contains(&auth.count()), "{} requests for a token", auth.count());
            auth.now(ScriptedResponse::token(2, 1000));
            world.pass(seconds(240)).await;
            let proven = world.call(client.get_item("1")).await;
            assert_eq!(token_of(&api, 23), 2);
            proven.is(fine(&[24, auth.count()]))
        });
    }
}

#[test]
fn an_expired_token_is_never_sent() {
    case(async |world| {
        let (api, gate) = (world.server(ScriptedResponse::item()), Gate::new());
        let auth = world.server([ScriptedResponse::token(1, 100), ScriptedResponse::token(2, 100).after(&gate)]);
        let client = world.client_with(&api, &auth).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        world.pass(seconds(101)).await;
        let open = async {
            auth.has_received(2).await;
            tokio::time::sleep(seconds(2)).await;
            gate.open();
        };
        let (seen, ()) = tokio::join!(world.call(client.get_item("1")), open);
        assert_eq!(token_of(&api, 1), 2);
        seen.is(Expect { took: Took::About(seconds(2)), ..fine(&[2, 2]) })
    });
}

#[test]
fn a_token_that_expires_while_its_call_waits_for_a_permit_is_not_sent() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(12)));
        let client = world.client_with(&api, &auth).rate_limit(RateLimit::new(1, seconds(15))).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(token_of(&api, 1), auth.count(), "the newest token");
        assert!(api.request(1).at - auth.requests().last().unwrap().at < seconds(12), "a token that lives");
        seen.is(Expect { took: Took::About(seconds(15)), ..fine(&[2, auth.count()]) })
    });
}

#[test]
fn refused_credentials_fail_at_once_and_recover_without_a_restart() {
    case(async |world| {
        let (api, auth) = (
            world.server(ScriptedResponse::item()),
            world.server(
                ScriptedResponse::status(401)
                    .body(r#"{"error":"invalid_client","error_description":"no such client"}"#),
            ),
        );
        let client = world.client_with(&api, &auth).build().unwrap();
        for _ in 0..20 {
            let seen = world.call(client.get_item("1")).await;
            let error = seen.error();
            assert!(error.is_authorization() && !error.is_retryable() && !error.is_timeout());
            assert!(seen.line().contains("invalid_client: no such client"), "{}", seen.line());
            assert_eq!(error.problem().unwrap().kind(), "invalid_client");
            seen.is(refused(&[0, 1], ErrorKind::Authorization));
        }
        auth.now(Script::tokens(3600));
        world.pass(seconds(40)).await;
        world.call(client.get_item("1")).await.is(fine(&[1, 2]))
    });
}

#[test]
fn an_outage_of_the_authorization_server_costs_it_three_requests_a_minute() {
    for failure in [
        ScriptedResponse::status(500),
        ScriptedResponse::status(503),
        ScriptedResponse::reset(),
        ScriptedResponse::status(429),
        ScriptedResponse::status(200),
    ] {
        case(async |world| {
            let (api, auth) = (world.server(ScriptedResponse::item()), world.server(failure.clone()));
            let client = world.client_with(&api, &auth).deadline(seconds(1)).build().unwrap();
            for _ in 0..180 {
                let seen = world.call(client.get_item("1")).await;
                let kind = seen.error().kind();
                // The time may be up while the server is being asked.
                assert!(matches!(kind, ErrorKind::Authorization | ErrorKind::RateLimited | ErrorKind::Timeout));
                let took = Took::UpTo(Duration::from_millis(1250));
                seen.is(Expect { took, ..refused(&[0, auth.count()], kind) });
                world.pass(seconds(1)).await;
            }
            assert!(auth.count() <= 9, "{} requests in three minutes", auth.count());
            assert!(crate::rate_limit::most_in(&auth, seconds(60)) <= 3);
            auth.now(Script::tokens(3600));
            world.pass(seconds(80)).await;
            world.call(client.get_item("1")).await.is(fine(&[1, auth.count()]))
        });
    }
}

#[test]
fn a_short_outage_is_waited_out() {
    case(async |world| {
        let api = world.server(ScriptedResponse::item());
        let auth =
            world.server([ScriptedResponse::status(503), ScriptedResponse::reset(), ScriptedResponse::token(1, 3600)]);
        let client = world.client_with(&api, &auth).build().unwrap();
        world
            .call(client.create_item(&BODY))
            .await
            .is(Expect { took: Took::Between(seconds(12), seconds(16)), ..fine(&[1, 3]) })
    });
}

#[test]
fn an_authorization_server_that_says_when_is_believed() {
    case(async |world| {
        let api = world.server(ScriptedResponse::item());
        let auth =
            world.server([ScriptedResponse::status(429).header("retry-after", "90"), ScriptedResponse::token(1, 3600)]);
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        let wait = seen.error().retry_after().unwrap();
        assert!(wait > seconds(89) && wait <= seconds(90), "{wait:?}");
        assert!(seen.error().is_retryable());
        assert!(seen.line().ends_with("retry after 90 s"), "{}", seen.line());
        seen.is(refused(&[0, 1], ErrorKind::RateLimited));
        world.pass(seconds(80)).await;
        world
            .call(client.get_item("1"))
            .await
            .is(Expect { took: Took::Between(seconds(9), seconds(10)), ..fine(&[1, 2]) })
    });
}

#[test]
fn an_authorization_server_that_is_silent_does_not_outlast_the_deadline() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(ScriptedResponse::silence()));
        let client = world.client_with(&api, &auth).deadline(seconds(4)).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert!(seen.error().is_timeout());
        let took = Took::About(seconds(4));
        seen.is(Expect { took, ..refused(&[0, 1], ErrorKind::Timeout) });
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        let kind = seen.error().kind();
        assert!(matches!(kind, ErrorKind::Timeout | ErrorKind::Authorization));
        seen.is(Expect { took: Took::UpTo(DEADLINE), ..refused(&[0, auth.count()], kind) })
    });
}

#[test]
fn the_wait_for_a_token_is_not_the_attempts() {
    case(async |world| {
        let (api, gate) = (world.server(ScriptedResponse::silence()), Gate::new());
        let auth = world.server(ScriptedResponse::token(1, 3600).after(&gate));
        let client = world.client_with(&api, &auth).build().unwrap();
        let open = async {
            auth.has_received(1).await;
            tokio::time::sleep(seconds(5)).await;
            gate.open();
        };
        let body = BODY;
        let (seen, ()) = tokio::join!(world.call(client.create_item(&body)), open);
        seen.is(Expect {
            requests: &[1, 1],
            ends: Err(ErrorKind::Timeout),
            attempts: 1,
            maybe_sent: true,
            took: Took::About(seconds(5) + TIMEOUT),
        })
    });
}

#[test]
fn a_call_that_is_dropped_while_it_waits_for_a_token_harms_no_other() {
    case(async |world| {
        let (api, gate) = (world.server(ScriptedResponse::item()), Gate::new());
        let auth = world.server(ScriptedResponse::token(1, 3600).after(&gate));
        let client = world.client_with(&api, &auth).build().unwrap();
        let first = async {
            assert!(timeout(seconds(1), client.get_item("1")).await.is_err());
            gate.open();
        };
        let second = async {
            auth.has_received(1).await;
            world.call(client.get_item("2")).await
        };
        let ((), seen) = tokio::join!(first, second);
        seen.is(Expect { took: Took::About(seconds(1)), ..fine(&[1, 1]) })
    });
}

#[test]
fn a_fetch_that_dies_with_its_runtime_is_made_again_in_another() {
    case(async |world| {
        let api = world.server(ScriptedResponse::item());
        let auth = world.server([ScriptedResponse::silence(), ScriptedResponse::token(1, 3600)]);
        let client = world.client_with(&api, &auth).build().unwrap();
        let in_another = client.clone();
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        let other = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let received = tokio::task::spawn_blocking(move || receiver.recv());
                tokio::select! {
                    result = in_another.get_item("1") => panic!("{result:?}"),
                    _ = received => {}
                }
            });
        });
        auth.has_received(1).await;
        sender.send(()).unwrap();
        other.await.unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 2]))
    });
}

#[test]
fn a_public_endpoint_needs_no_token() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(ScriptedResponse::status(500)));
        let client = world.client_with(&api, &auth).build().unwrap();
        world.call(client.get_public()).await.is(fine(&[1, 0]));
        api.now(ScriptedResponse::status(401));
        world.call(client.get_public()).await.is(fails(&[2, 0], ErrorKind::Status))
    });
}

#[test]
fn retries_of_the_call_use_the_token_of_the_time() {
    case(async |world| {
        let api = world.server([ScriptedResponse::status(503).header("retry-after", "15"), ScriptedResponse::item()]);
        let auth = world.server(Script::tokens(12));
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(token_of(&api, 1), 2);
        seen.is(Expect {
            requests: &[2, 2],
            ends: Ok(()),
            attempts: 2,
            maybe_sent: true,
            took: Took::About(seconds(15)),
        });
        world.call(client.get_item("1")).await.is(fine(&[3, 2]))
    });
}
