//! What a server sends never writes into logs and terminals.

use std::error::Error as _;
use std::iter::successors;

use proptest::prelude::*;
use rolecall::{Error, ErrorKind, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, TOKEN, case};
use rolecall_tests::roles::User;
use serde::Deserialize;

use crate::fails;

#[derive(Debug, Deserialize)]
enum Color {
    Red,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only what does not fit is of interest")]
struct Thing {
    colors: std::collections::BTreeMap<String, Color>,
}

#[api]
trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = User)]
    async fn things(&self) -> Result<Vec<Thing>, Error>;
}

/// Everything that an error shows.
fn shown(error: &Error) -> Vec<String> {
    let mut texts = vec![format!("{error}"), format!("{error:#}"), format!("{error:?}")];
    texts.extend(error.problem().map(ToString::to_string));
    texts.extend(error.problem().map(|problem| format!("{problem:?}")));
    texts.extend(successors(error.source(), |error| (*error).source()).map(ToString::to_string));
    texts
}

fn must_be_harmless(error: &Error) {
    for text in shown(error) {
        let harmful = |character: char| {
            character.is_control()
                || ('\u{202a}'..='\u{202e}').contains(&character)
                || ('\u{2066}'..='\u{2069}').contains(&character)
                || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        };
        assert!(!text.chars().any(harmful), "{text:?}");
        assert!(text.chars().count() < 3000, "{} characters", text.chars().count());
    }
}

const EVIL: &str = "\u{1b}]0;title\u{7}\u{1b}[2J\r\n\u{202e}evil\u{2028}\u{9b}31m";

fn error_of(response: ScriptedResponse, kind: ErrorKind, check: impl Fn(&Error)) {
    case(async |world| {
        let server = world.server(response.clone());
        let seen = world.call(world.client(&server).build().unwrap().things()).await;
        check(seen.error());
        must_be_harmless(seen.error());
        seen.is(fails(&[1], kind))
    });
}

#[test]
fn texts_of_problems_and_excerpts_are_escaped() {
    let evil = serde_json::to_string(EVIL).unwrap();
    for body in [
        format!(r#"{{"type":{evil},"detail":{evil}}}"#),
        format!(r#"{{"errors":{{{evil}:[{evil}]}}}}"#),
        format!(r#"{{"detail":[{{"loc":[{evil}],"msg":{evil}}}]}}"#),
        format!("<html>{EVIL}</html>"),
        format!(r#"{{"detail":"{}"}}"#, "x".repeat(50_000)),
        EVIL.repeat(1000),
    ] {
        error_of(ScriptedResponse::status(400).body(body), ErrorKind::Status, |_| {});
    }
}

#[test]
fn unknown_variants_keys_and_paths_are_escaped() {
    let evil = serde_json::to_string(EVIL).unwrap();
    for body in [
        format!(r#"[{{"colors":{{"a":{evil}}}}}]"#),
        format!(r#"[{{"colors":{{{evil}:7}}}}]"#),
        format!(r#"[{{{evil}:7}}]"#),
        format!(r#"[{{"colors":{evil}}}]"#),
        format!("[{}", EVIL.repeat(100)),
    ] {
        error_of(ScriptedResponse::json(&body), ErrorKind::Decode, |error| {
            let line = error.to_string();
            assert!(line.contains(r"\u{1b}") || line.contains("line 1"), "{line}");
        });
    }
}

#[test]
fn a_list_that_cannot_be_decoded_says_which_element() {
    for (body, path) in [
        (r#"[{"colors":{}},{"colors":{"a":"Red","b":"Blue"}}]"#, "`[1].colors.b`"),
        (r#"[{"colors":{}},{"colors":{}},{}]"#, "`[2]`"),
        (r#"[{"colors":{}},7]"#, "`[1]`"),
    ] {
        error_of(ScriptedResponse::json(body), ErrorKind::Decode, |error| {
            assert!(error.to_string().contains(path), "{error}");
        });
    }
}

#[test]
fn a_header_that_repeats_the_token_does_not_keep_it() {
    let response = ScriptedResponse::status(404).header("location", &format!("/?token={TOKEN}")).header("x-id", "7");
    error_of(response, ErrorKind::Status, |error| {
        assert_eq!(error.headers()["location"], "[removed: it shows the credentials]");
        assert_eq!(error.headers()["x-id"], "7");
        assert!(!format!("{:?}", error.headers()).contains(TOKEN));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_a_server_sends_writes_into_a_terminal(
        text in any::<String>(),
        key in any::<String>(),
        shape in 0_usize..6,
    ) {
        let (value, name) = (serde_json::to_string(&text).unwrap(), serde_json::to_string(&key).unwrap());
        let (response, kind) = match shape {
            0 => (ScriptedResponse::status(400).body(format!(r#"{{"message":{value},{name}:{value}}}"#)), ErrorKind::Status),
            1 => (ScriptedResponse::status(400).body(text), ErrorKind::Status),
            2 => (ScriptedResponse::json(&format!(r#"[{{"colors":{{{name}:{value}}}}}]"#)), ErrorKind::Decode),
            3 => (ScriptedResponse::json(&format!(r#"[{{{name}:{value}}}]"#)), ErrorKind::Decode),
            4 => (ScriptedResponse::json(&format!("[{{{text}")), ErrorKind::Decode),
            _ => (ScriptedResponse::status(500).body(format!(r#"{{"errors":[{{{name}:{value}}}]}}"#)), ErrorKind::Status),
        };
        error_of(response, kind, |_| {});
    }
}
