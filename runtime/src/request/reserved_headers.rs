//! Headers that only the client sets.

use http::{HeaderName, header};

/// Returns why an argument cannot set the header, or `None`. The macro rejects the same names in `#[header("…")]`.
pub(crate) fn argument_reason(name: &HeaderName) -> Option<&'static str> {
    match *name {
        header::ACCEPT => Some("use `accept` of the endpoint"),
        header::USER_AGENT => Some("use `user_agent` of the builder"),
        _ => reason(name),
    }
}

/// Returns why only the client sets the header, or `None`.
pub(crate) fn reason(name: &HeaderName) -> Option<&'static str> {
    match *name {
        header::AUTHORIZATION => Some("use `credentials` of the client or of the call"),
        header::CONTENT_TYPE => Some("it follows from the body"),
        _ => framing_reason(name),
    }
}

/// Returns why a header that frames or routes the message cannot be set, or `None`.
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
