//! Ostrom's roles. The API specification names them in prose: "Allowed role: `PARTNER`".

use rolecall::Role;

/// A customer of Ostrom, with access to their own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Role)]
#[role(name = "USER")]
pub enum User {}

/// A partner, whose client application has access to the customers linked to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Role)]
#[role(name = "PARTNER")]
pub enum Partner {}
