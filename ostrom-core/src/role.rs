//! Ostrom's roles, which its document names in prose: "Allowed role: `PARTNER`".

use rolecall::Role;

/// A customer of Ostrom, who reads their own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {}

impl Role for User {
    const NAME: &'static str = "USER";
}

/// A partner, whose application acts for the customers who linked themselves to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {}

impl Role for Partner {
    const NAME: &'static str = "PARTNER";
}
