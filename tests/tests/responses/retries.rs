//! Idempotency keys, statuses that are retried, and what servers say about when to come back.

use std::time::Duration;

use rolecall::{CallSettings, Error, ErrorKind, Retry, StatusCode, api, endpoint};
use rolecall_tests::faults::{Expect, ScriptedResponse, Took, case};
use rolecall_tests::roles::User;

use crate::{fails, fine};

#[api]
trait PaymentsApi {
    #[endpoint(method = POST, path = "/payments", role = User, idempotency_key = "Idempotency-Key")]
    async fn pay(&self, #[header("idempotency-key")] key: Option<&str>) -> Result<u8, Error>;

    #[endpoint(method = POST, path = "/notes", role = User)]
    async fn note(&self) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/balance", role = User)]
    async fn balance(&self) -> Result<u8, Error>;
}

/// The waits after the first and the second attempt at their longest.
const TWO_WAITS: Took = Took::UpTo(Duration::from_millis(700));

#[test]
fn a_call_has_a_random_key_that_its_retries_repeat() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::status(503),
            ScriptedResponse::reset(),
            ScriptedResponse::json("1"),
            ScriptedResponse::json("2"),
        ]);
        let client = world.client(&server).build().unwrap();
        world.call(client.pay(None)).await.is(Expect { attempts: 3, took: TWO_WAITS, ..fine(&[3]) });
        world.call(client.pay(None)).await.is(fine(&[4]));
        let key = |at: usize| server.request(at).header("idempotency-key").unwrap().to_owned();
        assert_eq!((key(0), key(1)), (key(2), key(2)));
        assert_eq!(key(0).len(), 36);
        assert_ne!(key(0), key(3));
        world.call(client.pay(Some("mine"))).await.is(fine(&[5]));
        assert_eq!(key(4), "mine");
        let other = client.with(CallSettings::new().header("idempotency-key", "of the call"));
        let seen = world.call(other.pay(None)).await;
        assert_eq!(key(5), "of the call");
        seen.is(fine(&[6]))
    });
}

#[test]
fn other_statuses_are_retried_if_the_retry_says_so_and_that_is_safe() {
    case(async |world| {
        let overloaded = StatusCode::from_u16(529).unwrap();
        let server = world.server([
            ScriptedResponse::status(529),
            ScriptedResponse::json("1"),
            ScriptedResponse::status(529),
            ScriptedResponse::status(500),
        ]);
        let client = world.client(&server).retry(Retry::default().on([overloaded])).build().unwrap();
        world.call(client.balance()).await.is(Expect { attempts: 2, took: TWO_WAITS, ..fine(&[2]) });
        let seen = world.call(client.note()).await;
        assert!(!seen.error().is_retryable());
        seen.is(fails(&[3], ErrorKind::Status));
        world.call(client.balance()).await.is(fails(&[4], ErrorKind::Status))
    });
}

#[test]
fn a_403_with_a_time_to_come_back_is_a_limit() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::status(403).header("retry-after", "2"),
            ScriptedResponse::json("1"),
            ScriptedResponse::status(403).header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", "900"),
            ScriptedResponse::status(403),
        ]);
        let client = world.client(&server).build().unwrap();
        let took = Took::Between(Duration::from_secs(2), Duration::from_secs(3));
        world.call(client.note()).await.is(Expect { attempts: 2, took, ..fine(&[2]) });
        let seen = world.call(client.note()).await;
        assert_eq!(seen.error().retry_after(), Some(Duration::from_secs(900)));
        assert!(seen.error().is_retryable() && seen.line().ends_with("retry after 900 s"), "{}", seen.line());
        seen.is(fails(&[3], ErrorKind::RateLimited));
        world.call(client.note()).await.is(fails(&[4], ErrorKind::Status))
    });
}

#[test]
fn an_error_says_to_retry_if_and_only_if_it_is_retryable() {
    let responses = [
        ScriptedResponse::status(503).header("retry-after", "900"),
        ScriptedResponse::status(404).header("retry-after", "900"),
        ScriptedResponse::status(429).header("retry-after", "900"),
        ScriptedResponse::status(403).header("retry-after-ms", "900000"),
        ScriptedResponse::status(429).header("ratelimit", "\"default\";r=0;t=900"),
        ScriptedResponse::status(500).header("retry-after", "900"),
    ];
    for response in responses {
        for idempotent in [false, true] {
            case(async |world| {
                let server = world.server(response.clone());
                let client = world.client(&server).build().unwrap();
                let seen = match idempotent {
                    true => world.call(client.balance()).await,
                    false => world.call(client.note()).await,
                };
                assert_eq!(seen.error().retry_after(), Some(Duration::from_secs(900)));
                assert_eq!(seen.line().contains("retry after"), seen.error().is_retryable(), "{}", seen.line());
                let kind = seen.error().kind();
                seen.is(fails(&[1], kind))
            });
        }
    }
}
