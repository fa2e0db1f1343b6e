//! The client's own connections, where it is given no others.

use std::time::Duration;

use http::{HeaderValue, header};
use url::Url;

use super::{proxy, tls};
use crate::error::Error;

/// Connections for calls to these addresses alone; none is made yet.
pub(crate) fn build<'a>(addresses: impl IntoIterator<Item = &'a Url>) -> Result<reqwest::Client, Error> {
    let mut builder = tls::set_up(reqwest::Client::builder())?
        .redirect(reqwest::redirect::Policy::none())
        // Without the maximum a copy of each request would be kept for a retry that never comes.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .referer(false)
        .connect_timeout(Duration::from_secs(10));
    let encodings = match (cfg!(feature = "gzip"), cfg!(feature = "brotli")) {
        (true, true) => Some("gzip, br"),
        (true, false) => Some("gzip"),
        (false, true) => Some("br"),
        (false, false) => None,
    };
    if let Some(encodings) = encodings {
        // What reqwest does by itself later in each request, when the headers have no room left.
        let headers = [(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))];
        builder = builder.default_headers(headers.into_iter().collect());
    }
    if !proxy::applies_to(addresses) {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| Error::configuration("could not build the HTTP client").with_cause(Some(error.into())))
}
