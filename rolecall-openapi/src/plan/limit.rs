//! The table of everything that a trait cannot express.

/// A reason why an operation cannot be declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Limit {
    Method(String),
    EmptySegment,
    DotSegment,
    Escape,
    AdjacentPlaceholders,
    InvalidPath(String),
    PathStyle(String),
    BodyOfGet(String),
    Redirect,
    Upgrade,
    Unreadable(String),
}

impl Limit {
    /// The reason, in a clause.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Method(method) => format!("`{method}` is not a method that an endpoint can have"),
            Self::EmptySegment => "the path has an empty segment".to_owned(),
            Self::DotSegment => "the path has a segment `.` or `..`, which clients and servers resolve".to_owned(),
            Self::Escape => "the path has a percent-encoded character that cannot be written as itself".to_owned(),
            Self::AdjacentPlaceholders => "two placeholders of the path have nothing between them".to_owned(),
            Self::InvalidPath(what) => format!("the path has {what}"),
            Self::PathStyle(name) => format!("the path parameter `{name}` has the style `label` or `matrix`"),
            Self::BodyOfGet(method) => format!("a `{method}` request has a body"),
            Self::Redirect => "the only response is a status that is neither a success nor a place to go to".to_owned(),
            Self::Upgrade => "the response is another protocol (101)".to_owned(),
            Self::Unreadable(what) => format!("the document cannot be read there: {what}"),
        }
    }

    /// What to do instead.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Unreadable(_) => "correct the document, or write the method by hand".to_owned(),
            Self::Upgrade => "use a client for that protocol".to_owned(),
            _ => {
                "call it with a client of another kind; `check` does not ask for it while `[skip]` names it".to_owned()
            }
        }
    }
}
