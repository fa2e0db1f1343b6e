//! Who may call what.

use rolecall::Role;

/// The role `Member`.
#[derive(Debug, Role)]
#[role(name = "MEMBER")]
pub enum Member {}
