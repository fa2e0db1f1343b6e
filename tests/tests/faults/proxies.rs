//! Proxies that the environment names. Each case runs in a process of its own, which has that environment.

use std::env;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rolecall::ErrorKind;
use rolecall_tests::faults::{
    Answer, Expect, FaultsApi, HOST, Received, Script, Server, Setup, TIMEOUT, Tls, Took, Way, World, case, case_by,
};

use crate::{BODY, TWO_WAITS, fails, fine, seconds};

const USER: &str = "a user";
const PASSWORD: &str = "pr0xy/pa55word+of:the user";

/// The variables that name proxies.
const NAMES: [&str; 4] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

/// The port that the case's proxy has to listen at.
const PORT: &str = "ROLECALL_TESTS_PROXY_PORT";

/// Runs a case of this module in a process whose environment has these variables; `{proxy}` in them is the proxy's
/// host and port, `{user}` its credentials.
fn in_environment(case: &str, variables: &[(&str, &str)]) {
    let (_reserved, port) = runtime().block_on(async { Server::reserve() });
    let encoded = |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    let user = format!("{}:{}", encoded(USER), encoded(PASSWORD));
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([&format!("proxies::{case}"), "--exact", "--ignored", "--nocapture"]).env(PORT, port.to_string());
    for name in NAMES {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    for (name, value) in variables {
        command.env(name, value.replace("{proxy}", &format!("127.0.0.1:{port}")).replace("{user}", &user));
    }
    let output = command.output().unwrap();
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{error}");
    assert!(out.contains("1 passed"), "there is no such case: {out}");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The case's proxy.
fn proxy(world: &World, script: impl Into<Script>) -> Server {
    let port = env::var(PORT).expect("a case of this module is run by a test of it").parse().unwrap();
    world.secret("the proxy's password", PASSWORD);
    world.server_at(port, script)
}

/// Lets in who has the right credentials.
fn asks_for_credentials(server: &Server) -> Script {
    let tunnel = Answer::tunnel(server.address());
    let right = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
    Script::by(move |request: &Received| match request.header("proxy-authorization") {
        Some(credentials) if credentials == right => tunnel.clone(),
        _ => Answer::status(407).header("proxy-authenticate", "Basic realm=\"a proxy\""),
    })
}

/// A client of [`HOST`].
fn url() -> String {
    format!("https://{HOST}")
}

#[test]
fn https_goes_through_a_tunnel_of_the_proxy() {
    in_environment("through_a_tunnel", &[("HTTPS_PROXY", "http://{proxy}")]);
    in_environment("through_a_tunnel", &[("ALL_PROXY", "http://{proxy}"), ("NO_PROXY", "example.org")]);
    in_environment("through_a_tunnel", &[("https_proxy", "http://{proxy}"), ("HTTP_PROXY", "http://127.0.0.1:1")]);
}

#[test]
#[ignore = "run by `https_goes_through_a_tunnel_of_the_proxy`"]
fn through_a_tunnel() {
    for tls in [Tls::http1(), Tls::http2()] {
        case(async |world| {
            let server = world.tls_server(Answer::item(), tls.clone());
            let proxy = proxy(world, Answer::tunnel(server.address()));
            let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
            world.call(client.create_item(&BODY)).await.is(fine(&[1, 1]));
            let request = proxy.request(0);
            assert_eq!((request.method.as_str(), request.target.as_str()), ("CONNECT", "api.example.com:443"));
            assert_eq!(request.header("host"), Some("api.example.com:443"));
            assert_eq!(request.header("authorization"), None, "the token is for the server alone");
            let host = server.request(0).header("host").or(server.request(0).header(":authority")).map(str::to_owned);
            assert_eq!(host.as_deref(), Some("api.example.com"));
            world.call(client.get_item("1")).await.is(fine(&[2, 1]))
        });
    }
}

#[test]
fn a_proxy_gets_its_credentials_and_the_server_does_not() {
    in_environment("with_credentials", &[("HTTPS_PROXY", "http://{user}@{proxy}")]);
}

#[test]
#[ignore = "run by `a_proxy_gets_its_credentials_and_the_server_does_not`"]
fn with_credentials() {
    case(async |world| {
        let server = world.tls_server(Answer::item(), Tls::http2());
        let _proxy = proxy(world, asks_for_credentials(&server));
        let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
        let proven = world.call(client.create_item(&BODY)).await.is(fine(&[1, 1]));
        assert_eq!(server.request(0).header("proxy-authorization"), None);
        proven
    });
}

#[test]
fn a_proxy_that_asks_for_other_credentials_gets_no_request() {
    in_environment("with_other_credentials", &[("HTTPS_PROXY", "http://{proxy}")]);
    in_environment("with_other_credentials", &[("HTTPS_PROXY", "http://another:pr0xy-pa55word-0f-another@{proxy}")]);
}

#[test]
#[ignore = "run by `a_proxy_that_asks_for_other_credentials_gets_no_request`"]
fn with_other_credentials() {
    case(async |world| {
        world.secret("another password", "pr0xy-pa55word-0f-another");
        let server = world.tls_server(Answer::item(), Tls::http2());
        let _proxy = proxy(world, asks_for_credentials(&server));
        let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        assert!(seen.chain().contains("proxy"), "{}", seen.chain());
        let unsent = |requests| Expect { maybe_sent: false, ..fails(requests, ErrorKind::Connect) };
        assert!(!seen.error().is_retryable());
        seen.is(unsent(&[0, 1]))
    });
}

#[test]
fn a_proxy_that_makes_no_tunnel_gets_no_request() {
    in_environment("without_a_tunnel", &[("HTTPS_PROXY", "http://{proxy}")]);
}

#[test]
#[ignore = "run by `a_proxy_that_makes_no_tunnel_gets_no_request`"]
fn without_a_tunnel() {
    for answer in
        [Answer::status(403), Answer::status(502), Answer::close(), Answer::reset(), Answer::raw("nonsense\r\n\r\n")]
    {
        case(async |world| {
            let _proxy = proxy(world, answer.clone());
            let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(seen.error().is_connect() && seen.error().is_retryable());
            let expect = Expect { maybe_sent: false, attempts: 3, took: TWO_WAITS, ..fails(&[3], ErrorKind::Connect) };
            seen.is(expect)
        });
    }
    case(async |world| {
        let _proxy = proxy(world, Answer::silence());
        let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        seen.is(Expect { took: Took::About(TIMEOUT), ..fails(&[1], ErrorKind::Timeout) })
    });
}

#[test]
fn a_host_that_needs_no_proxy_is_called_directly() {
    in_environment("directly", &[("HTTPS_PROXY", "http://{proxy}"), ("NO_PROXY", "api.example.com")]);
    in_environment("directly", &[("ALL_PROXY", "http://{proxy}"), ("NO_PROXY", "localhost,.example.com")]);
    in_environment("directly", &[("ALL_PROXY", "http://{proxy}"), ("no_proxy", "*")]);
}

#[test]
#[ignore = "run by `a_host_that_needs_no_proxy_is_called_directly`"]
fn directly() {
    case(async |world| {
        let server = world.tls_server(Answer::item(), Tls::http2());
        let _proxy = proxy(world, Answer::status(502));
        let client = world.client_of(format!("{}:{}", url(), server.port()));
        let client = world.way().with(Setup::default().proxied().finding(&server), client).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[1, 0]))
    });
}

