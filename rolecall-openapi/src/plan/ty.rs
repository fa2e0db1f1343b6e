//! Types of Rust.

/// A type of Rust, owned.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Ty {
    Unit,
    Text,
    Bool,
    /// `i64`, `u32`, and so on.
    Integer(&'static str),
    Float(&'static str),
    /// Any JSON.
    Value,
    /// A JSON object of any content.
    Object,
    List(Box<Ty>),
    /// Values by free keys.
    Map(Box<Ty>),
    Optional(Box<Ty>),
    Boxed(Box<Ty>),
    /// An index into the plan's types.
    Named(usize),
    /// A type of `rolecall` that determines how a body is read or sent.
    Runtime(&'static str),
    /// A type of `rolecall` around another: `Events`, `JsonLines`, `Page`, `Conditional`.
    Of(&'static str, Box<Ty>),
}

impl Ty {
    pub(crate) fn optional(self) -> Self {
        match self {
            Self::Optional(_) => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    pub(crate) fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// The type without `Option`.
    pub(crate) fn required(self) -> Self {
        match self {
            Self::Optional(inner) => *inner,
            other => other,
        }
    }

    /// The type of a response's content, without the types that say how it is read.
    pub(crate) fn content(&self) -> &Self {
        match self {
            Self::Optional(inner) | Self::Of(_, inner) => inner.content(),
            other => other,
        }
    }

    /// The names of `rolecall`'s types in it.
    pub(crate) fn runtime(&self) -> Vec<&'static str> {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) => inner.runtime(),
            Self::Runtime(name) => vec![name],
            Self::Of(name, inner) => {
                let mut names = inner.runtime();
                names.push(name);
                names
            }
            _ => Vec::new(),
        }
    }

    /// The types that are named in it.
    pub(crate) fn named(&self) -> Option<usize> {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) | Self::Of(_, inner) => {
                inner.named()
            }
            Self::Named(index) => Some(*index),
            _ => None,
        }
    }

    /// Whether any JSON is part of it.
    pub(crate) fn is_untyped(&self) -> bool {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) | Self::Of(_, inner) => {
                inner.is_untyped()
            }
            Self::Value => true,
            _ => false,
        }
    }

    /// Whether an object of any content is part of it.
    pub(crate) fn is_free_object(&self) -> bool {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) | Self::Of(_, inner) => {
                inner.is_free_object()
            }
            Self::Object => true,
            _ => false,
        }
    }
}
