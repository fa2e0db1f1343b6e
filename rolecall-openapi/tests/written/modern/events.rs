//! Operations below `events`.

use rolecall::{ByteStream, Error, api, endpoint};

use super::roles::Member;

/// Operations below `events`.
#[api]
pub trait EventsApi {
    /// GET /events
    #[endpoint(method = GET, path = "/events", role = Member, accept = "text/event-stream")]
    async fn events(&self) -> Result<ByteStream, Error>;
}
