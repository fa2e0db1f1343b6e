//! Traits and types as they are written in source.

mod attributes;
mod files;
mod resolve;
mod traits;
mod types;

#[cfg(test)]
pub(crate) use files::of_files;
pub(crate) use files::{SourceFile, read};
pub(crate) use traits::{SourceMethod, SourceTrait};
pub(crate) use types::{SourceCase, SourceType, TypeKind, named, optional_inner};

use std::collections::BTreeMap;

use crate::report::Finding;

/// The source of an API.
#[derive(Default)]
pub(crate) struct Source {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) traits: Vec<SourceTrait>,
    pub(crate) types: BTreeMap<String, SourceType>,
    /// Files that are not Rust.
    pub(crate) findings: Vec<Finding>,
}

impl Source {
    pub(crate) fn methods(&self) -> impl Iterator<Item = &SourceMethod> {
        self.traits.iter().flat_map(|of| &of.methods)
    }
}
