use super::*;

fn parse(source: &str) -> (Arguments, Errors) {
    let mut errors = Errors::default();
    (Arguments::parse(source.parse().unwrap(), &mut errors), errors)
}

#[test]
fn keys_values_flags_and_lists() {
    let (mut arguments, mut errors) = parse(r#""x", a = 1 + 2, b, c(d, e), role = Map<K, V>,"#);
    assert_eq!(arguments.values.len(), 1);
    let [role, a, b, c] = arguments.take("it", ["role", "a", "b", "c"], &mut errors);
    assert!(errors.is_empty());
    assert!(matches!(a.unwrap().value, Value::Assigned(value) if value.to_string() == "1 + 2"));
    assert!(matches!(b.unwrap().value, Value::Flag));
    assert!(matches!(c.unwrap().value, Value::List(_)));
    assert!(matches!(role.unwrap().value, Value::Assigned(value) if value.to_string() == "Map < K , V >"));
}

#[test]
fn one_mistake_each() {
    for (source, message) in [
        ("a =", "expected a value after `a =`"),
        ("a b", "expected `=` or `,` after `a`"),
        ("a[b]", "expected parentheses after `a`\n= help: use `a(b)`"),
        ("= 3", "expected `key = value`, found `= 3`"),
        ("a: 3, b: 4", "expected `=` after `a`, found `:`\n= help: use `a = 3`"),
        ("a => 3, b => 4", "expected `=` after `a`, found `=>`\n= help: use `a = 3`"),
        ("a = 3; b = 4; ", "expected `,`, found `;`\n= help: use `,`"),
        (
            "base_url = 1",
            "unknown argument `base_url` in it\n= help: remove it; the base URL is an argument of `Client::builder`",
        ),
        ("a,,b", "unexpected `,`\n= help: remove it"),
        ("\"x\" y", "expected `key = value`, found `\"x\" y`"),
        ("a, a", "duplicate argument `a`\n= help: remove one of them"),
        ("B", "unknown argument `B` in it\n= help: an argument with a similar name exists: `b`"),
        ("zzz = 1", "unknown argument `zzz` in it\n= help: expected one of `a` and `b`"),
    ] {
        let (mut arguments, mut errors) = parse(source);
        let _ = arguments.take("it", ["a", "b"], &mut errors);
        assert_eq!(errors.messages(), [message], "{source}");
    }
}
