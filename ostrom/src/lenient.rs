//! Reading what the document describes loosely.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// A list; `null` is an empty one.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A day, which the document calls "in ISO format" and shows as `2024-03-22`. A moment is read too: as its day in
/// Germany, where a day begins an hour or two before it does in UTC.
pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    deserializer.deserialize_option(Day)
}

struct Day;

impl<'de> Visitor<'de> for Day {
    type Value = Option<Date>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day in ISO format, such as 2024-03-22")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let day = match text.parse::<Timestamp>() {
            Ok(moment) => Ok(crate::day_of(moment)),
            Err(_) => text.parse(),
        };
        day.map(Some).map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Held {
        #[serde(default, deserialize_with = "day")]
        day: Option<Date>,
        #[serde(default, deserialize_with = "list")]
        list: Vec<u8>,
    }

    fn read(json: &str) -> Result<Held, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_day_is_read_from_a_day_or_a_moment() {
        for text in ["2024-03-22", "2024-03-22T00:00:00.000Z", "2024-03-21T23:00:00.000Z", "2024-03-22T00:00:00+01:00"]
        {
            let held = read(&format!("{{\"day\":\"{text}\"}}")).unwrap();
            assert_eq!(held.day, Some(date(2024, 3, 22)), "{text}");
        }
        assert!(read(r#"{"day":"22.03.2024"}"#).is_err());
        assert!(read(r#"{"day":20240322}"#).is_err());
    }

    #[test]
    fn nothing_is_none_and_empty() {
        for json in ["{}", r#"{"day":null,"list":null}"#] {
            let held = read(json).unwrap();
            assert_eq!((held.day, held.list), (None, Vec::new()));
        }
        assert_eq!(read(r#"{"list":[1,2]}"#).unwrap().list, [1, 2]);
    }
}
