//! The authorization server's token endpoint: one request, one response.

use std::borrow::Cow;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::byte_serialize;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};
use tracing::info;

use super::discovery;
use super::error::{OAuthError, TokenError};
use super::fetch::Fetched;
use super::header::basic_header;
use super::oauth::{Authentication, OAuthClient, Server};
use super::response::{self, NoToken};
use crate::error::Cause;
use crate::rate_limit::headers;
use crate::transport::{
    BodyError, Carrier, IncomingResponse, Network, OutgoingRequest, ResponseBody, Target, Transport,
};
use crate::url::Url;

/// The maximum number of bytes read from a response.
const RESPONSE_LIMIT: usize = 64 * 1024;

/// Requests tokens for one client.
pub(super) struct TokenEndpoint {
    client: OAuthClient,
    /// The URL of the token endpoint, or of the issuer.
    url: Url,
    allow_plain_http: bool,
    /// The connection to the server of `url`. Redirects are not followed, because they could send the credentials to
    /// another host.
    transport: Transport,
    network: Arc<Network>,
    user_agent: HeaderValue,
    /// The timeout of a whole fetch: connecting, sending, and reading the response with its body.
    timeout: Duration,
    /// The token endpoint, once the issuer's metadata has been read.
    discovered: Mutex<Option<(Url, Transport)>>,
    /// Whether only verbatim credentials have been accepted.
    verbatim: AtomicBool,
}

/// The transport and limits of token requests.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) network: Arc<Network>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) allow_plain_http: bool,
}

impl TokenEndpoint {
    pub(super) fn new(client: OAuthClient, url: Url, sender: &Sender) -> Result<Self, crate::Error> {
        let Sender { network, user_agent, timeout, allow_plain_http } = sender.clone();
        Ok(Self {
            verbatim: AtomicBool::new(client.authentication == Authentication::BasicVerbatim),
            client,
            transport: network.to("token URL", &url)?,
            url,
            allow_plain_http,
            network,
            user_agent,
            timeout,
            discovered: Mutex::new(None),
        })
    }

    /// Requests a token, within the timeout. `secret` is a grant parameter that must not appear in errors if the server
    /// repeats it.
    pub(super) async fn request(
        &self,
        grant: &[(&str, &str)],
        secret: Option<&SecretString>,
    ) -> Result<Fetched, TokenError> {
        match timeout(self.timeout, self.exchange(grant, secret)).await {
            Ok(result) => result,
            Err(_) => Err(unavailable(None, true)),
        }
    }

    async fn exchange(&self, grant: &[(&str, &str)], secret: Option<&SecretString>) -> Result<Fetched, TokenError> {
        let (url, transport) = self.token_url().await?;
        let verbatim = self.verbatim.load(Ordering::Relaxed);
        let rejected = match self.post(&url, &transport, grant, secret, verbatim).await {
            Err(error) if self.may_be_decoded_otherwise(&error) => error,
            result => return result,
        };
        // The error of the first request is more informative than that of the second.
        let issued = self.post(&url, &transport, grant, secret, !verbatim).await.map_err(|_| rejected)?;
        self.verbatim.store(!verbatim, Ordering::Relaxed);
        let encoding = if verbatim { "form-encoded" } else { "verbatim" };
        info!(token_url = url.as_str(), encoding, "authorization server accepts the client's credentials");
        Ok(issued)
    }

    /// Returns `true` if the server may have rejected the encoding of the credentials rather than the credentials
    /// themselves.
    fn may_be_decoded_otherwise(&self, error: &TokenError) -> bool {
        let TokenError::Refused { status, oauth, .. } = error else { return false };
        let is_invalid_client = oauth.as_ref().is_some_and(|oauth| oauth.error == "invalid_client");
        self.client.authentication == Authentication::BasicVerbatimFallback
            && (is_invalid_client || *status == StatusCode::UNAUTHORIZED)
            && self.pair(true) != self.pair(false)
    }

