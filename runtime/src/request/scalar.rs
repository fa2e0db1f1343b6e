//! The text of a serialized value, for locations that hold one value.

use serde::Serialize;
use serde::ser::Error as _;
use serde_json::Error;

/// Returns the text of a serialized string, number, boolean, or unit variant.
pub(super) fn scalar<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    // By its JSON text, which keeps the digits of a number; a `serde_json::Value` does not keep those of an `f32`.
    let json = serde_json::to_string(value)?;
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(&json),
        Some(b'{' | b'[' | b'n') | None => Err(Error::custom("expected a string, a number, or a boolean")),
        Some(_) => Ok(json),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        ByName,
        Other(u8),
    }

    #[derive(Serialize)]
    struct Id<T>(T);

    #[test]
    fn one_value_is_its_text() {
        assert_eq!(scalar("a \"b\"\n\u{e4}").unwrap(), "a \"b\"\n\u{e4}");
        assert_eq!(scalar(&Kind::ByName).unwrap(), "by-name");
        assert_eq!(scalar(&Id("x")).unwrap(), "x");
        assert_eq!(scalar(&Id(0.1_f32)).unwrap(), "0.1");
        assert_eq!(scalar(&u128::MAX).unwrap(), u128::MAX.to_string());
        assert_eq!(scalar(&Some(true)).unwrap(), "true");
        assert_eq!(scalar("null").unwrap(), "null");
    }

    #[test]
    fn anything_else_is_an_error() {
        assert!(scalar(&[1]).is_err());
        assert!(scalar(&()).is_err());
        assert!(scalar(&f64::NAN).is_err());
        assert!(scalar(&None::<u8>).is_err());
        assert!(scalar(&Kind::Other(1)).is_err());
        assert!(scalar(&BTreeMap::from([("a", 1)])).is_err());
    }
}
