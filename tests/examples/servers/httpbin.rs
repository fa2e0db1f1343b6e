//! httpbin, from PyPI, which returns what it was sent.

use std::collections::BTreeMap;
use std::time::Duration;

use rolecall::auth::{Basic, Bearer};
use rolecall::{
    ByteStream, Bytes, CallSettings, Client, Conditional, Error, ErrorKind, JsonLines, Public, Response, Role, Text,
    api, endpoint,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A user of the endpoints that check credentials.
#[derive(Role)]
pub(crate) enum User {}

/// A request as the server has read it.
#[derive(Debug, Deserialize)]
pub(crate) struct Echo {
    method: Option<String>,
    url: String,
    args: BTreeMap<String, Value>,
    headers: BTreeMap<String, String>,
    data: Option<String>,
    form: Option<BTreeMap<String, Value>>,
    json: Option<Value>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Order<'a> {
    item: &'a str,
    sizes: &'a [u8],
    note: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Login {
    authenticated: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    id: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Gzipped {
    gzipped: bool,
}

#[api(role = Public)]
pub(crate) trait HttpbinApi {
    #[endpoint(method = GET, path = "/anything/{*path}")]
    async fn anything(
        &self,
        path: &str,
        #[query] text: &str,
        #[query("tag[]")] tags: &[&str],
        #[header("x-note")] note: Option<&str>,
    ) -> Result<Echo, Error>;

    #[endpoint(method = POST, path = "/post")]
    async fn post_json(&self, #[body] order: &Order<'_>) -> Result<Echo, Error>;

    #[endpoint(method = PUT, path = "/put")]
    async fn put_form(&self, #[body(form)] order: &Order<'_>) -> Result<Echo, Error>;

    #[endpoint(method = PATCH, path = "/patch")]
    async fn patch_text(&self, #[body(text)] text: &str) -> Result<Echo, Error>;

    #[endpoint(method = GET, path = "/basic-auth/{user}/{password}", role = User)]
    async fn basic_auth(&self, user: &str, password: &str) -> Result<Login, Error>;

    #[endpoint(method = GET, path = "/bearer", role = User)]
    async fn bearer(&self) -> Result<Login, Error>;

    #[endpoint(method = GET, path = "/etag/{etag}")]
    async fn etag(
        &self,
        etag: &str,
        #[header("if-none-match")] known: Option<&str>,
    ) -> Result<Conditional<Value>, Error>;

    #[endpoint(method = GET, path = "/redirect/{times}", redirects = 3)]
    async fn redirect(&self, times: u8) -> Result<Echo, Error>;

    #[endpoint(method = GET, path = "/stream/{lines}")]
    async fn stream(&self, lines: u8) -> Result<JsonLines<Line>, Error>;

    #[endpoint(method = GET, path = "/stream-bytes/{count}")]
    async fn stream_bytes(&self, count: u32, #[query] seed: u8) -> Result<ByteStream, Error>;

    #[endpoint(method = GET, path = "/range/{count}")]
    async fn range(&self, count: u32, #[header("range")] range: &str) -> Result<Response<Bytes>, Error>;

    #[endpoint(method = GET, path = "/gzip")]
    async fn gzip(&self) -> Result<Gzipped, Error>;

    #[endpoint(method = GET, path = "/encoding/utf8")]
    async fn utf8(&self) -> Result<Text, Error>;

    #[endpoint(method = GET, path = "/delay/{seconds}")]
    async fn delay(&self, seconds: u8) -> Result<Echo, Error>;

    #[endpoint(method = GET, path = "/status/{status}")]
    async fn status(&self, status: u16) -> Result<Option<()>, Error>;
}

/// Runs the checks.
pub(crate) async fn run(url: &str) {
    let client = Client::<Public>::builder(url).build().unwrap();
    requests(&client, url).await;
    println!("ok: paths, queries, headers, and bodies arrive as they were given");
    credentials(url).await;
    println!("ok: Basic and Bearer are accepted, and rejected where they are wrong");
    responses(&client).await;
    println!("ok: conditional requests, ranges, gzip, text, lines, and streams");
    failures(&client, url).await;
    println!("ok: redirects, statuses, and time limits");
}

async fn requests(client: &Client<Public>, url: &str) {
    let path = "a b/\u{e4}/c?#";
    let echo = client.anything(path, "1 + 1 & \u{20ac}", &["x", "y z"], Some("n")).await.unwrap();
    assert_eq!(echo.method.as_deref(), Some("GET"));
    assert_eq!(echo.args["text"], "1 + 1 & \u{20ac}");
    assert_eq!(echo.args["tag[]"], json!(["x", "y z"]));
    assert_eq!(echo.headers["X-Note"], "n");
    assert_eq!(echo.headers["User-Agent"], concat!("rolecall/", env!("CARGO_PKG_VERSION")));
    assert!(echo.url.starts_with(&format!("{url}/anything/a%20b/\u{e4}/c%3F%23?")), "{}", echo.url);

    let order = Order { item: "socks & shoes", sizes: &[41, 42], note: None };
    let echo = client.post_json(&order).await.unwrap();
    assert_eq!(echo.json, Some(json!({"item": "socks & shoes", "sizes": [41, 42], "note": null})));
    assert_eq!(echo.headers["Content-Type"], "application/json");
    let form = client.put_form(&order).await.unwrap().form.unwrap();
    assert_eq!((&form["item"], &form["sizes"]), (&json!("socks & shoes"), &json!(["41", "42"])));
    let echo = client.patch_text("\u{e4} line\n").await.unwrap();
    assert_eq!(echo.data.as_deref(), Some("\u{e4} line\n"));
}

async fn credentials(url: &str) {
    let client = |builder: rolecall::ClientBuilder<User>| builder.build().unwrap();
    let basic = client(Client::builder(url).credentials(Basic::new("max", "s3cret: \u{e4}")));
    assert!(basic.basic_auth("max", "s3cret: \u{e4}").await.unwrap().authenticated);
    assert_eq!(basic.basic_auth("eva", "other").await.unwrap_err().status().unwrap(), 401);
    assert_eq!(basic.bearer().await.unwrap_err().status().unwrap(), 401);
    let bearer = basic.with(CallSettings::new().credentials(Bearer::new("a-token")));
    assert!(bearer.bearer().await.unwrap().authenticated);
}

async fn responses(client: &Client<Public>) {
    let Conditional::Modified { etag, .. } = client.etag("v1", None).await.unwrap() else { panic!("nothing is known") };
    assert_eq!(etag.as_deref(), Some("v1"), "httpbin sends it without quotes");
    assert!(client.etag("v1", Some("\"v1\"")).await.unwrap().is_not_modified());
    assert!(!client.etag("v2", Some("\"v1\"")).await.unwrap().is_not_modified());

    let part = client.range(26, "bytes=2-5").await.unwrap();
    assert_eq!(
        (part.status().as_u16(), &part.headers()["content-range"], &part.body()[..]),
        (206, &"bytes 2-5/26".parse().unwrap(), &b"cdef"[..])
    );
    assert_eq!(client.range(26, "bytes=30-").await.unwrap_err().status().unwrap(), 416);

    assert!(client.gzip().await.unwrap().gzipped);
    assert!(client.utf8().await.unwrap().0.contains("\u{222e} E\u{22c5}da = Q"));

    let mut lines = client.stream(20).await.unwrap();
    let mut ids = Vec::new();
    while let Some(line) = lines.next().await {
        ids.push(line.unwrap().id);
    }
    assert_eq!(ids, (0..20).collect::<Vec<_>>());
    let mut bytes = client.stream_bytes(50_000, 1).await.unwrap();
    let mut count = 0;
    while let Some(chunk) = bytes.next().await {
        count += chunk.unwrap().len();
    }
    assert_eq!(count, 50_000);
}

async fn failures(client: &Client<Public>, url: &str) {
    let echo = client.redirect(3).await.unwrap();
    assert_eq!(echo.url, format!("{url}/get"));
    assert_eq!(client.redirect(4).await.unwrap_err().status().unwrap(), 302);
    assert!(client.status(404).await.unwrap().is_none());
    assert!(client.status(200).await.unwrap().is_some());
    let error = client.status(418).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 1));
    let error = client.status(503).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (3, true));
    let hasty =
        client.with(CallSettings::new().timeout(Duration::from_millis(200)).deadline(Duration::from_millis(300)));
    assert_eq!(hasty.delay(3).await.unwrap_err().kind(), ErrorKind::Timeout);
}
