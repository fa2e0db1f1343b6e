//! The authorization server's token endpoint: one request, one answer.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};
use url::{Url, form_urlencoded};

use super::bearer::secret_header;
use super::error::{OAuthError, TokenError};
use super::response;
use crate::error::Cause;
use crate::rate_limit::headers;
use crate::transport::{BodyError, Carrier, OutgoingRequest, ResponseBody, Target, Transport};

/// The most that is read of an answer.
const RESPONSE_LIMIT: usize = 64 * 1024;

/// What a client shows for a token (RFC 6749, section 4.4).
pub(crate) struct ClientCredentials {
    pub(crate) token_url: Url,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretString,
    /// Asks for less than the server's default (RFC 6749, section 3.3).
    pub(crate) scope: Option<String>,
}

/// A token fresh from the authorization server.
#[derive(Clone)]
pub(super) struct Fetched {
    pub(super) token: SecretString,
    /// From when the token was asked for, so that it never seems to live longer than it does.
    pub(super) lifetime: Duration,
    /// Of the answer.
    pub(super) status: StatusCode,
    pub(super) asked: Instant,
    /// The same moment, for those who share no clock with this process.
    pub(super) asked_wall: SystemTime,
}

pub(super) type FetchFuture<'a> = Pin<Box<dyn Future<Output = Result<Fetched, TokenError>> + Send + 'a>>;

/// Where tokens come from: the authorization server, or what a test puts in its place.
pub(super) trait FetchToken: Send + Sync + 'static {
    /// One try to fetch a token, bounded in time.
    fn fetch(&self) -> FetchFuture<'_>;
}

pub(super) struct TokenEndpoint {
    pub(super) credentials: ClientCredentials,
    pub(super) transport: Transport,
    /// For a whole try: connecting, sending, the answer and its body.
    pub(super) timeout: Duration,
}

impl FetchToken for TokenEndpoint {
    fn fetch(&self) -> FetchFuture<'_> {
        Box::pin(async move {
            match timeout(self.timeout, self.exchange()).await {
                Ok(result) => result,
                Err(_) => Err(unavailable(None, true)),
            }
        })
    }
}

impl TokenEndpoint {
    async fn exchange(&self) -> Result<Fetched, TokenError> {
        let (asked, asked_wall) = (Instant::now(), SystemTime::now());
        let target = Target::At(&self.credentials.token_url);
        let sent = self.transport.send(self.request(), target, &mut Carrier::default()).await;
        let mut response = sent.map_err(|error| unavailable(Some(Arc::new(error)), false))?;
        let status = response.status;
        let retry_after = headers::retry_after(&response.headers, SystemTime::now());
        let malformed = |what| TokenError::Malformed { what, status, retry_after };
        // Room for the whole at once: a buffer that grows leaves copies behind that nobody wipes.
        let mut body = Zeroizing::new(Vec::with_capacity(RESPONSE_LIMIT));
        let complete = read(&mut response.body, &mut body).await;
        if status.is_success() {
            if !complete.map_err(|cause| unavailable(cause, false))? {
                return Err(malformed("is larger than 64 KiB"));
            }
            let answer = response::token(&body).map_err(malformed)?;
            return Ok(Fetched { token: answer.token, lifetime: answer.lifetime, status, asked, asked_wall });
        }
        // The status says enough, should there be nothing to read in the body.
        if status.is_client_error() && !is_temporary(status) {
            return Err(TokenError::Refused { status, oauth: self.oauth_error(&body), retry_after });
        }
        if status.is_server_error() || status.is_client_error() {
            return Err(TokenError::Unavailable { status: Some(status), cause: None, timed_out: false, retry_after });
        }
        let redirect = "is a redirect, which is never followed";
        Err(malformed(if status.is_redirection() { redirect } else { "has a status that makes no sense" }))
    }

    /// Both parts of the credentials are form-encoded before they are joined (RFC 6749, section 2.3.1).
    fn request(&self) -> OutgoingRequest {
        let mut headers = HeaderMap::new();
        if let Some(authorization) = self.authorization() {
            headers.insert(header::AUTHORIZATION, authorization);
        }
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if let Some(scope) = &self.credentials.scope {
            form.append_pair("scope", scope);
        }
        OutgoingRequest { method: Method::POST, headers, body: Some(form.finish().into()) }
    }

    fn authorization(&self) -> Option<HeaderValue> {
        let pair = self.pair();
        let encoded = base64::encoded_len(pair.len(), true).unwrap_or_default();
        let mut value = Zeroizing::new(String::with_capacity("Basic ".len() + encoded));
        value.push_str("Basic ");
        STANDARD.encode_string(pair.as_bytes(), &mut value);
        secret_header(value)
    }

    fn pair(&self) -> Zeroizing<String> {
        let (id, secret) = (&self.credentials.client_id, self.credentials.client_secret.expose_secret());
        // An octet takes three at most.
        let mut pair = Zeroizing::new(String::with_capacity(3 * (id.len() + secret.len()) + 1));
        pair.extend(form_urlencoded::byte_serialize(id.as_bytes()));
        pair.push(':');
        pair.extend(form_urlencoded::byte_serialize(secret.as_bytes()));
        pair
    }

    fn oauth_error(&self, body: &[u8]) -> Option<OAuthError> {
        let pair = self.pair();
        let (_, form_encoded) = pair.rsplit_once(':').unwrap_or_default();
        let basic = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        response::error(body, &[self.credentials.client_secret.expose_secret(), form_encoded, &basic])
    }
}

/// Reads as much of the body as there is room for, and says whether that is all of it.
async fn read(response: &mut ResponseBody, body: &mut Vec<u8>) -> Result<bool, Option<SharedCause>> {
    let cause = |error| match error {
        BodyError::TooLarge => None,
        BodyError::Broken(error) => Some(SharedCause::from(Box::new(error) as Cause)),
        BodyError::Garbled(cause) => Some(SharedCause::from(cause)),
    };
    while let Some(chunk) = response.chunk().await.map_err(cause)? {
        if chunk.len() > RESPONSE_LIMIT.saturating_sub(body.len()) {
            return Ok(false);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(true)
}

/// A status 4xx that another try may change: request timeout, too early, too many requests.
fn is_temporary(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}

type SharedCause = Arc<dyn Error + Send + Sync>;

fn unavailable(cause: Option<SharedCause>, timed_out: bool) -> TokenError {
    TokenError::Unavailable { status: None, cause, timed_out, retry_after: None }
}

#[cfg(test)]
mod tests;
