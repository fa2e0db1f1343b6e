//! Who may call what.

use rolecall::Role;

/// The role `Gardener`.
#[derive(Debug)]
pub enum Gardener {}

impl Role for Gardener {
    const NAME: &'static str = "GARDENER";
}

/// A caller with an API key in the header `x-key`.
#[derive(Debug)]
pub enum Key {}

impl Role for Key {
    const NAME: &'static str = "KEY";
}

/// A caller with an API key in the header `x-key`, or OAuth 2.0.
#[derive(Debug)]
pub enum KeyOrOauth {}

impl Role for KeyOrOauth {
    const NAME: &'static str = "KEY_OR_OAUTH";
}

/// The role `Owner`.
#[derive(Debug)]
pub enum Owner {}

impl Role for Owner {
    const NAME: &'static str = "OWNER";
}
