//! Stripe: nested forms, objects in place of their IDs, idempotency keys, and pages by a cursor.
//!
//! From <https://docs.stripe.com/api>: "Authentication", "Errors", "Expanding responses", "Idempotent requests", "Metadata",
//! "Pagination", and "Connected accounts".

use std::collections::BTreeMap;

use rolecall::auth::Basic;
use rolecall::{CallSettings, Client, Error, NextPage, Page, PageBody, Role, api, endpoint};
use rolecall_tests::faults::{Received, ScriptedResponse};
use rolecall_tests::stand_in::{StandIn, request_text, run};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::form_urlencoded;

/// A client with a secret key of an account.
#[derive(Debug, Role)]
pub(crate) enum Account {}

#[derive(Debug, Serialize)]
pub(crate) struct NewSubscription<'a> {
    pub(crate) customer: &'a str,
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) payment_settings: Option<PaymentSettings<'a>>,
    pub(crate) metadata: BTreeMap<&'a str, &'a str>,
    pub(crate) expand: &'a [&'a str],
}

#[derive(Debug, Serialize)]
pub(crate) struct Item<'a> {
    pub(crate) price: &'a str,
    pub(crate) quantity: Option<u32>,
}

#[derive(Debug, Serialize)]
pub(crate) struct PaymentSettings<'a> {
    pub(crate) payment_method_types: &'a [&'a str],
}

#[derive(Debug, Serialize)]
pub(crate) struct CustomerUpdate<'a> {
    /// A key whose value is empty is deleted.
    pub(crate) metadata: BTreeMap<&'a str, &'a str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct CustomerFilter {
    pub(crate) created: Option<Period>,
    pub(crate) limit: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct Period {
    pub(crate) gte: Option<u64>,
    pub(crate) lt: Option<u64>,
}

/// An ID, or the object that it stands for if the request has asked to expand it.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Expandable<T> {
    Id(String),
    Object(T),
}

