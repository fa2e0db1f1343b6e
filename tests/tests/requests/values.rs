//! Values of arguments: by `Display` or serde in paths and headers, lists and several headers, JSON in the query.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use rolecall::{Caller, Client, Error, HeaderMap, HeaderValue, ListStyle, ParameterLocation, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;
use serde::Serialize;

use crate::{fine, refused, whole};

/// By serde alone.
#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    PlainText,
    #[serde(rename = "a/b, c")]
    Odd,
}

#[derive(Serialize)]
struct Id(u64);

/// By both, in different ways: paths and headers have its `Display` form, and queries that of serde.
#[derive(Serialize)]
enum Both {
    #[serde(rename = "serialized")]
    Both,
}

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shown")
    }
}

/// Serializes to more than one value.
#[derive(Serialize)]
struct Several {
    a: u8,
}

/// A list, which a path holds no more than a map.
#[derive(Serialize)]
struct Numbers(Vec<u8>);

#[api(headers("x-kind" = "of the trait"))]
trait ValuesApi: Caller {
    #[endpoint(method = GET, path = "/{kind}/{id}/{both}/{*rest}", role = User)]
    async fn path(
        &self,
        kind: Kind,
        id: &Id,
        both: &Both,
        rest: Kind,
        #[query("both")] too: &Both,
    ) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/several/{several}", role = User)]
    async fn several(&self, several: &Several) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/rest/{*several}", role = User)]
    async fn rest(&self, several: &Numbers) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/headers", role = User)]
    async fn headers(
        &self,
        #[header("x-kind")] kind: Option<Kind>,
        #[header("x-id")] id: Id,
        #[header("x-both")] both: &Both,
        #[header("x-several")] several: Option<&Several>,
    ) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/lists", role = User)]
    async fn lists(
        &self,
        #[header("x-kinds")] kinds: &[Kind],
        #[header("x-ids", sensitive)] ids: Option<Vec<u32>>,
        #[header("if-none-match")] tags: &[String],
    ) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/fields", role = User)]
    async fn fields(
        &self,
        #[header("x-first")] first: &str,
        #[header(flatten)] map: &HeaderMap,
        #[header(flatten)] pairs: Option<&[(&str, u8)]>,
        #[header(flatten, sensitive)] more: BTreeMap<String, String>,
    ) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/hash", role = User)]
    async fn hash(&self, #[header(flatten)] headers: HashMap<&'static str, String>) -> Result<u8, Error>;

    #[endpoint(method = GET, path = "/json", role = User)]
    async fn json(
        &self,
        #[query(json)] filter: &Several,
        #[query("ids", json)] ids: Vec<u32>,
        #[query(json)] maybe: Option<&str>,
    ) -> Result<u8, Error>;
}

#[test]
fn a_path_takes_what_is_displayed_or_else_serialized() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        world.call(client.path(Kind::PlainText, &Id(7), &Both::Both, Kind::Odd, &Both::Both)).await.is(fine(&[1]));
        let proven =
            world.call(client.path(Kind::Odd, &Id(0), &Both::Both, Kind::PlainText, &Both::Both)).await.is(fine(&[2]));
        let request = |target| format!("GET {target}\naccept: application/json\nx-kind: of the trait\n\n");
        assert_eq!(whole(&server, 0), request("/plain-text/7/shown/a/b%2C%20c?both=serialized"));
        assert_eq!(whole(&server, 1), request("/a%2Fb%2C%20c/0/shown/plain-text?both=serialized"));
        proven
    });
}

#[test]
fn what_serializes_to_no_single_value_is_refused_before_anything_is_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let expected = "could not serialize argument `several`: expected a string, a number, or a boolean";
        let seen = world.call(client.several(&Several { a: 1 })).await;
        assert!(seen.line().ends_with(expected), "{}", seen.line());
        seen.is(refused(&[0]));
        let seen = world.call(client.rest(&Numbers(vec![1]))).await;
        assert!(seen.line().ends_with(expected), "{}", seen.line());
        seen.is(refused(&[0]));
        let seen = world.call(client.headers(None, Id(1), &Both::Both, Some(&Several { a: 1 }))).await;
        assert!(seen.line().ends_with(&expected.replace("several", "x-several")), "{}", seen.line());
        seen.is(refused(&[0]))
    });
}

#[test]
fn a_header_takes_what_is_displayed_or_else_serialized() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        world.call(client.headers(Some(Kind::PlainText), Id(7), &Both::Both, None)).await.is(fine(&[1]));
        let proven = world.call(client.headers(None, Id(8), &Both::Both, None)).await.is(fine(&[2]));
        let request = "GET /headers\naccept: application/json\nx-both: shown\n";
        assert_eq!(whole(&server, 0), format!("{request}x-id: 7\nx-kind: plain-text\n\n"));
        assert_eq!(whole(&server, 1), format!("{request}x-id: 8\n\n"));
        proven
    });
}

#[test]
fn a_list_in_a_header_is_joined_by_commas_and_an_empty_one_is_omitted() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let tags = ["\"a\"".to_owned(), "W/\"b\"".to_owned()];
        world.call(client.lists(&[Kind::PlainText, Kind::PlainText], Some(vec![1, 2]), &tags)).await.is(fine(&[1]));
        let proven = world.call(client.lists(&[], None, &[])).await.is(fine(&[2]));
        assert_eq!(
            whole(&server, 0),
            "GET /lists\naccept: application/json\nif-none-match: \"a\", W/\"b\"\nx-ids: 1, 2\nx-kind: of the trait\n\
             x-kinds: plain-text, plain-text\n\n"
        );
        assert_eq!(whole(&server, 1), "GET /lists\naccept: application/json\nx-kind: of the trait\n\n");
        proven
    });
}

