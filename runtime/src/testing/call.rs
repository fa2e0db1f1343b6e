//! A call as the server received it.

use bytes::Bytes;
use http::{HeaderMap, Method, header, request};
use serde::de::DeserializeOwned;

use crate::endpoint::Endpoint;
use crate::error::Error;

/// A request that a [`TestServer`](super::TestServer) received.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call {
    /// The endpoint, or `None` if the request matches none.
    pub endpoint: Option<&'static Endpoint>,
    /// The method.
    pub method: Method,
    /// The path as received, encoded.
    pub path: String,
    /// The decoded values of the path's placeholders, by name.
    pub path_args: Vec<(&'static str, String)>,
    /// The decoded pairs of the query, in order.
    pub query: Vec<(String, String)>,
    /// The headers; `Authorization` is marked sensitive.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Call {
    pub(super) fn new(head: request::Parts, body: Bytes) -> Self {
        let query = head.uri.query().unwrap_or_default();
        let mut headers = head.headers;
        if let Some(value) = headers.get_mut(header::AUTHORIZATION) {
            value.set_sensitive(true);
        }
        Self {
            endpoint: None,
            method: head.method,
            path: head.uri.path().to_owned(),
            path_args: Vec::new(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers,
            body,
        }
    }

    /// Returns the name of the endpoint's method, or an empty string if the request matches no endpoint.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.endpoint.map_or("", |endpoint| endpoint.name)
    }

    /// Returns the value of a path placeholder, by its name in the template.
    #[must_use]
    pub fn path_arg(&self, name: &str) -> Option<&str> {
        self.path_args.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }

    /// Returns the first value of a query parameter.
    #[must_use]
    pub fn query_arg(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns the value of a header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns [`Decode`](crate::ErrorKind::Decode) if the body cannot be decoded as a `T`.
    pub fn body_json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let message = format!("could not decode the request body: {error}");
            Error::new(crate::ErrorKind::Decode, message).with_cause(Some(error.into()))
        })
    }
}
