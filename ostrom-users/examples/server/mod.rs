//! The server that an example calls, chosen by environment variables.
//!
//! | variables | server |
//! |---|---|
//! | none | a sandbox that the example starts in its own process |
//! | `OSTROM_API_URL` and `OSTROM_AUTH_URL` | the server at these URLs, for example a running `ostrom-sandbox` |
//! | `OSTROM_ENVIRONMENT` | Ostrom: `sandbox` or `production` |
//! | only credentials | Ostrom's sandbox environment |
//!
//! The credentials are `OSTROM_USER_CLIENT_ID` and `OSTROM_USER_CLIENT_SECRET` for calls as a user,
//! `OSTROM_PARTNER_CLIENT_ID` and `OSTROM_PARTNER_CLIENT_SECRET` for calls as a partner, or `OSTROM_CLIENT_ID` and
//! `OSTROM_CLIENT_SECRET` for both.

// Each example uses a part of this.
#![allow(dead_code)]

use std::env::{self, VarError};
use std::error::Error;
use std::io;
use std::process::ExitCode;

use ostrom_core::{Environment, Partner, User};
use ostrom_sandbox::{Sandbox, SandboxBuilder};
use rolecall::{Client, ClientBuilder, Role};

/// The server that an example calls.
pub(crate) struct Server {
    /// What the server is, and whether its data is invented.
    pub(crate) description: String,
    environment: Environment,
    /// The sandbox in this process, if no other server was chosen. It stops when it is dropped.
    pub(crate) sandbox: Option<Sandbox>,
}

impl Server {
    /// Chooses the server. `sandbox` is started if the environment names no other.
    pub(crate) async fn choose(sandbox: SandboxBuilder) -> Result<Self, Box<dyn Error>> {
        let environment = match (environment()?, any_credentials()?) {
            (Some(environment), _) => environment,
            (None, true) => Environment::Sandbox,
            (None, false) => {
                let sandbox = sandbox.start().await?;
                return Ok(Self {
                    description: format!("a sandbox in this process, {}; all data is invented", sandbox.api_url()),
                    environment: Environment::custom(sandbox.api_url(), sandbox.auth_url()),
                    sandbox: Some(sandbox),
                });
            }
        };
        let description = match &environment {
            Environment::Sandbox => format!("Ostrom's sandbox environment, {}; test data", environment.api_url()),
            Environment::Production => format!("Ostrom's production environment, {}; live data", environment.api_url()),
            custom => format!("{} (OSTROM_API_URL); invented data if it is a sandbox", custom.api_url()),
        };
        Ok(Self { description, environment, sandbox: None })
    }

    /// Returns a builder for a client with the role `R`.
    pub(crate) fn client<R: Role>(&self) -> Result<ClientBuilder<R>, Box<dyn Error>> {
        let (id, secret) = match &self.sandbox {
            Some(sandbox) => {
                let known = match R::NAME {
                    User::NAME => sandbox.user_credentials(),
                    _ => sandbox.partner_credentials(),
                };
                (known.client_id, known.client_secret)
            }
            None => credentials(R::NAME)?,
        };
        Ok(self.environment.client(id, secret))
    }

    /// Returns a client with the role `PARTNER`.
    pub(crate) fn partner(&self) -> Result<Client<Partner>, Box<dyn Error>> {
        Ok(self.client()?.build()?)
    }

    /// Returns a client with the role `USER`.
    pub(crate) fn user(&self) -> Result<Client<User>, Box<dyn Error>> {
        Ok(self.client()?.build()?)
    }
}

/// Returns the environment that the variables name.
fn environment() -> Result<Option<Environment>, Box<dyn Error>> {
    let (api, auth) = (variable("OSTROM_API_URL")?, variable("OSTROM_AUTH_URL")?);
    let name = variable("OSTROM_ENVIRONMENT")?;
    match (api, auth, name) {
        (None, None, None) => Ok(None),
        (None, None, Some(name)) => Ok(Some(name.parse().map_err(|error| format!("OSTROM_ENVIRONMENT: {error}"))?)),
        (Some(api), Some(auth), None) => Ok(Some(Environment::custom(api, auth))),
        (Some(_), None, None) => Err("OSTROM_API_URL is set, but OSTROM_AUTH_URL is not".into()),
        (None, Some(_), None) => Err("OSTROM_AUTH_URL is set, but OSTROM_API_URL is not".into()),
        (_, _, Some(_)) => Err("OSTROM_ENVIRONMENT and OSTROM_API_URL or OSTROM_AUTH_URL are set; remove one".into()),
    }
}

/// Returns `true` if there are credentials for any role.
fn any_credentials() -> Result<bool, Box<dyn Error>> {
    for prefix in ["OSTROM", "OSTROM_USER", "OSTROM_PARTNER"] {
        if variable(&format!("{prefix}_CLIENT_ID"))?.is_some()
            || variable(&format!("{prefix}_CLIENT_SECRET"))?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the credentials for a role.
fn credentials(role: &str) -> Result<(String, String), Box<dyn Error>> {
    for prefix in [&format!("OSTROM_{role}"), "OSTROM"] {
        let (id, secret) = (format!("{prefix}_CLIENT_ID"), format!("{prefix}_CLIENT_SECRET"));
        match (variable(&id)?, variable(&secret)?) {
            (Some(id), Some(secret)) => return Ok((id, secret)),
            (None, None) => {}
            (Some(_), None) => return Err(format!("{id} is set, but {secret} is not").into()),
            (None, Some(_)) => return Err(format!("{secret} is set, but {id} is not").into()),
        }
    }
    Err(format!(
        "no credentials for the role {role}; set OSTROM_{role}_CLIENT_ID and OSTROM_{role}_CLIENT_SECRET, or \
         OSTROM_CLIENT_ID and OSTROM_CLIENT_SECRET"
    )
    .into())
}

/// Returns an environment variable. An empty one counts as not set.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Box<dyn Error>> {
    match env::var(name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is not valid UTF-8").into()),
    }
}

/// Ends an example. A reader that has closed the pipe, such as `head`, is not an error.
pub(crate) fn exit(example: &str, result: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    eprintln!("{example}: {}", with_reasons(&*error));
    ExitCode::FAILURE
}

/// Formats an error and its sources, such as the reason of a failed connection. A source that the text contains already
/// is not repeated.
fn with_reasons(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(reason) = source {
        let reason_text = reason.to_string();
        if !text.contains(&reason_text) {
            text.push_str(": ");
            text.push_str(&reason_text);
        }
        source = reason.source();
    }
    text
}