#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) customer: Expandable<Customer>,
    pub(crate) metadata: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Customer {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A list, whose next page starts after the last object of this one.
#[derive(Debug, Deserialize)]
pub(crate) struct List {
    data: Vec<Customer>,
    has_more: bool,
}

impl PageBody for List {
    type Item = Customer;

    fn next_page(&self) -> Option<NextPage> {
        let last = self.data.last().filter(|_| self.has_more)?;
        Some(NextPage::query("starting_after", &last.id))
    }

    fn into_items(self) -> Vec<Customer> {
        self.data
    }
}

#[api(path = "/v1", role = Account, headers("stripe-version" = "2024-06-20"))]
pub(crate) trait StripeApi {
    /// Creates a subscription, once for each idempotency key.
    #[endpoint(method = POST, path = "/subscriptions", idempotency_key = "Idempotency-Key")]
    async fn create_subscription(
        &self,
        #[body(form, nested)] subscription: &NewSubscription<'_>,
    ) -> Result<Subscription, Error>;

    /// Returns a subscription.
    #[endpoint(method = GET, path = "/subscriptions/{id}")]
    async fn subscription(
        &self,
        id: &str,
        #[query(nested, list = "brackets")] expand: &[&str],
    ) -> Result<Subscription, Error>;

    /// Changes a customer.
    #[endpoint(method = POST, path = "/customers/{id}", idempotency_key = "Idempotency-Key")]
    async fn update_customer(
        &self,
        id: &str,
        #[body(form, nested)] update: &CustomerUpdate<'_>,
    ) -> Result<Customer, Error>;

    /// Returns the customers, page by page.
    #[endpoint(method = GET, path = "/customers")]
    async fn customers(&self, #[query(flatten, nested)] filter: &CustomerFilter) -> Result<Page<List>, Error>;
}

const KEY: &str = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";

/// The key as the user name of HTTP Basic, without a password.
const AUTHORIZATION: &str = "Basic c2tfdGVzdF80ZUMzOUhxTHlqV0Rhcmp0VDF6ZHA3ZGM6";

/// Answers as the documentation says. The response to the first of all requests with a key is lost.
fn stripe() -> impl FnMut(&Received) -> ScriptedResponse + Send {
    let mut by_key: BTreeMap<String, String> = BTreeMap::new();
    let (mut subscriptions, mut customer) =
        (0, json!({"id": "cus_4", "object": "customer", "metadata": {"tier": "gold"}}));
    move |request| {
        if request.header("authorization") != Some(AUTHORIZATION) {
            return failure(401, json!({"type": "invalid_request_error", "message": "Invalid API Key provided."}));
        }
        let path: Vec<&str> = request.path().trim_start_matches("/v1/").split('/').collect();
        match (request.method.as_str(), path.as_slice()) {
            ("POST", path) => {
                let key = request.header("idempotency-key").unwrap_or_default().to_owned();
                if let Some(first) = by_key.get(&key) {
                    return ScriptedResponse::json(first).header("idempotent-replayed", "true");
                }
                let form = nested(&request.text());
                let object = match path {
                    ["subscriptions"] => {
                        if form["items"]["0"]["price"] == "price_declined" {
                            return failure(402, declined());
                        }
                        subscriptions += 1;
                        subscription(&format!("sub_{subscriptions}"), &form, &values(&form["expand"]))
                    }
                    ["customers", "cus_4"] => {
                        for (name, value) in form["metadata"].as_object().unwrap() {
                            match value.as_str().unwrap() {
                                "" => customer["metadata"].as_object_mut().unwrap().remove(name),
                                value => {
                                    customer["metadata"].as_object_mut().unwrap().insert(name.clone(), json!(value))
                                }
                            };
                        }
                        customer.clone()
                    }
                    _ => return failure(404, json!({"type": "invalid_request_error", "message": "Unrecognized URL"})),
                };
                let is_first = by_key.is_empty();
                by_key.insert(key, object.to_string());
                if is_first { ScriptedResponse::reset() } else { ScriptedResponse::json(&object.to_string()) }
            }
            ("GET", ["subscriptions", id]) => {
                let expand = request.query().into_iter().filter(|(name, _)| name == "expand[]").map(|(_, value)| value);
                let form = json!({"customer": "cus_4", "metadata": {}});
                ScriptedResponse::json(&subscription(id, &form, &expand.collect::<Vec<_>>()).to_string())
            }
            ("GET", ["customers"]) => customers(request),
            _ => failure(404, json!({"type": "invalid_request_error", "message": "Unrecognized request URL"})),
        }
    }
}

fn failure(status: u16, error: Value) -> ScriptedResponse {
    ScriptedResponse::status(status)
        .header("content-type", "application/json")
        .body(json!({ "error": error }).to_string())
}

fn declined() -> Value {
    json!({"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds",
           "message": "Your card has insufficient funds.", "doc_url": "https://stripe.com/docs/error-codes/card-declined"})
}

fn subscription(id: &str, form: &Value, expand: &[String]) -> Value {
    let customer = &form["customer"];
    let expanded = json!({"id": customer, "object": "customer", "metadata": {}});
    let customer = if expand.iter().any(|path| path == "customer") { &expanded } else { customer };
    json!({"id": id, "object": "subscription", "customer": customer, "metadata": form["metadata"]})
}

/// Five customers, the newest first. `starting_after` is the ID of the last one that the caller has seen.
fn customers(request: &Received) -> ScriptedResponse {
    let since: u64 = request.query_arg("created[gte]").map_or(0, |time| time.parse().unwrap());
    let all: Vec<u64> = (1..=5).rev().filter(|n| 1_700_000_000 + n >= since).collect();
    let after = request.query_arg("starting_after").map(|id| id.trim_start_matches("cus_").parse::<u64>().unwrap());
    let start = after.map_or(0, |after| 1 + all.iter().position(|n| *n == after).unwrap());
    let limit: usize = request.query_arg("limit").unwrap().parse().unwrap();
    let data: Vec<Value> = all[start..].iter().take(limit).map(|n| json!({"id": format!("cus_{n}")})).collect();
    let has_more = start + data.len() < all.len();
    ScriptedResponse::json(
        &json!({"object": "list", "url": "/v1/customers", "has_more": has_more, "data": data}).to_string(),
    )
}

/// Reads a form in brackets: `items[0][price]=p` is `{"items":{"0":{"price":"p"}}}`.
fn nested(form: &str) -> Value {
    let mut root = json!({});
    for (key, value) in form_urlencoded::parse(form.as_bytes()) {
        let mut at = &mut root;
        for (depth, name) in key.split('[').enumerate() {
            let name = if depth == 0 { name } else { name.strip_suffix(']').unwrap() };
            if at.is_null() {
                *at = json!({});
            }
            at = &mut at[name];
        }
        *at = json!(value);
    }
    root
}

/// The values of a list, whose names are its indices.
fn values(list: &Value) -> Vec<String> {
    list.as_object().into_iter().flatten().map(|(_, value)| value.as_str().unwrap().to_owned()).collect()
}

fn start() -> (StandIn, Client<Account>) {
    let server = StandIn::start(stripe());
    let client = Client::builder(server.url()).credentials(Basic::new(KEY, "")).build().unwrap();
    (server, client)
}

const EACH: [&str; 6] = [
    "accept: application/json",
    "accept-encoding: gzip",
    concat!("user-agent: rolecall/", env!("CARGO_PKG_VERSION")),
    "host: 127.0.0.1",
    "stripe-version: 2024-06-20",
    "authorization: Basic c2tfdGVzdF80ZUMzOUhxTHlqV0Rhcmp0VDF6ZHA3ZGM6",
];

fn get(target: &str) -> String {
    request_text(&format!("GET {target}"), &[&EACH], "")
}

fn post(target: &str, key: &str, body: &str) -> String {
    let (key, length) = (format!("idempotency-key: {key}"), format!("content-length: {}", body.len()));
    let more = [key.as_str(), length.as_str(), "content-type: application/x-www-form-urlencoded"];
    request_text(&format!("POST {target}"), &[&EACH, &more], body)
}

/// The random key of a request.
fn key_of(request: &str) -> &str {
    request.split("idempotency-key: ").nth(1).unwrap().lines().next().unwrap()
}

fn new_subscription<'a>(price: &'a str, expand: &'a [&'a str]) -> NewSubscription<'a> {
    NewSubscription {
        customer: "cus_4",
        items: vec![Item { price, quantity: Some(2) }, Item { price: "price_extra", quantity: None }],
        payment_settings: Some(PaymentSettings { payment_method_types: &["card", "sepa_debit"] }),
        metadata: BTreeMap::from([("order id", "6735 & more")]),
        expand,
    }
}

