//! Nothing goes where it shouldn't: no request, no argument, no secret.

use base64::Engine as _;
use rolecall::{Client, ErrorKind, Public};
use rolecall_tests::faults::{FaultsApi, ScriptedResponse, TOKEN, case};
use rolecall_tests::roles::User;

use crate::{BODY, fails, fine, refused};

#[test]
fn a_redirect_is_never_followed() {
    for status in [300, 301, 302, 303, 307, 308] {
        case(async |world| {
            let elsewhere = world.server(ScriptedResponse::item());
            let server = world
                .server(ScriptedResponse::status(status).header("location", &format!("{}/items/1", elsewhere.url())));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.line().contains("redirects are not followed"), "{}", seen.line());
            seen.is(fails(&[0, 1], ErrorKind::Status));
            world.call(client.create_item(&BODY)).await.is(fails(&[0, 2], ErrorKind::Status));
            assert_eq!(elsewhere.connections(), 0);
            world.call(client.delete_item("1")).await.is(fails(&[0, 3], ErrorKind::Status))
        });
    }
}

#[test]
fn a_redirect_to_the_same_server_is_not_followed_either() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(302).header("location", "/items/2"));
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
fn a_base_url_that_is_none_or_not_safe_is_refused() {
    case(async |world| {
        world.secret("a password", "pa55word-in-the-url");
        let mut last = None;
        for url in [
            "",
            "api.example.com",
            "//api.example.com",
            "ftp://api.example.com",
            "file:///etc/passwd",
            "http://api.example.com",
            "http://192.168.0.1",
            "http://0.0.0.0",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://[::ffff:10.0.0.1]",
            "https://user@api.example.com",
            "https://user:pa55word-in-the-url@api.example.com",
            "http://user:pa55word-in-the-url@127.0.0.1",
            "https://api.example.com?key=pa55word-in-the-url",
            "https://api.example.com#pa55word-in-the-url",
            "https://[::1",
            "https://api.example.com:99999",
            "https://",
        ] {
            let seen = world.built(world.client_of(url).build());
            assert!(!seen.line().contains('\n'), "{}", seen.line());
            last = Some(seen.is(refused(&[], ErrorKind::Configuration)));
        }
        last.unwrap()
    });
}

#[test]
fn credentials_that_cannot_be_used_are_refused_without_showing_them() {
    case(async |world| {
        world.secret("a broken token", "broken-token-1234\nSet-Cookie: a");
        world.secret("its beginning", "broken-token-1234");
        for token in ["", "broken-token-1234\nSet-Cookie: a", "broken-token-1234\r\n", "broken-token-1234 \u{7f}"] {
            let client = world.client_of("https://api.example.com").bearer_token(token).build();
            world.built(client).is(refused(&[], ErrorKind::Configuration));
        }
        let seen = world.built(Client::<User>::builder("https://api.example.com").build());
        assert!(seen.line().contains("no credentials for role USER"), "{}", seen.line());
        seen.is(refused(&[], ErrorKind::Configuration));
        let client = world.client_of("https://api.example.com").user_agent("a\r\nb: c").build();
        world.built(client).is(refused(&[], ErrorKind::Configuration))
    });
}

#[test]
fn a_public_endpoint_gets_no_authorization() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        world.call(client.get_public()).await.is(fine(&[1]));
        assert_eq!(server.request(0).header("authorization"), None);
        world.call(client.get_item("1")).await.is(fine(&[2]));
        assert_eq!(server.request(1).header("authorization").unwrap(), format!("Bearer {TOKEN}"));
        let client = Client::<Public>::builder(server.url()).build().unwrap();
        let proven = world.call(client.get_public()).await.is(fine(&[3]));
        assert_eq!(server.request(2).header("authorization"), None);
        proven
    });
}