#[test]
fn an_item_that_would_not_arrive_as_one_is_refused() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let mut proven = None;
        for (tag, what) in [
            ("a,b", "an item of the list contains a comma, which separates items"),
            ("", "an item of the list is empty"),
            (" ", "an item of the list is empty"),
            ("a\nb", "contains a character that is not allowed in a header"),
        ] {
            let seen = world.call(client.lists(&[], None, &["x".to_owned(), tag.to_owned()])).await;
            assert!(seen.line().ends_with(&format!("invalid argument `if-none-match`: {what}")), "{}", seen.line());
            proven = Some(seen.is(refused(&[0])));
        }
        let seen = world.call(client.lists(&[Kind::Odd], None, &[])).await;
        assert!(seen.line().contains("`x-kinds`: an item of the list contains a comma"), "{}", seen.line());
        seen.is(refused(&[0]));
        proven.unwrap()
    });
}

#[test]
fn several_headers_replace_those_of_their_names_and_keep_several_values() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let mut map = HeaderMap::new();
        map.append("x-kind", HeaderValue::from_static("of the map"));
        map.append("x-many", HeaderValue::from_static("1"));
        map.append("x-many", HeaderValue::from_static("2"));
        map.append("x-first", HeaderValue::from_static("of the map, too"));
        let more = BTreeMap::from([("X-More".to_owned(), "m".to_owned())]);
        let pairs = [("x-pair", 1), ("X-Pair", 2)];
        world.call(client.fields("first", &map, Some(&pairs), more)).await.is(fine(&[1]));
        world.call(client.fields("first", &HeaderMap::new(), None, BTreeMap::new())).await.is(fine(&[2]));
        let proven = world.call(client.hash(HashMap::from([("x-hash", "h".to_owned())]))).await.is(fine(&[3]));
        assert_eq!(
            whole(&server, 0),
            "GET /fields\naccept: application/json\nx-first: of the map, too\nx-kind: of the map\nx-many: 1\nx-many: 2\n\
             x-more: m\nx-pair: 1\nx-pair: 2\n\n"
        );
        assert_eq!(
            whole(&server, 1),
            "GET /fields\naccept: application/json\nx-first: first\nx-kind: of the trait\n\n"
        );
        assert_eq!(whole(&server, 2), "GET /hash\naccept: application/json\nx-hash: h\nx-kind: of the trait\n\n");
        proven
    });
}

#[test]
fn headers_that_only_the_client_sets_are_refused_among_several_as_they_are_alone() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        for name in [
            "accept",
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "host",
            "keep-alive",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent",
        ] {
            let headers = HashMap::from([(name, "hidden".to_owned())]);
            let seen = world.call(client.hash(headers)).await;
            let expected = format!("invalid argument `headers`: header `{name}` cannot be set: ");
            assert!(seen.line().contains(&expected) && !seen.chain().contains("hidden"), "{}", seen.line());
            seen.is(refused(&[0]));
        }
        for (name, value, what) in [
            ("a b", "", "contains an invalid header name"),
            ("", "", "contains an invalid header name"),
            ("x-a", "1\r\nx-b: 2", "contains a character that is not allowed in a header"),
        ] {
            let seen = world.call(client.hash(HashMap::from([(name, value.to_owned())]))).await;
            assert!(seen.line().ends_with(&format!("invalid argument `headers`: {what}")), "{}", seen.line());
            seen.is(refused(&[0]));
        }
        world.call(client.hash(HashMap::new())).await.is(fine(&[1]))
    });
}

#[test]
fn json_is_one_value_of_the_query() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        world.call(client.json(&Several { a: 1 }, vec![1, 2], Some("x y"))).await.is(fine(&[1]));
        let proven = world.call(client.json(&Several { a: 1 }, vec![], None)).await.is(fine(&[2]));
        let request = |query| format!("GET /json?{query}\naccept: application/json\nx-kind: of the trait\n\n");
        let filter = "filter=%7B%22a%22%3A1%7D";
        assert_eq!(whole(&server, 0), request(format!("{filter}&ids=%5B1%2C2%5D&maybe=%22x+y%22")));
        assert_eq!(whole(&server, 1), request(format!("{filter}&ids=%5B%5D")));
        proven
    });
}

#[test]
fn the_metadata_has_how_values_are_written() {
    let endpoints = <Client<User> as ValuesApi>::ENDPOINTS;
    let of = |name: &str| {
        let endpoint = endpoints.iter().find(|endpoint| endpoint.name == name).unwrap();
        endpoint.parameters.iter().map(|one| (one.name, one.required, one.list, one.flatten, one.media_type))
    };
    let comma = Some(ListStyle::Comma);
    let lists = [("x-kinds", false, comma), ("x-ids", false, comma), ("if-none-match", false, comma)];
    assert!(of("lists").eq(lists.map(|(name, required, list)| (name, required, list, false, None))));
    let fields = [("x-first", true, false), ("map", true, true), ("pairs", false, true), ("more", true, true)];
    assert!(of("fields").eq(fields.map(|(name, required, flatten)| (name, required, None, flatten, None))));
    let json = Some("application/json");
    let values = [("filter", true), ("ids", true), ("maybe", false)];
    assert!(of("json").eq(values.map(|(name, required)| (name, required, None, false, json))));
    assert!(endpoints.iter().all(|one| one.parameters.iter().all(|one| one.location != ParameterLocation::Body)));
}
