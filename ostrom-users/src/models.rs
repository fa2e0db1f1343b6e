//! The request and response types of the Users API.
//!
//! All response fields are optional, because the API specification requires none. Enumerations keep unknown values,
//! because Ostrom adds values without notice.

use serde::{Deserialize, Serialize};

/// The user's information, returned by [`get_me`](crate::UsersApi::get_me).
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
    /// The user's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<UserLanguage>,
}

/// A user's language, as `GET /me` returns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum UserLanguage {
    /// `ENGLISH`
    #[serde(rename = "ENGLISH")]
    English,
    /// `GERMAN`
    #[serde(rename = "GERMAN")]
    German,
    /// A value that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// The request body of [`link_user`](crate::UsersApi::link_user).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsersLinkBody {
    /// The partner's own, unique id of the user, which identifies the user in later calls.
    pub external_user_id: String,
    /// The partner's referral code. It gives the user a discount at signup; without it, signup is disabled during
    /// linking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral_code: Option<String>,
    /// The language of the consent page.
    pub language: LinkLanguage,
    /// The URL to which the user returns after consenting.
    pub redirect_url: String,
    /// The scopes that the partner requests.
    pub scopes: Vec<Scope>,
}

/// The language of the consent page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LinkLanguage {
    /// `en-US`
    #[serde(rename = "en-US")]
    EnUs,
    /// `de-DE`
    #[serde(rename = "de-DE")]
    DeDe,
    /// A value that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// A part of the user's data that the partner may read after the user has consented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Scope {
    /// `order:read:data`: the user's orders.
    #[serde(rename = "order:read:data")]
    OrderReadData,
    /// `contract:read:data`: the user's contracts.
    #[serde(rename = "contract:read:data")]
    ContractReadData,
    /// A value that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// The response of [`link_user`](crate::UsersApi::link_user).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserLinkResponse {
    /// The URL of the page on which the user logs in and consents, to be opened in the partner's app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_url: Option<String>,
}
