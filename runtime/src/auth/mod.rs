//! Credentials of every kind.
//!
//! | the API's documentation says | write |
//! |---|---|
//! | an API key in a header, the query, or a cookie | [`ApiKey`] |
//! | HTTP Basic | [`Basic`] |
//! | a bearer token, or another scheme of `Authorization` | [`Bearer`] |
//! | OAuth2 client credentials | [`ClientCredentials`] |
//! | OAuth2 in the name of a user | [`RefreshToken`] |
//! | tokens from elsewhere | [`Bearer::supplied_by`] |
//!
//! They are given to a client by [`ClientBuilder::credentials`](crate::ClientBuilder::credentials), or to some of its calls
//! by [`CallSettings::credentials`](crate::CallSettings::credentials).

// How a token lives:
// - `state` decides, without clock or network, what to do when a call needs a token.
// - `source` does it: it runs the one fetch, and lets the others wait.
// - `fetch` is what fetches: `client_credentials` and `refresh_token` through the token `endpoint`, and `supplier`.
// - `store` and `file` keep tokens where a restart finds them; a `lease` is for the one client that fetches.
//
// How a request is authorized: `credentials` become a fixed `proof` or a `source`, which `authorization` puts into
// requests; `echo` finds them in responses.

mod api_key;
mod authorization;
mod basic;
mod bearer;
mod client_credentials;
mod credentials;
mod discovery;
mod echo;
mod endpoint;
mod error;
mod fetch;
mod file;
mod header;
mod lease;
mod oauth;
mod proof;
mod reason;
mod refresh_token;
mod response;
mod source;
mod state;
mod store;
mod supplier;

pub use api_key::ApiKey;
pub use basic::Basic;
pub use bearer::Bearer;
pub use client_credentials::ClientCredentials;
pub use credentials::Credentials;
pub use file::FileTokenStore;
pub use lease::{Claim, Lease};
pub use reason::FetchReason;
pub use refresh_token::RefreshToken;
pub use store::{MemoryTokenStore, StoreError, StoreFuture, StoredToken, TokenKey, TokenStore};
pub use supplier::{AccessToken, TokenSupplier};

pub(crate) use authorization::{Authorization, RequestCredentials};
pub(crate) use credentials::Part;
pub(crate) use endpoint::Sender;
pub(crate) use error::TokenError;