#[test]
fn a_subscription_is_created_once_though_the_first_response_is_lost() {
    run(async || {
        let (server, client) = start();
        let created = client.create_subscription(&new_subscription("price_basic", &["customer"])).await.unwrap();
        assert_eq!(created.id, "sub_1", "the second attempt has not made another one");
        assert_eq!(created.metadata["order id"], "6735 & more");
        let customer = Customer { id: "cus_4".to_owned(), metadata: BTreeMap::new() };
        assert_eq!(created.customer, Expandable::Object(customer));

        let body = "customer=cus_4\
                    &items%5B0%5D%5Bprice%5D=price_basic&items%5B0%5D%5Bquantity%5D=2\
                    &items%5B1%5D%5Bprice%5D=price_extra\
                    &payment_settings%5Bpayment_method_types%5D%5B0%5D=card\
                    &payment_settings%5Bpayment_method_types%5D%5B1%5D=sepa_debit\
                    &metadata%5Border+id%5D=6735+%26+more&expand%5B0%5D=customer";
        let requests = server.requests();
        let request = post("/v1/subscriptions", key_of(&requests[0]), body);
        assert_eq!(requests, [request.clone(), request]);

        let next = client.create_subscription(&new_subscription("price_basic", &[])).await.unwrap();
        assert_eq!((next.id.as_str(), next.customer), ("sub_2", Expandable::Id("cus_4".to_owned())));
        assert_ne!(key_of(&server.requests()[0]), key_of(&requests[0]));
    });
}

