//! Every kind of argument and response under `#[api(schema)]`, with what has a schema and what has none.

#![deny(warnings)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Display};

use rolecall::schemars::SchemaGenerator;
use rolecall::{
    Body, ByStatus, ByteStream, Bytes, Client, Conditional, Endpoint, Error, Event, Events, FilePart, HeaderMap, JsonLines,
    Location, Page, Public, Response, ResponseKind, Text, api, endpoint,
};
use rolecall_tests::roles::Partner;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
pub struct Thing {
    pub name: String,
}

#[derive(Serialize, schemars::JsonSchema)]
pub struct Filter<'a> {
    pub name: Cow<'a, str>,
}

/// A value without a schema, which only callers choose.
pub struct Opaque;

impl Display for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("opaque")
    }
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub struct Failure {
    pub code: u32,
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)
    }
}

#[derive(ByStatus)]
#[status(schema)]
pub enum Outcome {
    #[status(200, 201)]
    Done(Thing),
    #[status(202)]
    Later(Location),
    #[status(203)]
    Told(Text),
    #[status(204)]
    Nothing,
    #[status(206)]
    Part(Bytes),
    #[status(409)]
    Many(Response<Vec<Thing>>),
}

/// Things.
#[api(schema, error = Failure, dyn = DynThingsApi)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/{id}/{name}/{*rest}", role = Partner)]
    async fn path(&self, id: u64, name: &Cow<'_, str>, rest: &str) -> Result<Thing, Error>;

    #[endpoint(method = GET, path = "/query", role = Public)]
    async fn query<'a>(
        &'a self,
        #[query] one: &str,
        #[query(list = "comma")] many: Option<&[&'a str]>,
        #[query(json)] map: &BTreeMap<String, Thing>,
        #[query(flatten)] filter: &Filter<'a>,
        #[query(flatten, nested)] rest: Option<&Filter<'_>>,
    ) -> Result<Option<Response<Vec<Thing>>>, Error>;

    #[endpoint(method = POST, path = "/headers", role = Public)]
    async fn headers(
        &self,
        #[header("x-days")] days: &[u8],
        #[header(flatten)] more: &HeaderMap,
        #[body] thing: impl Into<Option<&Thing>>,
    ) -> Result<Conditional<Thing>, Error>;

    #[endpoint(method = POST, path = "/parts", role = Public)]
    async fn parts(
        &self,
        #[part] file: FilePart,
        #[part] tags: &[&str],
        #[part(json)] thing: &Thing,
    ) -> Result<Page<Vec<Thing>>, Error>;

    #[endpoint(method = POST, path = "/form", role = Public)]
    async fn form(&self, #[body(form)] thing: &Thing) -> Result<Events<Event<Thing>>, Error>;

    #[endpoint(method = POST, path = "/text", role = Public)]
    async fn text(&self, #[body(text)] text: &str) -> Result<Events<Text>, Error>;

    #[endpoint(method = POST, path = "/stream", role = Public)]
    async fn stream(&self, #[body(stream)] body: Body) -> Result<JsonLines<Thing>, Error>;

    #[endpoint(method = GET, path = "/bytes", role = Public)]
    async fn bytes(&self) -> Result<ByteStream, Error>;

    #[endpoint(method = GET, path = "/shown", role = Public)]
    async fn shown(&self, #[query] by: &dyn Display) -> Result<Outcome, Error>;

    #[endpoint(method = GET, path = "/elsewhere", role = Public)]
    async fn elsewhere(&self) -> Result<Location, Error>;
}

#[api(schema)]
pub trait GenericApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Public)]
    async fn get<T: DeserializeOwned, I: Display, const N: usize>(
        &self,
        id: I,
        #[query] ids: [u32; N],
    ) -> Result<Vec<T>, Error>;
}

/// Without schemas: nothing here needs one.
#[api]
pub trait OpaqueApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Public)]
    async fn get(&self, id: Opaque) -> Result<String, Error>;
}