#[test]
fn a_path_argument_that_would_change_the_path_is_refused_before_anything_is_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        for id in ["", ".", "..", "a\nb", "a\r\nHost: b", "\0", "\u{7f}", "\u{85}", "a\tb"] {
            let seen = world.call(client.get_item(id)).await;
            assert!(seen.line().contains("invalid argument `id`"), "{}", seen.line());
            seen.is(refused(&[0], ErrorKind::Argument));
        }
        for path in [".", "./", "//..", "a/./b", "a/../b", "..", "a/..", "a\n/b"] {
            world.call(client.get_file(path)).await.is(refused(&[0], ErrorKind::Argument));
        }
        assert_eq!(server.connections(), 0);
        world.call(client.get_item("1")).await.is(fine(&[1]))
    });
}

#[test]
fn any_other_path_argument_is_one_segment() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = world.client(&server).build().unwrap();
        let mut proven = None;
        for (count, (id, segment)) in [
            ("a/b", "a%2Fb"),
            ("../admin", "..%2Fadmin"),
            ("a\\..\\b", "a%5C..%5Cb"),
            ("%2e%2e", "%252e%252e"),
            ("%2F", "%252F"),
            ("a?b=c", "a%3Fb%3Dc"),
            ("a#b", "a%23b"),
            ("a;b", "a%3Bb"),
            ("a b+c", "a%20b%2Bc"),
            ("...", "..."),
            ("@:&=$", "%40%3A%26%3D%24"),
            ("\u{e4}\u{2028}", "%C3%A4%E2%80%A8"),
            ("http://example.com", "http%3A%2F%2Fexample.com"),
        ]
        .into_iter()
        .enumerate()
        {
            let seen = world.call(client.get_item(id)).await;
            assert_eq!(server.request(count).target, format!("/items/{segment}"));
            proven = Some(seen.is(fine(&[count + 1])));
        }
        world.call(client.get_file("a b/c?d/..e")).await.is(fine(&[14]));
        assert_eq!(server.request(13).target, "/files/a%20b/c%3Fd/..e");
        proven.unwrap()
    });
}

#[test]
fn an_endpoint_stays_below_the_base_urls_path() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        for (count, base) in ["/v1", "/v1/", "/v1//", "/v%201/\u{e4}"].into_iter().enumerate() {
            let client = world.client_of(server.url() + base).build().unwrap();
            world.call(client.get_item("..%2f")).await.is(fine(&[count + 1]));
        }
        let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
        let below = |path: &str| format!("{path}/items/..%252f");
        assert_eq!(targets, [below("/v1"), below("/v1"), below("/v1"), below("/v%201/%C3%A4")]);
        let client = world.client(&server).build().unwrap();
        world.call(client.get_item("1")).await.is(fine(&[5]))
    });
}

#[test]
fn a_header_argument_with_a_control_character_is_refused_before_anything_is_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("[]"));
        let client = world.client(&server).build().unwrap();
        for trace in ["a\r\nx-admin: yes", "a\nb", "a\rb", "a\0", "\u{7f}"] {
            world.call(client.search("a", trace)).await.is(refused(&[0], ErrorKind::Argument));
        }
        assert_eq!(server.connections(), 0);
        world.call(client.search("a&b=c#d", "e")).await.is(fine(&[1]));
        assert_eq!(server.request(0).target, "/items?text=a%26b%3Dc%23d");
        assert_eq!(server.request(0).header("x-trace"), Some("e"));
        world.call(client.search("", "")).await.is(fine(&[2]))
    });
}

/// The token as a server could repeat it.
fn echoes() -> Vec<String> {
    let escaped: String = TOKEN.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let percent: String = TOKEN.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let base64 = base64::engine::general_purpose::STANDARD.encode(format!("user:{TOKEN}"));
    vec![TOKEN.to_owned(), TOKEN.replace('/', "\\/"), escaped, percent, base64]
}

