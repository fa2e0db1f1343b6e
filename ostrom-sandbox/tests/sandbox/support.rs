//! A sandbox and a client to call it with.

use std::time::Duration;

use ostrom_sandbox::{Credentials, Sandbox, SandboxBuilder};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const GRANT: &str = "grant_type=client_credentials";

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    http: Client,
}

pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::of(Sandbox::builder()).await
    }

    pub(crate) async fn of(builder: SandboxBuilder) -> Self {
        Self { sandbox: builder.start().await.unwrap(), http: http() }
    }

    /// Returns an API request without a token.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.sandbox.api_url());
        self.http.request(method, url)
    }

    pub(crate) fn get(&self, url: &str) -> RequestBuilder {
        self.http.get(url)
    }

    /// Returns a token request without credentials.
    pub(crate) fn ask(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let url = format!("{}/oauth2/token", self.sandbox.auth_url());
        let request = self.http.post(url).header(CONTENT_TYPE, FORM);
        request.body(body)
    }

    pub(crate) async fn user_token(&self) -> String {
        self.token(self.sandbox.user_credentials()).await
    }

    pub(crate) async fn partner_token(&self) -> String {
        self.token(self.sandbox.partner_credentials()).await
    }

    async fn token(&self, credentials: Credentials) -> String {
        let response = send(authenticated(self.ask(GRANT), &credentials)).await;
        let token = &response.json()["access_token"];
        token.as_str().unwrap().to_owned()
    }

    /// Sends `GET /me` with a token.
    pub(crate) async fn me(&self, token: &str) -> Received {
        send(self.call(Method::GET, "/me").bearer_auth(token)).await
    }

    /// Sends a request with the user's token.
    pub(crate) async fn as_user(&self, method: Method, path: &str) -> Received {
        let token = self.user_token().await;
        send(self.call(method, path).bearer_auth(token)).await
    }

    /// Sends a request with the partner's token.
    pub(crate) async fn as_partner(&self, method: Method, path: &str) -> Received {
        let token = self.partner_token().await;
        send(self.call(method, path).bearer_auth(token)).await
    }

    /// Sends a request with the partner's token and a body.
    pub(crate) async fn send_as_partner(&self, method: Method, path: &str, body: &Value) -> Received {
        let token = self.partner_token().await;
        send(json(self.call(method, path).bearer_auth(token), body)).await
    }

    /// Sends `POST /users/link` with the partner's token.
    pub(crate) async fn link(&self, body: &Value) -> Received {
        self.send_as_partner(Method::POST, "/users/link", body).await
    }

    /// Sends `DELETE /users/{segment}/disconnect` with the partner's token. The segment is not encoded.
    pub(crate) async fn disconnect(&self, segment: &str) -> Received {
        self.as_partner(Method::DELETE, &format!("/users/{segment}/disconnect")).await
    }
}

impl Received {
    /// Returns the body of a success.
    #[track_caller]
    pub(crate) fn fine(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.json()
    }

    /// Returns the list in the body of a success.
    #[track_caller]
    pub(crate) fn data(&self) -> Vec<Value> {
        let body = self.fine();
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        body["data"].as_array().unwrap().clone()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers[CONTENT_TYPE], "application/json");
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Checks that this is an error as in the API specification. Returns its detail.
    #[track_caller]
    pub(crate) fn refusal(&self, status: u16, kind: &str) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        let body = self.json();
        assert_eq!(body["type"], kind);
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
        body["detail"].as_str().unwrap().to_owned()
    }
}

/// Returns a client that follows no redirects. If reqwest is built with TLS it requires a provider, although nothing here
/// uses TLS.
pub(crate) fn http() -> Client {
    // Fails if one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

pub(crate) fn authenticated(request: RequestBuilder, as_whom: &Credentials) -> RequestBuilder {
    request.basic_auth(&as_whom.client_id, Some(&as_whom.client_secret))
}

pub(crate) fn json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    let request = request.header(CONTENT_TYPE, "application/json");
    request.body(body.to_string())
}

pub(crate) async fn send(request: RequestBuilder) -> Received {
    let response = request.send().await.unwrap();
    Received { status: response.status(), headers: response.headers().clone(), body: response.text().await.unwrap() }
}

/// Advances the clock without waiting. The clock is paused only for that moment: while it is, it would advance whenever
/// the test waits for the network.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
