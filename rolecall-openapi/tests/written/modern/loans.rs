//! Operations below `loans`.

use rolecall::{Error, JsonLines, api, endpoint};

use super::models::*;
use super::roles::Member;

/// Operations below `loans`.
#[api]
pub trait LoansApi {
    /// Watches loans
    #[endpoint(method = GET, path = "/loans", role = Member)]
    async fn watch_loans(&self) -> Result<JsonLines<WatchLoansResponseItem>, Error>;
}