    /// Returns the URL of the token endpoint. An issuer's metadata is read only once.
    async fn token_url(&self) -> Result<(Url, Transport), TokenError> {
        if let Server::TokenUrl(_) = self.client.server {
            return Ok((self.url.clone(), self.transport.clone()));
        }
        if let Some(known) = &*self.discovered.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(known.clone());
        }
        let [first, second] = discovery::metadata_urls(&self.url);
        let (mut status, mut body) = self.metadata(&first).await?;
        if status == StatusCode::NOT_FOUND {
            (status, body) = self.metadata(&second).await?;
        }
        let malformed = |what| TokenError::Malformed { what, status, retry_after: None };
        if !status.is_success() {
            return Err(malformed("the issuer has no metadata; use the URL of its token endpoint instead".into()));
        }
        let host = self.client.token_host.as_deref();
        let url = discovery::token_endpoint(&body, &self.url, host, self.allow_plain_http).map_err(malformed)?;
        let transport = self.network.to("token URL", &url).map_err(|error| malformed(error.into_message()))?;
        *self.discovered.lock().unwrap_or_else(PoisonError::into_inner) = Some((url.clone(), transport.clone()));
        Ok((url, transport))
    }

    async fn metadata(&self, url: &Url) -> Result<(StatusCode, Zeroizing<Vec<u8>>), TokenError> {
        let request = OutgoingRequest { method: Method::GET, headers: self.headers(), body: None };
        let response = send(&self.transport, request, url).await?;
        let (status, retry_after) = (response.status, headers::retry_after(&response.headers, SystemTime::now()));
        if is_temporary(status) {
            return Err(TokenError::Unavailable {
                status: Some(status),
                oauth: None,
                cause: None,
                timed_out: false,
                retry_after,
            });
        }
        match read(response.body).await {
            (body, Ok(true)) => Ok((status, body)),
            (_, Ok(false)) => Err(too_large(status, retry_after)),
            (_, Err(cause)) => Err(unavailable(cause, false)),
        }
    }

    async fn post(
        &self,
        url: &Url,
        transport: &Transport,
        grant: &[(&str, &str)],
        secret: Option<&SecretString>,
        verbatim: bool,
    ) -> Result<Fetched, TokenError> {
        let (asked, asked_wall) = (Instant::now(), SystemTime::now());
        let response = send(transport, self.token_request(grant, verbatim), url).await?;
        let status = response.status;
        let retry_after = server_delay(status, &response.headers);
        let (body, complete) = read(response.body).await;
        let (mut failed, mut oauth) = (!status.is_success(), None);
        if !failed {
            if !complete.map_err(|cause| unavailable(cause, false))? {
                return Err(too_large(status, retry_after));
            }
            match response::token(&body, self.client.token_type.as_deref()) {
                Ok(issued) => {
                    return Ok(Fetched {
                        token: issued.token,
                        lifetime: issued.lifetime,
                        status,
                        asked,
                        asked_wall,
                        // The grant tracks the generation.
                        refresh_token: issued.refresh_token.map(|token| (token, 0)),
                    });
                }
                Err(NoToken::Invalid(what)) => return Err(TokenError::Malformed { what, status, retry_after }),
                Err(NoToken::Error) => failed = true,
            }
        }
        if failed {
            // The status is sufficient if the body cannot be read.
            oauth = self.oauth_error(&body, secret);
        }
        let says = |codes: &[&str]| oauth.as_ref().is_some_and(|oauth| codes.contains(&oauth.error.as_str()));
        if is_temporary(status) || says(&["temporarily_unavailable", "server_error", "slow_down"]) {
            let status = Some(status);
            return Err(TokenError::Unavailable { status, oauth, cause: None, timed_out: false, retry_after });
        }
        if status.is_client_error() || status.is_success() {
            return Err(TokenError::Refused { status, oauth, retry_after });
        }
        let redirect = "redirects are not followed";
        let what = Cow::from(if status.is_redirection() { redirect } else { "unexpected status" });
        Err(TokenError::Malformed { what, status, retry_after })
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        headers
    }

    fn token_request(&self, grant: &[(&str, &str)], verbatim: bool) -> OutgoingRequest {
        let mut headers = self.headers();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let in_body = self.client.authentication == Authentication::Body || self.client.secret.is_none();
        if !in_body && let Some(authorization) = basic_header(&self.pair(verbatim)) {
            headers.insert(header::AUTHORIZATION, authorization);
        }
        let form = bytes::Bytes::from_owner(self.form(grant, in_body));
        OutgoingRequest { method: Method::POST, headers, body: Some(form.into()) }
    }

    /// Returns the request's parameters, encoded as a form.
    fn form(&self, grant: &[(&str, &str)], with_client: bool) -> Zeroizing<Vec<u8>> {
        let OAuthClient { id, secret, scope, audience, parameters, .. } = &self.client;
        let mut pairs = grant.to_vec();
        if with_client {
            pairs.push(("client_id", id));
            pairs.extend(secret.as_ref().map(|secret| ("client_secret", secret.expose_secret())));
        }
        pairs.extend(scope.as_ref().map(|scope| ("scope", scope.as_str())));
        pairs.extend(audience.as_ref().map(|audience| ("audience", audience.as_str())));
        pairs.extend(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        // A byte is encoded as up to three characters. A buffer that grows leaves copies that are not wiped.
        let room = pairs.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
        let mut form = Zeroizing::new(Vec::with_capacity(room));
        for (name, value) in pairs {
            if !form.is_empty() {
                form.push(b'&');
            }
            for part in byte_serialize(name.as_bytes()).chain(["="]).chain(byte_serialize(value.as_bytes())) {
                form.extend_from_slice(part.as_bytes());
            }
        }
        form
    }

    /// Returns `id:secret`, form-encoded (RFC 6749, section 2.3.1) or verbatim.
    fn pair(&self, verbatim: bool) -> Zeroizing<String> {
        let (id, secret) = (&self.client.id, self.client.secret.as_ref().map_or("", ExposeSecret::expose_secret));
        let mut pair = Zeroizing::new(String::with_capacity(3 * (id.len() + secret.len()) + 1));
        if verbatim {
            pair.extend([id, ":", secret]);
        } else {
            pair.extend(byte_serialize(id.as_bytes()));
            pair.push(':');
            pair.extend(byte_serialize(secret.as_bytes()));
        }
        pair
    }

    fn oauth_error(&self, body: &[u8], grant_secret: Option<&SecretString>) -> Option<OAuthError> {
        let pairs = [self.pair(false), self.pair(true)];
        let encoded = pairs.each_ref().map(|pair| Zeroizing::new(STANDARD.encode(pair.as_bytes())));
        let client_secret = self.client.secret.as_ref();
        let mut secrets: Vec<&str> =
            client_secret.into_iter().chain(grant_secret).map(ExposeSecret::expose_secret).collect();
        if client_secret.is_some() {
            secrets.extend(encoded.iter().map(|encoded| encoded.as_str()));
        }
        response::error(body, &secrets)
    }
}

