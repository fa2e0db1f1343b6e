//! Tests of the token endpoint over real sockets, with handwritten responses.

use std::sync::{Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::auth::client_credentials::ClientCredentialsFetch;
use crate::auth::fetch::FetchToken;
use crate::auth::{ClientCredentials, Credentials, FetchReason, Part};
use crate::transport::Setup;
use crate::url::Url;

const SECRET: &str = "s3cret/+&= ä";

fn client(url: &str) -> OAuthClient {
    OAuthClient::new(Server::TokenUrl(url.to_owned()), "id: 1".to_owned(), Some(SECRET.into()))
}

fn sender() -> Sender {
    Sender {
        network: Arc::new(Setup::default().build(&Url::parse("http://127.0.0.1").unwrap(), &[]).unwrap().1),
        user_agent: HeaderValue::from_static("a-program/1.0"),
        timeout: Duration::from_secs(30),
        allow_plain_http: false,
    }
}

fn endpoint_of(client: OAuthClient) -> TokenEndpoint {
    let url = client.url(false).unwrap();
    TokenEndpoint::new(client, url, &sender()).unwrap()
}

fn endpoint(url: &str) -> TokenEndpoint {
    endpoint_of(client(url))
}

const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];

async fn fetch_from(answer: Vec<u8>) -> (Result<Fetched, TokenError>, String) {
    fetch_as(answer, |client| client).await
}

/// Fetches once from a server that reads the request and then writes these bytes. Also returns the request.
async fn fetch_as(
    answer: Vec<u8>,
    options: impl FnOnce(OAuthClient) -> OAuthClient,
) -> (Result<Fetched, TokenError>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/oauth2/token", listener.local_addr().unwrap());
    let mut endpoint = endpoint_of(options(client(&url)));
    if answer.is_empty() {
        endpoint.timeout = Duration::from_millis(500);
    }
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !is_whole(&request) {
            let read = socket.read(&mut buffer).await.unwrap();
            assert!(read > 0, "the request ends early");
            request.extend_from_slice(&buffer[..read]);
        }
        if answer.is_empty() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        // The client may have closed the connection before it has read everything.
        let _ = socket.write_all(&answer).await;
        let _ = socket.shutdown().await;
        let second = tokio::time::timeout(Duration::from_millis(20), listener.accept()).await;
        assert!(second.is_err(), "one request");
        String::from_utf8(request).unwrap()
    });
    let result = endpoint.request(&GRANT, None).await;
    if matches!(result, Err(TokenError::Unavailable { timed_out: true, .. })) {
        server.abort();
    }
    (result, server.await.unwrap_or_default())
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split_once("content-length: ").map_or("0", |(_, rest)| rest.lines().next().unwrap());
    body.len() >= length.parse::<usize>().unwrap()
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

const TOKEN: &str = r#"{"access_token":"tok","expires_in":3599,"token_type":"Bearer"}"#;

#[tokio::test]
async fn the_request_is_that_of_the_rfc() {
    let (result, request) = fetch_from(http("200 OK", "", TOKEN)).await;
    assert_eq!(result.map_err(|error| error.to_string()).unwrap().token.expose_secret(), "tok");
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /oauth2/token HTTP/1.1\r\n"), "{head}");
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name)).unwrap();
        line.split_once(": ").unwrap().1.to_owned()
    };
    // `id: 1` and the secret, each form-encoded.
    let pair = "id%3A+1:s3cret%2F%2B%26%3D+%C3%A4";
    assert_eq!(header("authorization"), format!("Basic {}", STANDARD.encode(pair)));
    assert_eq!(header("accept"), "application/json");
    assert_eq!(header("user-agent"), "a-program/1.0");
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(body, "grant_type=client_credentials");
}

#[tokio::test]
async fn a_scope_is_asked_for() {
    let scoped = |client| OAuthClient { scope: Some("a b&c".to_owned()), ..client };
    let (_, request) = fetch_as(http("200 OK", "", TOKEN), scoped).await;
    assert!(request.ends_with("\r\n\r\ngrant_type=client_credentials&scope=a+b%26c"), "{request}");
}

