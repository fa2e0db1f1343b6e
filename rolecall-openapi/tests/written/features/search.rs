//! Operations below `search`.

use rolecall::{Error, Text, api, endpoint};

use super::models::*;
use super::roles::{Key, Oauth};

/// Operations below `search`.
#[api(role = Key)]
pub trait SearchApi {
    /// GET /search
    #[endpoint(method = GET, path = "/search", accept = "application/xml")]
    async fn crate_(
        &self,
        #[query] d: &str,
        #[query(flatten)] query: Option<&CrateQuery>,
    ) -> Result<Text, Error>;

    /// GET /visits
    #[endpoint(method = GET, path = "/visits")]
    async fn list_visits(&self, #[query(flatten)] visitor: &ListVisitsVisitor)
    -> Result<(), Error>;

    /// POST /visits
    ///
    /// Scopes: `read`, `write`
    #[endpoint(method = POST, path = "/visits", role = Oauth)]
    async fn add_visit(&self, #[body(form)] body: &AddVisitBody) -> Result<(), Error>;
}
