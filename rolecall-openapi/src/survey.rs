//! A survey of what a document contains about roles.

use crate::document::Document;
use crate::{model, roles};

/// Writes the security requirements, scopes, extension fields, and words for roles of a document, as a mapping to
/// edit.
#[must_use]
pub fn survey(document: &Document) -> String {
    roles::survey(&model::read(document))
}
