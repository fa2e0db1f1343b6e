//! `#[api(error = …)]`: an API's own errors, in failures and in responses with a status of success.

use std::fmt;

use rolecall::{Error, ErrorKind, HeaderMap, InBandError, StatusCode, api, endpoint};
use rolecall_tests::faults::{Expect, ScriptedResponse, Took, case};
use rolecall_tests::roles::User;
use serde::Deserialize;

use crate::{fails, fine};

/// `{"message": "Bad credentials", "documentation_url": "https://…"}`
#[derive(Debug, Deserialize)]
struct HubError {
    message: String,
    documentation_url: String,
}

impl fmt::Display for HubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (see {})", self.message, self.documentation_url)
    }
}

#[api(error = HubError)]
trait HubApi {
    #[endpoint(method = GET, path = "/repo", role = User)]
    async fn repo(&self) -> Result<String, Error>;
}

/// `{"ok": false, "error": "…"}`
#[derive(Debug, Deserialize)]
struct ChatError {
    ok: bool,
    error: String,
}

impl fmt::Display for ChatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl InBandError for ChatError {
    fn find(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        assert!(status.is_success() && headers.contains_key("content-type"));
        serde_json::from_slice(body).ok().filter(|error: &Self| !error.ok)
    }

    fn is_temporary(&self) -> bool {
        self.error == "busy"
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Members {
    members: Vec<String>,
}

#[api(error = ChatError)]
trait ChatApi {
    #[endpoint(method = GET, path = "/members", role = User)]
    async fn members(&self) -> Result<Members, Error>;

    #[endpoint(method = POST, path = "/invite", role = User)]
    async fn invite(&self) -> Result<(), Error>;
}

#[test]
fn the_line_of_an_error_is_that_of_the_apis_own_type_which_can_be_asked_for() {
    case(async |world| {
        let body = r#"{"message":"Bad\ncredentials","documentation_url":"https://docs.example/auth"}"#;
        let server = world.server(ScriptedResponse::status(403).body(body));
        let seen = world.call(world.client(&server).build().unwrap().repo()).await;
        assert_eq!(
            seen.line(),
            "repo (GET /repo) failed: 403 Forbidden: Bad\\ncredentials (see https://docs.example/auth)"
        );
        let own: HubError = seen.error().problem_as().unwrap();
        assert_eq!(own.message, "Bad\ncredentials");
        seen.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
fn a_body_that_is_not_of_the_apis_own_type_is_shown_all_the_same() {
    for (body, shown) in [
        (r#"{"detail":"no such repo"}"#, "no such repo"),
        ("<html>nginx</html>", "<html>nginx</html>"),
        (r#"{"error":"scope","needed":"repo"}"#, r#"{"error":"scope","needed":"repo"}"#),
    ] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(404).body(body));
            let seen = world.call(world.client(&server).build().unwrap().repo()).await;
            assert_eq!(seen.line(), format!("repo (GET /repo) failed: 404 Not Found: {shown}"));
            seen.is(fails(&[1], ErrorKind::Status))
        });
    }
}

#[test]
fn a_failure_inside_a_success_ends_the_call_before_the_body_is_decoded() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::json(r#"{"ok":true,"members":["a"]}"#),
            ScriptedResponse::json(r#"{"ok":false,"error":"channel_not_found"}"#),
        ]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.members()).await;
        assert_eq!(seen.value().members, ["a"]);
        seen.is(fine(&[1]));
        let seen = world.call(client.members()).await;
        assert_eq!(seen.line(), "members (GET /members) failed: 200 OK, but the API reported: channel_not_found");
        assert_eq!(seen.error().problem_as::<ChatError>().unwrap().error, "channel_not_found");
        assert_eq!(seen.error().status(), Some(StatusCode::OK));
        assert!(!seen.error().is_retryable());
        seen.is(fails(&[2], ErrorKind::Api))
    });
}

#[test]
fn a_temporary_failure_inside_a_success_is_retried_if_that_is_safe() {
    let busy = || ScriptedResponse::json(r#"{"ok":false,"error":"busy"}"#);
    case(async |world| {
        let server = world.server([busy(), ScriptedResponse::json(r#"{"ok":true,"members":[]}"#), busy()]);
        let client = world.client(&server).build().unwrap();
        world.call(client.members()).await.is(Expect {
            requests: &[2],
            ends: Ok(()),
            attempts: 2,
            maybe_sent: true,
            took: Took::UpTo(std::time::Duration::from_millis(700)),
        });
        let seen = world.call(client.invite()).await;
        assert!(!seen.error().is_retryable(), "a POST is not idempotent");
        seen.is(fails(&[3], ErrorKind::Api))
    });
}
