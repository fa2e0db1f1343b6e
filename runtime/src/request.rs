//! A call's request, built by generated code: one step an argument, in the order of the trait.
//!
//! The first argument that can't go where the endpoint wants it is kept as a fault; the call then ends
//! before anything is sent. Steps after a fault do nothing of use and no harm.

use std::fmt::Display;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;

use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind};
use crate::path;

/// The request of one call.
#[derive(Debug)]
pub struct Request {
    pub(crate) endpoint: &'static Endpoint,
    /// Path and query below the client's base URL, encoded.
    pub(crate) target: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<Bytes>,
    fault: Option<Box<Fault>>,
    has_query: bool,
    /// The placeholder of the current segment, to name it should the segment turn out wrong.
    placeholder: &'static str,
}

/// Why a request can't be sent.
#[derive(Debug)]
struct Fault {
    parameter: &'static str,
    what: FaultKind,
}

#[derive(Debug)]
enum FaultKind {
    /// The argument is `…`, in words that follow its name.
    Argument(&'static str),
    /// The argument can't be serialized.
    Serialize(Cause),
}

impl Fault {
    #[cold]
    fn into_error(self, endpoint: &'static Endpoint) -> Error {
        let Self { parameter, what } = self;
        let (message, cause) = match what {
            FaultKind::Argument(what) => (format!("the argument `{parameter}` {what}"), None),
            FaultKind::Serialize(cause) => (format!("`{parameter}` can't be serialized: {cause}"), Some(cause)),
        };
        Error::new(ErrorKind::Argument, message).with_cause(cause).with_endpoint(endpoint)
    }
}

impl Request {
    /// A request without arguments.
    #[must_use]
    pub fn new(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            target: String::with_capacity(endpoint.path.len() + 48),
            headers: Vec::new(),
            body: None,
            fault: None,
            has_query: false,
            placeholder: "",
        }
    }

    fn refuse(&mut self, parameter: &'static str, what: FaultKind) {
        self.fault.get_or_insert_with(|| Box::new(Fault { parameter, what }));
    }

    /// A part of the path that the template gives, encoded already.
    pub fn literal(&mut self, text: &str) {
        if text.starts_with('/') {
            self.end_segment();
        }
        self.target.push_str(text);
    }

    /// A placeholder's value.
    pub fn segment(&mut self, name: &'static str, value: &dyn Display) {
        self.placeholder = name;
        if let Err(what) = path::push(&mut self.target, value) {
            self.refuse(name, FaultKind::Argument(what));
        }
    }

    /// The value of a placeholder `{*name}`, slashes and all.
    pub fn rest(&mut self, name: &'static str, value: &dyn Display) {
        if let Err(what) = path::push_rest(&mut self.target, value) {
            self.refuse(name, FaultKind::Argument(what));
        }
    }

    /// A value beside a literal can make a segment that neither is: `{a}.` with `.`.
    fn end_segment(&mut self) {
        if !self.placeholder.is_empty() {
            let name = std::mem::take(&mut self.placeholder);
            if let Err(what) = path::check_last_segment(&self.target) {
                self.refuse(name, FaultKind::Argument(what));
            }
        }
    }

    /// Values of the query: pairs, a map or a struct.
    pub(crate) fn pairs<T: Serialize + ?Sized>(&mut self, name: &'static str, pairs: &T) {
        self.end_segment();
        match serde_html_form::to_string(pairs) {
            Ok(pairs) if pairs.is_empty() => {}
            Ok(pairs) => {
                self.target.push(if self.has_query { '&' } else { '?' });
                self.has_query = true;
                self.target.push_str(&pairs);
            }
            Err(error) => self.refuse(name, FaultKind::Serialize(error.into())),
        }
    }

    /// A header's value.
    pub fn header(&mut self, name: &'static str, value: &dyn Display, sensitive: bool) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value.to_string())) {
            (Ok(header), Ok(mut value)) => {
                value.set_sensitive(sensitive);
                self.headers.push((header, value));
            }
            (Err(_), _) => self.refuse(name, FaultKind::Argument("is no header's name")),
            (_, Err(_)) => self.refuse(name, FaultKind::Argument("has a character that no header may have")),
        }
    }

    /// A body of JSON.
    pub fn json<T: Serialize + ?Sized>(&mut self, name: &'static str, body: &T) {
        let mut bytes = Vec::with_capacity(256);
        match serde_json::to_writer(&mut bytes, body) {
            Ok(()) => self.set_body("application/json", bytes.into()),
            Err(error) => self.refuse(name, FaultKind::Serialize(error.into())),
        }
    }

    fn set_body(&mut self, media_type: &'static str, body: Bytes) {
        self.headers.push((header::CONTENT_TYPE, HeaderValue::from_static(media_type)));
        self.body = Some(body);
    }

    /// The last look before the call.
    pub(crate) fn finish(mut self) -> Result<Self, Error> {
        self.end_segment();
        match self.fault.take() {
            Some(fault) => Err(fault.into_error(self.endpoint)),
            None => Ok(self),
        }
    }
}
