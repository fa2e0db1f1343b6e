//! Proxies that the environment names. Each case runs in a process of its own, which has that environment.

use std::env;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::mpsc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rolecall::{ErrorKind, Retry};
use rolecall_tests::faults::{
    Certificate, Expect, FaultsApi, HOST, Received, Script, ScriptedResponse, Server, Setup, TIMEOUT, Tls, Took, Way,
    World, case, case_by, case_in_real_time,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

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

/// The port of the case's proxy.
fn port(world: &World) -> u16 {
    world.secret("the proxy's password", PASSWORD);
    env::var(PORT).expect("a case of this module is run by a test of it").parse().unwrap()
}

/// The case's proxy.
fn proxy(world: &World, script: impl Into<Script>) -> Server {
    world.server_at(port(world), script)
}

/// Lets in who has the right credentials.
fn asks_for_credentials(server: &Server) -> Script {
    let tunnel = ScriptedResponse::tunnel(server.address());
    let right = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
    Script::by(move |request: &Received| match request.header("proxy-authorization") {
        Some(credentials) if credentials == right => tunnel.clone(),
        _ => ScriptedResponse::status(407).header("proxy-authenticate", "Basic realm=\"a proxy\""),
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
            let server = world.tls_server(ScriptedResponse::item(), tls.clone());
            let proxy = proxy(world, ScriptedResponse::tunnel(server.address()));
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
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
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
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
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
    for response in [
        ScriptedResponse::status(403),
        ScriptedResponse::status(502),
        ScriptedResponse::close(),
        ScriptedResponse::reset(),
        ScriptedResponse::raw("nonsense\r\n\r\n"),
    ] {
        case(async |world| {
            let _proxy = proxy(world, response.clone());
            let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
            let seen = world.call(client.create_item(&BODY)).await;
            assert!(seen.error().is_connect() && seen.error().is_retryable());
            let expect = Expect { maybe_sent: false, attempts: 3, took: TWO_WAITS, ..fails(&[3], ErrorKind::Connect) };
            seen.is(expect)
        });
    }
    case(async |world| {
        let _proxy = proxy(world, ScriptedResponse::silence());
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
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let _proxy = proxy(world, ScriptedResponse::status(502));
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
        let server = world.server(ScriptedResponse::item());
        let auth = world.server(Script::tokens(3600));
        let secure = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let _proxy = proxy(world, ScriptedResponse::status(502));
        let client = world.way().with(Setup::default().proxied(), world.client_with(&server, &auth)).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[1, 1, 0, 0]));
        let client = world.client_of(format!("http://localhost:{}", server.port()));
        let client = world.way().with(Setup::default().proxied(), client).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(Expect { took: Took::UpTo(seconds(1)), ..fine(&[2, 1, 0, 0]) });
        let client = world.way().with(Setup::default().proxied(), world.client(&secure)).build().unwrap();
        world.call(client.create_item(&BODY)).await.is(fine(&[2, 1, 1, 0]))
    });
}

/// A proxy that is connected to by TLS sees neither the credentials nor anything else of the request.
#[test]
fn an_encrypted_proxy_makes_a_tunnel() {
    in_environment("through_an_encrypted_proxy", &[("HTTPS_PROXY", "https://{user}@{proxy}")]);
}

#[test]
#[ignore = "run by `an_encrypted_proxy_makes_a_tunnel`"]
fn through_an_encrypted_proxy() {
    for tls in [Tls::http1(), Tls::http2()] {
        case_by(Way::Own, async |world| {
            let server = world.tls_server(ScriptedResponse::item(), tls.clone());
            let proxy = world.tls_server_at(port(world), asks_for_credentials(&server), Tls::http1());
            let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
            world.call(client.create_item(&BODY)).await.is(fine(&[1, 1]));
            let request = proxy.request(0);
            assert_eq!((request.method.as_str(), request.target.as_str()), ("CONNECT", "api.example.com:443"));
            assert_eq!(request.header("authorization"), None);
            assert_eq!(server.request(0).header("proxy-authorization"), None);
            world.call(client.get_item("1")).await.is(fine(&[2, 1]))
        });
    }
}

#[test]
fn an_encrypted_proxy_with_an_invalid_certificate_gets_no_request() {
    in_environment("through_a_proxy_that_is_another", &[("HTTPS_PROXY", "https://{user}@{proxy}")]);
}

#[test]
#[ignore = "run by `an_encrypted_proxy_with_an_invalid_certificate_gets_no_request`"]
fn through_a_proxy_that_is_another() {
    case_by(Way::Own, async |world| {
        let tls = Tls::http1().certificate(Certificate::Expired);
        let _proxy = world.tls_server_at(port(world), ScriptedResponse::status(502), tls);
        let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        assert!(!seen.error().is_retryable(), "{}", seen.chain());
        seen.is(Expect { maybe_sent: false, ..fails(&[0], ErrorKind::Connect) })
    });
}

/// Plain `http` beyond loopback takes a tunnel, too, to its own port.
#[test]
fn plain_http_goes_through_a_tunnel_to_port_80() {
    in_environment("in_plain", &[("HTTP_PROXY", "http://{proxy}")]);
    in_environment("in_plain", &[("HTTP_PROXY", "https://{proxy}")]);
}

#[test]
#[ignore = "run by `plain_http_goes_through_a_tunnel_to_port_80`"]
fn in_plain() {
    case_by(Way::Own, async |world| {
        let server = world.server(ScriptedResponse::item());
        let tunnel = ScriptedResponse::tunnel(server.address());
        let proxy = match env::var("HTTP_PROXY").unwrap().starts_with("https") {
            true => world.tls_server_at(port(world), tunnel, Tls::http1()),
            false => proxy(world, tunnel),
        };
        let client = world.client_of(format!("http://{HOST}/v1")).allow_plain_http();
        let client = world.way().with(Setup::default().proxied(), client).build().unwrap();
        let proven = world.call(client.create_item(&BODY)).await.is(fine(&[1, 1]));
        assert_eq!(proxy.request(0).target, "api.example.com:80");
        assert_eq!((&*server.request(0).target, server.request(0).header("host")), ("/v1/items", Some(HOST)));
        proven
    });
}

/// What a SOCKS proxy (RFC 1928) was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Socks {
    method: u8,
    login: Option<(String, String)>,
    host: String,
    port: u16,
}

