#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod auth;
mod auth_layer;
mod builder;
mod client;
mod clock;
mod consent;
mod consumption;
mod contracts;
mod delivery;
mod endpoints;
mod error;
mod extract;
mod failure;
mod fees;
mod format;
mod household;
mod limit;
mod linked;
mod links;
mod market;
mod orders;
mod page;
mod prices;
mod products;
mod query;
mod request_log;
mod router;
mod sandbox;
mod seeded;
mod state;
mod sync;
mod tokens;
mod users;
mod webhook;
mod webhook_registry;
mod webhooks;

pub use crate::builder::SandboxBuilder;
pub use crate::client::Credentials;
pub use crate::failure::{Failure, InvalidFailure};
pub use crate::links::Link;
pub use crate::sandbox::Sandbox;
pub use crate::webhook::Delivery;
