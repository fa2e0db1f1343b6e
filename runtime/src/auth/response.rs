//! The responses of a token endpoint: a token (RFC 6749, section 5.1) or an error (section 5.2).

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Unexpected, Visitor};

use super::echo;
use super::error::OAuthError;
use super::header::token_header;
use super::store::{MAX_LIFETIME, wiped};
use crate::error::Problem;

/// The lifetime of a token whose response does not have one: `expires_in` is only recommended.
pub(super) const DEFAULT_LIFETIME: Duration = Duration::from_secs(300);

/// A valid token and its lifetime.
pub(super) struct TokenResponse {
    pub(super) token: SecretString,
    /// Zero if the token has already expired.
    pub(super) lifetime: Duration,
    pub(super) refresh_token: Option<SecretString>,
}

/// The reason why a response has no token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoToken {
    /// The response is an error, whatever its status.
    Error,
    /// The response is invalid. The message never contains response data.
    Invalid(Cow<'static, str>),
}

impl From<&'static str> for NoToken {
    fn from(what: &'static str) -> Self {
        Self::Invalid(what.into())
    }
}

#[derive(serde::Deserialize)]
struct Body<'a> {
    #[serde(borrow, default)]
    access_token: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    token_type: Option<Cow<'a, str>>,
    #[serde(default)]
    expires_in: Lifetime,
    #[serde(borrow, default)]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(default)]
    error: Option<de::IgnoredAny>,
}

/// Parses a token. `token_type` is accepted in addition to `Bearer`.
pub(super) fn token(body: &[u8], token_type: Option<&str>) -> Result<TokenResponse, NoToken> {
    // serde's messages quote the input, so they are discarded.
    let body: Body<'_> = serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "not a token response (RFC 6749, section 5.1)",
        _ => "not valid JSON",
    })?;
    let (token, refresh_token) = (body.access_token.map(wiped), body.refresh_token.map(wiped));
    if body.error.is_some() {
        return Err(NoToken::Error);
    }
    let token = token.ok_or("missing `access_token`")?;
    if token_header("", &token).is_none() {
        return Err("`access_token` contains a character that is not allowed in a header".into());
    }
    let accepted =
        |found: &str| ["bearer", token_type.unwrap_or("bearer")].iter().any(|kind| kind.eq_ignore_ascii_case(found));
    if let Some(found) = body.token_type.filter(|found| !accepted(found)) {
        let shown: String = found.chars().take(32).flat_map(char::escape_debug).collect();
        let what = format!("`token_type` is `{shown}`; accept it with `token_type({shown:?})`");
        // A server that confuses the two fields must not cause its token to be shown.
        let is_token = echo::shows(found.as_bytes(), token.expose_secret().as_bytes());
        return Err(NoToken::Invalid(if is_token { "`token_type` is not `Bearer`".into() } else { what.into() }));
    }
    let lifetime = match body.expires_in {
        Lifetime::Unnamed => DEFAULT_LIFETIME,
        Lifetime::Over => Duration::ZERO,
        Lifetime::Named(lifetime) => lifetime,
    };
    let refresh_token = refresh_token.filter(|token| !token.expose_secret().is_empty());
    Ok(TokenResponse { token, lifetime, refresh_token })
}

/// `expires_in`: a number of seconds, integral or not, as a number or (in violation of the RFC, but used by servers) as
/// a string.
#[derive(Default)]
enum Lifetime {
    #[default]
    Unnamed,
    /// At most [`MAX_LIFETIME`].
    Named(Duration),
    /// Zero or below.
    Over,
}

impl Lifetime {
    fn seconds(seconds: f64) -> Option<Self> {
        if seconds.is_nan() {
            None
        } else if seconds <= 0.0 {
            Some(Self::Over)
        } else {
            let longest = MAX_LIFETIME.as_secs_f64();
            Duration::try_from_secs_f64(seconds.min(longest)).ok().map(Self::Named)
        }
    }
}

impl<'de> Deserialize<'de> for Lifetime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LifetimeVisitor)
    }
}

struct LifetimeVisitor;

impl<'de> Visitor<'de> for LifetimeVisitor {
    type Value = Lifetime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Lifetime, E> {
        Ok(Lifetime::Unnamed)
    }

