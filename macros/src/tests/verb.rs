//! HTTP methods, standard and others.

use super::mistakes;

fn verb(value: &str) -> Option<String> {
    let item = format!(
        "trait A {{ #[endpoint(method = {value}, path = \"/\", role = U)] async fn a(&self) -> Result<(), Error>; }}"
    );
    let mistakes = mistakes("", &item);
    assert!(mistakes.len() <= 1, "{mistakes:?}");
    mistakes.into_iter().next()
}

#[test]
fn a_token_in_capitals_is_a_method() {
    for name in ["LIST", "PURGE", "PROPFIND", "M-SEARCH", "VERSION-CONTROL", "X1", "!#$%&'*+-.^_`|~"] {
        assert_eq!(verb(&format!("{name:?}")), None, "{name}");
    }
}

#[test]
fn what_is_no_method_is_reported_with_the_fix() {
    for (value, message) in [
        ("\"list\"", "HTTP method must be in uppercase\n= help: use `method = \"LIST\"`"),
        ("\"List\"", "HTTP method must be in uppercase\n= help: use `method = \"LIST\"`"),
        ("\"GET\"", "HTTP method must be an uppercase identifier\n= help: use `method = GET`"),
        ("\"patch\"", "HTTP method must be an uppercase identifier\n= help: use `method = PATCH`"),
        ("\"GET \"", "invalid character ' ' in HTTP method\n= help: use `method = GET`"),
        ("\"LI ST\"", "invalid character ' ' in HTTP method\n= help: use `method = \"LI-ST\"`"),
        ("\"LIST/1\"", "invalid character '/' in HTTP method\n= help: use `method = \"LIST1\"`"),
        ("\"L\u{f6}SCH\"", "invalid character '\u{f6}' in HTTP method\n= help: use `method = \"LSCH\"`"),
        ("\"\"", "missing HTTP method\n= help: use `method = GET`, or a name such as `\"LIST\"`"),
        ("\" \"", "invalid character ' ' in HTTP method\n= help: use `method = GET`, or a name such as `\"LIST\"`"),
        (
            "LIST",
            "unknown HTTP method `LIST`\n= help: expected one of `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, \
             `OPTIONS`, and `QUERY`; another method is a string: `method = \"LIST\"`",
        ),
    ] {
        assert_eq!(verb(value).as_deref(), Some(message), "{value}");
    }
    for value in ["\"CONNECT\"", "\"connect\"", "CONNECT", "connect"] {
        assert!(verb(value).unwrap().starts_with("HTTP method `CONNECT` cannot be used for an endpoint"), "{value}");
    }
    assert!(verb("\"Trace\"").unwrap().starts_with("HTTP method `TRACE` cannot be used for an endpoint"));
}

#[test]
fn another_method_is_not_known_to_be_idempotent() {
    let item = |method: &str, more: &str| {
        format!(
            "trait A {{ #[endpoint(method = {method}, path = \"/\", role = U, reconnect{more})] \
             async fn a(&self) -> Result<Events<E>, Error>; }}"
        )
    };
    let message = "`reconnect` would send a `WATCH` request again\n= help: add `idempotent` if the request can be sent \
                   again, or remove `reconnect`";
    assert_eq!(mistakes("", &item("\"WATCH\"", "")), [message]);
    assert!(mistakes("", &item("\"WATCH\"", ", idempotent")).is_empty());
    assert!(mistakes("", &item("GET", "")).is_empty());
}