#[test]
fn a_header_that_repeats_the_token_does_not_show_it() {
    for echo in echoes() {
        for name in ["location", "www-authenticate", "x-request-headers", "set-cookie"] {
            for (status, kind) in [(302, ErrorKind::Status), (401, ErrorKind::Status), (200, ErrorKind::Decode)] {
                case(async |world| {
                    let response =
                        ScriptedResponse::status(status).header(name, &format!("/a?token={echo}&b=c")).body("{}");
                    let server = world.server(response.header("x-harmless", "kept"));
                    let client = world.client(&server).build().unwrap();
                    let seen = world.call(client.get_item("1")).await;
                    assert_eq!(seen.error().headers()["x-harmless"], "kept");
                    assert!(seen.error().headers()[name].to_str().unwrap().starts_with("[removed"));
                    seen.is(fails(&[1], kind))
                });
            }
        }
    }
}

/// The head of a response is the program's, but showing it is not showing the token.
#[test]
fn a_successful_response_whose_header_repeats_the_token_does_not_print_it() {
    case(async |world| {
        let server = world
            .server(ScriptedResponse::item().header("x-sent", &format!("Bearer {TOKEN}")).header("x-kept", "a-value"));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.get_whole()).await;
        let text = format!("{:?}", seen.value());
        assert!(text.contains("a-value"), "{text}");
        world.capture().add(&text);
        assert_eq!(seen.value().headers()["x-sent"], format!("Bearer {TOKEN}"), "it can be read all the same");
        seen.is(fine(&[1]))
    });
}

#[test]
fn a_failure_that_repeats_the_token_does_not_show_it() {
    for echo in echoes() {
        for body in [
            format!("You sent: Bearer {echo}"),
            format!(r#"{{"type":"denied","detail":"no access for {echo}"}}"#),
            format!(r#"{{"error":"{echo}"}}"#),
            format!("<html>{}{echo}", "x".repeat(100)),
            format!("{}{echo}", "x".repeat((64 << 10) - 20)),
        ] {
            case(async |world| {
                let server = world.server(ScriptedResponse::status(403).body(body.clone()).header("x-sent", TOKEN));
                let client = world.client(&server).build().unwrap();
                world.call(client.get_item("1")).await.is(fails(&[1], ErrorKind::Status))
            });
        }
    }
}

#[test]
fn an_response_that_repeats_the_token_and_does_not_fit_does_not_show_it() {
    for echo in echoes() {
        for body in [
            format!(r#"{{"id":"1","count":"{echo}"}}"#),
            format!(r#"{{"{echo}":1}}"#),
            format!(r#""{echo}""#),
            format!("<html>{echo}"),
        ] {
            case(async |world| {
                let server = world.server(ScriptedResponse::json(&body));
                let client = world.client(&server).build().unwrap();
                world.call(client.get_item("1")).await.is(fails(&[1], ErrorKind::Decode));
                server.now(ScriptedResponse::status(200).body([body.as_bytes(), b"\xff"].concat()));
                world.call(client.get_text()).await.is(fails(&[2], ErrorKind::Decode))
            });
        }
    }
}

#[test]
fn what_breaks_does_not_show_the_token() {
    for response in [
        ScriptedResponse::raw(format!("HTTP/1.1 200 OK\r\n{TOKEN}\r\n\r\n")).then_close(),
        ScriptedResponse::raw(format!("{TOKEN}\r\n\r\n")).then_close(),
        ScriptedResponse::raw(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{TOKEN}\r\n")).then_close(),
        ScriptedResponse::status(200).header("content-encoding", "gzip").body(TOKEN),
        ScriptedResponse::status(200).header("content-encoding", TOKEN).body(TOKEN),
        ScriptedResponse::status(429).header("retry-after", TOKEN),
        ScriptedResponse::status(302).header("location", TOKEN),
    ] {
        case(async |world| {
            let server = world.server(response.clone());
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            let kind = seen.error().kind();
            seen.is(rolecall_tests::faults::Expect {
                requests: &[seen.attempts() as usize],
                attempts: seen.attempts(),
                took: crate::TWO_WAITS,
                ..fails(&[], kind)
            })
        });
    }
}
