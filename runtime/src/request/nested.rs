//! Nested values in brackets: `metadata[key]=v`, `items[0][price]=p`.
//!
//! `None`, empty lists, and empty maps are omitted, as everywhere in a request. `serde_qs` writes them as empty values,
//! by which Stripe and others delete what they have stored, and it accepts no newtype as the key of a map.

use std::fmt::{Display, Write};

use serde::ser::{self, Error as _, Serialize, Serializer};
use serde_json::Error;

use super::scalar::scalar;
use super::{Request, RequestErrorKind};
use crate::endpoint::ListStyle;

impl Request {
    /// Appends nested query parameters below `key`, or those of the fields of `value`.
    pub(crate) fn nested_query<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        key: Option<&'static str>,
        lists: ListStyle,
        value: &T,
    ) {
        match encoded(key, lists, value) {
            Ok(pairs) => self.append(&pairs),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }

    /// Sets a nested form body.
    pub(crate) fn nested_form<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        media_type: &'static str,
        lists: ListStyle,
        body: &T,
    ) {
        match encoded(None, lists, body) {
            Ok(form) => self.bytes(media_type, form.into()),
            Err(error) => self.refuse(name, RequestErrorKind::Serialize(error.into())),
        }
    }
}

fn encoded<T: Serialize + ?Sized>(key: Option<&str>, lists: ListStyle, value: &T) -> Result<String, Error> {
    let mut pairs = Pairs { pairs: Vec::new(), key: key.map(str::to_owned), lists };
    value.serialize(&mut pairs)?;
    serde_html_form::to_string(&pairs.pairs).map_err(Error::custom)
}

struct Pairs {
    pairs: Vec<(String, String)>,
    /// The key of the current value, or `None` outside of all fields.
    key: Option<String>,
    lists: ListStyle,
}

impl Pairs {
    fn push(&mut self, value: impl Display) -> Result<(), Error> {
        let key = self.key.clone().ok_or_else(|| Error::custom("expected a struct or a map"))?;
        self.pairs.push((key, value.to_string()));
        Ok(())
    }

    /// Writes a value below the current key.
    fn push_below<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let outer = self.enter(name);
        value.serialize(&mut *self)?;
        self.leave(outer);
        Ok(())
    }

    /// Appends a name to the current key. Returns the length of the key so far, by which [`leave`](Self::leave)
    /// restores it.
    fn enter(&mut self, name: &str) -> Option<usize> {
        let Some(key) = &mut self.key else {
            self.key = Some(name.to_owned());
            return None;
        };
        let length = key.len();
        // Writing to a string cannot fail.
        let _ = write!(key, "[{name}]");
        Some(length)
    }

    fn leave(&mut self, outer: Option<usize>) {
        match (&mut self.key, outer) {
            (Some(key), Some(length)) => key.truncate(length),
            (key, _) => *key = None,
        }
    }

    fn level(&mut self) -> Level<'_> {
        Level { outer: None, index: 0, name: String::new(), pairs: self }
    }

    /// Begins a level below the name of a variant.
    fn variant(&mut self, name: &str) -> Level<'_> {
        let outer = self.enter(name);
        Level { outer: Some(outer), index: 0, name: String::new(), pairs: self }
    }
}

/// A list, a map, or a struct.
struct Level<'a> {
    pairs: &'a mut Pairs,
    /// The key to restore at the end, if the level is that of a variant.
    outer: Option<Option<usize>>,
    index: usize,
    /// The key of a map whose value is next.
    name: String,
}

impl Level<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.pairs.key.is_none() {
            return Err(Error::custom("expected a struct or a map, found a list"));
        }
        let index = self.index;
        self.index += 1;
        match self.pairs.lists {
            ListStyle::Indices => self.pairs.push_below(&index.to_string(), value),
            ListStyle::Brackets => self.pairs.push_below("", value),
            _ => value.serialize(&mut *self.pairs),
        }
    }

    fn finish(self) {
        if let Some(outer) = self.outer {
            self.pairs.leave(outer);
        }
    }
}

/// Values that are written by their `Display` form.
macro_rules! displayed {
    ($($method:ident: $ty:ty),*) => {$(
        fn $method(self, value: $ty) -> Result<(), Error> {
            self.push(value)
        }
    )*};
}

impl<'a> Serializer for &'a mut Pairs {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Level<'a>;
    type SerializeTuple = Level<'a>;
    type SerializeTupleStruct = Level<'a>;
    type SerializeTupleVariant = Level<'a>;
    type SerializeMap = Level<'a>;
    type SerializeStruct = Level<'a>;
    type SerializeStructVariant = Level<'a>;

    displayed! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    }

    // `Debug` keeps the `.0` of whole numbers, as in other queries.
    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.push(format_args!("{value:?}"))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.push(format_args!("{value:?}"))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        Err(Error::custom("expected text, found bytes"))
    }

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.push(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.push_below(variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Level<'a>, Error> {
        Ok(self.level())
    }

    fn serialize_tuple(self, _: usize) -> Result<Level<'a>, Error> {
        Ok(self.level())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Level<'a>, Error> {
        Ok(self.level())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Level<'a>, Error> {
        Ok(self.variant(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Level<'a>, Error> {
        Ok(self.level())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Level<'a>, Error> {
        Ok(self.level())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Level<'a>, Error> {
        Ok(self.variant(variant))
    }
}

macro_rules! lists {
    ($($kind:ident $method:ident),*) => {$(
        impl ser::$kind for Level<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

lists!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

macro_rules! structs {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Level<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.pairs.push_below(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

structs!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Level<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.name = scalar(key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let name = std::mem::take(&mut self.name);
        self.pairs.push_below(&name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
