//! The encoding of a query.

use std::borrow::Cow;

/// How the names and values of the query are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryEncoding {
    /// As a form (`application/x-www-form-urlencoded` of the WHATWG URL standard): a space is `+`.
    Form,
    /// By RFC 3986: all but its unreserved characters is percent-encoded, a space is `%20`. `$` stays as it is.
    Percent,
}

impl QueryEncoding {
    /// Returns form-encoded pairs in this encoding. Pairs that are in it already do not change.
    pub(crate) fn of_form(self, form: &str) -> Cow<'_, str> {
        match self {
            Self::Form => Cow::Borrowed(form),
            Self::Percent => {
                Cow::Owned(form.replace('+', "%20").replace('*', "%2A").replace("%7E", "~").replace("%24", "$"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'$');

    proptest! {
        #[test]
        fn any_pair_is_percent_encoded(name in "\\PC{0,9}", value in "[+*%~$24&= \\PC]{0,12}") {
            let form = serde_html_form::to_string([(&name, &value)]).unwrap();
            let encode = |text: &str| utf8_percent_encode(text, &KEPT).to_string();
            let expected = format!("{}={}", encode(&name), encode(&value));
            let percent = QueryEncoding::Percent.of_form(&form);
            prop_assert_eq!(&*percent, &expected);
            prop_assert_eq!(&*QueryEncoding::Percent.of_form(&percent), &expected);
            prop_assert_eq!(&*QueryEncoding::Form.of_form(&form), &form);
        }
    }
}
