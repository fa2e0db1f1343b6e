//! A [`UsersLinkBody`] put together step by step.

use std::fmt;

use url::Url;

use crate::{LinkLanguage, Scope, UsersLinkBody};

/// What a [`LinkBuilder`] has not been given yet.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Missing;

/// Puts a [`UsersLinkBody`] together; made by [`UsersLinkBody::builder`].
///
/// What the API requires has to be given, or there is no `build` to call:
///
/// ```compile_fail,E0599
/// use ostrom_users::{LinkLanguage, UsersLinkBody};
///
/// let body = UsersLinkBody::builder()
///     .external_user_id("user-42")
///     .language(LinkLanguage::DeDe)
///     .redirect_url("https://partner.example/linked")
///     .build(); // no scopes
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct LinkBuilder<Id = Missing, Language = Missing, Redirect = Missing, Scopes = Missing> {
    external_user_id: Id,
    language: Language,
    redirect_url: Redirect,
    scopes: Scopes,
    referral_code: Option<String>,
}

impl UsersLinkBody {
    /// Starts a body that can't be built without what the API requires: the user, the language, the page to return
    /// to, the scopes.
    ///
    /// ```
    /// use ostrom_users::{LinkLanguage, Scope, UsersLinkBody};
    ///
    /// # fn main() -> Result<(), ostrom_users::InvalidLink> {
    /// let body = UsersLinkBody::builder()
    ///     .external_user_id("user-42")
    ///     .language(LinkLanguage::DeDe)
    ///     .redirect_url("https://partner.example/linked")
    ///     .scopes([Scope::ContractReadData, Scope::OrderReadData])
    ///     .build()?;
    /// assert_eq!(body.external_user_id, "user-42");
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> LinkBuilder {
        LinkBuilder {
            external_user_id: Missing,
            language: Missing,
            redirect_url: Missing,
            scopes: Missing,
            referral_code: None,
        }
    }
}

impl<Language, Redirect, Scopes> LinkBuilder<Missing, Language, Redirect, Scopes> {
    /// The partner's own, unique name for the user; later calls name the user by it.
    pub fn external_user_id(self, id: impl Into<String>) -> LinkBuilder<String, Language, Redirect, Scopes> {
        let Self { language, redirect_url, scopes, referral_code, .. } = self;
        LinkBuilder { external_user_id: id.into(), language, redirect_url, scopes, referral_code }
    }
}

impl<Id, Redirect, Scopes> LinkBuilder<Id, Missing, Redirect, Scopes> {
    /// The language of the page on which the user consents.
    pub fn language(self, language: LinkLanguage) -> LinkBuilder<Id, LinkLanguage, Redirect, Scopes> {
        let Self { external_user_id, redirect_url, scopes, referral_code, .. } = self;
        LinkBuilder { external_user_id, language, redirect_url, scopes, referral_code }
    }
}

impl<Id, Language, Scopes> LinkBuilder<Id, Language, Missing, Scopes> {
    /// The page of the partner's app to which the user returns: a URL with a host, of any scheme, since an app may
    /// have one of its own.
    pub fn redirect_url(self, url: impl Into<String>) -> LinkBuilder<Id, Language, String, Scopes> {
        let Self { external_user_id, language, scopes, referral_code, .. } = self;
        LinkBuilder { external_user_id, language, redirect_url: url.into(), scopes, referral_code }
    }
}

impl<Id, Language, Redirect> LinkBuilder<Id, Language, Redirect, Missing> {
    /// What the partner wishes to read of the user, one thing at least.
    pub fn scopes(self, scopes: impl IntoIterator<Item = Scope>) -> LinkBuilder<Id, Language, Redirect, Vec<Scope>> {
        let Self { external_user_id, language, redirect_url, referral_code, .. } = self;
        let scopes = scopes.into_iter().collect();
        LinkBuilder { external_user_id, language, redirect_url, scopes, referral_code }
    }
}

impl<Id, Language, Redirect, Scopes> LinkBuilder<Id, Language, Redirect, Scopes> {
    /// The partner's referral code. It gives the user a discount at signup; without it, signup is disabled while
    /// linking.
    pub fn referral_code(mut self, code: impl Into<String>) -> Self {
        self.referral_code = Some(code.into());
        self
    }
}

