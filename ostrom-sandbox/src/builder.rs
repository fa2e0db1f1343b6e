//! Configures and starts a sandbox.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::endpoints::is_known;
use crate::failure::{Failure, Failures};
use crate::format::ResponseStyle;
use crate::limit::{Limiter, Rate};
use crate::links::{Link, Links};
use crate::request_log::RequestLog;
use crate::router;
use crate::sandbox::Sandbox;
use crate::state::AppState;
use crate::tokens::Tokens;
use crate::webhook_registry::WebhookRegistry;

impl Sandbox {
    /// Starts a sandbox with the default configuration on two free ports, inside the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if a port cannot be bound.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder to configure a sandbox.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }
}

/// Configures a sandbox. Created by [`Sandbox::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct SandboxBuilder {
    api_port: u16,
    auth_port: u16,
    rate: Option<Rate>,
    token_rate: Option<Rate>,
    token_lifetime: Duration,
    token_status: u16,
    me: Value,
    linked: Vec<String>,
    seed: u64,
    now: Option<Timestamp>,
    style: ResponseStyle,
    failures: Vec<(String, Failure, usize)>,
}

impl SandboxBuilder {
    fn new() -> Self {
        Self {
            api_port: 0,
            auth_port: 0,
            rate: Some(Rate { requests: 50, window: Duration::from_secs(60) }),
            token_rate: None,
            token_lifetime: Duration::from_secs(3599),
            token_status: 200,
            me: json!({
                "email": "erika.mustermann@example.org",
                "firstName": "Erika",
                "lastName": "Mustermann",
                "language": "GERMAN",
            }),
            linked: Vec::new(),
            seed: 1,
            now: None,
            style: ResponseStyle::Specification,
            failures: Vec::new(),
        }
    }

    /// Sets the port of the API. The default is 0, which selects a free port.
    pub fn api_port(mut self, port: u16) -> Self {
        self.api_port = port;
        self
    }

    /// Sets the port of the authorization server. The default is 0, which selects a free port.
    pub fn auth_port(mut self, port: u16) -> Self {
        self.auth_port = port;
        self
    }

    /// Sets the rate limit: the number of API requests that a client may make in a window, which opens with the first
    /// of them. The default is Ostrom's limit, 50 requests per 60 seconds.
    pub fn rate_limit(mut self, requests: u32, window: Duration) -> Self {
        self.rate = Some(Rate { requests, window });
        self
    }

    /// Removes the rate limit and the headers `X-RateLimit-*`.
    pub fn no_rate_limit(mut self) -> Self {
        self.rate = None;
        self
    }

    /// Limits each client's token requests too. The default is no limit. The live API rejects frequent token requests
    /// with 429.
    pub fn token_rate_limit(mut self, requests: u32, window: Duration) -> Self {
        self.token_rate = Some(Rate { requests, window });
        self
    }

    /// Sets the lifetime of a token. The default is 3599 seconds. `expires_in` has whole seconds. The lifetime is
    /// measured by Tokio's clock, so a test that pauses it does not have to wait.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Sets the status of a token response. The default is 200. The live API has responded with 201.
    pub fn token_status(mut self, status: u16) -> Self {
        self.token_status = status;
        self
    }

    /// Sets the response to `GET /me`. It may deviate from the API specification: a missing field, an unknown language.
    pub fn me(mut self, me: Value) -> Self {
        self.me = me;
        self
    }

    /// Adds a user who is linked to the partner and has consented to all scopes.
    pub fn linked_user(mut self, external_user_id: impl Into<String>) -> Self {
        self.linked.push(external_user_id.into());
        self
    }

    /// Sets the seed of all invented data: prices, consumption, and the households of the partner's users. The default
    /// is 1. A sandbox with the same seed returns the same data at every start.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the clock for prices and meter readings to a fixed time, which [`Sandbox::set_now`] can change. The default
    /// is the system's time. Prices are known to the end of the day in Germany, and from 14:00 there to the end of the
    /// next day. Meters have been read up to the last midnight there.
    pub fn now(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// Formats responses as the live API has been observed to, where that differs from the schemas of the API
    /// specification: deposits are numbers, `housenumber`, and the product `SimplyDynamic_V2`.
    pub fn live_api_quirks(mut self) -> Self {
        self.style = ResponseStyle::Live;
        self
    }

    /// Makes the first requests to an endpoint fail, as [`Sandbox::fail`] does.
    pub fn fail(mut self, endpoint: impl Into<String>, failure: Failure, times: usize) -> Self {
        self.failures.push((endpoint.into(), failure, times));
        self
    }

    /// Starts the sandbox inside the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if a port cannot be bound, or (`InvalidInput`) if the status for tokens is not a success or an
    /// endpoint that should fail is unknown.
    pub async fn start(self) -> io::Result<Sandbox> {
        let token_status =
            StatusCode::from_u16(self.token_status).ok().filter(StatusCode::is_success).ok_or_else(|| {
                let problem = format!("token status {} is not a success status", self.token_status);
                io::Error::new(io::ErrorKind::InvalidInput, problem)
            })?;
        if let Some((endpoint, ..)) = self.failures.iter().find(|(endpoint, ..)| endpoint != "*" && !is_known(endpoint))
        {
            let problem = format!("unknown endpoint `{endpoint}` in a failure; expected one such as `GET /me`, or `*`");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        let (api, api_url) = listen(self.api_port).await?;
        let (auth, auth_url) = listen(self.auth_port).await?;

        let links = Links::default();
        for external_user_id in self.linked {
            links.link(external_user_id, Link::seeded());
        }
        let failures = Failures::default();
        for (endpoint, failure, times) in self.failures {
            failures.add(endpoint, failure, times);
        }
        let state = Arc::new(AppState {
            api_url,
            auth_url,
            token_status,
            me: self.me,
            seed: self.seed,
            style: self.style,
            clock: Clock::new(self.now),
            tokens: Tokens::new(self.token_lifetime),
            limit: Limiter::new(self.rate),
            token_limit: Limiter::new(self.token_rate),
            links,
            webhooks: WebhookRegistry::default(),
            requests: RequestLog::default(),
            failures,
        });

        let stop = watch::Sender::new(());
        let mut servers = JoinSet::new();
        servers.spawn(serve(api, router::api(&state), stop.subscribe()));
        servers.spawn(serve(auth, router::auth(&state), stop.subscribe()));
        Ok(Sandbox { state, _servers: servers, _stop: stop })
    }
}

/// Binds a port on loopback only, because the credentials are public.
async fn listen(port: u16) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::AddrInUse => "the port is in use by another program".to_owned(),
            _ => error.to_string(),
        };
        io::Error::new(error.kind(), format!("could not listen on 127.0.0.1:{port}: {reason}"))
    })?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

/// Serves until the sender of `stop` is dropped. This also closes the open connections, which run in tasks of their own.
async fn serve(listener: TcpListener, routes: Router, mut stop: watch::Receiver<()>) -> io::Result<()> {
    axum::serve(listener, routes)
        .with_graceful_shutdown(async move {
            // Nothing is ever sent, so this returns when the sender is dropped.
            let _ = stop.changed().await;
        })
        .await
}