fn shown(schema: Option<rolecall::schemars::Schema>) -> String {
    schema.map_or_else(|| "none".to_owned(), |schema| schema.to_value().to_string())
}

fn parameters(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Vec<String> {
    endpoint.parameters.iter().map(|parameter| shown(parameter.schema(generator))).collect()
}

fn bodies(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> String {
    let Some(bodies) = endpoint.response.bodies(generator) else { return "none".to_owned() };
    bodies.into_iter().map(|body| format!("{:?} {:?} {};", body.statuses, body.kind, shown(body.schema))).collect()
}

fn main() {
    let generator = &mut SchemaGenerator::default();
    let [path, query, headers, parts, form, text, stream, bytes_, shown_, elsewhere] = <Client<Partner> as ThingsApi>::ENDPOINTS
    else {
        panic!("ten endpoints")
    };
    let string = r#"{"type":"string"}"#;
    let strings = r#"{"items":{"type":"string"},"type":"array"}"#;
    let thing = r##"{"$ref":"#/$defs/Thing"}"##;
    let filter = r##"{"$ref":"#/$defs/Filter"}"##;
    let things = format!(r#"{{"items":{thing},"type":"array"}}"#);
    let map = format!(r#"{{"additionalProperties":{thing},"type":"object"}}"#);

    assert_eq!(parameters(path, generator)[1..], [string, string]);
    assert!(parameters(path, generator)[0].contains("uint64"));
    assert_eq!(parameters(query, generator), [string, strings, &map, filter, filter]);
    assert!(parameters(headers, generator)[0].contains("uint8"));
    assert_eq!(parameters(headers, generator)[1..], ["none", thing]);
    assert_eq!(parameters(parts, generator), ["none", strings, thing]);
    assert_eq!(parameters(form, generator), [thing]);
    assert_eq!(parameters(text, generator), ["none"]);
    assert_eq!(parameters(stream, generator), ["none"]);
    assert_eq!(parameters(shown_, generator), ["none"]);

    assert_eq!(bodies(path, generator), format!("[] Json {thing};"));
    assert_eq!(bodies(query, generator), format!("[] Json {things};"));
    assert_eq!(bodies(headers, generator), format!("[] Json {thing};"));
    assert_eq!(bodies(parts, generator), format!("[] Page {things};"));
    assert_eq!(bodies(form, generator), format!("[] Events {thing};"));
    assert_eq!(bodies(text, generator), "none");
    assert_eq!(bodies(stream, generator), format!("[] JsonLines {thing};"));
    assert_eq!(bodies(bytes_, generator), "none");
    assert_eq!(
        bodies(shown_, generator),
        format!(
            "[200, 201] Json {thing};[202] Empty none;[203] Text none;[204] Empty none;[206] Bytes none;\
             [409] Json {things};"
        )
    );
    assert_eq!(bodies(elsewhere, generator), "[] Empty none;");
    assert_eq!(elsewhere.response.kind, ResponseKind::Json);
    assert_eq!(shown(path.error_schema(generator)), r##"{"$ref":"#/$defs/Failure"}"##);
    assert_eq!((path.error, path.api_docs), (Some("Failure"), "Things."));
    assert!(headers.response.conditional && !path.response.conditional);
    assert!(generator.definitions()["Filter"]["properties"].get("name").is_some());

    let [get] = <Client<Public> as GenericApi>::ENDPOINTS else { panic!("one endpoint") };
    let generic = parameters(get, generator);
    assert_eq!(generic[0], "none");
    assert!(generic[1].contains("uint32"));
    assert_eq!(bodies(get, generator), "none");

    let [opaque] = <Client<Public> as OpaqueApi>::ENDPOINTS else { panic!("one endpoint") };
    assert_eq!((parameters(opaque, generator), bodies(opaque, generator)), (vec!["none".to_owned()], "none".to_owned()));
    assert_eq!(shown(opaque.error_schema(generator)), "none");
}
