//! The steps of generated code that set a header: one value, a list, or several headers at once.

use std::fmt::Display;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use super::reserved_headers;
use super::scalar::scalar;
use super::{Request, RequestErrorKind};

const INVALID: &str = "contains a character that is not allowed in a header";

impl Request {
    /// Sets a header by its lowercase name, replacing the endpoint's own of that name. In a list, adds an item.
    pub fn header(&mut self, name: &'static str, value: &dyn Display, sensitive: bool) {
        if let Some(items) = &mut self.header_items {
            return items.push(value.to_string());
        }
        match (HeaderName::try_from(name), HeaderValue::try_from(value.to_string())) {
            (Ok(header), Ok(mut value)) => {
                value.set_sensitive(sensitive);
                self.headers.retain(|(other, _)| *other != header);
                self.headers.push((header, value));
            }
            (Err(_), _) => self.refuse(name, RequestErrorKind::Argument("not a valid header name")),
            (_, Err(_)) => self.refuse(name, RequestErrorKind::Argument(INVALID)),
        }
    }

    /// Sets a header to a serialized value.
    pub(crate) fn serialized_header<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T, sensitive: bool) {
        match scalar(value) {
            Ok(text) => self.header(name, &text, sensitive),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    /// Begins a list. The headers up to [`end_header_list`](Self::end_header_list) are its items.
    pub fn begin_header_list(&mut self) {
        self.header_items = Some(Vec::new());
    }

    /// Ends a list, whose items are joined by commas (RFC 9110, section 5.6.1). An empty list sends no header.
    pub fn end_header_list(&mut self, name: &'static str, sensitive: bool) {
        let items = self.header_items.take().unwrap_or_default();
        if items.iter().any(|item| item.contains(',')) {
            self.refuse(
                name,
                RequestErrorKind::Argument("an item of the list contains a comma, which separates items"),
            );
        } else if items.iter().any(|item| item.trim().is_empty()) {
            // Recipients ignore such items.
            self.refuse(name, RequestErrorKind::Argument("an item of the list is empty"));
        } else if !items.is_empty() {
            self.header(name, &items.join(", "), sensitive);
        }
    }

    /// Sets several headers, replacing earlier ones of the same names. A name that occurs more than once keeps all of
    /// its values.
    pub(crate) fn header_fields<N, V>(
        &mut self,
        argument: &'static str,
        fields: impl IntoIterator<Item = (N, V)>,
        sensitive: bool,
    ) where
        HeaderName: TryFrom<N>,
        HeaderValue: TryFrom<V>,
    {
        let mut all = HeaderMap::new();
        for (name, value) in fields {
            let Ok(name) = HeaderName::try_from(name) else {
                return self.refuse(argument, RequestErrorKind::Argument("contains an invalid header name"));
            };
            if let Some(reason) = reserved_headers::argument_reason(&name) {
                return self.refuse(argument, RequestErrorKind::ReservedHeader(name, reason));
            }
            let Ok(mut value) = HeaderValue::try_from(value) else {
                return self.refuse(argument, RequestErrorKind::Argument(INVALID));
            };
            value.set_sensitive(sensitive || value.is_sensitive());
            all.append(name, value);
        }
        self.headers.retain(|(name, _)| !all.contains_key(name));
        self.headers.extend(all.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
}
