//! The document of a trait with `#[api(schema)]`, and what `check!` finds of the fields of its flattened query.

// In helpers of tests, and in types that are documented where a test looks for it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::{env, fs, panic, process};

use rolecall::{ByStatus, Client, Error, Events, Page, Public, Role, Text, api, endpoint};
use rolecall_openapi::{Document, Options, export, scaffold};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A gardener.
#[derive(Debug, Role)]
pub enum Gardener {}

/// A plant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plant {
    /// The name, in Latin.
    pub name: String,
    /// Absent in what is received from old gardens.
    #[serde(default)]
    pub kind: Kind,
    pub planted_at: Option<String>,
    /// Those below it.
    pub shade: Vec<Plant>,
}

/// A kind of plant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    #[default]
    Tree,
    Herb,
}

/// What plants are looked for.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    pub kind: Kind,
    pub planted_after: Option<String>,
    #[serde(rename = "tag")]
    pub tags: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Withered {
    pub reason: String,
}

impl fmt::Display for Withered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

#[derive(Debug, ByStatus)]
#[status(schema)]
pub enum Planted {
    #[status(200)]
    Again(Plant),
    #[status(202)]
    Soon,
}

/// The plants of a garden.
#[api(schema, error = Withered)]
pub trait PlantsApi {
    /// Lists plants.
    #[endpoint(method = GET, path = "/plants", role = Public)]
    async fn plants(&self, #[query(flatten)] filter: &Filter) -> Result<Page<Vec<Plant>>, Error>;

    /// Plants a plant.
    #[endpoint(method = PUT, path = "/plants/{plantId}", role = Gardener)]
    async fn plant(&self, plant_id: u32, #[body] plant: &Plant) -> Result<Planted, Error>;

    /// Watches a plant.
    #[endpoint(method = GET, path = "/plants/{plantId}/events", role = Gardener)]
    async fn watch(&self, plant_id: u32, #[query(list = "comma")] days: &[u8]) -> Result<Events<Kind>, Error>;

    /// Describes it.
    #[endpoint(method = POST, path = "/describe", role = Public, accept = "text/plain")]
    async fn describe(&self, #[body(form)] words: &BTreeMap<String, String>) -> Result<Text, Error>;
}

fn exported() -> String {
    export("Garden", "2.1", &[<Client<Public> as PlantsApi>::ENDPOINTS]).to_json()
}

fn document() -> Value {
    serde_json::from_str(&exported()).unwrap()
}

/// Returns what `check!` reports of a document with this text.
fn disagreements(name: &str, text: &str) -> String {
    let path: PathBuf = env::temp_dir().join(format!("rolecall-schemas-{}-{name}.json", process::id()));
    fs::write(&path, text).unwrap();
    let checked = panic::catch_unwind(|| rolecall_openapi::check!(path.as_path(), [PlantsApi]));
    fs::remove_file(&path).unwrap();
    checked.err().map_or_else(String::new, |report| *report.downcast::<String>().unwrap())
}

#[test]
fn the_types_are_in_the_document_as_serde_writes_and_reads_them() {
    let document = document();
    assert_eq!(document["info"], json!({ "title": "Garden", "version": "2.1" }));
    assert_eq!(document["tags"], json!([{ "name": "Plants", "description": "The plants of a garden." }]));

    let plant = &document["components"]["schemas"]["Plant"];
    assert_eq!(plant["description"], "A plant.");
    assert_eq!(plant["properties"]["name"], json!({ "type": "string", "description": "The name, in Latin." }));
    assert_eq!(plant["properties"]["shade"]["items"]["$ref"], "#/components/schemas/Plant");
    assert_eq!(plant["required"], json!(["name", "kind", "plantedAt", "shade"]), "what is sent has all of them");
    let received = &document["components"]["schemas"]["PlantResponse"];
    assert_eq!(received["required"], json!(["name", "shade"]), "what is received may lack two");
    assert_eq!(received["properties"]["shade"]["items"]["$ref"], "#/components/schemas/PlantResponse");
    let names: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["Kind", "Plant", "PlantResponse", "Withered"]);

    let plant = &document["paths"]["/plants/{plantId}"]["put"];
    assert_eq!(plant["parameters"][0]["schema"]["format"], "uint32");
    assert_eq!(
        plant["requestBody"],
        json!({ "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Plant" } } } })
    );
    let of_type =
        |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
    assert_eq!(plant["responses"]["200"]["content"], of_type("PlantResponse"));
    assert_eq!(plant["responses"]["202"].get("content"), None);
    assert_eq!(plant["responses"]["default"]["content"], of_type("Withered"));

