//! Fields and lists that one odd value does not break.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::number_map;
use crate::scalar::{FromScalar, Scalar};
use crate::time::day_of;

/// Reads a field. A value that it cannot hold is `None`.
pub(crate) fn field<'de, D: Deserializer<'de>, T: FromScalar>(deserializer: D) -> Result<Option<T>, D::Error> {
    Scalar::deserialize(deserializer).map(T::from_scalar)
}

/// Reads an object. A value that is not an object is `None`.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(Object(PhantomData))
}

/// Reads a list of objects. `null` is an empty list, and elements that are not objects are skipped.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_option(List(PhantomData))
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        match number_map::object(object)? {
            Some(object) => T::deserialize(MapAccessDeserializer::new(object)).map(Some),
            None => Ok(None),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// An element of a list.
struct Element<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Element(element)) = elements.next_element()? {
            list.extend(element);
        }
        Ok(list)
    }
}

/// The API specification calls a day "in ISO format" and shows `2024-03-22`. A timestamp is accepted too: it counts as
/// its day in Germany, which starts an hour or two before the day in UTC.
impl FromScalar for Date {
    fn from_scalar(value: Scalar<'_>) -> Option<Self> {
        let Scalar::Text(text) = value else { return None };
        match text.parse::<Timestamp>() {
            Ok(moment) => Some(day_of(moment)),
            Err(_) => text.parse().ok(),
        }
    }
}

impl FromScalar for Timestamp {
    fn from_scalar(value: Scalar<'_>) -> Option<Self> {
        let Scalar::Text(text) = value else { return None };
        text.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(default)]
    #[derive(Default)]
    struct Item {
        #[serde(deserialize_with = "field")]
        day: Option<Date>,
        #[serde(deserialize_with = "field")]
        date: Option<Timestamp>,
        #[serde(deserialize_with = "field")]
        text: Option<String>,
        #[serde(deserialize_with = "object")]
        inner: Option<Box<Item>>,
        #[serde(deserialize_with = "list")]
        list: Vec<Item>,
    }

    fn read(json: &str) -> Item {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_day_is_read_from_a_day_or_a_timestamp() {
        for text in ["2024-03-22", "2024-03-22T00:00:00.000Z", "2024-03-21T23:00:00.000Z", "2024-03-22T00:00:00+01:00"]
        {
            assert_eq!(read(&format!("{{\"day\":\"{text}\"}}")).day, Some(date(2024, 3, 22)), "{text}");
        }
    }

    #[test]
    fn a_value_that_a_field_cannot_hold_is_none() {
        for value in ["null", "\"22.03.2024\"", "20240322", "2.5", "-1", "true", "[[1],{}]", "{\"a\":{\"b\":1}}"] {
            let item = read(&format!("{{\"day\":{value},\"date\":{value},\"text\":null}}"));
            assert_eq!(item, Item::default(), "{value}");
        }
        for value in ["null", "\"text\"", "1", "-1", "1.5", "false", "[1,{}]"] {
            assert_eq!(read(&format!("{{\"inner\":{value}}}")).inner, None, "{value}");
        }
        assert!(read(r#"{"inner":{}}"#).inner.is_some());
    }

    #[test]
    fn a_number_is_read_as_text() {
        for (value, text) in [("35", "35"), ("\"35a\"", "35a"), ("-1", "-1"), ("22083.5", "22083.5")] {
            assert_eq!(read(&format!("{{\"text\":{value}}}")).text.as_deref(), Some(text), "{value}");
        }
    }

    #[test]
    fn elements_that_are_not_objects_are_skipped() {
        for list in ["null", "[]", "[null]", "[1,\"a\",true,[{}],null,-1,0.5]"] {
            assert_eq!(read(&format!("{{\"list\":{list}}}")).list, [], "{list}");
        }
        let list = read(r#"{"list":[null,{"text":"a"},7,{"text":[]},{"text":"b"}]}"#).list;
        let texts: Vec<_> = list.into_iter().map(|item| item.text).collect();
        assert_eq!(texts, [Some("a".to_owned()), None, Some("b".to_owned())]);
    }

    #[test]
    fn a_list_that_is_not_a_list_is_an_error() {
        for list in ["1", "\"a\"", "{}"] {
            assert!(serde_json::from_str::<Item>(&format!("{{\"list\":{list}}}")).is_err(), "{list}");
        }
    }
}
