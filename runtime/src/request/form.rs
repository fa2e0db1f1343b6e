//! The fields of a struct or map as a form, which is also the format of a query.

use serde::Serialize;
use serde_path_to_error::Track;

use crate::error::Cause;

/// A value that cannot be written as a form.
#[derive(Debug)]
pub(super) struct FieldError {
    /// The field that cannot be written, or `None` if it is the value as a whole.
    field: Option<String>,
    pub(super) cause: Cause,
}

/// Writes the fields of a value.
pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, FieldError> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let mut track = Track::new();
    let fields = serde_html_form::ser::Serializer::new(&mut form);
    match value.serialize(serde_path_to_error::Serializer::new(fields, &mut track)) {
        Ok(_) => Ok(form.finish()),
        Err(error) => {
            let path = track.path();
            let field = path.iter().next().is_some().then(|| path.to_string());
            Err(FieldError { field, cause: error.into() })
        }
    }
}

impl FieldError {
    /// Returns the message: what cannot be written, and what can.
    pub(super) fn message(&self, parameter: &str) -> String {
        let cause = &self.cause;
        match &self.field {
            Some(field) => format!(
                "could not serialize argument `{parameter}`, field `{field}`: {cause}; a field is text, a number, a `bool`, \
                 or a list of these: add `#[serde(flatten)]` to `{field}` to write its fields in its place, or \
                 `#[serde(serialize_with = \"…\")]` to write it as text"
            ),
            None => format!(
                "could not serialize argument `{parameter}`: {cause}; the argument must have fields, as a struct or a map has"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serializer;

    use super::*;

    #[derive(Serialize)]
    struct Range {
        from: u8,
        to: Option<u8>,
    }

    #[derive(Serialize)]
    struct Filter<T> {
        name: &'static str,
        value: T,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        New,
        Of(u8),
    }

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Visitor {
        Gardener { id: u8 },
        Guest(Range),
    }

    struct Fails;

    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("it is closed"))
        }
    }

    fn filter<T: Serialize>(value: T) -> Result<String, FieldError> {
        write(&Filter { name: "a b", value })
    }

    #[test]
    fn text_numbers_lists_and_flattened_fields_are_written() {
        assert_eq!(filter(1.5).unwrap(), "name=a+b&value=1.5");
        assert_eq!(filter(None::<u8>).unwrap(), "name=a+b");
        assert_eq!(filter(vec![true, false]).unwrap(), "name=a+b&value=true&value=false");
        assert_eq!(filter(Kind::New).unwrap(), "name=a+b&value=new");
        assert_eq!(write(&BTreeMap::from([("a", 1), ("b", 2)])).unwrap(), "a=1&b=2");
        assert_eq!(write(&Range { from: 1, to: None }).unwrap(), "from=1");
        assert_eq!(write(&[("a", 1), ("a", 2)]).unwrap(), "a=1&a=2");
        assert_eq!(write(&Visitor::Gardener { id: 7 }).unwrap(), "id=7");
        assert_eq!(write(&Visitor::Guest(Range { from: 1, to: None })).unwrap(), "from=1");
    }

    #[test]
    fn a_field_that_cannot_be_written_is_named() {
        let range = Range { from: 1, to: Some(2) };
        for (written, field) in [
            (filter(&range), "value"),
            (filter(BTreeMap::from([("a", 1)])), "value"),
            (filter(vec![&range]), "value[0]"),
            (filter(vec![vec![1]]), "value[0]"),
            (filter((1, 2)), "value"),
            (filter(()), "value"),
            (filter(Kind::Of(1)), "value"),
            (filter(Fails), "value"),
            (filter(vec![Ok(1), Err(Fails)].into_iter().map(Either).collect::<Vec<_>>()), "value[1]"),
            (write(&BTreeMap::from([("an_id", &range)])), "an_id"),
        ] {
            let error = written.unwrap_err();
            let message = error.message("filter");
            assert_eq!(error.field.as_deref(), Some(field), "{message}");
            assert!(
                message.starts_with(&format!("could not serialize argument `filter`, field `{field}`: ")),
                "{message}"
            );
            assert!(message.contains("#[serde(flatten)]"), "{message}");
        }
    }

    #[test]
    fn a_value_without_fields_is_no_form() {
        for written in [write(&1), write("a"), write(&Kind::New), write(&Some(Kind::Of(1))), write(&Fails)] {
            let message = written.unwrap_err().message("filter");
            assert!(message.starts_with("could not serialize argument `filter`: "), "{message}");
            assert!(message.ends_with("the argument must have fields, as a struct or a map has"), "{message}");
        }
    }

    struct Either(Result<u8, Fails>);

    impl Serialize for Either {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match &self.0 {
                Ok(number) => number.serialize(serializer),
                Err(fails) => fails.serialize(serializer),
            }
        }
    }
}
