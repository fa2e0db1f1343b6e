//! Which users are linked to the partner, and what the partner asked for.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::state::{lock, random_id};

pub(crate) const LANGUAGES: [&str; 2] = ["en-US", "de-DE"];
pub(crate) const SCOPES: [&str; 2] = ["order:read:data", "contract:read:data"];

/// A user's link to the partner, as `POST /users/link` asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// The language of the page on which the user consents: `en-US` or `de-DE`.
    pub language: String,
    /// Where the user is sent after consenting.
    pub redirect_url: String,
    /// What the partner asks to read.
    pub scopes: Vec<String>,
    /// The code that opens the signup, if the partner sent one.
    pub referral_code: Option<String>,
    /// Whether the user has consented.
    pub consented: bool,
}

impl Link {
    /// A link as if its user had consented long ago.
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

/// All links, by the partner's id of the user.
#[derive(Debug, Default)]
pub(crate) struct Links(Mutex<HashMap<String, Record>>);

#[derive(Debug)]
struct Record {
    /// The last part of the address of the user's consent page.
    page: String,
    link: Link,
}

impl Links {
    /// Links a user and returns the id of the consent page. A user who is linked already gets a
    /// new page, and a consent that was given stays given.
    pub(crate) fn link(&self, external_user_id: String, mut link: Link) -> String {
        let page = random_id();
        let mut links = lock(&self.0);
        let before = links.get(&external_user_id);
        link.consented |= before.is_some_and(|record| record.link.consented);
        let record = Record { page: page.clone(), link };
        links.insert(external_user_id, record);
        page
    }

    /// Forgets a user; says whether there was one to forget.
    pub(crate) fn disconnect(&self, external_user_id: &str) -> bool {
        lock(&self.0).remove(external_user_id).is_some()
    }

    pub(crate) fn get(&self, external_user_id: &str) -> Option<Link> {
        let links = lock(&self.0);
        links.get(external_user_id).map(|record| record.link.clone())
    }

    /// Gives a user's consent; says whether there was such a user.
    pub(crate) fn consent(&self, external_user_id: &str) -> bool {
        lock(&self.0).get_mut(external_user_id).map(|record| record.link.consented = true).is_some()
    }

    /// Gives the consent of the user whose page this is; returns where the user goes from there.
    pub(crate) fn consent_on(&self, page: &str) -> Option<String> {
        let mut links = lock(&self.0);
        let record = links.values_mut().find(|record| record.page == page)?;
        record.link.consented = true;
        Some(record.link.redirect_url.clone())
    }
}