/// Serves connections as a SOCKS proxy that leads to this server, whatever it is asked for. With a password, it lets
/// in only who has it (RFC 1929).
async fn serve_socks(listener: TcpListener, password: Option<&'static str>, to: SocketAddr, log: mpsc::Sender<Socks>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let log = log.clone();
        tokio::spawn(async move {
            let mut asked = Socks::default();
            assert_eq!(client.read_u8().await?, 5);
            let mut methods = vec![0; client.read_u8().await?.into()];
            client.read_exact(&mut methods).await?;
            let method = if password.is_some() { 2 } else { 0 };
            if !methods.contains(&method) {
                asked.method = 0xff;
                log.send(asked).unwrap();
                return client.write_all(&[5, 0xff]).await;
            }
            asked.method = method;
            client.write_all(&[5, method]).await?;
            if let Some(password) = password {
                assert_eq!(client.read_u8().await?, 1);
                let login = (text(&mut client).await?, text(&mut client).await?);
                let right = login == (USER.to_owned(), password.to_owned());
                asked.login = Some(login);
                client.write_all(&[1, u8::from(!right)]).await?;
                if !right {
                    log.send(asked).unwrap();
                    return Ok(());
                }
            }
            let mut head = [0; 4];
            client.read_exact(&mut head).await?;
            assert_eq!(head[..3], [5, 1, 0]);
            asked.host = match head[3] {
                1 => Ipv4Addr::from(client.read_u32().await?).to_string(),
                3 => text(&mut client).await?,
                other => panic!("an address of the kind {other}"),
            };
            asked.port = client.read_u16().await?;
            log.send(asked).unwrap();
            client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            let mut server = TcpStream::connect(to).await?;
            tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop)
        });
    }
}

/// Reads a text with its length before it.
async fn text(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut text = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut text).await?;
    Ok(String::from_utf8(text).unwrap())
}

/// Starts a SOCKS proxy at the case's port.
fn socks(world: &World, password: Option<&'static str>, to: &Server) -> mpsc::Receiver<Socks> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    #[cfg(unix)]
    socket.set_reuseport(true).unwrap();
    socket.bind(([127, 0, 0, 1], port(world)).into()).unwrap();
    let (log, asked) = mpsc::channel();
    tokio::spawn(serve_socks(socket.listen(16).unwrap(), password, to.address(), log));
    asked
}

#[test]
fn a_socks_proxy_connects_to_the_host_by_name_or_by_the_address_that_the_client_resolves() {
    in_environment("through_socks", &[("HTTPS_PROXY", "socks5h://{proxy}"), ("HTTP_PROXY", "socks5h://{proxy}")]);
    in_environment("through_socks", &[("ALL_PROXY", "socks5://{proxy}")]);
}

