//! The types of Garden API.

use std::collections::BTreeMap;
use std::fmt;

use rolecall::ByStatus;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// The type `Sort` of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Sort {
    /// `name`.
    Name,
    /// `-name`.
    #[serde(rename = "-name")]
    MinusName,
    /// `plantedAt`.
    PlantedAt,
}

/// The type `ListPlantsFilter` of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ListPlantsFilter {
    /// `height`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<ListPlantsFilterHeight>,
    /// `color`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// The query of `GET /plants`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ListPlantsQuery {
    /// Names in this language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i32>,
    /// `tags[]`.
    #[serde(rename = "tags[]", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// `sort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
}

/// The type `Plant` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plant {
    /// The name; see <https://garden.example/names>.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<NumberOrText>,
    /// `kind`.
    pub kind: Kind,
    /// What it was cut from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Box<Plant>>,
    /// `children`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<Plant>>,
    /// `size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<PlantSize>,
    /// `secret`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// `labels`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeMap<String, String>>,
    /// `extra`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<Value>,
    /// `@type`.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// `crate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crate_: Option<bool>,
}

/// The type `AddPlantAccepted` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AddPlantAccepted {
    /// `job`.
    pub job: Option<String>,
}

/// What `POST /plants` returns.
#[derive(Debug, Clone, PartialEq, ByStatus)]
pub enum AddPlantResponse {
    /// Status 201.
    #[status(201)]
    Created(Box<Plant>),
    /// Status 202.
    #[status(202)]
    Accepted(AddPlantAccepted),
}

/// A number that may come as a string, or a string that may come as a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NumberOrText {
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
}

impl fmt::Display for NumberOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl From<i64> for NumberOrText {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for NumberOrText {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The type `CrateType` of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CrateType {
    /// `tree`.
    Tree,
    /// `>`.
    #[serde(rename = ">")]
    Greater,
    /// `<`.
    #[serde(rename = "<")]
    Less,
}

/// The query of `GET /search`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CrateQuery {
    /// `a`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<String>,
    /// `b`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<bool>,
    /// `c`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c: Option<f64>,
    /// `e`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<Vec<String>>,
    /// `type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<CrateType>,
    /// `self`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_: Option<String>,
}

/// The type `ListVisitsVisitor` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ListVisitsVisitor {
    /// A value of type `AGardener`.
    AGardener(AGardener),
    /// A value of type `AGuest`.
    AGuest(AGuest),
}

/// The type `AddVisitBody` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AddVisitBody {
    /// A value of type `ACode`.
    ACode(ACode),
    /// A value of type `Named`.
    Named(Named),
}

/// The type `TokenBody` of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TokenBody {
    /// `grant`.
    pub grant: String,
    /// `scope`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// The type `Token` of the API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Token {
    /// `access_token`.
    pub access_token: String,
    /// `expires_in`.
    pub expires_in: Option<i64>,
}

/// The type `ListPlantsFilterHeight` of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ListPlantsFilterHeight {
    /// `gt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gt: Option<i64>,
}

/// The type `Kind` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Kind {
    /// A value of type `Tree`.
    Tree(Tree),
    /// A value of type `Herb`.
    Herb(Herb),
    /// A value that the document does not describe.
    Other(Value),
}

/// The type `PlantSize` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PlantSize {
    /// A value of type `i64`.
    Integer(i64),
    /// A value of type `String`.
    Text(String),
    /// A value of type `PlantSizeVariant3`.
    Variant3(PlantSizeVariant3),
    /// A value that the document does not describe.
    Other(Value),
}

/// A gardener
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AGardener {
    /// `gardenerId`.
    pub gardener_id: i64,
}

/// A guest
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AGuest {
    /// `email`.
    pub email: String,
    /// `names`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
}

/// The type `Named` of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Named {
    /// The name; see <https://garden.example/names>.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A code
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ACode {
    /// `code`.
    pub code: String,
}

/// The type `Tree` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// `kind`.
    pub kind: TreeKind,
    /// `rings`.
    pub rings: u64,
}

/// The type `Herb` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Herb {
    /// `kind`.
    pub kind: HerbKind,
    /// `smell`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smell: Option<String>,
}

/// The type `PlantSizeVariant3` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlantSizeVariant3 {
    /// `cm`.
    pub cm: f64,
}

/// The values of `kind` of `Tree`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TreeKind {
    /// `tree`.
    Tree,
}

/// The values of `kind` of `Herb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HerbKind {
    /// `herb`.
    Herb,
}
