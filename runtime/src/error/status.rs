//! The text of a status.

use std::fmt;

use http::StatusCode;

/// Writes `404 Not Found`, and `529` if the status has no registered phrase.
pub(crate) struct StatusText(pub(crate) StatusCode);

impl fmt::Display for StatusText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())?;
        match self.0.canonical_reason() {
            Some(reason) => write!(f, " {reason}"),
            None => Ok(()),
        }
    }
}
