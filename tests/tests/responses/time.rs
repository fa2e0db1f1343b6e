//! `timeout` and `deadline` of an endpoint.

use std::time::Duration;

use rolecall::{CallSettings, Caller, Client, Error, ErrorKind, Retry, api, endpoint};
use rolecall_tests::faults::{Expect, ScriptedResponse, Took, case};
use rolecall_tests::roles::User;

use crate::fails;

#[api]
trait SlowApi: Caller {
    #[endpoint(method = GET, path = "/report", role = User, timeout = "15s")]
    async fn report(&self) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/quick", role = User, deadline = "3s")]
    async fn quick(&self) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/both", role = User, timeout = "2s", deadline = "5s")]
    async fn both(&self) -> Result<u8, Error>;
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ends<'a>(requests: &'a [usize], after: u64) -> Expect<'a> {
    Expect { took: Took::About(seconds(after)), ..fails(requests, ErrorKind::Timeout) }
}

#[test]
fn an_endpoints_timeout_raises_the_deadline_of_its_calls() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).deadline(seconds(10)).retry(Retry::never()).build().unwrap();
        let seen = world.call(client.report()).await;
        assert!(
            seen.line().ends_with("timed out waiting for the response (attempt timeout of 15 s)"),
            "{}",
            seen.line()
        );
        seen.is(ends(&[1], 15));
        let short = client.with(CallSettings::new().deadline(seconds(4)));
        let seen = world.call(short.report()).await;
        assert!(seen.line().ends_with("(deadline of 4 s)"), "what the caller sets for a call holds: {}", seen.line());
        seen.is(ends(&[2], 4));
        let long = client.with(CallSettings::new().timeout(seconds(12)));
        world.call(long.quick()).await.is(ends(&[3], 12))
    });
}

#[test]
fn an_endpoint_may_have_a_deadline_of_its_own_and_the_error_names_the_limit() {
    case(async |world| {
        let server = world.server(ScriptedResponse::silence());
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.quick()).await;
        assert!(seen.line().ends_with("(deadline of 3 s)"), "{}", seen.line());
        seen.is(ends(&[1], 3));
        let seen = world.call(client.both()).await;
        assert!(seen.line().contains("(deadline of 5 s)"), "the last attempt is cut: {}", seen.line());
        let took = Took::About(seconds(5));
        seen.is(Expect { attempts: 3, took, ..fails(&[4], ErrorKind::Timeout) })
    });
}

#[test]
fn the_limits_are_part_of_the_metadata() {
    let [report, quick, both] = <Client<User> as SlowApi>::ENDPOINTS else { panic!("three endpoints") };
    assert_eq!((report.timeout, report.deadline), (Some(seconds(15)), None));
    assert_eq!((quick.timeout, quick.deadline), (None, Some(seconds(3))));
    assert_eq!((both.timeout, both.deadline), (Some(seconds(2)), Some(seconds(5))));
}
