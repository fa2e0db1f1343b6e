//! Money and energy on the wire: a number, or a string that contains a number, read digit for digit.
//!
//! serde passes a JSON number with a fraction as the nearest double (`serde_json/float_roundtrip`). The shortest
//! decimal that identifies this double is the text of the JSON number, for all numbers with up to 15 significant digits
//! and for all that a server formatted from doubles, as JavaScript does (RFC 8259, section 6, expects no more of a JSON
//! number). Strings and whole numbers are read exactly. A number that does not fit into the 28 digits of a decimal is
//! unknown rather than rounded.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Serializer;

use crate::scalar::{FromScalar, Scalar};

/// Serializes as a number if a double represents the value exactly, and as a string otherwise.
pub(crate) fn serialize<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serialize_decimal(*value, serializer),
        None => serializer.serialize_none(),
    }
}

pub(crate) fn serialize_decimal<S: Serializer>(value: Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let text = value.normalize().to_string();
    if let Ok(whole) = i64::from_str(&text) {
        return serializer.serialize_i64(whole);
    }
    match f64::from_str(&text) {
        Ok(double) if double.to_string() == text => serializer.serialize_f64(double),
        _ => serializer.serialize_str(&text),
    }
}

impl FromScalar for Decimal {
    fn from_scalar(value: Scalar<'_>) -> Option<Self> {
        match value {
            Scalar::Text(text) => parse(text.trim()),
            Scalar::Unsigned(number) => Some(number.into()),
            Scalar::Signed(number) => Some(number.into()),
            Scalar::Double(number) => from_double(number),
            Scalar::Bool(_) | Scalar::Null | Scalar::Compound => None,
        }
    }
}

/// Parses `120.50`, `1.5e3`, and the German notation `120,50` and `1.234,50`. A comma counts as the decimal separator
/// only where it cannot be a thousands separator: `1,234` is unknown.
fn parse(text: &str) -> Option<Decimal> {
    match text.split_once(',') {
        None => Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok(),
        Some((whole, fraction)) => {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let mut groups = whole.strip_prefix('-').unwrap_or(whole).split('.');
            let first = groups.next().unwrap_or_default();
            let grouped = whole.contains('.');
            let whole_is_german = digits(first)
                && (!grouped || first.len() <= 3)
                && groups.all(|group| digits(group) && group.len() == 3);
            let is_fraction = digits(fraction) && (fraction.len() != 3 || grouped || first == "0");
            let german = whole_is_german && is_fraction;
            german.then(|| Decimal::from_str_exact(&format!("{}.{fraction}", whole.replace('.', ""))).ok()).flatten()
        }
    }
}

fn from_double(number: f64) -> Option<Decimal> {
    let text = number.to_string();
    // A sum of doubles that should be zero can be 2.7e-17. Rounding such a number to 28 digits loses nothing of value.
    let tiny = || (number.abs() < 1e-10).then(|| Decimal::from_str(&text).ok()).flatten();
    Decimal::from_str_exact(&text).ok().or_else(tiny)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::lenient;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Value {
        #[serde(serialize_with = "serialize", deserialize_with = "lenient::field")]
        value: Option<Decimal>,
    }

    fn read(json: &str) -> Option<Decimal> {
        serde_json::from_str::<Value>(&format!("{{\"value\":{json}}}")).unwrap().value
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
            ("1.10", "1.1"),
            ("1.5e3", "1500"),
            ("\"1.5e3\"", "1500"),
            ("18446744073709551615", "18446744073709551615"),
            ("\"1234567890.123456789012345678\"", "1234567890.123456789012345678"),
        ] {
            assert_eq!(read(json).unwrap().to_string(), expected, "{json}");
        }
    }

    #[test]
    fn a_decimal_comma_is_read_where_it_is_unambiguous() {
        for (json, expected) in [
            ("\"120,50\"", "120.50"),
            ("\"12,5\"", "12.5"),
            ("\"-0,125\"", "-0.125"),
            ("\"1.234,50\"", "1234.50"),
            ("\"1.234.567,891\"", "1234567.891"),
        ] {
            assert_eq!(read(json).unwrap().to_string(), expected, "{json}");
        }
        for json in
            ["\"1,234\"", "\"1,234.50\"", "\"1.23,45\"", "\"1234.567,8\"", "\",5\"", "\"5,\"", "\"1,2,3\"", "\"1,-5\""]
        {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn a_value_that_is_not_a_number_or_would_lose_digits_is_unknown() {
        assert_eq!(serde_json::from_str::<Value>("{}").unwrap().value, None);
        for json in
            ["null", "1e300", "\"0.12345678901234567890123456789\"", "\"\"", "\"EUR 5\"", "true", "[1]", "{\"a\":1}"]
        {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn rounding_errors_of_doubles_are_read() {
        let tiny = read("2.7755575615628914e-17").unwrap();
        assert_eq!(tiny.round_dp(10), Decimal::ZERO);
        assert_eq!(read("1e-300"), Some(Decimal::ZERO));
    }

    #[test]
    fn a_value_that_no_double_represents_is_serialized_as_a_string() {
        let written = |text: &str| {
            let value = Some(text.parse().unwrap());
            serde_json::to_string(&Value { value }).unwrap()
        };
        assert_eq!(written("120.00"), "{\"value\":120}");
        assert_eq!(written("92.6"), "{\"value\":92.6}");
        assert_eq!(written("0.1234567890123456789"), "{\"value\":\"0.1234567890123456789\"}");
    }

    proptest! {
        #[test]
        fn all_prices_survive_the_wire(mantissa in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..=15) {
            let value = Decimal::new(mantissa, scale);
            let json = serde_json::to_string(&Value { value: Some(value) }).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap().value, Some(value));
            // A server may write trailing zeros.
            prop_assert_eq!(read(&value.to_string()), Some(value));
        }

        #[test]
        fn what_a_server_formats_from_its_doubles_is_read_digit_for_digit(number in -1e9..1e9_f64) {
            let text = number.to_string();
            let expected = Decimal::from_str_exact(&text).unwrap();
            prop_assert_eq!(read(&text), Some(expected));
            let value: serde_json::Value = serde_json::from_str(&format!("{{\"value\":{text}}}")).unwrap();
            prop_assert_eq!(serde_json::from_value::<Value>(value).unwrap().value, Some(expected));
        }

        #[test]
        fn no_text_panics(text in "[-0-9.,e ]{0,20}") {
            let _ = parse(&text);
        }
    }
}
