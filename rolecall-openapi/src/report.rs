//! What a run has to say, in the words and the shape of the compiler's.

use std::fmt;

use serde::Serialize;

use crate::document::Place;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Level {
    /// The traits and the document do not agree.
    Error,
    /// A part of the document is not declared, or declared less precisely.
    Warning,
    /// Good to know.
    Note,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// One thing that a run found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// What it is.
    pub message: String,
    /// Where it is in the document.
    pub document: Option<Place>,
    /// Where it is in the source.
    pub source: Option<Place>,
    /// What to do.
    pub help: Option<String>,
}

impl Finding {
    pub(crate) fn new(level: Level, message: impl Into<String>) -> Self {
        Self { level, message: message.into(), document: None, source: None, help: None }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.document = Some(place);
        self
    }

    pub(crate) fn in_source(mut self, place: Option<Place>) -> Self {
        self.source = place;
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help: &String| !help.is_empty());
        self
    }
}

/// ```text
/// warning: `GET /stream` cannot be declared: the response is another protocol (101)
///   --> openapi.yaml:120
///   = help: use a client for that protocol
/// ```
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.message)?;
        if let Some(place) = &self.document {
            write!(f, "\n  --> {place}")?;
        }
        if let Some(place) = &self.source {
            write!(f, "\n  ::: {place}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  = help: {help}")?;
        }
        Ok(())
    }
}

impl Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct At {
            file: String,
            line: u32,
        }
        #[derive(Serialize)]
        struct Json<'a> {
            level: Level,
            message: &'a str,
            document: Option<At>,
            source: Option<At>,
            help: Option<&'a str>,
        }
        let at = |place: &Place| At { file: place.file.display().to_string(), line: place.line };
        Json {
            level: self.level,
            message: &self.message,
            document: self.document.as_ref().map(at),
            source: self.source.as_ref().map(at),
            help: self.help.as_deref(),
        }
        .serialize(serializer)
    }
}
