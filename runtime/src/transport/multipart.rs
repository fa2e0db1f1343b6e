//! The body of a `multipart/form-data` request, built by reqwest.

use std::sync::OnceLock;

use http::{HeaderValue, header};
use reqwest::multipart::Form;

use super::request_body::Body;

/// Returns the body of the form, and its media type with the boundary.
pub(crate) fn multipart_body(form: Form) -> (HeaderValue, Option<HeaderValue>, Body) {
    let media_type = format!("multipart/form-data; boundary={}", form.boundary());
    let otherwise = HeaderValue::try_from(media_type).unwrap_or(HeaderValue::from_static("multipart/form-data"));
    // Only reqwest's request builder knows the length of a form. Its client is never used.
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    let client = CLIENT.get_or_init(|| {
        // The builder panics if another crate enables `reqwest/rustls-no-provider` and no provider is installed.
        std::panic::catch_unwind(|| reqwest::Client::builder().no_proxy().build().ok()).ok().flatten()
    });
    let Some(client) = client else { return (otherwise, None, Body::wrap_stream(form.into_stream())) };
    match client.post("http://localhost").multipart(form).build() {
        Ok(mut request) => {
            let media_type = request.headers_mut().remove(header::CONTENT_TYPE).unwrap_or(otherwise);
            let length = request.headers_mut().remove(header::CONTENT_LENGTH);
            (media_type, length, request.body_mut().take().map(Body::from).unwrap_or_default())
        }
        Err(_) => (otherwise, None, Body::default()),
    }
}
