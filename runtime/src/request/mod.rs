//! The request of a call, built by generated code: one step per argument, path before query before headers before body.
//!
//! The first invalid argument is recorded as an error; the call then fails before anything is sent. Steps after an error
//! have no effect.

pub(crate) mod body;
#[cfg(feature = "parts")]
pub(crate) mod file_part;
mod form;
mod headers;
#[cfg(feature = "nested")]
mod nested;
#[cfg(feature = "parts")]
mod part;
#[cfg(feature = "parts")]
mod parts;
mod path;
pub(crate) mod reserved_headers;
mod scalar;
pub(crate) mod urls;

use std::borrow::Cow;
use std::fmt::Display;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::endpoint::Endpoint;
use crate::error::{Cause, Error, ErrorKind};
use crate::random;
use crate::transport::Body;
use crate::url::Url;
use body::{OneShot, RequestBody};
use form::FieldError;
use scalar::scalar;

/// The request of one call.
#[derive(Debug)]
pub struct Request {
    pub(crate) endpoint: &'static Endpoint,
    /// Path and query below the client's base URL, encoded. Borrowed as long as no argument is part of it.
    pub(crate) target: Cow<'static, str>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: RequestBody,
    pub(crate) destination: Option<Box<Destination>>,
    fault: Option<Box<RequestError>>,
    has_query: bool,
    /// The placeholder of the current segment, named if the segment is invalid.
    placeholder: &'static str,
    /// The query list that is being written, joined by a separator.
    list: Option<List>,
    /// The items of the header list that is being written.
    header_items: Option<Vec<String>>,
}

/// The destination of a request that follows from a response, instead of a URL below the base URL.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    pub(crate) url: Url,
    /// Whether the request is sent as `GET` without a body, regardless of the endpoint's method.
    pub(crate) as_get: bool,
    /// Whether it is on another origin, or was reached by way of one. It then gets neither credentials nor a body.
    pub(crate) foreign: bool,
}

#[derive(Debug)]
struct List {
    separator: &'static str,
    empty: bool,
}

/// An invalid argument.
#[derive(Debug)]
struct RequestError {
    parameter: &'static str,
    what: RequestErrorKind,
}

