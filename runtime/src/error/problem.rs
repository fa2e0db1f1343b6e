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

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "type", alias = "error")]
    kind: Option<String>,
    #[serde(alias = "error_description")]
    detail: Option<String>,
    title: Option<String>,
}

/// Reads a problem, if the body is one.
pub(crate) fn parse(body: &[u8]) -> Option<Problem> {
    let body: Body = serde_json::from_slice(body).ok()?;
    let (kind, detail) = (body.kind.unwrap_or_default(), body.detail.or(body.title).unwrap_or_default());
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
