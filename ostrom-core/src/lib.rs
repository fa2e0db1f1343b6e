#![doc = include_str!("../README.md")]

mod environment;
mod role;

pub use environment::{Environment, UnknownEnvironment};
pub use role::{Partner, User};

pub use rolecall;
