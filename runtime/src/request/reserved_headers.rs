//! Headers that neither a call's settings nor a middleware may set.

use http::{HeaderName, header};

/// Why the client alone sets the header, if it does.
pub(crate) fn reason(name: &HeaderName) -> Option<&'static str> {
    match *name {
        header::AUTHORIZATION => Some("the client sets it for the role of the call"),
        header::CONTENT_TYPE => Some("it follows from the body"),
        _ => framing_reason(name),
    }
}

/// Why the header is not to be chosen, of those that say where a message goes and where it ends.
pub(crate) fn framing_reason(name: &HeaderName) -> Option<&'static str> {
    match *name {
        header::CONTENT_LENGTH | header::TRANSFER_ENCODING => Some("it follows from the body"),
        header::HOST => Some("it follows from the base URL"),
        header::PROXY_AUTHORIZATION => Some("it belongs to the proxy"),
        header::CONNECTION | header::TE | header::TRAILER | header::UPGRADE => Some("it belongs to the connection"),
        _ if name.as_str() == "keep-alive" => Some("it belongs to the connection"),
        _ => None,
    }
}
