//! The crate's error. It exposes no types of the crate `redis`.

use std::fmt;

/// The permissions that a user of Redis needs.
pub(crate) const RIGHTS: &str = "~rolecall:* +eval +evalsha +info +time +select +@hash +del +pexpire +pttl \
                                 +get +set +incr";

/// The error of a connection to Redis.
///
/// Its text names the server and what to change. It never contains a password.
#[derive(Debug)]
pub struct Error {
    what: String,
    /// The connection cannot be used any more, or leads to the wrong server.
    pub(crate) broken: bool,
}

impl Error {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), broken: false }
    }

    pub(crate) fn broken(what: impl Into<String>) -> Self {
        Self { what: what.into(), broken: true }
    }
}

impl From<redis::RedisError> for Error {
    fn from(error: redis::RedisError) -> Self {
        let broken = error.is_unrecoverable_error() || error.is_io_error() || error.code() == Some("READONLY");
        let what = match error.code() {
            Some("NOPERM") => format!("{error}; the user needs `{RIGHTS}`"),
            Some("OOM") => {
                format!("{error}; Redis is out of memory, use `maxmemory-policy noeviction` and more memory")
            }
            Some("READONLY") => format!("{error}; this server is a replica, connect to the primary"),
            _ => error.to_string(),
        };
        Self { what, broken }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {}
