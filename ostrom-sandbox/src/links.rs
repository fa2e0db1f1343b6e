//! The users that are linked to the partner.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::sync::{lock, random_id};

pub(crate) const LANGUAGES: [&str; 2] = ["en-US", "de-DE"];
pub(crate) const SCOPES: [&str; 2] = ["order:read:data", "contract:read:data"];

/// A user's link to the partner, as requested by `POST /users/link`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// The language of the page on which the user consents: `en-US` or `de-DE`.
    pub language: String,
    /// The URL that the user is redirected to after consenting.
    pub redirect_url: String,
    /// The scopes that the partner requests.
    pub scopes: Vec<String>,
    /// The referral code, which enables signup, if the partner sent one.
    pub referral_code: Option<String>,
    /// `true` if the user has consented.
    pub consented: bool,
}

impl Link {
    /// Returns a link whose user has consented to all scopes.
    pub(crate) fn seeded() -> Self {
        Self {
            language: LANGUAGES[0].to_owned(),
            redirect_url: "https://partner.example/linked".to_owned(),
            scopes: SCOPES.iter().map(ToString::to_string).collect(),
            referral_code: None,
            consented: true,
        }
    }
}

/// All links, by external user id.
#[derive(Debug, Default)]
pub(crate) struct Links(Mutex<HashMap<String, Record>>);

#[derive(Debug)]
struct Record {
    /// The last path segment of the consent page's URL.
    page: String,
    link: Link,
}

impl Links {
    /// Links a user and returns the id of the consent page. A user who is already linked gets a new page, and an earlier
    /// consent stays valid.
    pub(crate) fn link(&self, external_user_id: String, mut link: Link) -> String {
        let page = random_id();
        let mut links = lock(&self.0);
        let before = links.get(&external_user_id);
        link.consented |= before.is_some_and(|record| record.link.consented);
        let record = Record { page: page.clone(), link };
        links.insert(external_user_id, record);
        page
    }

    /// Removes a link. Returns `true` if there was one.
    pub(crate) fn disconnect(&self, external_user_id: &str) -> bool {
        lock(&self.0).remove(external_user_id).is_some()
    }

    pub(crate) fn get(&self, external_user_id: &str) -> Option<Link> {
        let links = lock(&self.0);
        links.get(external_user_id).map(|record| record.link.clone())
    }

    /// Records a user's consent. Returns `true` if there is such a user.
    pub(crate) fn consent(&self, external_user_id: &str) -> bool {
        lock(&self.0).get_mut(external_user_id).map(|record| record.link.consented = true).is_some()
    }

    /// Records the consent of the user whose page this is. Returns the redirect URL.
    pub(crate) fn consent_on(&self, page: &str) -> Option<String> {
        let mut links = lock(&self.0);
        let record = links.values_mut().find(|record| record.page == page)?;
        record.link.consented = true;
        Some(record.link.redirect_url.clone())
    }
}
