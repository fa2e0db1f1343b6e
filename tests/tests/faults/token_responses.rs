//! What an authorization server may say, and what must not come of it.

use rolecall::{Client, ErrorKind, FileTokenStore, StoreFuture, StoredToken, TokenKey, TokenStore};
use rolecall_tests::faults::{
    CLIENT_ID, CLIENT_SECRET, Expect, FaultsApi, Script, ScriptedResponse, Took, case, case_in_real_time,
};
use rolecall_tests::roles::User;

use crate::{fails, fine, refused, seconds};

fn lives(expires_in: &str) -> ScriptedResponse {
    let token = ScriptedResponse::issued(1);
    ScriptedResponse::json(&format!(r#"{{"access_token":"{token}","token_type":"bearer"{expires_in}}}"#))
}

#[test]
fn a_lifetime_may_be_absent_a_string_or_huge() {
    for expires_in in [
        "",
        r#","expires_in":null"#,
        r#","expires_in":"3600""#,
        r#","expires_in":3600.5"#,
        r#","expires_in":18446744073709551615"#,
        r#","expires_in":1e300"#,
        r#","expires_in":"99999999999999999999""#,
    ] {
        case(async |world| {
            let (api, auth) = (world.server(ScriptedResponse::item()), world.server(lives(expires_in)));
            let client = world.client_with(&api, &auth).build().unwrap();
            world.call(client.get_item("1")).await.is(fine(&[1, 1]));
            world.pass(seconds(150)).await;
            world.call(client.get_item("1")).await.is(fine(&[2, 1]))
        });
    }
}

#[test]
fn a_token_of_centuries_is_renewed_within_a_day() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(u64::MAX)));
        let client = world.client_with(&api, &auth).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        world.pass(seconds(24 * 60 * 60)).await;
        world.call(client.get_item("1")).await.is(fine(&[2, 2]))
    });
}

