//! Ids: numbers in the API specification, strings in its examples, both in the live API.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
            Form::Unsigned(_) | Form::Signed(_) => write!(f, "Id({})", self.text),
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
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl Visitor<'_> for Either {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id, a whole number or a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
        Ok(Id::from(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id::from(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id { text: number.to_string().into(), form: Form::Signed(number) })
    }

    /// A whole number may be written with a fraction of nothing, `100523456.0`. Beyond 2^53 a double has lost digits,
    /// and an id with digits missing is another one.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Id, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() < EXACT {
            #[allow(clippy::cast_possible_truncation)]
            return self.visit_i64(number as i64);
        }
        Err(E::invalid_value(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Id, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn numbers_and_strings_are_read_and_written_as_they_came() {
        for json in ["100523456", "\"100523456\"", "-1", "18446744073709551615", "\"0042\"", "\"a-b\""] {
            let id = read(json).unwrap();
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
            assert_eq!(id, json.trim_matches('"'));
        }
    }

    #[test]
    fn a_fraction_of_nothing_is_none() {
        assert_eq!(read("100523456.0").unwrap(), "100523456");
        assert_eq!(read("1.00523456e8").unwrap(), "100523456");
    }

    #[test]
    fn what_is_no_id_or_has_lost_digits_is_refused() {
        for json in ["1.5", "1e30", "18446744073709551616", "true", "null", "[]", "{}"] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn the_same_id_is_equal_however_it_was_sent() {
        assert_eq!(read("42").unwrap(), read("\"42\"").unwrap());
        assert_ne!(read("\"042\"").unwrap(), read("\"42\"").unwrap());
        assert_eq!(format!("{:>4}|{:?}|{:?}", Id::from(42), Id::from(42), Id::from("42")), "  42|Id(42)|Id(\"42\")");
    }
}
