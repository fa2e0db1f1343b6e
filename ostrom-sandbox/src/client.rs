//! The client applications of the sandbox: one for each role.

use std::fmt;

/// The credentials of a client application for the token endpoint.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// The client's id, which is public.
    pub client_id: String,
    /// The client's secret. `Debug` omits it.
    pub client_secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// The role of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    User,
    Partner,
}

impl Role {
    /// Returns the role as the API specification spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Partner => "PARTNER",
        }
    }

    /// Returns the credentials of the client that has this role. They never change, so that a shell can export them
    /// once.
    pub(crate) fn credentials(self) -> Credentials {
        let (client_id, client_secret) = match self {
            Self::User => ("sandbox-user", "sandbox-user-secret"),
            Self::Partner => ("sandbox-partner", "sandbox-partner-secret"),
        };
        Credentials { client_id: client_id.to_owned(), client_secret: client_secret.to_owned() }
    }

    /// Returns the role of the client that these credentials belong to.
    pub(crate) fn of(client_id: &str, client_secret: &str) -> Option<Self> {
        [Self::User, Self::Partner].into_iter().find(|role| {
            let known = role.credentials();
            known.client_id == client_id && known.client_secret == client_secret
        })
    }
}
