//! What an API says of a failure in its own words.

use std::fmt;

use serde::Deserialize;

/// What the body of an API's error says: a kind for programs and a detail for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    kind: String,
    detail: String,
}

impl Problem {
    pub(crate) fn new(kind: &str, detail: &str) -> Self {
        Self { kind: kind.to_owned(), detail: detail.to_owned() }
    }

    /// The member `type` (in an OAuth2 error `error`); empty if there is none.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The member `detail` (or `title`, in an OAuth2 error `error_description`); empty if there is none.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// `not_found: no such user`, on one line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.kind.is_empty() || self.detail.is_empty() { "" } else { ": " };
        for part in [self.kind.as_str(), separator, self.detail.as_str()] {
            for character in part.chars() {
                let shown = if character.is_control() { ' ' } else { character };
                fmt::Write::write_char(f, shown)?;
            }
        }
        Ok(())
    }
}

/// Each name has a field: an alias would refuse a body that has both names.
#[derive(Deserialize)]
struct Body {
    #[serde(rename = "type")]
    kind: Option<String>,
    error: Option<String>,
    detail: Option<String>,
    error_description: Option<String>,
    title: Option<String>,
}

/// Reads a problem, if the body is one.
pub(crate) fn parse(body: &[u8]) -> Option<Problem> {
    let body: Body = serde_json::from_slice(body).ok()?;
    let kind = body.kind.or(body.error).unwrap_or_default();
    let detail = body.detail.or(body.error_description).or(body.title).unwrap_or_default();
    (!kind.is_empty() || !detail.is_empty()).then_some(Problem { kind, detail })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> Option<String> {
        parse(body.as_bytes()).map(|problem| problem.to_string())
    }

    #[test]
    fn the_known_shapes_are_read() {
        assert_eq!(shown(r#"{"type":"not_found","detail":"no such user"}"#).unwrap(), "not_found: no such user");
        assert_eq!(shown(r#"{"title":"Gone"}"#).unwrap(), "Gone");
        assert_eq!(
            shown(r#"{"error":"invalid_client","error_description":"unknown"}"#).unwrap(),
            "invalid_client: unknown"
        );
    }

    #[test]
    fn of_several_names_for_one_thing_the_first_that_is_not_null_counts() {
        let both = r#"{"error":"b","error_description":"d","type":"a","detail":"c","title":"e"}"#;
        assert_eq!(shown(both).unwrap(), "a: c");
        let nulls = r#"{"type":null,"error":"b","detail":null,"error_description":"d"}"#;
        assert_eq!(shown(nulls).unwrap(), "b: d");
        assert_eq!(shown(r#"{"type":null,"error":null,"detail":null,"title":"e"}"#).unwrap(), "e");
    }

    #[test]
    fn what_is_no_problem_is_none() {
        for body in ["", "{}", "[]", "null", "<html>", r#"{"type":1}"#, r#"{"type":""}"#] {
            assert_eq!(shown(body), None, "{body}");
        }
    }

    #[test]
    fn a_problem_stays_on_one_line() {
        assert_eq!(shown(r#"{"detail":"a\nb\u001b[31m"}"#).unwrap(), "a b [31m");
    }
}
