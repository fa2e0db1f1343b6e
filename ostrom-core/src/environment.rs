//! Ostrom's environments: their URLs and their rate limit.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use rolecall::auth::ClientCredentials;
use rolecall::{Client, ClientBuilder, RateLimit, Role, SecretString};

/// A bound that only a program that went wrong reaches.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// One of Ostrom's environments. Credentials are separate per environment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// Test data: `https://sandbox.ostrom-api.io`.
    Sandbox,
    /// Live data: `https://production.ostrom-api.io`.
    Production,
    /// Another server with the same API. Created by [`Environment::custom`].
    #[non_exhaustive]
    Custom {
        /// The base URL of the API.
        api_url: String,
        /// The base URL of the authorization server.
        auth_url: String,
    },
}

impl Environment {
    /// Returns an environment with other URLs, for example those of a local `ostrom-sandbox`.
    #[must_use]
    pub fn custom(api_url: impl Into<String>, auth_url: impl Into<String>) -> Self {
        Self::Custom { api_url: api_url.into(), auth_url: auth_url.into() }
    }

    /// Returns the base URL of the API.
    #[must_use]
    pub fn api_url(&self) -> &str {
        match self {
            Self::Sandbox => "https://sandbox.ostrom-api.io",
            Self::Production => "https://production.ostrom-api.io",
            Self::Custom { api_url, .. } => api_url,
        }
    }

    /// Returns the base URL of the authorization server.
    #[must_use]
    pub fn auth_url(&self) -> &str {
        match self {
            Self::Sandbox => "https://auth.sandbox.ostrom-api.io",
            Self::Production => "https://auth.production.ostrom-api.io",
            Self::Custom { auth_url, .. } => auth_url,
        }
    }

    /// Returns a builder for a client with the role `R` and the credentials of a client application.
    ///
    /// The rate limit is Ostrom's: 50 requests per 60 seconds. Calls beyond it wait in a first-in, first-out queue for up to
    /// 24 hours, which do not count toward a call's deadline: a batch over any realistic number of users completes, since
    /// 72,000 calls leave the queue in that time. For an interactive program, set a shorter
    /// [`queue_timeout`](ClientBuilder::queue_timeout), for the client or for a call; zero makes a call fail at once if the
    /// limit is reached.
    ///
    /// Id and secret are form-encoded for HTTP Basic, as RFC 6749 requires. Other clients of Ostrom send them as they are,
    /// and the API specification does not say which is right. If the server rejects the former and it makes a difference,
    /// the client tries the latter once, logs that it worked, and keeps to it.
    #[must_use]
    pub fn client<R: Role>(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> ClientBuilder<R> {
        let token_url = format!("{}/oauth2/token", self.auth_url().trim_end_matches('/'));
        let credentials = ClientCredentials::new(token_url, client_id, client_secret).basic_verbatim_fallback();
        Client::builder(self.api_url())
            .credentials(credentials)
            .rate_limit(RateLimit::new(50, Duration::from_secs(60)))
            .queue_timeout(QUEUE_TIMEOUT)
    }
}

/// Formats as `sandbox`, `production`, or the API's URL of a custom environment.
impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
            Self::Custom { api_url, .. } => api_url,
        })
    }
}

/// Parses `sandbox` or `production`, ignoring case.
impl FromStr for Environment {
    type Err = UnknownEnvironment;

    fn from_str(name: &str) -> Result<Self, UnknownEnvironment> {
        match name.trim() {
            name if name.eq_ignore_ascii_case("sandbox") => Ok(Self::Sandbox),
            name if name.eq_ignore_ascii_case("production") => Ok(Self::Production),
            name => Err(UnknownEnvironment { name: name.to_owned() }),
        }
    }
}

/// The error for a name that is not an environment of Ostrom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEnvironment {
    name: String,
}

impl fmt::Display for UnknownEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown environment `{}`; expected `sandbox` or `production`", self.name.escape_debug())
    }
}

impl std::error::Error for UnknownEnvironment {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed_and_formatted() {
        assert_eq!("sandbox".parse(), Ok(Environment::Sandbox));
        assert_eq!(" Production ".parse(), Ok(Environment::Production));
        assert_eq!(Environment::Production.to_string(), "production");
    }

    #[test]
    fn an_unknown_name_is_an_error_that_quotes_it() {
        let error = "prod".parse::<Environment>().unwrap_err();
        assert_eq!(error.to_string(), "unknown environment `prod`; expected `sandbox` or `production`");
    }

    #[test]
    fn the_hosts_match_the_api_specification() {
        for (environment, name) in [(Environment::Sandbox, "sandbox"), (Environment::Production, "production")] {
            assert_eq!(environment.api_url(), format!("https://{name}.ostrom-api.io"));
            assert_eq!(environment.auth_url(), format!("https://auth.{name}.ostrom-api.io"));
        }
    }
}
