//! Operations below `events`.

use rolecall::{Error, Events, Text, api, endpoint};

use super::roles::Member;

/// Operations below `events`.
#[api]
pub trait EventsApi {
    /// GET /events
    #[endpoint(method = GET, path = "/events", role = Member)]
    async fn events(&self) -> Result<Events<Text>, Error>;
}
