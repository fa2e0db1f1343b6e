//! What all Ostrom APIs share: the roles that a client can play, and the environments that it can call.
//!
//! ```
//! use ostrom_core::{Environment, Partner};
//!
//! # fn main() -> Result<(), rolecall::Error> {
//! let client = Environment::Sandbox.client::<Partner>("client id", "client secret").build()?;
//! # Ok(())
//! # }
//! ```

mod environment;
mod role;

pub use environment::{Environment, UnknownEnvironment};
pub use role::{Partner, User};