impl LinkBuilder<String, LinkLanguage, String, Vec<Scope>> {
    /// Checks the values and builds the body. Scopes that were given twice are sent once.
    ///
    /// # Errors
    ///
    /// For a user without a name, a redirect URL that leads nowhere, no scopes, an empty referral code: for the first
    /// of these that is so.
    pub fn build(self) -> Result<UsersLinkBody, InvalidLink> {
        let Self { external_user_id, language, redirect_url, scopes: given, referral_code } = self;
        if external_user_id.trim().is_empty() {
            return Err(InvalidLink::ExternalUserId);
        }
        if !leads_somewhere(&redirect_url) {
            return Err(InvalidLink::RedirectUrl { url: redirect_url });
        }
        let mut scopes = Vec::with_capacity(given.len());
        for scope in given {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        if scopes.is_empty() {
            return Err(InvalidLink::Scopes);
        }
        if referral_code.as_deref().is_some_and(|code| code.trim().is_empty()) {
            return Err(InvalidLink::ReferralCode);
        }
        Ok(UsersLinkBody { external_user_id, referral_code, language, redirect_url, scopes })
    }
}

/// `localhost:3000/linked` and `javascript:…` are URLs too, but have no host.
fn leads_somewhere(url: &str) -> bool {
    // A URL parser forgives spaces and line breaks; what is sent is what was given.
    let clean = !url.contains(|c: char| c.is_whitespace() || c.is_control());
    clean && Url::parse(url).is_ok_and(|url| url.has_host())
}

/// What is wrong with a link that was to be built.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidLink {
    /// The user has no name.
    ExternalUserId,
    /// The user would not get back.
    #[non_exhaustive]
    RedirectUrl {
        /// What was given.
        url: String,
    },
    /// Nothing is to be read.
    Scopes,
    /// The code is empty; without one, leave it out.
    ReferralCode,
}

impl fmt::Display for InvalidLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExternalUserId => f.write_str("the external user id is empty"),
            Self::RedirectUrl { url } => {
                write!(f, "the redirect URL {url:?} is none with a host, such as https://partner.example/linked")
            }
            Self::Scopes => f.write_str("there are no scopes: a link lets the partner read something at least"),
            Self::ReferralCode => f.write_str("the referral code is empty: leave it out if there is none"),
        }
    }
}

impl std::error::Error for InvalidLink {}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(user: &str, url: &str, scopes: &[Scope]) -> Result<UsersLinkBody, InvalidLink> {
        UsersLinkBody::builder()
            .scopes(scopes.iter().cloned())
            .redirect_url(url)
            .language(LinkLanguage::EnUs)
            .external_user_id(user)
            .build()
    }

    const URL: &str = "https://partner.example/linked?from=ostrom";
    const SCOPES: &[Scope] = &[Scope::OrderReadData];

    #[test]
    fn the_body_is_what_was_given_in_any_order() {
        let body = UsersLinkBody::builder()
            .referral_code("WELCOME")
            .external_user_id("user-42")
            .language(LinkLanguage::DeDe)
            .scopes([Scope::OrderReadData, Scope::ContractReadData, Scope::OrderReadData])
            .redirect_url(URL)
            .build()
            .unwrap();
        let expected = UsersLinkBody {
            external_user_id: "user-42".to_owned(),
            referral_code: Some("WELCOME".to_owned()),
            language: LinkLanguage::DeDe,
            redirect_url: URL.to_owned(),
            scopes: vec![Scope::OrderReadData, Scope::ContractReadData],
        };
        assert_eq!(body, expected);
        assert_eq!(link("user-42", URL, SCOPES).unwrap().referral_code, None);
    }

    #[test]
    fn a_redirect_url_leads_somewhere() {
        for url in [URL, "partnerapp://linked", "http://localhost:3000/", "https://[::1]/linked"] {
            assert_eq!(link("user-42", url, SCOPES).unwrap().redirect_url, url);
        }
        for url in [
            "",
            "/linked",
            "partner.example/linked",
            "localhost:3000/linked",
            "https://",
            "javascript:alert(1)",
            "mailto:a@partner.example",
            "https://partner.example/a b",
            "https://partner.example/\r\nx",
            " https://partner.example/",
        ] {
            assert_eq!(link("user-42", url, SCOPES), Err(InvalidLink::RedirectUrl { url: url.to_owned() }));
        }
    }

    #[test]
    fn nothing_empty_is_built() {
        assert_eq!(link(" ", URL, SCOPES), Err(InvalidLink::ExternalUserId));
        assert_eq!(link("user-42", URL, &[]), Err(InvalidLink::Scopes));
        let builder = UsersLinkBody::builder().external_user_id("user-42").language(LinkLanguage::EnUs);
        let builder = builder.redirect_url(URL).scopes(SCOPES.iter().cloned()).referral_code("");
        assert_eq!(builder.build(), Err(InvalidLink::ReferralCode));
    }
}