#[test]
fn loopback_is_called_around_a_proxy() {
    in_environment("around_a_proxy", &[("HTTP_PROXY", "http://{proxy}"), ("HTTPS_PROXY", "http://{proxy}")]);
    in_environment("around_a_proxy", &[("ALL_PROXY", "http://{proxy}")]);
}

#[test]
#[ignore = "run by `loopback_is_called_around_a_proxy`"]
fn around_a_proxy() {
    case_by(Way::Own, async |world| {
        let server = world.server(Answer::item());
        let auth = world.server(Script::tokens(3600));
        let secure = world.tls_server(Answer::item(), Tls::http2());
        let _proxy = proxy(world, Answer::status(502));
        let client = world.way().with(Setup::default().proxied(), world.client_with(&server, &auth)).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[1, 1, 0, 0]));
        let client = world.client_of(format!("http://localhost:{}", server.port()));
        let client = world.way().with(Setup::default().proxied(), client).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(Expect { took: Took::UpTo(seconds(1)), ..fine(&[2, 1, 0, 0]) });
        let client = world.way().with(Setup::default().proxied(), world.client(&secure)).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[2, 1, 1, 0]))
    });
}

/// A proxy of the caller's own, who knows what it does.
#[test]
fn a_reqwest_client_may_send_plain_http_to_a_proxy_in_absolute_form() {
    case_by(Way::Reqwest, async |world| {
        let proxy = world.server(Answer::item());
        let _ = rustls::crypto::ring::default_provider().install_default();
        let through = reqwest::Proxy::http(proxy.url()).unwrap();
        let http = reqwest::Client::builder().proxy(through).build().unwrap();
        let client = world.client_of("http://127.0.0.1:9/v1").http_client(http).build().unwrap();
        let proven = world.call(client.create_item(&BODY)).await.is(fine(&[1]));
        assert_eq!(proxy.request(0).target, "http://127.0.0.1:9/v1/items");
        proven
    });
}
