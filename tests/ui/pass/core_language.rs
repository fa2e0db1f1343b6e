//! The core of the language, as a newcomer writes it.

#![deny(warnings, clippy::pedantic, missing_docs, missing_debug_implementations)]

use rolecall::{Bytes, Client, Error, Public, Response, Role, Text, api, endpoint};
use serde::{Deserialize, Serialize};

/// A user.
#[derive(Debug)]
pub enum User {}

impl Role for User {
    const NAME: &'static str = "USER";
}

/// A partner.
#[derive(Debug)]
pub enum Partner {}

impl Role for Partner {
    const NAME: &'static str = "PARTNER";
}

/// A thing.
#[derive(Debug, Deserialize, Serialize)]
pub struct Thing {
    /// Its name.
    pub name: String,
}

/// Things.
#[api]
pub trait ThingsApi {
    /// Deletes a thing.
    #[endpoint(method = DELETE, path = "/things/{thingId}", role = Partner)]
    async fn delete_thing(&self, thing_id: &str) -> Result<(), Error>;

    /// Gets a thing.
    #[endpoint(method = GET, path = "/things/{id}.json", role = any(User, Partner))]
    async fn get_thing(&self, id: u64) -> Result<Option<Thing>, Error>;

    /// Posts a thing.
    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn post_thing(
        &self,
        #[body] body: &Thing,
        #[header("X-Request-Id")] request: Option<&str>,
        #[query("dryRun")] dry_run: bool,
    ) -> Result<Response<Thing>, Error>;

    /// Lists things.
    #[endpoint(method = GET, path = "/things", role = Public)]
    async fn list(&self, #[query] tag: &[String], #[query] limit: Option<u32>) -> Result<Vec<Thing>, Error>;

    /// A text.
    #[endpoint(method = GET, path = "/text", role = Public)]
    async fn text(&self) -> Result<Text, Error>;

    /// Bytes.
    #[endpoint(method = GET, path = "/bytes", role = Public)]
    async fn bytes(&self) -> Result<Bytes, Error>;
}

/// A generic caller.
///
/// # Errors
///
/// All.
pub async fn both<R: Role>(client: &Client<R>) -> Result<Option<Thing>, Error>
where
    things_api::get_thing: rolecall::Allows<R>,
{
    client.get_thing(1).await
}

fn is_send<T: Send>(_: T) {}

fn main() {
    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    is_send(client.delete_thing("x"));
    is_send(client.get_thing(1));
    is_send(both(&client));
    is_send(client.list(&[], None));
    is_send(client.text());
    is_send(client.bytes());
    is_send(client.post_thing(&Thing { name: String::new() }, None, true));
    let endpoints = <Client<Partner> as ThingsApi>::ENDPOINTS;
    assert_eq!(endpoints.len(), 6);
    assert_eq!(endpoints[1].path, "/things/{id}.json");
    assert_eq!(endpoints[1].roles, ["USER", "PARTNER"]);
    assert!(endpoints[3].is_public());
}
