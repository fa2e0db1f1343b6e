//! Who may call what.

use rolecall::Role;

/// The role `Gardener`.
#[derive(Debug, Role)]
#[role(name = "GARDENER")]
pub enum Gardener {}

/// A caller with an API key in the header `x-key`.
#[derive(Debug, Role)]
#[role(name = "KEY")]
pub enum Key {}

/// A caller with an API key in the header `x-key`, or OAuth 2.0.
#[derive(Debug, Role)]
#[role(name = "KEY_OR_OAUTH")]
pub enum KeyOrOauth {}

/// A caller with OAuth 2.0.
#[derive(Debug, Role)]
#[role(name = "OAUTH")]
pub enum Oauth {}

/// The role `Owner`.
#[derive(Debug, Role)]
#[role(name = "OWNER")]
pub enum Owner {}
