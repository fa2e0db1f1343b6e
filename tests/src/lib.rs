//! What the tests share.

pub mod roles;
