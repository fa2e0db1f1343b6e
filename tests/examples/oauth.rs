//! Credentials against an OAuth2 server that others wrote; `cargo xtask oauth` starts both.
//!
//! The argument is the issuer, which `tests/oauth/server.mjs` prints.

// It is a test, which ends by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rolecall::auth::{ClientCredentials, Credentials, RefreshToken};
use rolecall::{
    Client, Error, ErrorKind, ExposeSecret, MemoryTokenStore, Public, StoreFuture, StoredToken, TokenKey, TokenStore,
    api, endpoint,
};
use rolecall_tests::faults::FaultsApi;
use rolecall_tests::roles::User;
use serde::Serialize;

const SECRET: &str = "s3cret/+&=:%~ *of an-app";
const API: &str = "https://api.example/";

#[derive(Serialize)]
pub struct Revocation<'a> {
    token: &'a str,
    client_id: &'a str,
}

/// What the server has beside OAuth2.
#[api(role = Public)]
pub trait ConsentApi {
    /// Returns a refresh token, as after a user's consent.
    #[endpoint(method = POST, path = "/consent")]
    async fn consent(&self, #[query] client: &str) -> Result<String, Error>;

    /// Has the API reject an access token.
    #[endpoint(method = POST, path = "/forget")]
    async fn forget(&self, #[query] token: &str) -> Result<(), Error>;

    /// Revokes a token (RFC 7009); this server ends the consent with it.
    #[endpoint(method = POST, path = "/token/revocation")]
    async fn revoke(&self, #[body(form)] form: &Revocation<'_>) -> Result<(), Error>;
}

/// A store of which the newest token can be seen.
#[derive(Clone, Default)]
struct Shown(Arc<MemoryTokenStore>, Arc<Mutex<Option<StoredToken>>>);

impl Shown {
    fn newest(&self) -> StoredToken {
        self.1.lock().unwrap().clone().expect("a token was stored")
    }
}

impl TokenStore for Shown {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        self.0.load(key)
    }

    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        *self.1.lock().unwrap() = Some(token.clone());
        self.0.save(key, token)
    }
}

fn client(issuer: &str, credentials: impl Into<Credentials>, store: &Shown) -> Client<User> {
    let builder = Client::builder(format!("{issuer}/api")).credentials(credentials).token_store(store.clone());
    builder.build().unwrap()
}

#[tokio::main]
async fn main() {
    let issuer = std::env::args().nth(1).expect("the issuer");
    for (name, test) in [
        ("client_secret_basic, scope, and resource, by the issuer's metadata", 0),
        ("client_secret_post", 1),
        ("a wrong secret", 2),
        ("a public client's refresh token, rotation, and revocation", 3),
        ("a confidential client's refresh token", 4),
    ] {
        match test {
            0 => secret_basic(&issuer).await,
            1 => secret_post(&issuer).await,
            2 => wrong_secret(&issuer).await,
            3 => refresh(&issuer, "a-public-app", None).await,
            _ => refresh(&issuer, "an-app-of-users", Some(SECRET)).await,
        }
        println!("ok: {name}");
    }
}

async fn secret_basic(issuer: &str) {
    let credentials =
        ClientCredentials::from_issuer(issuer, "an app:basic", SECRET).scope("read write").parameter("resource", API);
    let item = client(issuer, credentials, &Shown::default()).get_item("1").await.unwrap();
    assert_eq!(item.id, format!("an app:basic|read write|{API}"));
}

async fn secret_post(issuer: &str) {
    let credentials = ClientCredentials::new(format!("{issuer}/token"), "an-app-post", SECRET)
        .scope("read")
        .audience(API)
        .secret_in_body();
    let store = Shown::default();
    let client = client(issuer, credentials, &store);
    assert_eq!(client.get_item("1").await.unwrap().id, "an-app-post|read|");
    let first = store.newest().access_token().expose_secret().to_owned();
    client.get_item("1").await.unwrap();
    assert_eq!(store.newest().access_token().expose_secret(), first, "one token for both calls");
}

async fn wrong_secret(issuer: &str) {
    let credentials = ClientCredentials::from_issuer(issuer, "an app:basic", "wrong");
    let error = client(issuer, credentials, &Shown::default()).get_item("1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authorization);
    assert_eq!(error.problem().unwrap().kind(), "invalid_client");
}

async fn refresh(issuer: &str, app: &str, secret: Option<&str>) {
    let server = Client::<Public>::builder(issuer).build().unwrap();
    let consent = server.consent(app).await.unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    let credentials = || {
        let told = Arc::clone(&told);
        let credentials = RefreshToken::from_issuer(issuer, app, consent.clone()).on_consent_required(move |_| {
            told.fetch_add(1, Ordering::SeqCst);
        });
        match secret {
            Some(secret) => credentials.client_secret(secret),
            None => credentials,
        }
    };
    let store = Shown::default();
    let client = client(issuer, credentials(), &store);
    client.get_item("1").await.unwrap();
    assert_eq!(store.newest().generation(), 1);
    // A token that is rejected is renewed by the call that finds out, and a restart goes on with the newest.
    for generation in 2..=3 {
        server.forget(store.newest().access_token().expose_secret()).await.unwrap();
        let client = if generation == 3 { self::client(issuer, credentials(), &store) } else { client.clone() };
        client.get_item("1").await.unwrap();
        assert_eq!(store.newest().generation(), generation);
    }
    assert_eq!(told.load(Ordering::SeqCst), 0);
    if secret.is_none() {
        let token = store.newest();
        let form = Revocation { token: token.access_token().expose_secret(), client_id: app };
        server.revoke(&form).await.unwrap();
    } else {
        // Without the store the consent's token is used twice, which ends the consent.
        let error = self::client(issuer, credentials(), &Shown::default()).get_item("1").await.unwrap_err();
        assert_eq!(error.problem().unwrap().kind(), "invalid_grant");
        assert_eq!(told.swap(0, Ordering::SeqCst), 1);
    }
    // The first call may be rejected with the store's token too, which it has not used before.
    client.get_item("1").await.unwrap_err();
    let error = client.get_item("1").await.unwrap_err();
    assert_eq!(error.problem().unwrap().kind(), "invalid_grant");
    assert_eq!(told.load(Ordering::SeqCst), 1);
}
