//! Text bodies.

use std::fmt;
use std::ops::Deref;

use super::raw::RawResponse;
use crate::error::{Error, ErrorKind};

/// A text body of any media type.
///
/// A byte order mark is not part of the text. Bytes that are not UTF-8 are an error of the kind
/// [`Decode`](ErrorKind::Decode). With the feature `charset`, the text is decoded by the `charset` of the response's
/// `Content-Type`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(pub String);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// Decodes text.
pub(crate) fn text(mut response: Box<RawResponse>) -> Result<Text, Error> {
    let charset = charset(&response).filter(|charset| !is_utf8(charset));
    match decode(&response.body, charset.as_deref()) {
        Ok(text) => Ok(Text(text)),
        Err(reason) => {
            response.remove_secret();
            Err(response.into_error(ErrorKind::Decode, reason.into(), None))
        }
    }
}

/// Returns the parameter `charset` of the media type.
fn charset(response: &RawResponse) -> Option<String> {
    let media_type = response.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"].iter().any(|name| charset.eq_ignore_ascii_case(name))
}

#[cfg(feature = "charset")]
fn decode(body: &[u8], charset: Option<&str>) -> Result<String, String> {
    // An encoding label unknown to the WHATWG standard is treated as UTF-8, as without the feature.
    let Some(encoding) = charset.and_then(|charset| encoding_rs::Encoding::for_label(charset.as_bytes())) else {
        return utf8(body, charset);
    };
    let (encoding, body) = match encoding_rs::Encoding::for_bom(body) {
        Some((marked, length)) => (marked, body.get(length..).unwrap_or_default()),
        None => (encoding, body),
    };
    match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Ok(text.into_owned()),
        None => Err(format!("response body is not valid {}", encoding.name())),
    }
}

#[cfg(not(feature = "charset"))]
fn decode(body: &[u8], charset: Option<&str>) -> Result<String, String> {
    utf8(body, charset)
}

fn utf8(body: &[u8], charset: Option<&str>) -> Result<String, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|error| match charset {
        Some(charset) if cfg!(not(feature = "charset")) => format!(
            "response body is not valid UTF-8: {error}; to decode the charset `{charset}`, enable the feature `charset` \
             of `rolecall`"
        ),
        _ => format!("response body is not valid UTF-8: {error}"),
    })?;
    Ok(text.to_owned())
}
