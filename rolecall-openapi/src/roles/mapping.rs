//! The author's mapping: a TOML file that assigns roles to operations.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

/// An author's mapping of a document's operations to roles.
///
/// `cargo rolecall roles` writes one to start from. `Public` is the role of operations that need no authorization.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// The role of operations of which nothing is known.
    pub(crate) default: Option<String>,
    /// Roles that are types already, with their paths.
    pub(crate) types: BTreeMap<String, String>,
    /// The roles of single operations, by `operationId` or `GET /path`.
    pub(crate) operations: BTreeMap<String, OneOrMany>,
    pub(crate) extension: Option<Extension>,
    pub(crate) words: Option<Words>,
    /// The role of each set of security schemes, such as `bearer`, `key+id`, or `bearer | key`.
    pub(crate) security: BTreeMap<String, String>,
}

/// A field of the document's own whose values are roles.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extension {
    pub(crate) field: String,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

impl Extension {
    pub(crate) fn role(&self, value: &str) -> String {
        self.values.get(value).cloned().unwrap_or_else(|| crate::names::pascal(value))
    }
}

/// Words of a description after which roles are named.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// What stands before them; the usual words if it is not given.
    #[serde(default)]
    pub(crate) pattern: Option<String>,
    #[serde(default)]
    pub(crate) values: BTreeMap<String, String>,
}

/// One role, or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Either")]
pub(crate) struct OneOrMany(pub(crate) Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    One(String),
    Many(Vec<String>),
}

impl From<Either> for OneOrMany {
    fn from(either: Either) -> Self {
        match either {
            Either::One(role) => Self(vec![role]),
            Either::Many(roles) => Self(roles),
        }
    }
}

impl Mapping {
    /// Reads a mapping from a file.
    ///
    /// # Errors
    ///
    /// Returns [`MappingError`] if the file cannot be read, or is not a mapping.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, MappingError> {
        let path = path.as_ref();
        let error = |kind| MappingError { path: path.to_owned(), kind };
        let text = fs::read_to_string(path).map_err(|source| error(Kind::Read(source)))?;
        toml::from_str(&text).map_err(|source| error(Kind::Invalid(Box::new(source))))
    }
}

/// A mapping that could not be read.
#[derive(Debug)]
pub struct MappingError {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Read(io::Error),
    Invalid(Box<toml::de::Error>),
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.kind {
            Kind::Read(error) => error.fmt(f),
            Kind::Invalid(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MappingError {}