#[test]
fn the_authorization_is_marked_sensitive_and_shows_in_no_debug() {
    let endpoint = endpoint("https://auth.example/");
    let request = endpoint.token_request(&GRANT, false);
    let header = request.headers.get(header::AUTHORIZATION).unwrap();
    assert!(header.is_sensitive());
    assert!(!format!("{request:?}").contains(&STANDARD.encode("id")));
}

#[tokio::test]
async fn any_status_of_success_is_fine() {
    for status in ["200 OK", "201 Created", "202 Accepted", "299 Fine"] {
        let (result, _) = fetch_from(http(status, "", TOKEN)).await;
        let fetched = result.map_err(|error| error.to_string()).unwrap();
        assert_eq!(fetched.lifetime, Duration::from_secs(3599), "{status}");
        assert!(fetched.asked.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn a_refusal_tells_what_the_server_says() {
    let body = r#"{"error":"invalid_client","error_description":"no such client"}"#;
    for status in ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "418 Teapot"] {
        let (result, _) = fetch_from(http(status, "", body)).await;
        let Err(TokenError::Refused { status: told, oauth, retry_after }) = result else { panic!("{status}") };
        assert!(status.starts_with(told.as_str()));
        let expected = OAuthError { error: "invalid_client".into(), description: "no such client".into() };
        assert_eq!((oauth, retry_after), (Some(expected), None));
    }
    for body in ["", "<html>", "{}"] {
        let (result, _) = fetch_from(http("401 Unauthorized", "", body)).await;
        assert!(matches!(result, Err(TokenError::Refused { oauth: None, .. })));
    }
}

#[tokio::test]
async fn a_refusal_that_repeats_the_credentials_does_not_show_them() {
    let pair = "id%3A+1:s3cret%2F%2B%26%3D+%C3%A4";
    for repeated in [SECRET, "s3cret%2F%2B%26%3D+%C3%A4", &STANDARD.encode(pair), pair] {
        let body = format!(r#"{{"error":"invalid_client","error_description":"got {repeated}"}}"#);
        let (result, _) = fetch_from(http("401 Unauthorized", "", &body)).await;
        let error = result.map(drop).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("invalid_client") && !shown.contains(repeated), "{shown}");
    }
}

#[tokio::test]
async fn a_server_that_is_down_or_busy_says_when_to_come_back() {
    for (status, headers, wait) in [
        ("500 Internal Server Error", "", None),
        ("502 Bad Gateway", "", None),
        ("503 Service Unavailable", "retry-after: 7\r\n", Some(7)),
        ("429 Too Many Requests", "retry-after: 42\r\n", Some(42)),
        ("429 Too Many Requests", "x-ratelimit-reset: 40\r\n", Some(40)),
        ("429 Too Many Requests", "x-ratelimit-reset: 40\r\nretry-after: 42\r\n", Some(42)),
        ("503 Service Unavailable", "x-ratelimit-reset: 40\r\n", None),
        ("408 Request Timeout", "", None),
        ("425 Too Early", "", None),
    ] {
        let (result, _) = fetch_from(http(status, headers, "<html>")).await;
        let Err(TokenError::Unavailable { status: Some(told), cause: None, timed_out: false, retry_after, .. }) =
            result
        else {
            panic!("{status}")
        };
        assert!(status.starts_with(told.as_str()));
        assert_eq!(retry_after, wait.map(Duration::from_secs));
    }
}

#[tokio::test]
async fn an_error_page_of_any_size_is_still_told_by_its_status() {
    let (result, _) = fetch_from(http("503 Service Unavailable", "", &"x".repeat(200 * 1024))).await;
    assert!(matches!(result, Err(TokenError::Unavailable { status: Some(_), .. })));
    let torn = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 100\r\n\r\n{".to_vec();
    let (result, _) = fetch_from(torn).await;
    assert!(matches!(result, Err(TokenError::Refused { oauth: None, .. })));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect", "304 Not Modified"] {
        let (result, _) = fetch_from(http(status, "location: /elsewhere\r\n", TOKEN)).await;
        let Err(TokenError::Malformed { what, .. }) = result else { panic!("{status}") };
        assert_eq!(what, "redirects are not followed");
    }
}

#[tokio::test]
async fn the_answer_is_bounded() {
    let padded = |length: usize| format!("{TOKEN}{}", " ".repeat(length - TOKEN.len()));
    let (result, _) = fetch_from(http("200 OK", "", &padded(64 * 1024))).await;
    assert!(result.is_ok());
    let (result, _) = fetch_from(http("200 OK", "", &padded(64 * 1024 + 1))).await;
    assert!(matches!(result, Err(TokenError::Malformed { what, .. }) if what == "larger than 64 KiB"));
}

#[tokio::test]
async fn broken_answers_are_the_servers_failure() {
    let torn = format!("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{TOKEN}");
    for answer in [torn.into_bytes(), b"garbage\r\n\r\n".to_vec(), b"HTTP/1.1 200 OK\r\n".to_vec()] {
        let (result, _) = fetch_from(answer).await;
        let error = result.map(drop).unwrap_err();
        assert!(matches!(error, TokenError::Unavailable { status: None, cause: Some(_), .. }), "{error:?}");
        assert!(!format!("{error:?}").contains("tok\""));
    }
    let (result, _) = fetch_from(http("200 OK", "", "<html>tok</html>")).await;
    assert_eq!(result.map(drop).unwrap_err().to_string(), "invalid token response (200 OK): not valid JSON");
}

#[tokio::test]
async fn a_server_that_does_not_answer_or_is_not_there_is_unavailable() {
    let (result, _) = fetch_from(Vec::new()).await;
    let error = result.map(drop).unwrap_err();
    assert_eq!(error.to_string(), "authorization server timed out");
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = endpoint(&format!("http://{gone}/")).request(&GRANT, None).await.map(drop).unwrap_err();
    assert_eq!(error.to_string(), "could not reach the authorization server");
    assert!(error.source().is_some());
}

/// Everything that is logged while tokens are fetched and dropped, at every level.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl tracing::Subscriber for Heard {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("rolecall")
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn event(&self, event: &tracing::Event<'_>) {
        struct Write<'a>(&'a mut String);
        impl tracing::field::Visit for Write<'_> {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!("{field}={value:?} "));
            }
        }
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        event.record(&mut Write(&mut heard));
        heard.push('\n');
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn events_tell_what_happens_and_no_secret() {
    let heard = Heard::default();
    let _guard = tracing::subscriber::set_default(heard.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let refusal = format!(r#"{{"error":"invalid_client","error_description":"{SECRET}"}}"#);
        for answer in [http("200 OK", "", TOKEN), http("401 Unauthorized", "", &refusal)] {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await.unwrap();
            socket.write_all(&answer).await.unwrap();
            socket.shutdown().await.unwrap();
        }
    });
    let store: Arc<dyn crate::TokenStore> = Arc::new(crate::auth::MemoryTokenStore::new());
    let credentials = Credentials::from(ClientCredentials::new(url, "id: 1", SECRET));
    let Part::Source(source) = credentials.part(&sender(), &store, true).unwrap() else { panic!("no source") };
    let deadline = Instant::now() + Duration::from_secs(5);
    let bearer = source.bearer(deadline).await.unwrap();
    let error = source.renew(bearer.generation, deadline).await.unwrap_err();
    let heard = heard.0.lock().unwrap().clone();
    assert!(heard.contains("obtained a new token") && heard.contains("could not obtain a new token"), "{heard}");
    let shown = format!("{heard} {error} {error:?} {bearer:?}");
    for secret in [SECRET, "tok", &STANDARD.encode("tok"), &STANDARD.encode(SECRET), "s3cret"] {
        let shown = shown.replace("token", "");
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn the_secret_can_be_in_the_body_or_verbatim() {
    let of = |authentication| move |client| OAuthClient { authentication, ..client };
    let (_, request) = fetch_as(http("200 OK", "", TOKEN), of(Authentication::Body)).await;
    assert!(!request.to_ascii_lowercase().contains("authorization:"), "{request}");
    let form = "grant_type=client_credentials&client_id=id%3A+1&client_secret=s3cret%2F%2B%26%3D+%C3%A4";
    assert!(request.ends_with(&format!("\r\n\r\n{form}")), "{request}");
    let (_, request) = fetch_as(http("200 OK", "", TOKEN), of(Authentication::BasicVerbatim)).await;
    let pair = STANDARD.encode(format!("id: 1:{SECRET}"));
    assert!(request.contains(&format!("authorization: Basic {pair}")), "{request}");
}

#[tokio::test]
async fn all_parameters_are_sent_and_are_part_of_the_key() {
    let with = |client| OAuthClient {
        audience: Some("https://api.example/".to_owned()),
        parameters: [("resource", "a b"), ("x", "1"), ("resource", "c")]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into(),
        ..client
    };
    let (_, request) = fetch_as(http("200 OK", "", TOKEN), with).await;
    let form = "audience=https%3A%2F%2Fapi.example%2F&resource=a+b&x=1&resource=c";
    assert!(request.ends_with(&format!("grant_type=client_credentials&{form}")), "{request}");
    let key = |client: OAuthClient| client.key(&Url::parse("https://auth.example/").unwrap());
    let (one, other) = (client("https://auth.example"), with(client("https://auth.example")));
    assert_ne!(key(one), key(other.clone()));
    let mut reordered = other.clone();
    reordered.parameters.swap(1, 2);
    assert_eq!(key(reordered), key(other));
}

#[tokio::test]
async fn an_error_with_a_status_of_success_is_an_error() {
    let body = r#"{"error":"invalid_client","error_description":"no such client"}"#;
    let (result, _) = fetch_from(http("200 OK", "", body)).await;
    let error = result.map(drop).unwrap_err();
    let shown = "authorization server rejected the credentials (200 OK): invalid_client: no such client";
    assert_eq!(error.to_string(), shown);
    let (result, _) = fetch_from(http("200 OK", "", r#"{"error":"temporarily_unavailable"}"#)).await;
    assert!(result.map(drop).unwrap_err().is_temporary());
    let (result, _) = fetch_from(http("400 Bad Request", "", r#"{"error":"server_error"}"#)).await;
    assert!(result.map(drop).unwrap_err().is_temporary());
}

#[tokio::test]
async fn a_limit_is_reported_in_the_servers_words() {
    let (result, _) =
        fetch_from(http("429 Too Many Requests", "", r#"{"type":"slow","detail":"50 per minute"}"#)).await;
    let shown = "rate limit of the authorization server reached (429 Too Many Requests): slow: 50 per minute";
    assert_eq!(result.map(drop).unwrap_err().to_string(), shown);
}

#[tokio::test]
async fn another_type_of_token_is_refused_with_the_way_to_accept_it() {
    let body = r#"{"access_token":"tok","token_type":"JWT"}"#;
    let (result, _) = fetch_from(http("200 OK", "", body)).await;
    let shown = "invalid token response (200 OK): `token_type` is `JWT`; accept it with `token_type(\"JWT\")`";
    assert_eq!(result.map(drop).unwrap_err().to_string(), shown);
    let accepting = |client| OAuthClient { token_type: Some("jwt".to_owned()), ..client };
    let (result, _) = fetch_as(http("200 OK", "", body), accepting).await;
    assert!(result.is_ok());
}

/// Responds to requests one after the other, each on a connection of its own. Returns the requests.
async fn serve(answers: Vec<Vec<u8>>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
            while !is_whole(&request) {
                let read = socket.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            socket.write_all(&answer).await.unwrap();
            socket.shutdown().await.unwrap();
            requests.push(String::from_utf8(request).unwrap());
        }
        requests
    });
    (url, server)
}

#[tokio::test]
async fn verbatim_credentials_are_tried_once_if_the_others_are_rejected_and_then_kept() {
    let refusal = http("401 Unauthorized", "connection: close\r\n", r#"{"error":"invalid_client"}"#);
    let token = http("200 OK", "connection: close\r\n", TOKEN);
    let (url, server) = serve(vec![refusal.clone(), token.clone(), token, refusal.clone(), refusal]).await;
    let endpoint = endpoint_of(OAuthClient { authentication: Authentication::BasicVerbatimFallback, ..client(&url) });
    assert!(endpoint.request(&GRANT, None).await.is_ok());
    assert!(endpoint.request(&GRANT, None).await.is_ok());
    assert!(endpoint.request(&GRANT, None).await.is_err());
    let encoded = STANDARD.encode("id%3A+1:s3cret%2F%2B%26%3D+%C3%A4");
    let verbatim = STANDARD.encode(format!("id: 1:{SECRET}"));
    let sent: Vec<bool> = server.await.unwrap().iter().map(|request| request.contains(&verbatim)).collect();
    assert_eq!(sent, [false, true, true, true, false], "{encoded}");
}

#[tokio::test]
async fn credentials_that_are_the_same_verbatim_are_tried_once() {
    let refusal = http("401 Unauthorized", "connection: close\r\n", r#"{"error":"invalid_client"}"#);
    let (url, server) = serve(vec![refusal]).await;
    let client = OAuthClient {
        id: "id".to_owned(),
        secret: Some("s3cret".into()),
        authentication: Authentication::BasicVerbatimFallback,
        ..client(&url)
    };
    assert!(endpoint_of(client).request(&GRANT, None).await.is_err());
    assert_eq!(server.await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_issuer_is_asked_once_where_it_issues_tokens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}/realms/a", listener.local_addr().unwrap());
    let metadata = format!(r#"{{"issuer":"{issuer}","token_endpoint":"{issuer}/t"}}"#);
    let close = "connection: close\r\n";
    let answers = [
        http("404 Not Found", close, ""),
        http("200 OK", close, &metadata),
        http("200 OK", close, TOKEN),
        http("200 OK", close, TOKEN),
    ];
    let server = tokio::spawn(async move {
        let mut lines = Vec::new();
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
            while !is_whole(&request) {
                let read = socket.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            socket.write_all(&answer).await.unwrap();
            socket.shutdown().await.unwrap();
            lines.push(String::from_utf8(request).unwrap().lines().next().unwrap().to_owned());
        }
        lines
    });
    let endpoint = endpoint_of(OAuthClient { server: Server::Issuer(issuer), ..client("") });
    assert!(endpoint.request(&GRANT, None).await.is_ok());
    assert!(endpoint.request(&GRANT, None).await.is_ok());
    let expected = [
        "GET /realms/a/.well-known/openid-configuration HTTP/1.1",
        "GET /.well-known/oauth-authorization-server/realms/a HTTP/1.1",
        "POST /realms/a/t HTTP/1.1",
        "POST /realms/a/t HTTP/1.1",
    ];
    assert_eq!(server.await.unwrap(), expected);
}

#[tokio::test]
async fn a_refresh_token_that_comes_unasked_is_not_kept() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
        while !is_whole(&request) {
            let read = socket.read(&mut buffer).await.unwrap();
            request.extend_from_slice(&buffer[..read]);
        }
        let body = TOKEN.replace('{', r#"{"refresh_token":"r","#);
        socket.write_all(&http("200 OK", "", &body)).await.unwrap();
    });
    let fetch = ClientCredentialsFetch { endpoint: endpoint(&url) };
    let fetched = fetch.fetch(FetchReason::Missing, None).await.map_err(|error| error.to_string()).unwrap();
    assert!(fetched.refresh_token.is_none(), "client credentials are always at hand (RFC 6749, section 4.4.3)");
    server.await.unwrap();
}
