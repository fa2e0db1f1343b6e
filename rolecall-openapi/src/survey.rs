//! What a document knows of roles.

use crate::document::Document;
use crate::{model, roles};

/// Writes what a document says of security, scopes, fields of its own, and words for roles, as a mapping to edit.
#[must_use]
pub fn survey(document: &Document) -> String {
    roles::survey(&model::read(document))
}