#[test]
fn a_key_that_the_caller_keeps_outlives_the_call() {
    run(async || {
        let (_server, client) = start();
        let of_order = client.with(CallSettings::new().header("idempotency-key", "order-6735"));
        let first = of_order.create_subscription(&new_subscription("price_basic", &[])).await.unwrap();
        let again = of_order.create_subscription(&new_subscription("price_basic", &[])).await.unwrap();
        assert_eq!(first, again);
    });
}

#[test]
fn objects_are_expanded_where_the_request_names_them() {
    run(async || {
        let (server, client) = start();
        let plain = client.subscription("sub_1", &[]).await.unwrap();
        assert_eq!(plain.customer, Expandable::Id("cus_4".to_owned()));
        let expanded = client.subscription("sub_1", &["customer", "items.data.price"]).await.unwrap();
        assert!(matches!(expanded.customer, Expandable::Object(Customer { id, .. }) if id == "cus_4"));
        let of_account = client.with(CallSettings::new().header("stripe-account", "acct_1032D82eZvKYlo2C"));
        of_account.subscription("sub_1", &[]).await.unwrap();
        let query = "?expand%5B%5D=customer&expand%5B%5D=items.data.price";
        let account = ["stripe-account: acct_1032D82eZvKYlo2C"];
        assert_eq!(
            server.requests(),
            [
                get("/v1/subscriptions/sub_1"),
                get(&format!("/v1/subscriptions/sub_1{query}")),
                request_text("GET /v1/subscriptions/sub_1", &[&EACH, &account], ""),
            ]
        );
    });
}

#[test]
fn a_list_is_read_after_the_last_id_with_the_filter_of_the_first_page() {
    run(async || {
        let (server, client) = start();
        let created = Some(Period { gte: Some(1_700_000_002), lt: None });
        let mut customers = client.customers(&CustomerFilter { created, limit: 2 }).await.unwrap().into_items();
        let mut ids = Vec::new();
        while let Some(customer) = customers.next().await {
            ids.push(customer.unwrap().id);
        }
        assert_eq!(ids, ["cus_5", "cus_4", "cus_3", "cus_2"]);
        let target = "/v1/customers?created%5Bgte%5D=1700000002&limit=2";
        assert_eq!(server.requests(), [get(target), get(&format!("{target}&starting_after=cus_4"))]);
    });
}

#[test]
fn an_empty_value_deletes_a_key_of_the_metadata() {
    run(async || {
        let (server, client) = start();
        let update = CustomerUpdate { metadata: BTreeMap::from([("tier", ""), ("since", "2024")]) };
        let customer = client.update_customer("cus_4", &update).await.unwrap();
        assert_eq!(customer.metadata, BTreeMap::from([("since".to_owned(), "2024".to_owned())]));
        let requests = server.requests();
        let body = "metadata%5Bsince%5D=2024&metadata%5Btier%5D=";
        assert_eq!(requests[0], post("/v1/customers/cus_4", key_of(&requests[0]), body));
    });
}

#[test]
fn a_declined_card_is_not_tried_again_and_the_key_is_not_shown() {
    run(async || {
        let (server, client) = start();
        let error = client.create_subscription(&new_subscription("price_declined", &[])).await.unwrap_err();
        assert_eq!(server.requests().len(), 1);
        assert_eq!(
            error.to_string(),
            "create_subscription (POST /v1/subscriptions) failed: 402 Payment Required: card_error: Your card has \
             insufficient funds."
        );
        #[derive(Deserialize)]
        struct Body {
            error: Card,
        }
        #[derive(Deserialize)]
        struct Card {
            decline_code: String,
        }
        assert_eq!(error.problem_as::<Body>().unwrap().error.decline_code, "insufficient_funds");
        assert!(!format!("{error:?} {client:?}").contains(KEY));
    });
}
