//! The data of the Ostrom Users API, shared by every subject that lets its user
//! bring their own serde types (progenitor generates its own).

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserLanguage {
    #[serde(rename = "ENGLISH")]
    English,
    #[serde(rename = "GERMAN")]
    German,
}

/// Answer of `GET /me`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub language: UserLanguage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkLanguage {
    #[serde(rename = "en-US")]
    EnUs,
    #[serde(rename = "de-DE")]
    DeDe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    #[serde(rename = "order:read:data")]
    OrderReadData,
    #[serde(rename = "contract:read:data")]
    ContractReadData,
}

/// Body of `POST /users/link`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkRequest {
    pub external_user_id: String,
    pub language: LinkLanguage,
    pub redirect_url: String,
    pub scopes: Vec<Scope>,
}

/// Answer of `POST /users/link`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkResponse {
    pub link_url: String,
}

/// An element of the big answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Price {
    pub date: String,
    pub net_kwh_price: f64,
    pub gross_kwh_price: f64,
}
