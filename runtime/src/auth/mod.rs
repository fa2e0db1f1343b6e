//! OAuth2 client credentials (RFC 6749, section 4.4): a token's life.
//!
//! - [`state`] decides, without clock or network, what is to be done when somebody wants a token.
//! - [`source`] does it: it runs the one fetch, and lets the others wait.
//! - [`endpoint`] asks the authorization server; [`response`] reads what it says.
//! - [`store`] and [`file`] keep the token where a restart finds it; a [`lease`] is for the one client that fetches it.

mod bearer;
mod endpoint;
mod error;
mod file;
mod lease;
mod response;
mod source;
mod state;
mod store;

pub use file::FileTokenStore;
pub use lease::{Claim, Lease};
pub use store::{MemoryTokenStore, StoreError, StoreFuture, StoredToken, TokenKey, TokenStore};

pub(crate) use bearer::{Bearer, bearer_header};
pub(crate) use endpoint::ClientCredentials;
pub(crate) use error::TokenError;
pub(crate) use source::TokenSource;
