//! An amount of money that keeps what it cannot read.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::exact;
use crate::scalar::{FromScalar, Scalar};

/// An amount in EUR.
///
/// The API specification types some amounts as strings and shows them as numbers. Both are accepted, and so is the
/// German notation `120,50`. Text that is not a number is kept, so that it can be shown.
///
/// ```
/// use ostrom::{Amount, Decimal};
///
/// assert_eq!(Amount::from("120,50".to_owned()).known(), Some(Decimal::new(12050, 2)));
/// assert_eq!(Amount::from("about 100".to_owned()), Amount::Unknown("about 100".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// A number.
    Known(Decimal),
    /// Text that is not a number, as the server sent it.
    Unknown(String),
}

impl Amount {
    /// Returns the number, or `None` if the text is not a number.
    #[must_use]
    pub fn known(&self) -> Option<Decimal> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Unknown(_) => None,
        }
    }
}

impl From<Decimal> for Amount {
    fn from(value: Decimal) -> Self {
        Self::Known(value)
    }
}

impl From<String> for Amount {
    fn from(text: String) -> Self {
        match Decimal::from_scalar(Scalar::Text(text.as_str().into())) {
            Some(value) => Self::Known(value),
            None => Self::Unknown(text),
        }
    }
}

/// An empty text is not an amount.
impl FromScalar for Amount {
    fn from_scalar(value: Scalar<'_>) -> Option<Self> {
        match value {
            Scalar::Text(text) if text.trim().is_empty() => None,
            Scalar::Text(text) => Some(text.into_owned().into()),
            number => Decimal::from_scalar(number.clone())
                .map(Self::Known)
                .or_else(|| String::from_scalar(number).map(Self::Unknown)),
        }
    }
}

/// Formats the number, or the text that is not a number.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Unknown(text) => f.pad(text),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => exact::serialize_decimal(*value, serializer),
            Self::Unknown(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Scalar::deserialize(deserializer)?;
        Self::from_scalar(value).ok_or_else(|| serde::de::Error::custom("expected an amount"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Amount> {
        Amount::from_scalar(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn numbers_are_read_and_other_text_is_kept() {
        for (json, expected) in
            [("120", "120"), ("\"120.50\"", "120.50"), ("\"120,50\"", "120.50"), ("\" 95 \"", "95"), ("119.5", "119.5")]
        {
            let amount = read(json).unwrap();
            assert_eq!(
                (amount.known().map(|value| value.to_string()), amount.to_string()),
                (Some(expected.to_owned()), expected.to_owned())
            );
        }
        for text in ["about 100", "1,234", "EUR 5"] {
            let amount = read(&format!("\"{text}\"")).unwrap();
            assert_eq!((amount.known(), amount.to_string()), (None, text.to_owned()));
            assert_eq!(serde_json::to_string(&amount).unwrap(), format!("\"{text}\""));
        }
        for json in ["null", "\"\"", "\" \"", "true", "[]", "{}"] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