#[test]
#[ignore = "run by `a_socks_proxy_connects_to_the_host_by_name_or_by_the_address_that_the_client_resolves`"]
fn through_socks() {
    let by_name = env::var("HTTPS_PROXY").is_ok();
    case_in_real_time(async |world| {
        let secure = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let asked = socks(world, None, &secure);
        // The client's own resolver finds the host; nobody else does.
        let found = Setup::default().proxied().finding(&secure);
        let client = world.way().with(found, world.client_of(url())).build().unwrap();
        let long = Took::UpTo(seconds(10));
        let proven = world.call(client.create_item(&BODY)).await.is(Expect { took: long, ..fine(&[1]) });
        let host = if by_name { HOST } else { "127.0.0.1" };
        let expected = |port| Socks { host: host.to_owned(), port, ..Socks::default() };
        assert_eq!(asked.try_recv(), Ok(expected(443)));
        // What is not encrypted leads to its own port. The server, which speaks TLS, is no response.
        let plain = world.client_of(format!("http://{HOST}")).allow_plain_http().retry(Retry::never());
        let plain = world.way().with(found, plain).build().unwrap();
        let seen = world.call(plain.create_item(&BODY)).await;
        seen.is(Expect { took: long, ..fails(&[secure.count()], ErrorKind::Transport) });
        assert_eq!(asked.try_recv(), Ok(expected(80)));
        proven
    });
}

#[test]
fn a_socks_proxy_gets_its_credentials_and_one_that_asks_for_others_no_request() {
    in_environment("socks_with_credentials", &[("HTTPS_PROXY", "socks5h://{user}@{proxy}")]);
    in_environment("socks_with_other_credentials", &[("HTTPS_PROXY", "socks5h://{proxy}")]);
    in_environment("socks_with_other_credentials", &[("HTTPS_PROXY", "socks5h://a%20user:another@{proxy}")]);
}

#[test]
#[ignore = "run by `a_socks_proxy_gets_its_credentials_and_one_that_asks_for_others_no_request`"]
fn socks_with_credentials() {
    case_in_real_time(async |world| {
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let asked = socks(world, Some(PASSWORD), &server);
        let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
        let proven =
            world.call(client.create_item(&BODY)).await.is(Expect { took: Took::UpTo(seconds(10)), ..fine(&[1]) });
        let login = Some((USER.to_owned(), PASSWORD.to_owned()));
        assert_eq!(asked.try_recv(), Ok(Socks { method: 2, login, host: HOST.to_owned(), port: 443 }));
        proven
    });
}

#[test]
#[ignore = "run by `a_socks_proxy_gets_its_credentials_and_one_that_asks_for_others_no_request`"]
fn socks_with_other_credentials() {
    case_in_real_time(async |world| {
        let server = world.tls_server(ScriptedResponse::item(), Tls::http2());
        let asked = socks(world, Some(PASSWORD), &server);
        let client = world.way().with(Setup::default().proxied(), world.client_of(url())).build().unwrap();
        let seen = world.call(client.create_item(&BODY)).await;
        assert!(seen.chain().contains("proxy requires other credentials"), "{}", seen.chain());
        assert!(!seen.error().is_retryable());
        let took = Took::UpTo(seconds(10));
        let proven = seen.is(Expect { maybe_sent: false, took, ..fails(&[0], ErrorKind::Connect) });
        assert_eq!(asked.try_iter().count(), 1, "it is asked once");
        proven
    });
}

#[test]
fn a_proxy_of_another_kind_is_refused_when_the_client_is_built() {
    in_environment("unsupported", &[("ALL_PROXY", "socks4://{proxy}")]);
}

#[test]
#[ignore = "run by `a_proxy_of_another_kind_is_refused_when_the_client_is_built`"]
fn unsupported() {
    case_by(Way::Own, async |world| {
        let built = world.way().with(Setup::default().proxied(), world.client_of(url())).build();
        let seen = world.built(built);
        assert!(seen.line().contains("unsupported proxy scheme `socks4`"), "{}", seen.line());
        seen.is(Expect { attempts: 0, maybe_sent: false, ..fails(&[], ErrorKind::Configuration) })
    });
}

/// A proxy of the caller's own, who knows what it does.
#[test]
fn a_reqwest_client_may_send_plain_http_to_a_proxy_in_absolute_form() {
    case_by(Way::Reqwest, async |world| {
        let proxy = world.server(ScriptedResponse::item());
        let _ = rustls::crypto::ring::default_provider().install_default();
        let through = reqwest::Proxy::http(proxy.url()).unwrap();
        let http = reqwest::Client::builder().proxy(through).build().unwrap();
        let client = world.client_of("http://127.0.0.1:9/v1").http_client(http).build().unwrap();
        let proven = world.call(client.create_item(&BODY)).await.is(fine(&[1]));
        assert_eq!(proxy.request(0).target, "http://127.0.0.1:9/v1/items");
        proven
    });
}
