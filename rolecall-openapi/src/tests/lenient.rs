//! Examples that contradict their schemas: the types read both, and the report says so.

use crate::document::Document;
use crate::scaffold::{Scaffold, scaffold};
use crate::tests::documents::options;

/// What is written for a document with one schema, `Order`, which `GET /orders/{orderId}` returns.
fn written(order: &str) -> (Scaffold, String) {
    let text = format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "Shop", "version": "1"}}, "paths": {{
            "/orders/{{orderId}}": {{
                "parameters": [{{"name": "orderId", "in": "path", "required": true, "schema": {{"type": "number"}}}}],
                "get": {{"responses": {{"200": {{"description": "", "content": {{"application/json": {{
                    "schema": {{"$ref": "#/components/schemas/Order"}}}}}}}}}}}}
            }},
            "/orders/{{orderId}}/pages/{{page}}": {{
                "parameters": [
                    {{"name": "orderId", "in": "path", "required": true, "schema": {{"type": "integer"}}}},
                    {{"name": "page", "in": "path", "required": true, "schema": {{"type": "integer"}}}}
                ],
                "post": {{
                    "requestBody": {{"content": {{"application/json": {{
                        "schema": {{"type": "object", "required": ["a", "b"], "properties": {{
                            "a": {{"type": "string"}}, "b": {{"type": "string"}}}}}},
                        "example": {{"a": "only"}}
                    }}}}}},
                    "responses": {{"204": {{"description": ""}}}}
                }}
            }}
        }}, "components": {{"schemas": {{"Order": {order}}}}}}}"##
    );
    let document = Document::from_text(&text, "shop.json").unwrap();
    let scaffold = scaffold(&document, &options());
    let text = scaffold.files.iter().map(|(_, text)| text.as_str()).collect();
    (scaffold, text)
}

fn has(scaffold: &Scaffold, message: &str) -> bool {
    scaffold.findings.iter().any(|finding| finding.message.contains(message))
}

#[test]
fn an_example_in_a_part_that_only_describes_is_of_the_whole() {
    let (scaffold, text) = written(
        r##"{"type": "object", "properties": {
            "buyer": {"allOf": [{"type": "object", "properties": {"name": {"type": "string"}}}, {"description": "Who buys."},
                {"example": [{"name": "Ada"}]}]},
            "total": {"allOf": [{"type": "number"}, {"example": "1.50"}]},
            "paid": {"allOf": [{"type": "boolean"}, {"example": true}]}
        }}"##,
    );
    assert!(text.contains("pub total: Option<NumberOrText>,"), "{text}");
    assert!(text.contains("pub paid: Option<bool>,"), "{text}");
    assert!(has(&scaffold, "the schema is an object, but its example is a list"), "{:#?}", scaffold.findings);
    assert!(!has(&scaffold, "the schema is a boolean"), "{:#?}", scaffold.findings);
}

