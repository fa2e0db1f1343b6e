//! Which server the examples call.
//!
//! Without credentials in the environment it is an `ostrom-sandbox` in this process, in which it is always the same
//! afternoon. With `OSTROM_CLIENT_ID` and `OSTROM_CLIENT_SECRET` it is Ostrom, in the environment that
//! `OSTROM_ENVIRONMENT` names: `sandbox` (the default) or `production`.

// Each example uses a part of this.
#![allow(dead_code)]

use std::env::{self, VarError};
use std::error::Error;

use ostrom::jiff::Timestamp;
use ostrom::{Environment, User};
use ostrom_sandbox::Sandbox;
use rolecall::{Client, Role};

/// When it is in the sandbox.
const AFTERNOON: &str = "2025-07-01T13:00:00Z";

/// A server, and who calls it.
pub(crate) struct Server {
    pub(crate) description: String,
    /// The server's time.
    pub(crate) now: Timestamp,
    environment: Environment,
    /// The credentials of the client application, if it is Ostrom that is called.
    credentials: Option<(String, String)>,
    /// Stops when it is dropped.
    pub(crate) sandbox: Option<Sandbox>,
}

impl Server {
    pub(crate) async fn choose() -> Result<Self, Box<dyn Error>> {
        match (variable("OSTROM_CLIENT_ID")?, variable("OSTROM_CLIENT_SECRET")?) {
            (Some(id), Some(secret)) => Self::ostrom(id, secret),
            (None, None) => Self::loopback().await,
            (Some(_), None) => Err("OSTROM_CLIENT_ID is set, but OSTROM_CLIENT_SECRET is not".into()),
            (None, Some(_)) => Err("OSTROM_CLIENT_SECRET is set, but OSTROM_CLIENT_ID is not".into()),
        }
    }

    fn ostrom(id: String, secret: String) -> Result<Self, Box<dyn Error>> {
        let environment = match variable("OSTROM_ENVIRONMENT")? {
            Some(name) => name.parse().map_err(|error| format!("OSTROM_ENVIRONMENT: {error}"))?,
            None => Environment::Sandbox,
        };
        Ok(Self {
            description: format!("Ostrom's {environment} environment, {}", environment.api_url()),
            now: Timestamp::now(),
            environment,
            credentials: Some((id, secret)),
            sandbox: None,
        })
    }

    async fn loopback() -> Result<Self, Box<dyn Error>> {
        let now = AFTERNOON.parse()?;
        let sandbox = Sandbox::builder().now(now).start().await?;
        Ok(Self {
            description: format!("an ostrom-sandbox in this process, {}", sandbox.api_url()),
            now,
            environment: Environment::custom(sandbox.api_url(), sandbox.auth_url()),
            credentials: None,
            sandbox: Some(sandbox),
        })
    }

    /// A client in the role `R`: at Ostrom with the credentials given, which have to be those of such a client.
    pub(crate) fn client<R: Role>(&self) -> Result<Client<R>, Box<dyn Error>> {
        let (id, secret) = match (&self.credentials, &self.sandbox) {
            (Some(credentials), _) => credentials.clone(),
            (None, Some(sandbox)) => {
                let known =
                    if R::NAME == User::NAME { sandbox.user_credentials() } else { sandbox.partner_credentials() };
                (known.client_id, known.client_secret)
            }
            (None, None) => return Err("there are no credentials".into()),
        };
        Ok(self.environment.client(id, secret).build()?)
    }
}

/// A variable of the environment; one that is empty counts as not set.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Box<dyn Error>> {
    match env::var(name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is no text").into()),
    }
}
