//! One endpoint of each kind, under the strictest lints: what `#[api]` generates is held to them here.

#![deny(warnings, clippy::pedantic, clippy::nursery, missing_docs, missing_debug_implementations, unreachable_pub)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::roles::Partner;
use rolecall::{Body, ByteStream, Bytes, Error, FilePart, HeaderMap, Multipart, Response, Text, api, endpoint};
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

impl Day {
    /// A day of January.
    #[must_use]
    pub const fn new(day: u8) -> Self {
        Self(day)
    }
}

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
#[api(path = "/v1", rename_all = "camelCase", headers("x-version" = "1"), dyn = DynEverythingApi)]
pub trait EverythingApi {
    /// Queries.
    #[endpoint(method = GET, path = "/queries", role = Partner)]
    #[expect(clippy::too_many_arguments, reason = "one of each kind")]
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
    #[endpoint(method = POST, path = "/stream", role = Partner, idempotent)]
    async fn stream(&self, #[body(stream)] stream: Body) -> Result<ByteStream, Error>;

    /// A stream, or none, in, and a stream, or none, out.
    #[endpoint(method = POST, path = "/maybe-stream", role = Partner)]
    async fn maybe_stream(&self, #[body(stream)] stream: Option<Body>) -> Result<Option<ByteStream>, Error>;

    /// An action on an object, whose key has slashes.
    #[endpoint(method = POST, path = "/objects/{*key}:copy", role = Partner)]
    async fn copy_object(&self, key: &str) -> Result<(), Error>;

    /// The rest of a path.
    #[endpoint(method = GET, path = "/files/{*path}", role = Partner)]
    async fn file(&self, path: &str) -> Result<Bytes, Error>;

    /// Several placeholders in a segment.
    #[endpoint(method = GET, path = "/at/{lat},{lon}.json", role = Partner)]
    async fn at(&self, lat: f64, lon: f64) -> Result<String, Error>;

    /// Generic.
    #[endpoint(method = GET, path = "/public/{id}", role = rolecall::Public)]
    #[deprecated = "old"]
    async fn public(&self, id: u32, #[query] name: &str, #[query] names: &[String]) -> Result<String, Error>;

    /// Absent.
    #[cfg(any())]
    #[endpoint(method = GET, path = "/absent", role = Partner)]
    async fn absent(&self) -> Result<String, Error>;

    /// Several roles.
    #[endpoint(method = GET, path = "/roles", role = any(Partner, crate::roles::User))]
    async fn roles(&self) -> Result<Vec<Thing>, Error>;

    /// The prefix itself.
    #[endpoint(method = HEAD, path = "", role = Partner)]
    async fn root(&self) -> Result<Response<()>, Error>;

    /// Values by serde, lists, and several headers.
    #[endpoint(method = GET, path = "/of/{sort}", role = Partner)]
    async fn values(
        &self,
        sort: Sort,
        #[header("x-sort")] other: Option<&Sort>,
        #[header("x-days")] days: &[Day],
        #[header("x-ids", sensitive)] ids: Option<Vec<u32>>,
        #[header(flatten)] headers: Option<&HeaderMap>,
        #[query(json)] thing: &Thing,
    ) -> Result<(), Error>;

    /// Brackets.
    #[endpoint(method = POST, path = "/nested", role = Partner)]
    async fn nested(
        &self,
        #[query(flatten, nested)] thing: Option<Thing>,
        #[query(nested, list = "brackets")] page: &BTreeMap<String, u32>,
        #[body(form, nested)] body: Option<&BTreeMap<String, Thing>>,
    ) -> Result<(), Error>;

    /// Typed parts.
    #[endpoint(method = POST, path = "/form-data", role = Partner)]
    async fn form_data(
        &self,
        #[part] sort: Sort,
        #[part("day")] days: Option<&[Day]>,
        #[part(json)] thing: &Thing,
        #[part] file: FilePart,
        #[part("more")] files: Option<Vec<FilePart>>,
    ) -> Result<(), Error>;
}
