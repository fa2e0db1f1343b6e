//! Forms and queries in brackets, by the conventions of Stripe, Rails, and OpenAPI's `deepObject`.

use std::collections::BTreeMap;

use rolecall::{Caller, Client, Error, ListStyle, ParameterLocation, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;
use serde::Serialize;

use crate::{fine, refused, whole};

/// As Stripe has it: lists with indices, an enum whose variant is a key.
#[derive(Serialize)]
struct NewSubscription<'a> {
    customer: &'a str,
    items: Vec<Item<'a>>,
    metadata: BTreeMap<&'a str, &'a str>,
    trial: Option<Trial>,
    payment: Option<Payment<'a>>,
    coupon: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    price: &'a str,
    quantity: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Trial {
    Never,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Payment<'a> {
    CardPresent { reader: &'a str },
}

#[derive(Serialize)]
struct Filter<'a> {
    size: u32,
    tags: &'a [&'a str],
}

#[derive(Serialize)]
struct Query<'a> {
    page: Filter<'a>,
    sort: &'a str,
}

#[api(rename_all = "camelCase")]
trait NestedApi: Caller {
    #[endpoint(method = POST, path = "/subscriptions", role = User)]
    async fn subscribe(&self, #[body(form, nested)] new: &NewSubscription<'_>) -> Result<u8, Error>;

    #[endpoint(method = PATCH, path = "/posts", role = User)]
    async fn tag(
        &self,
        #[body(form, nested, list = "brackets")] post: Option<BTreeMap<&'static str, Vec<u8>>>,
    ) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/things", role = User, query("v" = "1"))]
    async fn things(
        &self,
        #[query] limit: u8,
        #[query(flatten, nested)] query: &Query<'_>,
        #[query(nested, list = "repeat")] deep_filter: Option<&Filter<'_>>,
        #[query("expand", nested, list = "brackets")] expand: &[&str],
    ) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/any/{id}", role = User)]
    async fn any(&self, id: u8, #[query(flatten, nested)] query: Option<serde_json::Value>) -> Result<u8, Error>;
}

#[test]
fn a_form_is_nested_in_brackets_and_nothing_is_omitted_but_what_is_nothing() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let new = NewSubscription {
            customer: "c 1",
            items: vec![Item { price: "p&q", quantity: Some(2) }, Item { price: "", quantity: None }],
            metadata: BTreeMap::from([("order[id]", "6735")]),
            trial: Some(Trial::Never),
            payment: Some(Payment::CardPresent { reader: "r" }),
            coupon: None,
        };
        world.call(client.subscribe(&new)).await.is(fine(&[1]));
        let body = "customer=c+1&items%5B0%5D%5Bprice%5D=p%26q&items%5B0%5D%5Bquantity%5D=2&items%5B1%5D%5Bprice%5D=\
                    &metadata%5Border%5Bid%5D%5D=6735&trial=never&payment%5Bcard_present%5D%5Breader%5D=r";
        assert_eq!(
            whole(&server, 0),
            format!(
                "POST /subscriptions\naccept: application/json\ncontent-length: {}\n\
                 content-type: application/x-www-form-urlencoded\n\n{body}",
                body.len()
            )
        );
        // An empty map would delete what is stored if it were sent as an empty value.
        let new = NewSubscription { items: vec![], metadata: BTreeMap::new(), trial: None, payment: None, ..new };
        let proven = world.call(client.subscribe(&new)).await.is(fine(&[2]));
        assert!(whole(&server, 1).ends_with("\n\ncustomer=c+1"));
        proven
    });
}

#[test]
fn a_list_has_the_style_that_the_endpoint_names() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        world.call(client.tag(Some(BTreeMap::from([("tag_ids", vec![1, 2])])))).await.is(fine(&[1]));
        assert!(whole(&server, 0).ends_with("\n\ntag_ids%5B%5D=1&tag_ids%5B%5D=2"));
        let proven = world.call(client.tag(None)).await.is(fine(&[2]));
        assert_eq!(whole(&server, 1), "PATCH /posts\naccept: application/json\ncontent-length: 0\n\n");
        proven
    });
}

#[test]
fn a_query_is_nested_below_its_fields_or_below_its_name() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let filter = Filter { size: 2, tags: &["a b", "c"] };
        let query = Query { page: Filter { size: 5, tags: &["x"] }, sort: "-name" };
        world.call(client.things(9, &query, Some(&filter), &["data.a", "b"])).await.is(fine(&[1]));
        assert_eq!(
            whole(&server, 0),
            "GET /things?v=1&limit=9&page%5Bsize%5D=5&page%5Btags%5D%5B0%5D=x&sort=-name&deepFilter%5Bsize%5D=2\
             &deepFilter%5Btags%5D=a+b&deepFilter%5Btags%5D=c&expand%5B%5D=data.a&expand%5B%5D=b\n\
             accept: application/json\n\n"
        );
        let query = Query { page: Filter { size: 5, tags: &[] }, sort: "" };
        let proven = world.call(client.things(9, &query, None, &[])).await.is(fine(&[2]));
        assert_eq!(server.request(1).target, "/things?v=1&limit=9&page%5Bsize%5D=5&sort=");
        proven
    });
}

#[test]
fn a_value_without_fields_is_refused_before_anything_is_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        for value in [serde_json::json!("text"), serde_json::json!([1])] {
            let seen = world.call(client.any(1, Some(value))).await;
            assert!(seen.line().contains("could not serialize argument `query`: expected a struct or a map"));
            seen.is(refused(&[0]));
        }
        world.call(client.any(1, None)).await.is(fine(&[1]));
        let proven = world.call(client.any(1, Some(serde_json::json!({})))).await.is(fine(&[2]));
        assert_eq!((server.request(0).target, server.request(1).target), ("/any/1".to_owned(), "/any/1".to_owned()));
        proven
    });
}

#[test]
fn the_metadata_has_what_is_nested_and_the_style_of_its_lists() {
    let endpoints = <Client<User> as NestedApi>::ENDPOINTS;
    let form = &endpoints[0].parameters[0];
    assert_eq!((form.name, form.location), ("new", ParameterLocation::Body));
    assert_eq!(form.media_type, Some("application/x-www-form-urlencoded"));
    assert_eq!((form.nested, form.required), (Some(ListStyle::Indices), true));
    assert_eq!(
        (endpoints[1].parameters[0].nested, endpoints[1].parameters[0].required),
        (Some(ListStyle::Brackets), false)
    );
    let query: Vec<_> =
        endpoints[2].parameters.iter().map(|one| (one.name, one.flatten, one.nested, one.list)).collect();
    assert_eq!(
        query,
        [
            ("limit", false, None, None),
            ("query", true, Some(ListStyle::Indices), None),
            ("deepFilter", false, Some(ListStyle::Repeat), None),
            ("expand", false, Some(ListStyle::Brackets), None),
        ]
    );
}
