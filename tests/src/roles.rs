//! Two roles of an API that does not exist.

use rolecall::Role;

/// A user.
#[derive(Debug)]
pub enum User {}

impl Role for User {
    const NAME: &'static str = "USER";
}

/// A partner.
#[derive(Debug)]
pub enum Partner {}

impl Role for Partner {
    const NAME: &'static str = "PARTNER";
}
