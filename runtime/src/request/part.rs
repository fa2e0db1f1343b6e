//! The steps of generated code that add a part to a multipart body.

use std::fmt::Display;

use serde::Serialize;

use super::body::RequestBody;
use super::file_part::FilePart;
use super::parts::Parts;
use super::scalar::scalar;
use super::{Request, RequestErrorKind};

impl Request {
    /// Adds a value by its `Display` form.
    pub(crate) fn part(&mut self, name: &'static str, value: &dyn Display) {
        self.add(|parts| parts.value(name, None, value.to_string()));
    }

    /// Adds a serialized value.
    pub(crate) fn serialized_part<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match scalar(value) {
            Ok(text) => self.add(|parts| parts.value(name, None, text)),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    /// Adds JSON.
    pub(crate) fn json_part<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_vec(value) {
            Ok(json) => self.add(|parts| parts.value(name, Some("application/json"), json)),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    /// Adds a file.
    pub(crate) fn file_part(&mut self, name: &'static str, file: FilePart) {
        if let Err(what) = self.add(|parts| parts.file(name, file)) {
            self.refuse(name, RequestErrorKind::Argument(what));
        }
    }

    fn add<T>(&mut self, add: impl FnOnce(&mut Parts) -> T) -> T {
        let mut parts = match std::mem::replace(&mut self.body, RequestBody::Nothing) {
            RequestBody::Parts(parts) => parts,
            _ => Parts::new(),
        };
        let added = add(&mut parts);
        self.body = RequestBody::Parts(parts);
        added
    }
}
