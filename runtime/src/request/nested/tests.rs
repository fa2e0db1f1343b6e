use std::collections::BTreeMap;

use serde::Serialize;

use super::*;

/// The decoded pairs, joined by spaces.
fn pairs<T: Serialize + ?Sized>(key: Option<&str>, lists: ListStyle, value: &T) -> Result<String, Error> {
    let text = encoded(key, lists, value)?;
    let pairs = form_urlencoded::parse(text.as_bytes()).map(|(name, value)| format!("{name}={value}"));
    Ok(pairs.collect::<Vec<_>>().join(" "))
}

fn fields<T: Serialize + ?Sized>(value: &T) -> String {
    pairs(None, ListStyle::Indices, value).unwrap()
}

#[derive(Serialize)]
struct Item {
    price: &'static str,
    quantity: Option<u32>,
    tags: Vec<&'static str>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Currency(&'static str);

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    Cash,
    Card { number: &'static str },
    Account(Currency),
    Range(u8, u8),
}

const fn item(price: &'static str) -> Item {
    Item { price, quantity: None, tags: Vec::new() }
}

#[test]
fn structs_maps_and_lists_are_nested_in_brackets_in_their_order() {
    #[derive(Serialize)]
    struct Order {
        customer: &'static str,
        items: Vec<Item>,
        metadata: BTreeMap<&'static str, &'static str>,
        amount: f64,
    }
    let order = Order {
        customer: "c",
        items: vec![Item { quantity: Some(2), tags: vec!["x", "y"], ..item("p") }, item("q")],
        metadata: BTreeMap::from([("order id", "1&2")]),
        amount: 1.0,
    };
    assert_eq!(
        fields(&order),
        "customer=c items[0][price]=p items[0][quantity]=2 items[0][tags][0]=x items[0][tags][1]=y items[1][price]=q \
         metadata[order id]=1&2 amount=1.0"
    );
    assert_eq!(encoded(None, ListStyle::Indices, &[("a", "b")]).unwrap_err().to_string(), EXPECTED_NO_LIST);
}

const EXPECTED_NO_LIST: &str = "expected a struct or a map, found a list";

#[test]
fn an_enum_without_a_tag_is_written_as_its_variant() {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Payment {
        One(Item),
        Several { items: Vec<Item> },
    }
    assert_eq!(fields(&Payment::One(Item { tags: vec!["x"], ..item("p") })), "price=p tags[0]=x");
    assert_eq!(fields(&Payment::Several { items: vec![item("q")] }), "items[0][price]=q");
}

#[test]
fn brackets_are_encoded_and_spaces_are_plus() {
    let text = encoded(None, ListStyle::Indices, &BTreeMap::from([("a", BTreeMap::from([("b c", "d e&\u{e4}")]))]));
    assert_eq!(text.unwrap(), "a%5Bb+c%5D=d+e%26%C3%A4");
}

#[test]
fn a_list_is_written_in_each_style() {
    let value = BTreeMap::from([("ids", vec![1, 2])]);
    for (style, expected) in [
        (ListStyle::Indices, "ids[0]=1 ids[1]=2"),
        (ListStyle::Brackets, "ids[]=1 ids[]=2"),
        (ListStyle::Repeat, "ids=1 ids=2"),
    ] {
        assert_eq!(pairs(None, style, &value).unwrap(), expected);
    }
    let items = BTreeMap::from([("items", vec![item("p"), item("q")])]);
    assert_eq!(pairs(None, ListStyle::Brackets, &items).unwrap(), "items[][price]=p items[][price]=q");
}

#[test]
fn what_is_nothing_is_omitted_and_empty_text_is_not() {
    #[derive(Serialize)]
    struct Empty {
        none: Option<u8>,
        list: Vec<u8>,
        map: BTreeMap<u8, u8>,
        unit: (),
        of_nothing: Vec<Option<u8>>,
        text: &'static str,
    }
    let empty = Empty { none: None, list: vec![], map: BTreeMap::new(), unit: (), of_nothing: vec![None], text: "" };
    assert_eq!(fields(&empty), "text=");
    assert_eq!(encoded(None, ListStyle::Indices, &BTreeMap::<u8, u8>::new()).unwrap(), "");
    assert_eq!(encoded(None, ListStyle::Indices, &None::<Item>).unwrap(), "");
}

#[test]
fn enums_are_their_variants_and_the_values_of_variants_are_below_their_names() {
    let values = [
        (Method::Cash, "method=cash after=1"),
        (Method::Card { number: "42" }, "method[card][number]=42 after=1"),
        (Method::Account(Currency("eur")), "method[account]=eur after=1"),
        (Method::Range(1, 2), "method[range][0]=1 method[range][1]=2 after=1"),
    ];
    #[derive(Serialize)]
    struct Payment {
        method: Method,
        after: u8,
    }
    for (method, expected) in values {
        assert_eq!(fields(&Payment { method, after: 1 }), expected);
    }
    assert_eq!(fields(&Method::Card { number: "42" }), "card[number]=42");
}

#[test]
fn keys_of_maps_are_any_single_value() {
    assert_eq!(fields(&BTreeMap::from([(Currency("eur"), 1)])), "eur=1");
    assert_eq!(fields(&BTreeMap::from([(7, BTreeMap::from([('c', true)]))])), "7[c]=true");
    assert_eq!(fields(&BTreeMap::from([("", BTreeMap::from([("", 1)]))])), "[]=1");
    assert!(encoded(None, ListStyle::Indices, &BTreeMap::from([(vec![1], 1)])).is_err());
}

#[test]
fn any_depth_is_written() {
    let value = serde_json::json!({"a": {"b": {"c": {"d": {"e": {"f": {"g": [[1]]}}}}}}});
    assert_eq!(fields(&value), "a[b][c][d][e][f][g][0][0]=1");
}

#[test]
fn a_value_below_a_key_may_be_of_any_kind() {
    let below = |value: &serde_json::Value| pairs(Some("filter"), ListStyle::Indices, value).unwrap();
    assert_eq!(below(&serde_json::json!({"size": 2})), "filter[size]=2");
    assert_eq!(below(&serde_json::json!([1, 2])), "filter[0]=1 filter[1]=2");
    assert_eq!(below(&serde_json::json!("x")), "filter=x");
    assert_eq!(below(&serde_json::json!(null)), "");
}

#[test]
fn a_value_without_fields_is_an_error() {
    for value in [serde_json::json!(1), serde_json::json!("text"), serde_json::json!([{"a": 1}])] {
        assert!(encoded(None, ListStyle::Indices, &value).is_err(), "{value}");
    }
}
