//! What the cases are made of.

pub(crate) mod api;
pub(crate) mod cases;
pub(crate) mod cost;
pub(crate) mod fleet;
pub(crate) mod member;
pub(crate) mod proxy;
pub(crate) mod server;
pub(crate) mod topology;
