//! Operations below `token`.

use rolecall::{Error, Public, api, endpoint};

use super::models::*;

/// Operations below `token`.
#[api]
pub trait TokenApi {
    /// POST /token
    #[endpoint(method = POST, path = "/token", role = Public)]
    async fn token(&self, #[body(form)] body: &TokenBody) -> Result<Token, Error>;
}
