//! The lock file: the document as it was last accepted, and what has changed since.

mod diff;
mod file;
mod normal;

pub(crate) use diff::{Change, changes};
pub(crate) use file::{read, write};
pub(crate) use normal::normal;
