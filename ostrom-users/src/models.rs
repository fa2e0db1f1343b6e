//! What the Users API takes and gives.
//!
//! No field of an answer is required, since Ostrom's document requires none: what is missing is `None`.
//! Enumerations keep values that this version doesn't know, since Ostrom adds some without notice.

use serde::{Deserialize, Serialize};

/// Who the user is; the answer of [`get_me`](crate::UsersApi::get_me).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GetMeResponse {
    /// The user's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The user's first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The user's last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The language that Ostrom speaks with the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<UserLanguage>,
}

/// A user's language, as `GET /me` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum UserLanguage {
    /// `ENGLISH`
    #[serde(rename = "ENGLISH")]
    English,
    /// `GERMAN`
    #[serde(rename = "GERMAN")]
    German,
    /// One that this version doesn't know.
    #[serde(untagged)]
    Other(String),
}

/// What [`link_user`](crate::UsersApi::link_user) asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsersLinkBody {
    /// The partner's own, unique name for the user; later calls name the user by it.
    pub external_user_id: String,
    /// The partner's referral code. It gives the user a discount at signup; without it, signup is disabled
    /// while linking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral_code: Option<String>,
    /// The language of the page on which the user consents.
    pub language: LinkLanguage,
    /// The page of the partner's app to which the user returns afterwards.
    pub redirect_url: String,
    /// What the partner wishes to read of the user.
    pub scopes: Vec<Scope>,
}

/// The language of the page on which a user consents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LinkLanguage {
    /// `en-US`
    #[serde(rename = "en-US")]
    EnUs,
    /// `de-DE`
    #[serde(rename = "de-DE")]
    DeDe,
    /// One that this version doesn't know.
    #[serde(untagged)]
    Other(String),
}

/// A part of a user's data that a partner may read once the user consents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Scope {
    /// `order:read:data`: the user's orders.
    #[serde(rename = "order:read:data")]
    OrderReadData,
    /// `contract:read:data`: the user's contracts.
    #[serde(rename = "contract:read:data")]
    ContractReadData,
    /// One that this version doesn't know.
    #[serde(untagged)]
    Other(String),
}

/// Where to send the user; the answer of [`link_user`](crate::UsersApi::link_user).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserLinkResponse {
    /// The page to open in the partner's app: there the user logs in, consents, and returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_url: Option<String>,
}
