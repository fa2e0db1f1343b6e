//! The switches of a sandbox, and its start.

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

use crate::Sandbox;
use crate::clock::Clock;
use crate::count::Counts;
use crate::document::Spelling;
use crate::hooks::Hooks;
use crate::hosts;
use crate::limit::{Limiter, Rate};
use crate::links::{Link, Links};
use crate::state::Sandboxed;
use crate::tokens::Tokens;

/// Sets a sandbox up otherwise than Ostrom is. Begins at [`Sandbox::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
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
    spelling: Spelling,
}

impl Builder {
    pub(crate) fn new() -> Self {
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
            spelling: Spelling::Document,
        }
    }

    /// Listens for API calls on this port; 0, the default, takes a free one.
    pub fn api_port(mut self, port: u16) -> Self {
        self.api_port = port;
        self
    }

    /// Listens for token requests on this port; 0, the default, takes a free one.
    pub fn auth_port(mut self, port: u16) -> Self {
        self.auth_port = port;
        self
    }

    /// Admits so many API calls of a client in a window that opens with the first of them. The
    /// default is Ostrom's limit, 50 in 60 seconds.
    pub fn rate_limit(mut self, requests: u32, window: Duration) -> Self {
        self.rate = Some(Rate { requests, window });
        self
    }

    /// Admits API calls at any pace, and sends no `X-RateLimit` headers.
    pub fn no_rate_limit(mut self) -> Self {
        self.rate = None;
        self
    }

    /// Limits a client's token requests too, which the default doesn't. In the field Ostrom
    /// refuses tokens with 429 to clients that ask too often.
    pub fn token_rate_limit(mut self, requests: u32, window: Duration) -> Self {
        self.token_rate = Some(Rate { requests, window });
        self
    }

    /// Sets how long a token is valid: 3599 seconds by default. `expires_in` tells the whole
    /// seconds. The clock is tokio's, so that a test that pauses it need not wait.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Sets the status of an issued token, 200 by default. The field has seen 201.
    pub fn token_status(mut self, status: u16) -> Self {
        self.token_status = status;
        self
    }

    /// Sets what `GET /me` answers, also to what the document doesn't foresee: a field missing, a
    /// language unheard of.
    pub fn me(mut self, me: Value) -> Self {
        self.me = me;
        self
    }

    /// Starts with this user linked to the partner: consent given, all scopes.
    pub fn linked_user(mut self, external_user_id: impl Into<String>) -> Self {
        self.linked.push(external_user_id.into());
        self
    }

    /// Sets the seed of all that chance decides: prices, consumption, the households of the partner's users.
    /// The same seed gives the same answers at every start; the default is 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Stops the clock of prices and meters at this moment; [`Sandbox::set_now`] moves it. The default is the
    /// system's time. Prices are known to the end of the day in Germany, from 14 o'clock there to the end of the
    /// next; meters have been read up to the last midnight there.
    pub fn now(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// Answers as Ostrom has been seen to, where that is not what its document shows: ids that are numbers,
    /// deposits that are strings, `housenumber`, the product `SimplyDynamic_V2`.
    pub fn as_in_the_field(mut self) -> Self {
        self.spelling = Spelling::Field;
        self
    }

    /// Starts the sandbox inside the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If a port can't be listened on, or if the status for tokens is not a success
    /// (`InvalidInput`).
    pub async fn start(self) -> io::Result<Sandbox> {
        let token_status =
            StatusCode::from_u16(self.token_status).ok().filter(StatusCode::is_success).ok_or_else(|| {
                let problem = format!("{} is no success status", self.token_status);
                io::Error::new(io::ErrorKind::InvalidInput, problem)
            })?;
        let (api, api_url) = listen(self.api_port).await?;
        let (auth, auth_url) = listen(self.auth_port).await?;

        let links = Links::default();
        for external_user_id in self.linked {
            links.link(external_user_id, Link::seeded());
        }
        let state = Arc::new(Sandboxed {
            auth_url,
            token_status,
            me: self.me,
            seed: self.seed,
            spelling: self.spelling,
            clock: Clock::new(self.now),
            tokens: Tokens::new(self.token_lifetime),
            limit: Limiter::new(self.rate),
            token_limit: Limiter::new(self.token_rate),
            links,
            hooks: Hooks::default(),
            counts: Counts::default(),
        });

        let stop = watch::Sender::new(());
        let mut servers = JoinSet::new();
        servers.spawn(serve(api, hosts::api(&state), stop.subscribe()));
        servers.spawn(serve(auth, hosts::auth(&state), stop.subscribe()));
        Ok(Sandbox { api_url, state, _servers: servers, _stop: stop })
    }
}

/// Listens on loopback and nowhere else: the credentials are no secret.
async fn listen(port: u16) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

/// Serves until `stop` closes, which lets go of the open connections too: they live in tasks of
/// their own that the end of this one doesn't reach.
async fn serve(listener: TcpListener, routes: Router, mut stop: watch::Receiver<()>) -> io::Result<()> {
    axum::serve(listener, routes)
        .with_graceful_shutdown(async move {
            // Nothing is ever sent, so that this ends when the sender is gone.
            let _ = stop.changed().await;
        })
        .await
}
