//! Ids: numbers in the API specification, strings in its examples, both in the live API.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::{FromScalar, Scalar};

/// The id of a contract, an order, or a webhook.
///
/// The API specification types ids as numbers and shows them as strings, and the live API sends both. Both are
/// accepted and serialized again in the same form. Ids are equal if their text is equal, regardless of the form.
///
/// ```
/// use ostrom::Id;
///
/// let id = Id::from(100523456);
/// assert_eq!(id, Id::from("100523456"));
/// assert_eq!(id.to_string(), "100523456");
/// ```
#[derive(Clone)]
pub struct Id {
    text: Box<str>,
    /// The form in which it was received, and is serialized.
    form: Form,
}

#[derive(Clone, Copy)]
enum Form {
    Text,
    Unsigned(u64),
    Signed(i64),
    Double(f64),
}

impl Id {
    /// Returns the id as it appears in a path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self { text: number.to_string().into(), form: Form::Unsigned(number) }
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self { text: text.into(), form: Form::Text }
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self { text: text.into(), form: Form::Text }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Text => write!(f, "Id({:?})", self.text),
            Form::Unsigned(_) | Form::Signed(_) | Form::Double(_) => write!(f, "Id({})", self.text),
        }
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Id {}

impl std::hash::Hash for Id {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        &*self.text == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        &*self.text == *other
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            Form::Text => serializer.serialize_str(&self.text),
            Form::Unsigned(number) => serializer.serialize_u64(number),
            Form::Signed(number) => serializer.serialize_i64(number),
            Form::Double(number) => serializer.serialize_f64(number),
        }
    }
}

/// A fractional number is kept as its text: the server that sent it may know it. A number with more digits than a double
/// holds is unknown, because an id that lost digits is another id.
impl FromScalar for Id {
    fn from_scalar(value: Scalar<'_>) -> Option<Self> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match value {
            Scalar::Text(text) => Some(text.into_owned().into()),
            Scalar::Unsigned(number) => Some(number.into()),
            Scalar::Signed(number) => Some(Self { text: number.to_string().into(), form: Form::Signed(number) }),
            Scalar::Double(number) if number.abs() >= EXACT => None,
            // `100523456.0` is 100523456.
            Scalar::Double(number) if number.fract() == 0.0 =>
            {
                #[allow(clippy::cast_possible_truncation)]
                Self::from_scalar(Scalar::Signed(number as i64))
            }
            Scalar::Double(number) => Some(Self { text: number.to_string().into(), form: Form::Double(number) }),
            Scalar::Bool(_) | Scalar::Null | Scalar::Compound => None,
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Scalar::deserialize(deserializer)?;
        Self::from_scalar(value).ok_or_else(|| Error::custom("expected an id, a number or a string"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Id, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn numbers_and_strings_keep_their_form() {
        for json in ["100523456", "\"100523456\"", "-1", "18446744073709551615", "\"0042\"", "\"a-b\"", "1.5"] {
            let id = read(json).unwrap();
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
            assert_eq!(id, json.trim_matches('"'));
        }
    }

    #[test]
    fn a_whole_number_may_have_a_fraction_of_zero() {
        assert_eq!(read("100523456.0").unwrap(), "100523456");
        assert_eq!(read("1.00523456e8").unwrap(), "100523456");
    }

    #[test]
    fn a_value_that_is_not_an_id_or_has_lost_digits_is_an_error() {
        for json in ["1e30", "18446744073709551616", "true", "null", "[]", "{}"] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn ids_are_equal_in_either_form() {
        assert_eq!(read("42").unwrap(), read("\"42\"").unwrap());
        assert_ne!(read("\"042\"").unwrap(), read("\"42\"").unwrap());
        assert_eq!(format!("{:>4}|{:?}|{:?}", Id::from(42), Id::from(42), Id::from("42")), "  42|Id(42)|Id(\"42\")");
    }
}
