//! Decides whether a redirect is followed, and where it leads.

use http::{Method, StatusCode, header};

use crate::request::{Destination, Request};
use crate::response::RawResponse;
use crate::transport::{MAX_URL, is_loopback};
use crate::url::{Url, UrlError};

/// Returns the next destination of the request, or the reason why the redirect is not followed. Returns `None` if the
/// response is not a redirect.
///
/// `url` is the URL of the request, `home` the base URL of its endpoint, and `hops` the number of redirects so far. A
/// redirect to another origin, and every redirect after it, carries neither credentials nor a body.
pub(crate) fn of(
    request: &Request,
    response: &RawResponse,
    url: &Url,
    home: &Url,
    hops: u32,
) -> Option<Result<Destination, String>> {
    let status = response.status;
    if !status.is_redirection() || status == StatusCode::NOT_MODIFIED {
        return None;
    }
    let most = u32::from(request.endpoint.redirects);
    if most == 0 || !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Some(Err("redirects are not followed".to_owned()));
    }
    if hops >= most {
        return Some(Err(format!("more than {most} redirects")));
    }
    Some(destination(request, response, url, home).map_err(|reason| format!("redirect not followed: {reason}")))
}

fn destination(request: &Request, response: &RawResponse, url: &Url, home: &Url) -> Result<Destination, &'static str> {
    let location = response.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let next = url.join(location.ok_or("invalid `Location`")?).map_err(|error| match error {
        UrlError::Invalid(_) => "invalid `Location`",
        UrlError::Scheme => "it leads to an address that is not encrypted",
        UrlError::Credentials => "its `Location` has credentials in it",
    })?;
    if next.as_str().len() > MAX_URL {
        return Err("its `Location` is too long");
    }
    let is_secure = next.scheme() == "https" || (next.scheme() == "http" && (is_loopback(&next) || is_plain(home)));
    if !is_secure || (url.scheme() == "https" && next.scheme() != "https") {
        return Err("it leads to an address that is not encrypted");
    }
    // RFC 9110, sections 15.4.2 to 15.4.4.
    let method = &request.endpoint.method;
    let as_get = request.is_redirected_get()
        || (response.status == StatusCode::SEE_OTHER && *method != Method::HEAD)
        || (matches!(response.status.as_u16(), 301 | 302) && *method == Method::POST);
    let foreign = request.is_foreign() || next.origin() != home.origin();
    if !as_get && foreign && !request.body.is_nothing() {
        return Err("it would take the request body to another origin");
    }
    if !as_get && !request.body.is_replayable() {
        return Err("the request body cannot be sent again");
    }
    Ok(Destination { url: next, as_get, foreign })
}

/// Returns `true` for an unencrypted base URL of a host other than loopback, which only a client that allows plain
/// `http` has.
fn is_plain(home: &Url) -> bool {
    home.scheme() == "http" && !is_loopback(home)
}