    #[expect(clippy::cast_precision_loss, reason = "exact up to 285 million years")]
    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Lifetime, E> {
        self.visit_f64(seconds as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "exact up to 285 million years")]
    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Lifetime, E> {
        self.visit_f64(seconds as f64)
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Lifetime, E> {
        Lifetime::seconds(seconds).ok_or_else(|| E::invalid_value(Unexpected::Other("no number"), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Lifetime, E> {
        match text.trim().parse() {
            Ok(seconds) => self.visit_f64(seconds),
            Err(_) => Err(E::invalid_value(Unexpected::Other("no number"), &self)),
        }
    }

    /// A number with a fraction, or a very large one, if any crate of the program enables
    /// `serde_json/arbitrary_precision`.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Lifetime, A::Error> {
        let number = serde_json::Number::deserialize(MapAccessDeserializer::new(map))?;
        match number.as_f64() {
            Some(seconds) => self.visit_f64(seconds),
            None => Err(de::Error::invalid_value(Unexpected::Other("number out of range"), &self)),
        }
    }
}

#[derive(serde::Deserialize)]
struct ErrorBody<'a> {
    #[serde(borrow)]
    error: Cow<'a, str>,
    #[serde(borrow, default)]
    error_description: Option<Cow<'a, str>>,
}

/// Parses an OAuth2 error, or a problem in the format of APIs, and sanitizes it for display: bounded, on one line, and
/// omitted if it repeats one of the secrets.
pub(super) fn error(body: &[u8], secrets: &[&str]) -> Option<OAuthError> {
    let (error, description) = match serde_json::from_slice::<ErrorBody<'_>>(body) {
        Ok(body) => (body.error, body.error_description.unwrap_or_default()),
        Err(_) => {
            let problem = Problem::parse(body)?;
            (problem.kind().to_owned().into(), problem.detail().to_owned().into())
        }
    };
    let safe = |text: &str, longest: usize| {
        if secrets.iter().any(|secret| echo::shows(text.as_bytes(), secret.as_bytes())) {
            return "(omitted: it repeats the credentials)".to_owned();
        }
        text.chars().take(longest).map(|shown| if shown.is_control() { ' ' } else { shown }).collect()
    };
    Some(OAuthError { error: safe(&error, 64), description: safe(&description, 256) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(String, f64), String> {
        read_with(body, None)
    }

    fn read_with(body: &str, token_type: Option<&str>) -> Result<(String, f64), String> {
        match token(body.as_bytes(), token_type) {
            Ok(response) => Ok((response.token.expose_secret().to_owned(), response.lifetime.as_secs_f64())),
            Err(NoToken::Error) => Err("an error".to_owned()),
            Err(NoToken::Invalid(what)) => Err(what.into_owned()),
        }
    }

    fn lifetime(expires_in: &str) -> Result<f64, String> {
        read(&format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#)).map(|(_, lifetime)| lifetime)
    }

    #[test]
    fn the_answer_of_the_document_is_read() {
        let body = r#"{"access_token":"eyJ.a-b_c","expires_in":3599,"token_type":"Bearer","scope":"x"}"#;
        assert_eq!(read(body), Ok(("eyJ.a-b_c".to_owned(), 3599.0)));
        assert_eq!(read(r#"{"access_token":"a\/b","token_type":"bEARER"}"#).unwrap().0, "a/b");
        assert!(read(r#"{"access_token":"a","token_type":null}"#).is_ok());
    }

    #[test]
    fn every_lifetime_is_defined_or_refused() {
        let default = DEFAULT_LIFETIME.as_secs_f64();
        assert_eq!(read(r#"{"access_token":"t"}"#).unwrap().1, default);
        for (written, meant) in [
            ("null", default),
            ("3599", 3599.0),
            (r#""3599""#, 3599.0),
            (r#"" 60 ""#, 60.0),
            ("3599.0", 3599.0),
            ("0.5", 0.5),
            ("1", 1.0),
            ("86400", 86400.0),
            ("86401", 86400.0),
            ("18446744073709551615", 86400.0),
            ("99999999999999999999999", 86400.0),
            ("1e300", 86400.0),
            (r#""1e999""#, 86400.0),
            (r#""inf""#, 86400.0),
        ] {
            assert_eq!(lifetime(written), Ok(meant), "{written}");
        }
        for written in ["0", "-1", "-0.0", r#""0""#, r#""-5""#, "-9223372036854775808", r#""-inf""#] {
            assert_eq!(lifetime(written), Ok(0.0), "{written}");
        }
        for written in ["true", "[]", "{}", r#""""#, r#""soon""#, r#""NaN""#] {
            assert_eq!(lifetime(written).unwrap_err(), "not a token response (RFC 6749, section 5.1)", "{written}");
        }
    }

    #[test]
    fn an_invalid_response_is_reported_without_its_content() {
        for (body, what) in [
            ("", "not valid JSON"),
            ("<html>SECRET</html>", "not valid JSON"),
            (r#"{"access_token":"SECRET"#, "not valid JSON"),
            (r#"{"access_token":"SECRET"} x"#, "not valid JSON"),
            ("{}", "missing `access_token`"),
            (r#"{"access_token":null}"#, "missing `access_token`"),
            (r#"{"access_token":null,"error":null}"#, "missing `access_token`"),
            (r#""SECRET""#, "not a token response (RFC 6749, section 5.1)"),
            (r#"{"access_token":{"SECRET":1}}"#, "not a token response (RFC 6749, section 5.1)"),
            (r#"{"access_token":"S","access_token":"T"}"#, "not a token response (RFC 6749, section 5.1)"),
            (r#"{"access_token":""}"#, "`access_token` contains a character that is not allowed in a header"),
            (r#"{"access_token":"a b"}"#, "`access_token` contains a character that is not allowed in a header"),
            (r#"{"access_token":"a\r\nX: y"}"#, "`access_token` contains a character that is not allowed in a header"),
            (r#"{"access_token":"ä"}"#, "`access_token` contains a character that is not allowed in a header"),
            (r#"{"access_token":"a","token_type":"SECRET-a"}"#, "`token_type` is not `Bearer`"),
            (
                r#"{"access_token":"b","token_type":"mac"}"#,
                "`token_type` is `mac`; accept it with `token_type(\"mac\")`",
            ),
            (r#"{"access_token":"b","token_type":""}"#, "`token_type` is ``; accept it with `token_type(\"\")`"),
            (r#"{"error":"invalid_client"}"#, "an error"),
            (r#"{"error":{"SECRET":1},"access_token":"t"}"#, "an error"),
        ] {
            assert_eq!(read(body).unwrap_err(), what, "{body}");
        }
        assert!(read_with(r#"{"access_token":"a","token_type":"JWT"}"#, Some("jwt")).is_ok());
        assert!(read_with(r#"{"access_token":"a","token_type":"bearer"}"#, Some("jwt")).is_ok());
        assert_eq!(token(&[0xff], None).err(), Some(NoToken::Invalid("not valid JSON".into())));
        let deep = "[".repeat(100_000);
        assert!(token(format!(r#"{{"x":{deep}"#).as_bytes(), None).is_err());
    }

    #[test]
    fn errors_are_read_bounded_and_kept_on_one_line() {
        let shown = |body: &str| error(body.as_bytes(), &["", "s3cret"]).map(|error| (error.error, error.description));
        let read = shown(r#"{"error":"invalid_client","error_description":"no\nsuch\u001b client"}"#).unwrap();
        assert_eq!(read, ("invalid_client".to_owned(), "no such  client".to_owned()));
        assert_eq!(shown(r#"{"error":"x"}"#).unwrap().1, "");
        for body in ["", "{}", r#"{"error":1}"#, "<html>", "[]"] {
            assert_eq!(shown(body), None);
        }
        let long = shown(&format!(r#"{{"error":"{0}","error_description":"{0}"}}"#, "ä".repeat(9999))).unwrap();
        assert_eq!((long.0.chars().count(), long.1.chars().count()), (64, 256));
    }

    #[test]
    fn an_error_that_repeats_the_credentials_is_left_out() {
        let body = br#"{"error":"s3cret","error_description":"the secret s3cret is wrong"}"#;
        let shown = error(body, &["", "s3cret"]).unwrap();
        assert!(!format!("{shown:?}").contains("s3cret"));
    }
}
