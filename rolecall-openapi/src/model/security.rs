//! Security: the schemes of a document, and what an operation asks for.

/// A security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub(crate) name: String,
    /// In a sentence: "HTTP bearer authentication", "an API key in the header `x-key`".
    pub(crate) what: String,
    pub(crate) scopes: Vec<String>,
}

/// One of the ways in which an operation can be authorized: all of its schemes together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Requirement {
    pub(crate) schemes: Vec<String>,
    pub(crate) scopes: Vec<String>,
}
