//! Money and energy on the wire: a number, or a string with a number in it, read digit for digit.
//!
//! serde hands a JSON number with a fraction over as a double. The shortest decimal that names this double is what
//! stood in the JSON, for all numbers of up to 15 significant digits and for all that a server wrote from doubles of
//! its own, as JavaScript does (RFC 8259, section 6, expects no more of a JSON number). Strings and whole numbers are
//! read as they are. What doesn't fit into the 28 digits of a decimal is an error, not a rounded value.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};

/// Writes a number where a double names it exactly, else a string.
pub(crate) fn serialize<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(value) = value.map(|value| value.normalize()) else {
        return serializer.serialize_none();
    };
    let text = value.to_string();
    if let Ok(whole) = i64::from_str(&text) {
        return serializer.serialize_i64(whole);
    }
    match f64::from_str(&text) {
        Ok(double) if double.to_string() == text => serializer.serialize_f64(double),
        _ => serializer.serialize_str(&text),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    deserializer.deserialize_option(Optional)
}

struct Optional;

impl<'de> Visitor<'de> for Optional {
    type Value = Option<Decimal>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Number.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(Number).map(Some)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a string with a number in it, of at most 28 digits")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
        let trimmed = text.trim();
        Decimal::from_str_exact(trimmed)
            .or_else(|_| Decimal::from_scientific(trimmed))
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Decimal, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Decimal, E> {
        let text = number.to_string();
        // A sum of doubles that should be zero may be 2.7e-17: what is left of it after 28 digits is no value.
        let rest = || (number.abs() < 1e-10).then(|| Decimal::from_str(&text).ok()).flatten();
        Decimal::from_str_exact(&text)
            .ok()
            .or_else(rest)
            .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Amount {
        #[serde(with = "super")]
        value: Option<Decimal>,
    }

    fn read(json: &str) -> Result<Option<Decimal>, serde_json::Error> {
        serde_json::from_str::<Amount>(&format!("{{\"value\":{json}}}")).map(|amount| amount.value)
    }

    #[test]
    fn numbers_and_strings_are_read_digit_for_digit() {
        for (json, expected) in [
            ("120", "120"),
            ("120.5", "120.5"),
            ("\"120.50\"", "120.50"),
            ("\" 120.50 \"", "120.50"),
            ("0.48", "0.48"),
            ("-0.1", "-0.1"),
            ("30.659999999999997", "30.659999999999997"),
            ("1.5e3", "1500"),
            ("\"1.5e3\"", "1500"),
            ("18446744073709551615", "18446744073709551615"),
            ("\"1234567890.123456789012345678\"", "1234567890.123456789012345678"),
        ] {
            assert_eq!(read(json).unwrap().unwrap().to_string(), expected, "{json}");
        }
    }

    #[test]
    fn nothing_is_none() {
        assert_eq!(read("null").unwrap(), None);
        assert_eq!(serde_json::from_str::<Amount>("{}").unwrap().value, None);
    }

    #[test]
    fn what_would_lose_digits_or_is_no_number_is_refused() {
        for json in ["1e300", "\"0.12345678901234567890123456789\"", "\"\"", "\"12,5\"", "\"EUR 5\"", "true", "[]"] {
            assert!(read(json).is_err(), "{json}: {:?}", read(json));
        }
    }

    #[test]
    fn the_dust_of_doubles_is_no_error() {
        let dust = read("2.7755575615628914e-17").unwrap().unwrap();
        assert_eq!(dust.round_dp(10), Decimal::ZERO);
        assert_eq!(read("1e-300").unwrap(), Some(Decimal::ZERO));
    }

    #[test]
    fn a_double_that_does_not_name_the_value_is_not_used() {
        let written = |text: &str| {
            let value = Some(text.parse().unwrap());
            serde_json::to_string(&Amount { value }).unwrap()
        };
        assert_eq!(written("120.00"), "{\"value\":120}");
        assert_eq!(written("92.6"), "{\"value\":92.6}");
        assert_eq!(written("0.1234567890123456789"), "{\"value\":\"0.1234567890123456789\"}");
    }

    proptest! {
        #[test]
        fn all_prices_survive_the_wire(mantissa in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..=15) {
            let value = Decimal::new(mantissa, scale);
            let json = serde_json::to_string(&Amount { value: Some(value) }).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap().value, Some(value));
            // A server writes numbers, and perhaps more digits than there need be.
            prop_assert_eq!(read(&value.to_string()).unwrap(), Some(value));
        }
    }
}
