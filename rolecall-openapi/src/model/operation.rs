//! Operations and what belongs to them.

use crate::document::{Document, Site};
use crate::model::media::Media;
use crate::model::schema::Schema;
use crate::model::security::{Requirement, Scheme};

/// A document's content.
#[derive(Debug)]
pub(crate) struct Api<'d> {
    pub(crate) document: &'d Document,
    pub(crate) title: String,
    pub(crate) version: String,
    /// The URLs at which the API is, their variables replaced by the defaults.
    pub(crate) servers: Vec<String>,
    pub(crate) tags: Vec<Tag<'d>>,
    pub(crate) schemes: Vec<Scheme>,
    pub(crate) operations: Vec<Operation<'d>>,
    /// How many calls of the API to its callers the document has: webhooks and callbacks.
    pub(crate) webhooks: usize,
    /// What belongs to no operation and could not be read.
    pub(crate) faults: Vec<Fault<'d>>,
}

/// A group of operations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag<'d> {
    pub(crate) name: &'d str,
    pub(crate) description: Option<&'d str>,
}

/// What could not be read, and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Fault<'d> {
    pub(crate) site: Site<'d>,
    pub(crate) message: String,
}

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation<'d> {
    pub(crate) site: Site<'d>,
    pub(crate) id: Option<&'d str>,
    /// In capitals.
    pub(crate) method: String,
    pub(crate) path: &'d str,
    pub(crate) tags: Vec<&'d str>,
    pub(crate) summary: Option<&'d str>,
    pub(crate) description: Option<&'d str>,
    pub(crate) deprecated: bool,
    pub(crate) parameters: Vec<Parameter<'d>>,
    pub(crate) body: Option<Body<'d>>,
    pub(crate) responses: Vec<Response<'d>>,
    /// The ways in, one of which is enough; `None` if the document does not say.
    pub(crate) security: Option<Vec<Requirement>>,
    /// The servers of this operation, where it has its own.
    pub(crate) servers: Vec<String>,
    /// Parts of it that could not be read.
    pub(crate) faults: Vec<Fault<'d>>,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum In {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a list or an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `a=1&a=2`, `x=1&y=2`.
    Repeat,
    /// `a=1,2`.
    Comma,
    /// `a=1%202`.
    Space,
    /// `a=1%7C2`.
    Pipe,
    /// `a[x]=1`.
    Deep,
    /// `.1`, `;a=1` in a path.
    Prefixed,
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Parameter<'d> {
    pub(crate) site: Site<'d>,
    pub(crate) name: &'d str,
    pub(crate) location: In,
    pub(crate) required: bool,
    pub(crate) schema: Option<Schema<'d>>,
    /// The value is a document of this media type.
    pub(crate) content: Option<&'d str>,
    pub(crate) style: Style,
    pub(crate) description: Option<&'d str>,
}

/// A request body.
#[derive(Debug)]
pub(crate) struct Body<'d> {
    pub(crate) site: Site<'d>,
    pub(crate) required: bool,
    pub(crate) contents: Vec<Content<'d>>,
}

/// A body in one media type.
#[derive(Debug)]
pub(crate) struct Content<'d> {
    pub(crate) media_type: &'d str,
    pub(crate) media: Media,
    pub(crate) schema: Option<Schema<'d>>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response<'d> {
    pub(crate) site: Site<'d>,
    /// As it is written: `200`, `2XX`, `default`.
    pub(crate) status: &'d str,
    pub(crate) contents: Vec<Content<'d>>,
    /// The names of the headers, in lower case.
    pub(crate) headers: Vec<String>,
}

impl Response<'_> {
    pub(crate) fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }

    /// The status, if it is a single one.
    pub(crate) fn code(&self) -> Option<u16> {
        self.status.parse().ok().filter(|status| (100..600).contains(status))
    }
}

impl<'d> Operation<'d> {
    /// The responses that are successes; of an operation that names none, the one for all statuses.
    pub(crate) fn successes(&self) -> Vec<&Response<'d>> {
        let mut successes: Vec<&Response<'d>> =
            self.responses.iter().filter(|response| response.is_success()).collect();
        if successes.is_empty() {
            successes.extend(self.responses.iter().find(|response| response.status == "default"));
        }
        successes
    }

    /// Whether it has a header of this name, in lower case.
    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.parameters.iter().any(|one| one.location == In::Header && one.name.trim().eq_ignore_ascii_case(name))
    }

    /// `GET /users/{id}`.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