/// The fields of `Order`, for a property `a` of three objects without a name: two that are the same, and another.
fn three(usual: &str, other: &str) -> Vec<String> {
    let part = |a: &str| format!(r#"{{"type": "object", "required": ["a"], "properties": {{"a": {a}}}}}"#);
    let (usual, other) = (part(usual), part(other));
    let all = format!(r#""one": {usual}, "two": {usual}, "three": {other}"#);
    let (_, text) = written(&format!(r#"{{"type": "object", "properties": {{{all}}}}}"#));
    let order = text.split("pub struct Order {").nth(1).unwrap().split('}').next().unwrap();
    order.lines().filter_map(|line| Some(line.trim().strip_prefix("pub ")?.to_owned())).collect()
}

#[test]
fn schemas_without_a_name_are_one_type_only_if_their_properties_are_of_one() {
    let one = ["one: Option<OrderOne>,", "two: Option<OrderOne>,"];
    let usual = r#"{"type": "string", "example": "x"}"#;
    for same in [
        r#"{"type": "string", "description": "Another.", "title": "A"}"#,
        r#"{"type": "string", "default": "y", "example": "y"}"#,
    ] {
        assert_eq!(three(usual, same), [one[0], one[1], "three: Option<OrderOne>,"], "{same}");
    }
    for other in [
        r#"{"type": "string", "nullable": true}"#,
        r#"{"type": "string", "readOnly": true}"#,
        r#"{"type": "string", "example": 1}"#,
        r#"{"type": "object", "properties": {"b": {"type": "string"}}}"#,
    ] {
        assert_eq!(three(usual, other), [one[0], one[1], "three: Option<OrderThree>,"], "{other}");
    }
    let integer = |example: &str| format!(r#"{{"type": "integer", "format": "int64", "example": {example}}}"#);
    assert_eq!(three(&integer("1"), &integer("2")), [one[0], one[1], "three: Option<OrderOne>,"]);
    let large = three(&integer("1"), &integer("18446744073709551615"));
    assert_eq!(large, [one[0], one[1], "three: Option<OrderThree>,"]);
    // What an example of a whole shows of a property.
    let whole = |a: &str| {
        let part = r#""type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}"#;
        format!(r#"{{"type": "object", "properties": {{"b": {{{part}, "example": {a}}}}}}}"#)
    };
    assert_eq!(three(&whole(r#"{"a": "x"}"#), &whole(r#"{"a": "y"}"#)), [one[0], one[1], "three: Option<OrderOne>,"]);
    for other in ["{}", r#"{"a": null}"#, r#"{"a": 1}"#] {
        let fields = three(&whole(r#"{"a": "x"}"#), &whole(other));
        assert_eq!(fields, [one[0], one[1], "three: Option<OrderThree>,"], "{other}");
    }
    // A property may have the name of what describes a schema.
    let titled = |name: &str| format!(r#"{{"type": "object", "properties": {{"{name}": {{"type": "string"}}}}}}"#);
    assert_eq!(three(&titled("title"), &titled("nullable")), [one[0], one[1], "three: Option<OrderThree>,"]);
    // An example that is an object says no more than one that is text.
    let shown = r#"{"type": "object", "properties": {"b": {"type": "string"}}, "example": {"b": "x"}}"#;
    let plain = r#"{"type": "object", "properties": {"b": {"type": "string"}}}"#;
    assert_eq!(three(shown, plain), [one[0], one[1], "three: Option<OrderOne>,"]);
}

#[test]
fn an_example_of_a_whole_object_contradicts_the_schemas_of_its_properties() {
    let (scaffold, text) = written(
        r#"{"type": "object", "required": ["id", "total", "note", "gone", "lines"], "properties": {
            "id": {"type": "number"},
            "deposit": {"type": "string"},
            "total": {"type": "integer"},
            "note": {"type": "string"},
            "gone": {"type": "string"},
            "count": {"type": "integer", "format": "int32"},
            "paid": {"type": "boolean"},
            "lines": {"type": "array", "items": {"type": "object", "required": ["sku"], "properties": {
                "sku": {"type": "integer"}}}}
        }, "example": {"id": "17", "deposit": 120, "total": 1.5, "note": null, "count": 3000000000, "paid": "yes",
            "lines": [{"sku": "x-1"}]}}"#,
    );
    for line in [
        "pub id: NumberOrText,",
        "pub deposit: Option<NumberOrText>,",
        "pub total: f64,",
        "pub note: Option<String>,",
        "pub gone: Option<String>,",
        "pub count: Option<i64>,",
        "pub paid: Option<bool>,",
        "pub sku: NumberOrText,",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    for message in [
        "the schema is a number, but its example is a string",
        "the schema is a string, but its example is a number",
        "the schema is an integer, but its example has a fraction",
        "the schema does not allow `null`, but its example is `null`",
        "the field `gone` of `Order` is required, but an example lacks it",
        "the example is larger than the schema's format allows",
        "the schema is a boolean, but its example is a string",
    ] {
        assert!(has(&scaffold, message), "{message} is not in {:#?}", scaffold.findings);
    }
}

#[test]
fn an_identifier_in_a_path_is_what_the_thing_that_it_identifies_shows() {
    let (scaffold, text) =
        written(r#"{"type": "object", "properties": {"id": {"type": "number"}}, "example": {"id": "17"}}"#);
    assert_eq!(text.matches("order_id: &NumberOrText").count(), 2, "{text}");
    assert!(text.contains("page: i64"), "{text}");
    assert!(has(&scaffold, "the path parameter `orderId` is a number"), "{:#?}", scaffold.findings);

    let (scaffold, text) =
        written(r#"{"type": "object", "properties": {"id": {"type": "number"}}, "example": {"id": 17}}"#);
    assert!(text.contains("order_id: f64") && text.contains("order_id: i64"), "{text}");
    assert_eq!(scaffold.findings, []);
}

#[test]
fn what_an_example_of_a_request_lacks_is_required_as_before() {
    let (scaffold, text) = written(r#"{"type": "object", "properties": {"id": {"type": "number"}}}"#);
    assert!(text.contains("pub a: String,\n") && text.contains("pub b: String,\n"), "{text}");
    assert_eq!(scaffold.findings, []);
}

#[test]
fn a_discriminator_without_a_mapping_has_the_words_of_its_property() {
    let (_, text) = written(
        r##"{"oneOf": [{"$ref": "#/components/schemas/CardObject"}, {"$ref": "#/components/schemas/CashObject"}],
            "discriminator": {"propertyName": "type"}},
        "CardObject": {"type": "object", "properties": {"type": {"type": "string", "enum": ["card"]}}},
        "CashObject": {"type": "object", "properties": {"type": {"type": "string"}}}"##,
    );
    assert!(text.contains("    /// `card`.\n    Card,\n}"), "{text}");
    // Text alone distinguishes nothing: there the name of the schema is the word.
    assert!(text.contains("    /// `CashObject`.\n    CashObject,\n}"), "{text}");
}

#[test]
fn what_is_required_and_not_described_is_a_field_of_any_json() {
    let (scaffold, text) = written(
        r##"{"type": "object", "required": ["id", "level"], "properties": {"id": {"type": "integer"}}},
        "Unused": {"type": "object", "required": ["level"]}"##,
    );
    assert!(text.contains("    pub level: Option<Value>,\n"), "{text}");
    assert!(has(&scaffold, "the field `level` of `Order` is required, but nothing describes it"));
}

#[test]
fn an_example_without_what_names_its_variant_is_foretold() {
    let (scaffold, text) = written(
        r##"{"type": "object", "properties": {
            "paid": {"oneOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/Cash"}],
                "discriminator": {"propertyName": "type", "mapping": {
                    "card": "#/components/schemas/Card", "cash": "#/components/schemas/Cash"}}},
            "card": {"$ref": "#/components/schemas/Card"}
        }, "example": {"card": {"last": "4242"}}},
        "Card": {"type": "object", "required": ["type", "bank"], "properties": {
            "type": {"type": "string", "enum": ["card"]}, "last": {"type": "string"}, "bank": {"type": "string"}}},
        "Cash": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", "enum": ["cash"]}}}"##,
    );
    assert!(text.contains("pub r#type: CardType,"), "{text}");
    assert!(text.contains("pub bank: Option<String>,"), "{text}");
    for field in ["type", "bank"] {
        let message = format!("the field `{field}` of `Card` is required, but an example lacks it");
        assert!(has(&scaffold, &message), "{:#?}", scaffold.findings);
    }
}

#[test]
fn what_names_the_variant_of_a_union_is_required() {
    let (_, text) = written(
        r##"{"oneOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/Cash"}],
            "discriminator": {"propertyName": "type", "mapping": {
                "card": "#/components/schemas/Card", "cash": "#/components/schemas/Cash"}}},
        "Card": {"type": "object", "properties": {"type": {"type": "string", "const": "card", "default": "card"}}},
        "Cash": {"type": "object", "properties": {"type": {"type": "string"}}}"##,
    );
    assert!(text.contains("pub r#type: CardType,") && text.contains("pub r#type: CashType,"), "{text}");
}
