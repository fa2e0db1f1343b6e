//! Operations below `summaries`.

use rolecall::{Error, Events, api, endpoint};

use super::models::*;
use super::roles::Member;

/// Operations below `summaries`.
#[api(role = Member)]
pub trait SummariesApi {
    /// Summarizes a text, at once or word by word
    #[endpoint(method = POST, path = "/summaries")]
    async fn summarize(&self, #[body] body: &SummarizeBody) -> Result<SummarizeResponse, Error>;

    /// Summarizes a text, at once or word by word
    #[endpoint(method = POST, path = "/summaries", end = "[DONE]")]
    async fn summarize_stream(
        &self,
        #[body] body: &SummarizeBody,
    ) -> Result<Events<SummarizeEvent>, Error>;
}