#[derive(Debug)]
enum RequestErrorKind {
    /// The argument is invalid, for this reason.
    Argument(&'static str),
    /// The argument could not be serialized.
    Serialize(Cause),
    /// The argument could not be serialized as a form or as a query.
    Field(FieldError),
    /// The argument could not be serialized as one query parameter.
    QueryValue(Cause),
    /// The argument contains a header that only the client sets, for this reason.
    ReservedHeader(HeaderName, &'static str),
}

impl RequestError {
    #[cold]
    fn into_error(self, endpoint: &'static Endpoint) -> Error {
        let Self { parameter, what } = self;
        let (message, cause) = match what {
            RequestErrorKind::Argument(what) => (format!("invalid argument `{parameter}`: {what}"), None),
            RequestErrorKind::Serialize(cause) => {
                (format!("could not serialize argument `{parameter}`: {cause}"), Some(cause))
            }
            RequestErrorKind::Field(error) => (error.message(parameter), Some(error.cause)),
            RequestErrorKind::QueryValue(cause) => {
                let help = "the fields of a struct or map need `#[query(flatten)]`";
                (
                    format!("could not serialize argument `{parameter}` as a query parameter: {cause}; {help}"),
                    Some(cause),
                )
            }
            RequestErrorKind::ReservedHeader(name, reason) => {
                (format!("invalid argument `{parameter}`: header `{name}` cannot be set: {reason}"), None)
            }
        };
        Error::new(ErrorKind::Argument, message).with_cause(cause).with_endpoint(endpoint)
    }
}

impl Request {
    /// Creates a request from the encoded first literal part of the path. The fixed query follows it if the path has
    /// no placeholder.
    #[must_use]
    pub fn new(endpoint: &'static Endpoint, literal: &'static str) -> Self {
        let mut request = Self {
            endpoint,
            target: Cow::Borrowed(literal),
            headers: Vec::new(),
            content_type: None,
            body: RequestBody::Nothing,
            destination: None,
            fault: None,
            has_query: literal.contains('?'),
            placeholder: "",
            list: None,
            header_items: None,
        };
        for (name, value) in endpoint.headers {
            request.header(name, value, false);
        }
        if let Some(name) = endpoint.idempotency_key {
            request.header(name, &random::uuid(), false);
        }
        request
    }

    /// Returns the same request, with this URL if one is given, or `None` if the body can be sent only once.
    pub(crate) fn again(&self, url: Option<Url>) -> Option<Self> {
        Some(Self {
            endpoint: self.endpoint,
            target: self.target.clone(),
            headers: self.headers.clone(),
            content_type: self.content_type,
            body: self.body.again()?,
            destination: url.map(|url| Box::new(Destination { url, as_get: false, foreign: false })),
            fault: None,
            has_query: self.has_query,
            placeholder: "",
            list: None,
            header_items: None,
        })
    }

    /// Returns `true` if a redirect has led the request to another origin.
    pub(crate) fn is_foreign(&self) -> bool {
        self.destination.as_ref().is_some_and(|destination| destination.foreign)
    }

    /// Returns `true` if a redirect has changed the request to `GET`.
    pub(crate) fn is_redirected_get(&self) -> bool {
        self.destination.as_ref().is_some_and(|destination| destination.as_get)
    }

    /// Returns the path and query so far, to append to.
    fn target(&mut self) -> &mut String {
        if let Cow::Borrowed(literal) = self.target {
            let mut target = String::with_capacity(self.endpoint.path.len() + 48);
            target.push_str(literal);
            self.target = Cow::Owned(target);
        }
        self.target.to_mut()
    }

    fn refuse(&mut self, parameter: &'static str, what: RequestErrorKind) {
        self.fault.get_or_insert_with(|| Box::new(RequestError { parameter, what }));
    }

    /// Appends an encoded literal part of the path.
    pub fn literal(&mut self, text: &str) {
        let (segment, rest) = text.split_at(text.find('/').unwrap_or(text.len()));
        self.target().push_str(segment);
        if !rest.is_empty() {
            self.end_segment();
            self.target().push_str(rest);
        }
    }

    /// Appends the value of a placeholder.
    pub fn segment(&mut self, name: &'static str, value: &dyn Display) {
        self.placeholder = name;
        if let Err(what) = path::push(self.target(), value) {
            self.refuse(name, RequestErrorKind::Argument(what));
        }
    }

    /// Appends the value of a catch-all placeholder `{*name}`, with its slashes.
    pub fn rest(&mut self, name: &'static str, value: &dyn Display) {
        self.placeholder = name;
        if let Err(what) = path::push_rest(self.target(), value) {
            self.refuse(name, RequestErrorKind::Argument(what));
        }
    }

    /// Appends the serialized value of a placeholder.
    pub(crate) fn serialized_segment<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match scalar(value) {
            Ok(text) => self.segment(name, &text),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    /// Appends the serialized value of a catch-all placeholder.
    pub(crate) fn serialized_rest<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match scalar(value) {
            Ok(text) => self.rest(name, &text),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    /// Checks the whole segment: a value next to a literal can form `.` or `..`, such as `{a}.` with `.`.
    fn end_segment(&mut self) {
        if !self.placeholder.is_empty() {
            let name = std::mem::take(&mut self.placeholder);
            if let Err(what) = path::check_last_segment(&self.target) {
                self.refuse(name, RequestErrorKind::Argument(what));
            }
        }
    }

    /// Appends encoded query parameters that are the same for all calls.
    pub fn fixed_query(&mut self, pairs: &str) {
        self.append(pairs);
    }

    /// Appends a query parameter by its `Display` form.
    pub fn query(&mut self, name: &'static str, value: &dyn Display) {
        self.pairs(name, &[(name, value.to_string())]);
    }

    /// Appends query parameters: pairs, a map, or a struct.
    pub(crate) fn pairs<T: Serialize + ?Sized>(&mut self, name: &'static str, pairs: &T) {
        match form::write(pairs) {
            Ok(pairs) => self.append(&pairs),
            Err(error) => self.refuse(name, RequestErrorKind::Field(error)),
        }
    }

    /// Appends one query parameter, or several of the same name for a list.
    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match serde_html_form::to_string([(name, value)]) {
            Ok(pairs) => self.append(&pairs),
            Err(error) => self.refuse(name, RequestErrorKind::QueryValue(error.into())),
        }
    }

    /// Appends a query parameter whose value is JSON.
    pub(crate) fn json_query<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_string(value) {
            Ok(json) => self.query(name, &json),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    fn append(&mut self, form: &str) {
        self.end_segment();
        let pairs = self.endpoint.query_encoding.of_form(form);
        if pairs.is_empty() {
            return;
        }
        if let Some(list) = &mut self.list
            && !std::mem::take(&mut list.empty)
        {
            let value = pairs.split_once('=').map_or(&*pairs, |(_, value)| value);
            let separator = list.separator;
            self.target().push_str(separator);
            self.target().push_str(value);
            return;
        }
        let separator = if std::mem::replace(&mut self.has_query, true) { '&' } else { '?' };
        self.target().push(separator);
        self.target().push_str(&pairs);
    }

    /// Begins a list. The query parameters up to [`end_list`](Self::end_list) are its items.
    pub fn begin_list(&mut self, separator: &'static str) {
        self.list = Some(List { separator, empty: true });
    }

    /// Ends a list.
    pub fn end_list(&mut self) {
        self.list = None;
    }

    /// Sets a JSON body.
    pub(crate) fn json<T: Serialize + ?Sized>(&mut self, name: &'static str, media_type: &'static str, body: &T) {
        let mut bytes = Vec::with_capacity(256);
        match serde_json::to_writer(&mut bytes, body) {
            Ok(()) => self.bytes(media_type, bytes.into()),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    /// Sets a form body.
    pub(crate) fn form<T: Serialize + ?Sized>(&mut self, name: &'static str, media_type: &'static str, body: &T) {
        match form::write(body) {
            Ok(form) => self.bytes(media_type, form.into()),
            Err(error) => self.refuse(name, RequestErrorKind::Field(error)),
        }
    }

    /// Sets a text body.
    pub fn text(&mut self, media_type: &'static str, body: &str) {
        self.bytes(media_type, Bytes::copy_from_slice(body.as_bytes()));
    }

    /// Sets a body of bytes.
    pub fn bytes(&mut self, media_type: &'static str, body: Bytes) {
        self.content_type = Some(media_type);
        self.body = RequestBody::Bytes(body);
    }

    /// Sets a body that can be sent once.
    pub fn stream(&mut self, media_type: &'static str, body: Body) {
        self.content_type = Some(media_type);
        self.body = RequestBody::once(OneShot::Body(body));
    }

    /// Sets a multipart body, whose content type contains its boundary.
    #[cfg(feature = "multipart")]
    pub(crate) fn multipart(&mut self, form: reqwest::multipart::Form) {
        self.body = RequestBody::once(OneShot::Multipart(form));
    }

    /// Returns the recorded error, if any.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.end_segment();
        match self.fault.take() {
            Some(fault) => Err(fault.into_error(self.endpoint)),
            None => Ok(()),
        }
    }
}
