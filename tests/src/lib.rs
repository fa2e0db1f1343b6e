//! What the tests share.

pub mod everything;
pub mod roles;
