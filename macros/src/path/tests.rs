//! Path templates, by example and by property.

use proptest::prelude::*;

use super::*;

fn parts(path: &str) -> Vec<Part> {
    Template::parse(path).unwrap().parts
}

fn literal(text: &str) -> Part {
    Part::Literal(text.to_owned())
}

fn one(name: &str) -> Part {
    Part::Param(name.to_owned())
}

#[test]
fn parts_in_order() {
    assert_eq!(parts("/"), [literal("/")]);
    assert_eq!(
        parts("/users/{externalUserId}/disconnect"),
        [literal("/users/"), one("externalUserId"), literal("/disconnect")]
    );
    assert_eq!(parts("/{a},{b}.json/"), [literal("/"), one("a"), literal(","), one("b"), literal(".json/")]);
    assert_eq!(parts("/f/{*rest}"), [literal("/f/"), Part::CatchAll("rest".to_owned())]);
    assert_eq!(parts("/{*name}:verb/x"), [literal("/"), Part::CatchAll("name".to_owned()), literal(":verb/x")]);
    assert_eq!(parts("/a b/\u{e4}|"), [literal("/a%20b/%C3%A4%7C")]);
    assert_eq!(parts("/v1/things:batchGet/~me/@x/100%"), [literal("/v1/things:batchGet/~me/@x/100%25")]);
}

#[test]
fn a_prefix_joins_its_literal() {
    let whole = Template::parse("/x/{id}").unwrap().with_prefix(&Template::parse("/v1").unwrap());
    assert_eq!(whole.parts, [literal("/v1/x/"), one("id")]);
    assert_eq!(Template::default().with_prefix(&whole), whole);
}

#[test]
fn shapes_know_no_names() {
    let shape = |path| Template::parse(path).unwrap().shape();
    assert_eq!(shape("/a/{b}"), shape("/a/{c}"));
    assert_ne!(shape("/a/{b}"), shape("/a/{*b}"));
    assert_ne!(shape("/a/{b}"), shape("/a/{b}/"));
}

#[test]
fn what_is_no_path() {
    for path in [
        "",
        "a",
        "/a//b",
        "//",
        "/a/./b",
        "/..",
        "/a?b",
        "/a#b",
        "/a{",
        "/a}",
        "/{}",
        "/{*}",
        "/{a b}",
        "/{1}",
        "/{a}{b}",
        "/{a}/{a}",
        "/{aB}/{a_b}",
        "/{a{b}}",
        "/x{*a}",
        "/{*a}{b}",
        "/{*a}/{*b}",
        "/:id",
        "/<id>",
        "/%41",
        "/\u{7}",
        "https://x.y/z",
        "/{id:int}",
        "/{?q}",
        "/{+q}",
        "/${id}",
        "/%{id}",
        "/x/*rest",
        "/{rest*}",
        "/{{id}}",
    ] {
        assert!(Template::parse(path).is_err(), "{path:?}");
    }
}

fn decode(encoded: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), encoded.bytes());
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Returns a template as written in source code.
fn written(template: &Template) -> String {
    let parts = template.parts.iter().map(|part| match part {
        Part::Literal(text) => decode(text),
        Part::Param(name) => format!("{{{name}}}"),
        Part::CatchAll(name) => format!("{{*{name}}}"),
    });
    parts.collect()
}

proptest! {
    #[test]
    fn what_is_accepted_comes_back_the_same(
        path in "(/([a-zA-Z0-9 .:%~|\u{e4}\u{1f600}-]{0,6}|\\{[a-z]{1,3}\\}|\\{\\*[a-z]\\})){1,5}|/\\PC{0,20}|\\PC{0,20}",
    ) {
        if let Ok(template) = Template::parse(&path) {
            prop_assert_eq!(written(&template), path);
            for part in &template.parts {
                if let Part::Literal(text) = part {
                    let safe = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#{}<>\"\\^`|".contains(&byte));
                prop_assert!(safe);
                }
            }
        }
    }
}