#[test]
fn an_response_that_is_no_token_is_an_error_that_says_so() {
    let token = ScriptedResponse::issued(1);
    for (response, reason) in [
        (lives(r#","expires_in":"soon""#), "not a token response"),
        (lives(r#","expires_in":[]"#), "not a token response"),
        (ScriptedResponse::json("{}"), "missing `access_token`"),
        (ScriptedResponse::json(r#"{"access_token":null}"#), "missing `access_token`"),
        (ScriptedResponse::json(r#"{"access_token":7}"#), "not a token response"),
        (ScriptedResponse::json(r#"{"access_token":""}"#), "not allowed in a header"),
        (ScriptedResponse::json(&format!(r#"{{"access_token":"{token}\nx: y"}}"#)), "not allowed in a header"),
        (ScriptedResponse::json(&format!(r#"{{"access_token":"{token}","token_type":"mac"}}"#)), "`token_type`"),
        (ScriptedResponse::json(&format!(r#"{{"access_token":"{token}""#)), "not valid JSON"),
        (ScriptedResponse::json(&format!(r#"[["{token}"]]"#)), "not a token response"),
        (ScriptedResponse::status(200).body("<html>"), "not valid JSON"),
        (ScriptedResponse::status(200), "not valid JSON"),
        (ScriptedResponse::status(200).body(" ".repeat(70_000)), "larger than 64 KiB"),
        (ScriptedResponse::status(200).body(" ".repeat(1000)).endless(), "larger than 64 KiB"),
        (ScriptedResponse::json(&"[".repeat(60_000)), "not a token response"),
    ] {
        case(async |world| {
            let (api, auth) = (world.server(ScriptedResponse::item()), world.server(response.clone()));
            let client = world.client_with(&api, &auth).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.line().contains(reason), "{}, not {reason}", seen.line());
            seen.is(refused(&[0, 1], ErrorKind::Authorization))
        });
    }
}

#[test]
fn a_token_that_is_issued_expired_is_fetched_again_by_the_calls_that_wait() {
    for expires_in in [r#","expires_in":0"#, r#","expires_in":-60"#] {
        case(async |world| {
            let api = world.server(ScriptedResponse::item());
            let auth = world.server([lives(expires_in), ScriptedResponse::token(2, 3600)]);
            let client = world.client_with(&api, &auth).build().unwrap();
            let calls = (0..50).map(|_| {
                let client = client.clone();
                async move { client.get_item("1").await }
            });
            let mut proven = None;
            for seen in &world.calls(calls).await {
                proven = Some(seen.is(Expect { took: Took::Between(seconds(2), seconds(3)), ..fine(&[50, 2]) }));
            }
            proven.unwrap()
        });
        case(async |world| {
            let (api, auth) = (world.server(ScriptedResponse::item()), world.server(lives(expires_in)));
            let client = world.client_with(&api, &auth).deadline(seconds(1)).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.error().is_retryable() && seen.error().retry_after().is_some(), "{}", seen.line());
            assert!(seen.line().contains("has already expired"), "{}", seen.line());
            seen.is(refused(&[0, 1], ErrorKind::Authorization))
        });
    }
}

#[test]
fn a_limit_of_the_token_endpoint_is_heeded_and_reported_as_one() {
    case(async |world| {
        let api = world.server(ScriptedResponse::item());
        let limited = ScriptedResponse::status(429)
            .header("x-ratelimit-reset", "40")
            .body(r#"{"type":"slow","detail":"50 a minute"}"#);
        let auth = world.server([limited, ScriptedResponse::token(1, 3600)]);
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        let error = seen.error();
        assert!(error.is_rate_limited() && error.is_retryable());
        let wait = error.retry_after().unwrap();
        assert!(wait > seconds(39) && wait <= seconds(40), "{wait:?}");
        assert_eq!(error.problem().unwrap().to_string(), "slow: 50 a minute");
        assert!(seen.line().contains("slow: 50 a minute"), "{}", seen.line());
        seen.is(refused(&[0, 1], ErrorKind::RateLimited));
        world.pass(wait).await;
        world.call(client.get_item("1")).await.is(fine(&[1, 2]))
    });
}

#[test]
fn an_error_with_a_status_of_success_is_that_error() {
    case(async |world| {
        let body = r#"{"error":"invalid_client","error_description":"no such client"}"#;
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(ScriptedResponse::json(body)));
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.get_item("1")).await;
        assert_eq!(seen.error().problem().unwrap().kind(), "invalid_client");
        assert!(!seen.error().is_retryable());
        seen.is(refused(&[0, 1], ErrorKind::Authorization))
    });
}

#[test]
fn requests_for_tokens_have_the_clients_user_agent() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).user_agent("a-program/1.0").build().unwrap();
        let proven = world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        assert_eq!(auth.request(0).header("user-agent"), Some("a-program/1.0"));
        proven
    });
}

#[test]
fn a_redirect_of_the_token_endpoint_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        case(async |world| {
            let (api, elsewhere) =
                (world.server(ScriptedResponse::item()), world.server(ScriptedResponse::token(1, 3600)));
            let auth = world.server(ScriptedResponse::status(status).header("location", &elsewhere.url()));
            let client = world.client_with(&api, &auth).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.line().contains("redirect"), "{}", seen.line());
            assert_eq!(elsewhere.connections(), 0);
            seen.is(refused(&[0, 0, 1], ErrorKind::Authorization))
        });
    }
}

#[test]
fn what_the_authorization_server_says_never_shows_a_secret() {
    let escaped: String = CLIENT_SECRET.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let form = "s3cret%2F%2Bof+a%3Aclient+%26+more%7E%25";
    for echo in [CLIENT_SECRET, &escaped, form] {
        for status in [400, 401, 403, 500] {
            for body in [
                format!(r#"{{"error":"invalid_client","error_description":"{echo} is wrong"}}"#),
                format!(r#"{{"error":"{echo}"}}"#),
                format!("<html>{echo}"),
            ] {
                case(async |world| {
                    let response = ScriptedResponse::status(status).header("www-authenticate", echo).body(body.clone());
                    let (api, auth) = (world.server(ScriptedResponse::item()), world.server(response.clone()));
                    let client = world.client_with(&api, &auth).deadline(seconds(1)).build().unwrap();
                    world.call(client.get_item("1")).await.is(refused(&[0, 1], ErrorKind::Authorization))
                });
            }
        }
    }
}

#[test]
fn an_response_that_breaks_off_never_shows_a_token() {
    for response in [
        ScriptedResponse::token(1, 3600).claiming(1000).then_close(),
        ScriptedResponse::token(1, 3600).chunked_without_end().then_reset(),
        ScriptedResponse::raw(format!("HTTP/1.1 200 OK\r\n{}\r\n\r\n", ScriptedResponse::issued(1))).then_close(),
        ScriptedResponse::token(1, 3600).header("content-encoding", "gzip"),
    ] {
        case(async |world| {
            let (api, auth) = (world.server(ScriptedResponse::item()), world.server(response.clone()));
            let client = world.client_with(&api, &auth).deadline(seconds(1)).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.error().is_retryable());
            seen.is(refused(&[0, 1], ErrorKind::Authorization))
        });
    }
}

#[test]
fn an_api_that_repeats_a_fetched_token_does_not_show_it() {
    case(async |world| {
        let api = world.server(Script::by(|request| {
            ScriptedResponse::status(403).body(request.header("authorization").unwrap_or_default())
        }));
        let auth = world.server(Script::tokens(3600));
        let client = world.client_with(&api, &auth).build().unwrap();
        world.call(client.get_item("1")).await.is(fails(&[1, 1], ErrorKind::Status))
    });
}

#[test]
fn credentials_and_their_address_are_checked_when_the_client_is_built() {
    case(async |world| {
        let build = |url: &str, id: &str, secret: &str| {
            Client::<User>::builder("https://api.example.com").client_credentials(url, id, secret).build()
        };
        let url = "https://auth.example.com/token";
        let mut proven = None;
        for (url, id, secret) in [
            ("", CLIENT_ID, CLIENT_SECRET),
            ("http://auth.example.com", CLIENT_ID, CLIENT_SECRET),
            ("ftp://auth.example.com", CLIENT_ID, CLIENT_SECRET),
            ("https://id:s3cret%2F%2Bof+a%3Aclient+%26+more%7E%25@auth.example.com", CLIENT_ID, CLIENT_SECRET),
            ("https://auth.example.com#s3cret%2F%2Bof+a%3Aclient+%26+more%7E%25", CLIENT_ID, CLIENT_SECRET),
            (url, "", CLIENT_SECRET),
            (url, CLIENT_ID, ""),
            (url, CLIENT_ID, "  "),
        ] {
            proven = Some(world.built(build(url, id, secret)).is(refused(&[], ErrorKind::Configuration)));
        }
        let both = world.client_of("https://api.example.com").client_credentials(url, CLIENT_ID, CLIENT_SECRET);
        world.built(both.build()).is(refused(&[], ErrorKind::Configuration));
        world.built(build(url, CLIENT_ID, CLIENT_SECRET)).is(Expect {
            requests: &[],
            ends: Ok(()),
            attempts: 0,
            maybe_sent: false,
            took: Took::AtOnce,
        });
        proven.unwrap()
    });
}

/// A directory that is removed in the end.
struct Directory(std::path::PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rolecall-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_token_in_a_file_serves_after_a_restart() {
    let directory = Directory::new("restart");
    // Files take real time.
    case_in_real_time(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(3600)));
        for n in 1..=3 {
            let store = FileTokenStore::new(&directory.0);
            let client = world.client_with(&api, &auth).token_store(store).build().unwrap();
            world.call(client.get_item("1")).await.is(Expect { took: Took::UpTo(seconds(5)), ..fine(&[n, 1]) });
        }
        let files = directory.files();
        assert_eq!(files.len(), 1, "{files:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        // A damaged file is no file.
        std::fs::write(&files[0], b"\xff{").unwrap();
        let client = world.client_with(&api, &auth).token_store(FileTokenStore::new(&directory.0)).build().unwrap();
        world.call(client.get_item("1")).await.is(Expect { took: Took::UpTo(seconds(5)), ..fine(&[4, 2]) })
    });
}

/// A store of which nothing can be had.
struct Broken(bool);

impl TokenStore for Broken {
    fn load<'a>(&'a self, _: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        if self.0 { Box::pin(std::future::pending()) } else { Box::pin(async { Err("no load".into()) }) }
    }

    fn save<'a>(&'a self, _: &'a TokenKey, _: &'a StoredToken) -> StoreFuture<'a, ()> {
        if self.0 { Box::pin(std::future::pending()) } else { Box::pin(async { Err("no save".into()) }) }
    }
}

#[test]
fn a_store_that_fails_fails_no_call() {
    for (silent, wait) in [(false, seconds(0)), (true, seconds(2))] {
        case(async |world| {
            let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(3600)));
            let client = world.client_with(&api, &auth).token_store(Broken(silent)).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(world.capture().told().contains("store"), "{}", world.capture().told());
            seen.is(Expect { took: Took::About(wait), ..fine(&[1, 1]) })
        });
    }
}
