//! Operations below `covers`.

use rolecall::{Error, FilePart, api, endpoint};

use super::models::*;
use super::roles::Member;

/// Operations below `covers`.
#[api]
pub trait CoversApi {
    /// Adds a cover
    #[endpoint(method = POST, path = "/covers", role = Member)]
    async fn add_cover(
        &self,
        #[part] image: FilePart,
        #[part] title: &str,
        #[part] pages: Vec<FilePart>,
        #[part] tags: &[&str],
        #[part(json)] origin: Option<&AddCoverOrigin>,
    ) -> Result<(), Error>;
}
