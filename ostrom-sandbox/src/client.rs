//! The client applications that the sandbox knows: one of each role.

use std::fmt;

/// What a client application proves itself with at the token endpoint.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// The client's public name.
    pub client_id: String,
    /// The client's secret, which `Debug` keeps to itself.
    pub client_secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// What a client may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    User,
    Partner,
}

impl Role {
    /// The role as Ostrom's document writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Partner => "PARTNER",
        }
    }

    /// The credentials of the one client that has this role. They are the same at every start,
    /// so that a shell that exported them once can keep them.
    pub(crate) fn credentials(self) -> Credentials {
        let (client_id, client_secret) = match self {
            Self::User => ("sandbox-user", "sandbox-user-secret"),
            Self::Partner => ("sandbox-partner", "sandbox-partner-secret"),
        };
        Credentials { client_id: client_id.to_owned(), client_secret: client_secret.to_owned() }
    }

    /// The role of the client that these credentials belong to.
    pub(crate) fn of(client_id: &str, client_secret: &str) -> Option<Self> {
        [Self::User, Self::Partner].into_iter().find(|role| {
            let known = role.credentials();
            known.client_id == client_id && known.client_secret == client_secret
        })
    }
}
