//! Two roles of an API that does not exist.

use rolecall::Role;

/// A user.
#[derive(Debug, Role)]
#[role(name = "USER")]
pub enum User {}

/// A partner.
#[derive(Debug, Role)]
#[role(name = "PARTNER")]
pub enum Partner {}
