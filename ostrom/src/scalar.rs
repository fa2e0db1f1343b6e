//! A JSON value as the live API sends it, before a field decides what to make of it.
//!
//! The API specification is loose about types, and the live API deviates from it: numbers arrive as strings and strings
//! as numbers. One odd value must not lose a whole list, so a field reads any JSON value without an error and keeps
//! what it can.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// A JSON value. Arrays and objects are skipped, because no scalar field can use them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'de> {
    Text(Cow<'de, str>),
    Unsigned(u64),
    Signed(i64),
    Double(f64),
    Bool(bool),
    Null,
    Compound,
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Unsigned(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Signed(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Double(number))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Compound)
    }

    /// An object, or a number: with `serde_json/arbitrary_precision`, which any crate of a program can enable, numbers
    /// with a fraction and very large ones arrive as a map that contains their text. They are read as a double all the
    /// same, so that values do not depend on the features of `serde_json`.
    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        match Value::deserialize(MapAccessDeserializer::new(object))? {
            Value::Number(number) => Ok(number.as_f64().map_or(Scalar::Compound, Scalar::Double)),
            _ => Ok(Scalar::Compound),
        }
    }
}

/// A type that a field keeps of a [`Scalar`]. `None` if the value cannot be one.
pub(crate) trait FromScalar: Sized {
    fn from_scalar(value: Scalar<'_>) -> Option<Self>;
}

/// Text, or a number as text: `houseNumber: 35` is `"35"`.
impl FromScalar for String {
    fn from_scalar(value: Scalar<'_>) -> Option<Self> {
        match value {
            Scalar::Text(text) => Some(text.into_owned()),
            Scalar::Unsigned(number) => Some(number.to_string()),
            Scalar::Signed(number) => Some(number.to_string()),
            Scalar::Double(number) => Some(number.to_string()),
            Scalar::Bool(_) | Scalar::Null | Scalar::Compound => None,
        }
    }
}
