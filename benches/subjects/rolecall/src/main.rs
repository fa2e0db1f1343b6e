//! `rolecall`, the client that this is all about. Its promises can be left out one by one, to tell what each costs:
//! `ROLECALL` in the environment is a comma-separated list of those to keep (default: all of them).
//!
//! * `credentials` - client credentials, the token in the store already; else a bearer token
//! * `pace`        - a rate limit, too high to be felt
//! * `retry`       - three attempts; else `Retry::never()`
//!
//! `reqwest` in that list, with the feature `by-reqwest`, sends the requests by a `reqwest::Client` that the caller brings;
//! `clones` keeps 10,000 clones of the client alive, and the feature `many` calls 500 other endpoints first:
//! neither may make a call dearer.

use std::time::{Duration, SystemTime};

use benchkit::{BoxError, LinkRequest, LinkResponse, Me, Price, SUM_DISCONNECT, Subject, sum_prices};
use rolecall::{Error, RateLimit, Retry, Role, StoreFuture, StoredToken, TokenKey, TokenStore, api, endpoint};

#[derive(Debug)]
pub enum User {}

impl Role for User {
    const NAME: &'static str = "USER";
}

/// The calls.
#[api]
pub trait Users {
    /// The user's information.
    #[endpoint(method = GET, path = "/me", role = User)]
    async fn get_me(&self) -> Result<Me, Error>;

    /// Links a user to the partner's client application.
    #[endpoint(method = POST, path = "/users/link", role = User)]
    async fn link_user(&self, #[body] body: &LinkRequest) -> Result<LinkResponse, Error>;

    /// Disconnects a user from the partner's client application.
    #[endpoint(method = DELETE, path = "/users/{externalUserId}/disconnect", role = User)]
    async fn disconnect_user(&self, external_user_id: &str) -> Result<(), Error>;

    /// An answer of 1 MB.
    #[endpoint(method = GET, path = "/big", role = User)]
    async fn get_big(&self) -> Result<Vec<Price>, Error>;
}

#[cfg(feature = "many")]
mod many {
    include!(concat!(env!("OUT_DIR"), "/many.rs"));
}

pub struct Client {
    client: rolecall::Client<User>,
    _clones: Vec<rolecall::Client<User>>,
}

impl Subject for Client {
    type Body = LinkRequest;
    fn body(plain: LinkRequest) -> LinkRequest {
        plain
    }
    fn new(base: &str, token: &str) -> Result<Self, BoxError> {
        #[cfg(feature = "subscriber")]
        tracing_subscriber::util::SubscriberInitExt::init(tracing_subscriber::registry());
        let kept = std::env::var("ROLECALL").unwrap_or_else(|_| "credentials,pace,retry".to_owned());
        let has = |name: &str| kept.split(',').any(|kept| kept == name);
        let mut builder = rolecall::Client::builder(base);
        builder = if has("credentials") {
            let token_url = "http://127.0.0.1:1/never-asked";
            builder.client_credentials(token_url, "id", "secret").token_store(Preloaded(token.to_owned()))
        } else {
            builder.bearer_token(token)
        };
        if has("pace") {
            builder = builder.rate_limit(RateLimit::new(1_000_000, Duration::from_secs(60)));
        }
        if !has("retry") {
            builder = builder.retry(Retry::never());
        }
        #[cfg(feature = "by-reqwest")]
        if has("reqwest") {
            builder = builder.http_client(reqwest::Client::builder());
        }
        let client = builder.build()?;
        let clones = vec![client.clone(); if has("clones") { 10_000 } else { 0 }];
        Ok(Self { client, _clones: clones })
    }
    #[cfg(feature = "many")]
    async fn warm_up(&self) -> Result<(), BoxError> {
        Ok(many::call_all(&self.client).await?)
    }
    async fn me(&self) -> Result<u64, BoxError> {
        Ok(self.client.get_me().await?.sum())
    }
    async fn link(&self, body: &LinkRequest) -> Result<u64, BoxError> {
        Ok(self.client.link_user(body).await?.sum())
    }
    async fn disconnect(&self, external_user_id: &str) -> Result<u64, BoxError> {
        self.client.disconnect_user(external_user_id).await?;
        Ok(SUM_DISCONNECT)
    }
    async fn big(&self) -> Result<u64, BoxError> {
        Ok(sum_prices(&self.client.get_big().await?))
    }
}

/// A store that has the token already, as after a restart.
struct Preloaded(String);

impl TokenStore for Preloaded {
    fn load<'a>(&'a self, _: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        let token = StoredToken::new(self.0.clone(), SystemTime::now(), Duration::from_secs(3600));
        Box::pin(async { Ok(Some(token)) })
    }
    fn save<'a>(&'a self, _: &'a TokenKey, _: &'a StoredToken) -> StoreFuture<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

fn main() {
    benchkit::main::<Client>();
}
