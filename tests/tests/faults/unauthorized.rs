//! What a 401 of the API comes to: one new token, one replay.

use rolecall::{ErrorKind, RateLimit, Retry};
use rolecall_tests::faults::{Expect, FaultsApi, Gate, Script, ScriptedResponse, Took, case};

use crate::token::token_of;
use crate::{BODY, fails, fine, refused, seconds};

/// An API that takes this token and those after it.
fn takes_from(least: usize) -> Script {
    Script::by(move |request| {
        let authorization = request.header("authorization").unwrap_or_default();
        let taken = (least..100).any(|number| authorization == format!("Bearer {}", ScriptedResponse::issued(number)));
        if taken { ScriptedResponse::item() } else { ScriptedResponse::status(401) }
    })
}

#[test]
fn a_401_renews_the_token_once_and_replays_the_call_once() {
    case(async |world| {
        let (api, auth) = (world.server(takes_from(2)), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).build().unwrap();
        let replayed = |requests| Expect { requests, ends: Ok(()), attempts: 2, maybe_sent: true, took: Took::AtOnce };
        world.call(client.create_item(&BODY)).await.is(replayed(&[2, 2]));
        assert_eq!(api.request(1).text(), r#"{"count":1}"#);
        api.now(takes_from(3));
        world.call(client.get_item("1")).await.is(replayed(&[4, 3]))
    });
}

#[test]
fn a_401_for_every_token_is_reported_after_one_replay() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::status(401).body("no")), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        assert_eq!(seen.error().status().unwrap(), 401);
        seen.is(Expect {
            requests: &[2, 2],
            ends: Err(ErrorKind::Status),
            attempts: 2,
            maybe_sent: true,
            took: Took::AtOnce,
        });
        // Nor does it cost the authorization server a token a call.
        for _ in 0..20 {
            let seen = world.call(client.get_item("1")).await;
            assert_eq!(seen.error().status().unwrap(), 401);
            seen.is(Expect {
                requests: &[api.count(), auth.count()],
                attempts: seen.attempts(),
                ..fails(&[], ErrorKind::Status)
            });
        }
        assert!(auth.count() <= 4, "{} tokens", auth.count());
        world.pass(seconds(61)).await;
        api.now(ScriptedResponse::item());
        world.call(client.get_item("1")).await.is(fine(&[api.count(), auth.count()]))
    });
}

#[test]
fn a_401_is_final_where_replays_are_switched_off() {
    case(async |world| {
        let (api, auth) = (world.server(takes_from(2)), world.server(Script::tokens(3600)));
        let retry = Retry::default().replay_unauthorized(false);
        let client = world.client_with(&api, &auth).retry(retry).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fails(&[1, 1], ErrorKind::Status));
        let client = world.client_with(&api, &auth).retry(Retry::never()).build().unwrap();
        api.now(takes_from(3));
        world.call(client.create_item(&BODY)).await.is(Expect {
            requests: &[3, 3],
            ends: Ok(()),
            attempts: 2,
            maybe_sent: true,
            took: Took::AtOnce,
        })
    });
}

#[test]
fn a_late_401_for_an_older_token_does_not_throw_a_newer_one_away() {
    case(async |world| {
        let gate = Gate::new();
        let late = gate.clone();
        let mut seen_first = 0;
        let api = world.server(Script::by(move |request| {
            let old = request.header("authorization") == Some(&format!("Bearer {}", ScriptedResponse::issued(1)));
            seen_first += usize::from(old);
            match (old, seen_first) {
                (true, 1) => ScriptedResponse::status(401).after(&late),
                (true, _) => ScriptedResponse::status(401),
                (false, _) => ScriptedResponse::item(),
            }
        }));
        let auth = world.server(Script::tokens(3600));
        let client = world.client_with(&api, &auth).build().unwrap();
        let others = async {
            api.has_received(1).await;
            let seen = world.call(client.get_item("2")).await;
            gate.open();
            seen
        };
        let (first, second) = tokio::join!(world.call(client.get_item("1")), others);
        let replayed = Expect { requests: &[4, 2], ends: Ok(()), attempts: 2, maybe_sent: true, took: Took::AtOnce };
        assert_eq!(token_of(&api, 2), 2);
        assert_eq!(token_of(&api, 3), 2);
        first.is(replayed);
        second.is(replayed)
    });
}

#[test]
fn a_hundred_calls_with_a_revoked_token_renew_it_once() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        api.now(takes_from(2));
        let calls = (0..100).map(|_| {
            let client = client.clone();
            async move { client.create_item(&BODY).await }
        });
        let mut proven = None;
        for seen in world.calls(calls).await {
            proven = Some(seen.is(Expect {
                requests: &[201, 2],
                ends: Ok(()),
                attempts: 2,
                maybe_sent: true,
                took: Took::UpTo(seconds(1)),
            }));
        }
        proven.unwrap()
    });
}

#[test]
fn a_fetch_takes_no_permit_and_a_replay_does() {
    case(async |world| {
        let (api, auth) = (world.server(takes_from(2)), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).rate_limit(RateLimit::new(2, seconds(60))).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect {
            requests: &[2, 2],
            ends: Ok(()),
            attempts: 2,
            maybe_sent: true,
            took: Took::AtOnce,
        });
        world.call(client.get_item("1")).await.is(refused(&[2, 2], ErrorKind::RateLimited))
    });
}
