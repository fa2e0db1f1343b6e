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

    /// The types that are named in it.
    pub(crate) fn named(&self) -> Option<usize> {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) => inner.named(),
            Self::Named(index) => Some(*index),
            _ => None,
        }
    }

    /// Whether any JSON is part of it.
    pub(crate) fn is_untyped(&self) -> bool {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) => inner.is_untyped(),
            Self::Value => true,
            _ => false,
        }
    }

    /// Whether an object of any content is part of it.
    pub(crate) fn is_free_object(&self) -> bool {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) | Self::Boxed(inner) => inner.is_free_object(),
            Self::Object => true,
            _ => false,
        }
    }
}
