//! Objects told apart from numbers that arrive as a map.
//!
//! With `serde_json/arbitrary_precision`, which any crate of a program can enable, numbers with a fraction and very large
//! ones arrive as a map of one entry, under a name that no server uses.

use serde::de::value::StringDeserializer;
use serde::de::{DeserializeSeed, IgnoredAny, IntoDeserializer, MapAccess};

const NUMBER: &str = "$serde_json::private::Number";

/// An object whose first name has been read, and is returned again.
pub(crate) struct Object<A> {
    first: Option<String>,
    rest: A,
}

/// Returns the object, or `None` if the map is a number.
pub(crate) fn object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Object<A>>, A::Error> {
    let first = map.next_key::<String>()?;
    if first.as_deref() == Some(NUMBER) {
        return map.next_value::<IgnoredAny>().map(|_| None);
    }
    Ok(Some(Object { first, rest: map }))
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Object<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(name) => {
                let name: StringDeserializer<A::Error> = name.into_deserializer();
                seed.deserialize(name).map(Some)
            }
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
