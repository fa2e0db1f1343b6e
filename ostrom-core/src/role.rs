//! Ostrom's roles. The API specification names them in prose: "Allowed role: `PARTNER`".

use rolecall::Role;

/// A customer of Ostrom, with access to their own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {}

impl Role for User {
    const NAME: &'static str = "USER";
}

/// A partner, whose client application has access to the customers linked to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {}

impl Role for Partner {
    const NAME: &'static str = "PARTNER";
}
