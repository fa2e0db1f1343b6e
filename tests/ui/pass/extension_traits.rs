//! An extension trait in scope whose methods are called like those that generated code calls.

#![deny(warnings)]

use std::collections::HashMap;
use std::fmt;

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub trait Extension {
    fn query(&self) {}
    fn header(&self) {}
    fn literal(&self) {}
    fn segment(&self) {}
    fn rest(&self) {}
    fn text(&self) {}
    fn bytes(&self) {}
    fn begin_list(&self) {}
    fn end_list(&self) {}
    fn iter(&self) {}
    fn by(&self) {}
    fn as_ref(&self) {}
    fn into(&self) {}
    fn accept(&self) {}
    fn timeout(&self) {}
    fn headers(&self) {}
    fn idempotent(&self) {}
}

impl<T: ?Sized> Extension for T {}

pub struct Day;

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("2026-01-01")
    }
}

#[api(dyn = DynThingsApi, path = "/{*root}")]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/{id}", role = Partner, idempotent, accept = "text/csv", timeout = "5s", headers("a" = "b"))]
    async fn text(
        &self,
        root: &str,
        id: u32,
        #[query] plain: &str,
        #[query] list: &[&str],
        #[query(list = "comma")] joined: Option<Vec<u32>>,
        #[query] day: &Day,
        #[query] days: [Day; 2],
        #[query(flatten)] rest: &HashMap<String, String>,
        #[header("x-a")] header: Option<&str>,
        #[body(text)] text: &str,
    ) -> Result<String, Error>;

    #[endpoint(method = POST, path = "/slice", role = Partner)]
    async fn slice(&self, root: &str, #[body(bytes)] bytes: &[u8]) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/bytes", role = Partner)]
    async fn bytes(&self, root: &str, #[body(bytes)] bytes: Vec<u8>) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/json", role = Partner)]
    async fn json(&self, root: &str, #[body] json: Option<&str>) -> Result<(), Error>;
}

pub async fn call(client: &Client<Partner>) -> Result<(), Error> {
    ThingsApi::bytes(client, "a", Vec::new()).await
}

fn main() {}
