//! Where Ostrom's servers are, and how much they allow.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use rolecall::{Client, ClientBuilder, RateLimit, Role, SecretString};

/// One of Ostrom's environments. Each has credentials of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// Test data: `https://sandbox.ostrom-api.io`.
    Sandbox,
    /// Live data: `https://production.ostrom-api.io`.
    Production,
    /// Another server that speaks as Ostrom does; made by [`Environment::custom`].
    #[non_exhaustive]
    Custom {
        /// The base URL of the API.
        api_url: String,
        /// The base URL of the authorization server.
        auth_url: String,
    },
}

impl Environment {
    /// A server of one's own, for example an `ostrom-sandbox` on loopback.
    #[must_use]
    pub fn custom(api_url: impl Into<String>, auth_url: impl Into<String>) -> Self {
        Self::Custom { api_url: api_url.into(), auth_url: auth_url.into() }
    }

    /// The base URL of the API.
    #[must_use]
    pub fn api_url(&self) -> &str {
        match self {
            Self::Sandbox => "https://sandbox.ostrom-api.io",
            Self::Production => "https://production.ostrom-api.io",
            Self::Custom { api_url, .. } => api_url,
        }
    }

    /// The base URL of the authorization server.
    #[must_use]
    pub fn auth_url(&self) -> &str {
        match self {
            Self::Sandbox => "https://auth.sandbox.ostrom-api.io",
            Self::Production => "https://auth.production.ostrom-api.io",
            Self::Custom { auth_url, .. } => auth_url,
        }
    }

    /// Starts a client in the role `R` with a client application's credentials.
    ///
    /// Its pace is Ostrom's limit: 50 requests in any 60 seconds.
    #[must_use]
    pub fn client<R: Role>(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> ClientBuilder<R> {
        let token_url = format!("{}/oauth2/token", self.auth_url().trim_end_matches('/'));
        Client::builder(self.api_url())
            .client_credentials(token_url, client_id, client_secret)
            .rate_limit(RateLimit::new(50, Duration::from_secs(60)))
    }
}

/// `sandbox`, `production`, or a custom environment's address.
impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
            Self::Custom { api_url, .. } => api_url,
        })
    }
}

/// Reads `sandbox` or `production`, in any case.
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

/// A name that no environment of Ostrom has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEnvironment {
    name: String,
}

impl fmt::Display for UnknownEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no environment of Ostrom; it is `sandbox` or `production`", self.name.escape_debug())
    }
}

impl std::error::Error for UnknownEnvironment {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        assert_eq!("sandbox".parse(), Ok(Environment::Sandbox));
        assert_eq!(" Production ".parse(), Ok(Environment::Production));
        assert_eq!(Environment::Production.to_string(), "production");
    }

    #[test]
    fn another_name_is_an_error_that_names_it() {
        let error = "prod".parse::<Environment>().unwrap_err();
        assert_eq!(error.to_string(), "`prod` is no environment of Ostrom; it is `sandbox` or `production`");
    }

    #[test]
    fn the_hosts_are_those_of_the_document() {
        for (environment, name) in [(Environment::Sandbox, "sandbox"), (Environment::Production, "production")] {
            assert_eq!(environment.api_url(), format!("https://{name}.ostrom-api.io"));
            assert_eq!(environment.auth_url(), format!("https://auth.{name}.ostrom-api.io"));
        }
    }
}
