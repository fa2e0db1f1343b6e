//! Credentials of every kind.
//!
//! | the API's documentation says | write |
//! |---|---|
//! | an API key in a header, the query, or a cookie | [`ApiKey`] |
//! | HTTP Basic | [`Basic`] |
//! | a bearer token, or another scheme of `Authorization` | [`Bearer`] |
//! | OAuth2 client credentials | [`ClientCredentials`] |
//! | OAuth2 on behalf of a user | [`RefreshToken`] |
//! | tokens from another source | [`Bearer::supplied_by`] |
//!
//! Set them for a client with [`ClientBuilder::credentials`](crate::ClientBuilder::credentials), or for single calls
//! with [`CallSettings::credentials`](crate::CallSettings::credentials).

// The life of a token:
// - `state` decides, without a clock or network, what to do when a call needs a token.
// - `source` carries that out: it runs the one fetch, and lets other calls wait for it.
// - `fetch` abstracts over what fetches: `client_credentials` and `refresh_token` use the token `endpoint`, `supplier`
//   calls a function.
// - `store` and `file` keep tokens across restarts; a `lease` belongs to the one client that fetches.
//
// The authorization of a request: `credentials` become a fixed `proof` or a `source`, which `authorization` adds to
// requests; `echo` detects them in responses.

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
