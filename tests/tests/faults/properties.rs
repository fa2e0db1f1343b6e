//! What holds for every value, tried with many.

use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use rolecall::{ErrorKind, RateLimit};
use rolecall_tests::faults::{Expect, FaultsApi, Proven, ScriptedResponse, Took, World, case};

use crate::rate_limit::most_in;
use crate::{BODY, refused, seconds};

/// A few cases: each has a runtime, sockets and many values.
fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// Characters that mean something to somebody on the way, and any others.
fn segments() -> impl Strategy<Value = Vec<String>> {
    let telling = r"[./\\%?#&=;:@+ a0\u{0}\n\u{85}\u{e4}\u{2028}\u{1f600}]{0,6}";
    vec(prop_oneof![telling, any::<String>()], 1..40)
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8().unwrap().into_owned()
}

/// Calls with each of the values; what the server got of each call that was not refused.
async fn sent(world: &World, values: &[String], rest: bool) -> (Proven, Vec<(String, String)>) {
    let server = world.server(ScriptedResponse::item());
    let client = world.client(&server).build().unwrap();
    let (mut proven, mut sent) = (None, Vec::new());
    for value in values {
        let seen = if rest {
            world.call(async { client.get_file(value).await.map(|_| ()) }).await
        } else {
            world.call(async { client.get_item(value).await.map(|_| ()) }).await
        };
        let requests = [sent.len() + 1];
        proven = Some(match seen.result() {
            Ok(()) => {
                sent.push((value.clone(), server.request(sent.len()).target));
                seen.is(crate::fine(&requests))
            }
            Err(_) => seen.is(refused(&[sent.len()], ErrorKind::Argument)),
        });
    }
    (proven.unwrap(), sent)
}

/// What the documentation says can't be a segment.
fn is_refused(value: &str) -> bool {
    value.is_empty() || value == "." || value == ".." || value.chars().any(char::is_control)
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_path_argument_is_refused_or_arrives_as_one_segment(values in segments()) {
        case(async |world| {
            let (proven, sent) = sent(world, &values, false).await;
            let fine: Vec<&String> = values.iter().filter(|value| !is_refused(value)).collect();
            assert_eq!(sent.iter().map(|(value, _)| value).collect::<Vec<_>>(), fine);
            for (value, target) in sent {
                let segment = target.strip_prefix("/items/").unwrap();
                assert_eq!(decoded(segment), value);
                let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
                assert!(segment.chars().all(unreserved), "{target}");
            }
            proven
        });
    }

    #[test]
    fn a_rest_of_a_path_is_refused_or_arrives_segment_by_segment(values in segments()) {
        case(async |world| {
            let (proven, sent) = sent(world, &values, true).await;
            // Empty segments are parts of a key.
            let refused = |segment: &str| !segment.is_empty() && is_refused(segment);
            let fine = values.iter().filter(|value| !value.split('/').any(refused));
            assert_eq!(sent.iter().map(|(value, _)| value).collect::<Vec<_>>(), fine.collect::<Vec<_>>());
            for (value, target) in sent {
                let segments: Vec<String> = target.strip_prefix("/files/").unwrap().split('/').map(decoded).collect();
                assert_eq!(segments, value.split('/').collect::<Vec<_>>());
            }
            proven
        });
    }

    #[test]
    fn a_query_and_a_header_arrive_as_they_are(text in any::<String>(), trace in "[ -~]{0,20}") {
        case(async |world| {
            let server = world.server(ScriptedResponse::json("[]"));
            let client = world.client(&server).build().unwrap();
            let proven = world.call(client.search(&text, &trace)).await.is(crate::fine(&[1]));
            let request = server.request(0);
            let value = request.target.strip_prefix("/items?text=").unwrap();
            assert_eq!(decoded(&value.replace('+', " ")), text);
            assert_eq!(request.header("x-trace").unwrap(), trace.trim());
            proven
        });
    }

    #[test]
    fn how_often_a_status_is_tried_follows_from_it_and_the_method(status in 200_u16..=599, post in any::<bool>()) {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(status));
            let client = world.client(&server).build().unwrap();
            let seen = if post {
                world.call(async { client.create_item(&BODY).await.map(|_| ()) }).await
            } else {
                world.call(client.delete_item("1")).await
            };
            let attempts = match status {
                429 => 3,
                502..=504 if !post => 3,
                _ => 1,
            };
            let ends = match status {
                200..=299 if post => Err(ErrorKind::Decode),
                200..=299 => Ok(()),
                429 => Err(ErrorKind::RateLimited),
                _ => Err(ErrorKind::Status),
            };
            if let Err(kind) = ends {
                let retryable = attempts == 3;
                assert_eq!(seen.error().is_retryable(), retryable, "{kind:?}");
            }
            seen.is(Expect {
                requests: &[attempts],
                ends,
                attempts: u32::try_from(attempts).unwrap(),
                maybe_sent: true,
                took: crate::TWO_WAITS,
            })
        });
    }

}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn no_window_is_over_the_limit_whatever_happens(
        calls in vec((0_u64..4000, 0_usize..5), 1..40),
        limit in 1_u32..8,
    ) {
        case(async |world| {
            let responses = [
                ScriptedResponse::item(),
                ScriptedResponse::status(503),
                ScriptedResponse::reset(),
                ScriptedResponse::item().header("x-ratelimit-remaining", "1").header("x-ratelimit-reset", "2"),
                ScriptedResponse::status(429).header("retry-after", "1"),
            ];
            let mut kinds = calls.iter().map(|(_, kind)| responses[*kind].clone()).cycle().take(200).collect::<Vec<_>>();
            kinds.push(ScriptedResponse::item());
            let server = world.server(kinds);
            let builder = world.client(&server).deadline(seconds(12));
            let client = builder.rate_limit(RateLimit::new(limit, seconds(3))).build().unwrap();
            let futures = calls.iter().map(|(at, kind)| {
                let (client, at, patience) = (client.clone(), *at, 3000 * (*kind as u64 + 1));
                async move {
                    tokio::time::sleep(std::time::Duration::from_millis(at)).await;
                    // Some give up.
                    let call = client.get_item("1");
                    match tokio::time::timeout(std::time::Duration::from_millis(patience), call).await {
                        Ok(result) => result.map(|_| true).or(Ok(false)),
                        Err(_) => Ok(false),
                    }
                }
            });
            let all = world.calls(futures).await;
            assert!(most_in(&server, seconds(3)) <= limit as usize);
            let requests = [server.count()];
            let mut proven = None;
            for seen in &all {
                let expect = Expect {
                    requests: &requests,
                    ends: Ok(()),
                    attempts: seen.attempts(),
                    maybe_sent: seen.attempts() > 0,
                    took: Took::UpTo(seconds(20)),
                };
                proven = Some(seen.is(expect));
            }
            proven.unwrap()
        });
    }
}
