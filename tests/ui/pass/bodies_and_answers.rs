//! Each kind of body, of query and of answer.

#![deny(warnings, clippy::pedantic, missing_docs)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use rolecall::{Body, ByteStream, Bytes, Client, Error, Multipart, Response, Text, api, endpoint};
use rolecall_tests::roles::Partner;
use serde::{Deserialize, Serialize};

/// By serde.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// By name.
    ByName,
}

/// By `Display`.
#[derive(Debug)]
pub struct Day(u8);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2026-01-{:02}", self.0)
    }
}

/// A thing.
#[derive(Debug, Serialize, Deserialize)]
pub struct Thing {
    /// Its name.
    pub name: String,
}

/// Things.
#[api(path = "/v1", rename_all = "camelCase", headers("x-version" = "1"))]
pub trait ThingsApi {
    /// Queries.
    #[endpoint(method = GET, path = "/queries", role = Partner)]
    #[allow(clippy::too_many_arguments)]
    async fn queries(
        &self,
        #[query] sort_by: Sort,
        #[query] from_day: &Day,
        #[query] days: &[Day],
        #[query(list = "comma")] sorts: Vec<Sort>,
        #[query(list = "pipe")] more: Option<&[u32]>,
        #[query] maybe: Option<Sort>,
        #[query(flatten)] thing: &Thing,
        #[query(flatten)] rest: Option<&BTreeMap<String, String>>,
        #[query("fixed-name")] fixed: f32,
    ) -> Result<(), Error>;

    /// Headers.
    #[endpoint(method = GET, path = "/headers", role = Partner, headers("x-version" = "2", "x-other" = "a b"))]
    async fn headers(
        &self,
        #[header("x-day")] day: &Day,
        #[header("x-key", sensitive)] key: Option<&str>,
    ) -> Result<(), Error>;

    /// A form.
    #[endpoint(method = POST, path = "/form", role = Partner)]
    async fn form(&self, #[body(form)] thing: &Thing) -> Result<(), Error>;

    /// A form, or none.
    #[endpoint(method = POST, path = "/maybe-form", role = Partner)]
    async fn maybe_form(&self, #[body(form)] thing: Option<Thing>) -> Result<(), Error>;

    /// Text.
    #[endpoint(method = POST, path = "/text", role = Partner, accept = "text/csv")]
    async fn text(&self, #[body(text)] text: Cow<'_, str>) -> Result<Text, Error>;

    /// XML.
    #[endpoint(method = POST, path = "/xml", role = Partner)]
    async fn xml(&self, #[body(text, content_type = "application/xml")] text: Option<&String>) -> Result<(), Error>;

    /// Bytes by value.
    #[endpoint(method = POST, path = "/bytes", role = Partner, idempotent)]
    async fn bytes(&self, #[body(bytes)] bytes: Vec<u8>) -> Result<Bytes, Error>;

    /// Bytes by reference.
    #[endpoint(method = POST, path = "/more-bytes", role = Partner, timeout = "250ms")]
    async fn more_bytes(&self, #[body(bytes)] bytes: Option<&Bytes>) -> Result<Option<Bytes>, Error>;

    /// A slice.
    #[endpoint(method = POST, path = "/slice", role = Partner)]
    async fn slice(&self, #[body(bytes)] bytes: &[u8]) -> Result<Option<Response<Thing>>, Error>;

    /// Several parts.
    #[endpoint(method = POST, path = "/multipart", role = Partner)]
    async fn parts(&self, #[body(multipart)] parts: Multipart) -> Result<Response<Option<Thing>>, Error>;

    /// A stream in, and a stream out.
    #[endpoint(method = POST, path = "/stream", role = Partner)]
    async fn stream(&self, #[body(stream)] stream: Body) -> Result<ByteStream, Error>;

    /// A stream, or none, in, and a stream, or none, out.
    #[endpoint(method = POST, path = "/maybe-stream", role = Partner)]
    async fn maybe_stream(&self, #[body(stream)] stream: Option<Body>) -> Result<Option<ByteStream>, Error>;

    /// The rest of a path.
    #[endpoint(method = GET, path = "/files/{*path}", role = Partner)]
    async fn file(&self, path: &str) -> Result<Bytes, Error>;

    /// Several placeholders in a segment.
    #[endpoint(method = GET, path = "/at/{lat},{lon}.json", role = Partner)]
    async fn at(&self, lat: f64, lon: f64) -> Result<String, Error>;

    /// The prefix itself.
    #[endpoint(method = HEAD, path = "", role = Partner)]
    async fn root(&self) -> Result<Response<()>, Error>;
}

fn is_send<T: Send>(_: T) {}

fn main() {
    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    let thing = Thing { name: String::new() };
    is_send(client.queries(
        Sort::ByName,
        &Day(1),
        &[],
        vec![],
        None,
        None,
        &thing,
        None,
        1.0,
    ));
    is_send(client.headers(&Day(1), None));
    is_send(client.form(&thing));
    is_send(client.maybe_form(None));
    is_send(client.text("a".into()));
    is_send(client.xml(None));
    is_send(client.bytes(vec![1]));
    is_send(client.more_bytes(None));
    is_send(client.slice(b"a"));
    is_send(client.parts(Multipart::new()));
    is_send(client.stream(Body::from("a")));
    is_send(client.maybe_stream(None));
    is_send(client.file("a/b"));
    is_send(client.at(1.0, 2.0));
    is_send(client.root());

    let endpoints = <Client<Partner> as ThingsApi>::ENDPOINTS;
    let named = |name: &str| endpoints.iter().find(|endpoint| endpoint.name == name).unwrap();
    assert_eq!(named("queries").path, "/v1/queries");
    let parameters: Vec<_> = named("queries").parameters.iter().map(|parameter| parameter.name).collect();
    assert_eq!(parameters, ["sortBy", "fromDay", "days", "sorts", "more", "maybe", "thing", "rest", "fixed-name"]);
    assert_eq!(named("headers").headers, [("x-version", "2"), ("x-other", "a b")]);
    assert_eq!(named("form").headers, [("x-version", "1")]);
    assert_eq!(named("text").accept, "text/csv");
    assert_eq!(named("file").accept, "*/*");
    assert!(named("bytes").idempotent);
    assert_eq!(named("more_bytes").timeout, Some(std::time::Duration::from_millis(250)));
    assert_eq!(named("root").path, "/v1");
}