    let plants = &document["paths"]["/plants"]["get"]["responses"]["200"];
    let schema = &plants["content"]["application/json"]["schema"];
    assert_eq!(*schema, json!({ "type": "array", "items": { "$ref": "#/components/schemas/PlantResponse" } }));
    assert!(plants["headers"].get("Link").is_some());
    let describe = &document["paths"]["/describe"]["post"];
    let words = &describe["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(*words, json!({ "type": "object", "additionalProperties": { "type": "string" } }));
}

#[test]
fn the_fields_of_a_flattened_query_are_parameters() {
    let document = document();
    let parameters = document["paths"]["/plants"]["get"]["parameters"].as_array().unwrap();
    let shown: Vec<String> = parameters
        .iter()
        .map(|parameter| format!("{} {} {}", parameter["name"], parameter["required"], parameter["schema"]))
        .collect();
    assert_eq!(
        shown,
        [
            r##""kind" true {"$ref":"#/components/schemas/Kind"}"##,
            r#""plantedAfter" false {"type":"string"}"#,
            r#""tag" false {"items":{"type":"string"},"type":"array"}"#,
        ]
    );
}

#[test]
fn the_document_agrees_with_the_trait_and_is_written_as_traits_again() {
    assert_eq!(disagreements("same", &exported()), "");
    let mut options = Options::default();
    options.default_role = Some("Gardener".to_owned());
    let document = Document::from_text(&exported(), "garden.json").unwrap();
    let scaffold = scaffold(&document, &options);
    assert_eq!((scaffold.figures.operations, scaffold.figures.declared), (4, 4));
    let all: String = scaffold.files.iter().map(|(_, text)| text.as_str()).collect();
    for expected in ["pub struct Plant {", "pub enum Kind {", "planted_after", "Page<Vec<PlantResponse>>"] {
        assert!(all.contains(expected), "{expected} is not in\n{all}");
    }
}

#[test]
fn each_change_of_a_field_of_a_flattened_query_is_named() {
    let changed = |name: &str, from: &str, to: &str| {
        let text = exported();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        disagreements(name, &text.replace(from, to))
    };
    let only = |report: &str, findings: &[&str]| {
        let found: Vec<&str> = report.lines().filter_map(|line| line.strip_prefix("error: `GET /plants`: ")).collect();
        assert_eq!((found.as_slice(), report.matches("error: ").count()), (findings, findings.len()), "{report}");
    };
    let renamed = changed("renamed", r#""name":"plantedAfter""#, r#""name":"plantedSince""#);
    only(
        &renamed,
        &[
            "the query parameter `plantedSince` is not declared",
            "the query parameter `plantedAfter` is not in the document",
        ],
    );
    let required = changed(
        "required",
        r#""name":"plantedAfter","in":"query","required":false"#,
        r#""name":"plantedAfter","in":"query","required":true"#,
    );
    only(&required, &["the query parameter `plantedAfter` is required"]);
    let comma = changed(
        "comma",
        r#""name":"tag","in":"query","required":false"#,
        r#""name":"tag","in":"query","required":false,"style":"form","explode":false"#,
    );
    only(&comma, &["the values of the query parameter `tag` are written in another way"]);
    let mut document = document();
    document["paths"]["/plants"]["get"]["parameters"].as_array_mut().unwrap().remove(0);
    only(&disagreements("removed", &document.to_string()), &["the query parameter `kind` is not in the document"]);
}

mod without {
    use super::*;

    /// The same filter, of which nothing is known.
    #[api]
    pub trait PlantsApi {
        /// Lists plants.
        #[endpoint(method = GET, path = "/plants", role = Public)]
        async fn plants(&self, #[query(flatten)] filter: &Filter) -> Result<Vec<Plant>, Error>;

        /// Counts them.
        #[endpoint(method = GET, path = "/plants/{*below}", role = Public)]
        async fn count(&self, below: &str, #[query] days: &[u32]) -> Result<BTreeMap<String, u64>, Error>;
    }
}

#[test]
fn without_schemas_the_types_of_rust_itself_are_described() {
    let document = export("Garden", "1", &[<Client<Public> as without::PlantsApi>::ENDPOINTS, &[]]);
    let document: Value = serde_json::from_str(&document.to_json()).unwrap();
    let plants = &document["paths"]["/plants"]["get"];
    assert_eq!(plants["parameters"][0]["schema"]["additionalProperties"], json!({ "type": "string" }));
    let plant = &plants["responses"]["200"]["content"]["application/json"]["schema"]["items"];
    assert_eq!(*plant, json!({ "description": "The Rust type `Plant`." }));
    let count = &document["paths"]["/plants/{*below}"]["get"]["responses"]["200"];
    let values = &count["content"]["application/json"]["schema"]["additionalProperties"];
    assert_eq!(*values, json!({ "type": "integer", "format": "uint64" }));
}
