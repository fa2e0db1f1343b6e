//! Operations below `search`.

use rolecall::{Error, Text, api, endpoint};

use super::models::*;
use super::roles::Key;

/// Operations below `search`.
#[api]
pub trait SearchApi {
    /// GET /search
    #[endpoint(method = GET, path = "/search", role = Key, accept = "application/xml")]
    async fn crate_(
        &self,
        #[query] d: &str,
        #[query(flatten)] query: Option<&CrateQuery>,
    ) -> Result<Text, Error>;
}