/// Sends one request and returns its response, with the body not yet read.
async fn send(transport: &Transport, request: OutgoingRequest, url: &Url) -> Result<IncomingResponse, TokenError> {
    let sent = transport.send(request, Target::At(url), &mut Carrier::default()).await;
    sent.map_err(|error| unavailable(Some(Arc::new(error)), false))
}

type SharedCause = Arc<dyn Error + Send + Sync>;

/// Reads the body up to the size limit. Returns the bytes, and whether they are the whole body.
async fn read(mut response: ResponseBody) -> (Zeroizing<Vec<u8>>, Result<bool, Option<SharedCause>>) {
    // Allocated up front: a buffer that grows leaves copies that are not wiped.
    let mut body = Zeroizing::new(Vec::with_capacity(RESPONSE_LIMIT));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > RESPONSE_LIMIT.saturating_sub(body.len()) => return (body, Ok(false)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body, Ok(true)),
            Err(BodyError::TooLarge) => return (body, Err(None)),
            Err(BodyError::Broken(error)) => return (body, Err(Some(SharedCause::from(Box::new(error) as Cause)))),
            Err(BodyError::Garbled(cause)) => return (body, Err(Some(SharedCause::from(cause)))),
        }
    }
}

/// Returns the delay that the server requests. If a limit was reached, rate-limit headers are considered too, as for an
/// API.
fn server_delay(status: StatusCode, received: &http::HeaderMap) -> Option<Duration> {
    let wall = SystemTime::now();
    let reset = || headers::rate_limit_reset(received, wall).filter(|_| status == StatusCode::TOO_MANY_REQUESTS);
    headers::retry_after(received, wall).or_else(reset)
}

/// Returns `true` if a retry may succeed: request timeout, too early, too many requests, and server errors.
fn is_temporary(status: StatusCode) -> bool {
    let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    passing.contains(&status) || status.is_server_error()
}

fn too_large(status: StatusCode, retry_after: Option<Duration>) -> TokenError {
    TokenError::Malformed { what: "larger than 64 KiB".into(), status, retry_after }
}

fn unavailable(cause: Option<SharedCause>, timed_out: bool) -> TokenError {
    TokenError::Unavailable { status: None, oauth: None, cause, timed_out, retry_after: None }
}

#[cfg(test)]
mod tests;
