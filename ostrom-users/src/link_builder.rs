//! A builder for [`UsersLinkBody`].

use std::fmt;

use crate::models::{LinkLanguage, Scope, UsersLinkBody};

/// The type of a value that a [`LinkBuilder`] still lacks.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Missing;

/// Builds a [`UsersLinkBody`]. Created by [`UsersLinkBody::builder`].
///
/// Without a required value there is no method `build`:
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
    /// Returns a builder that requires the user, the language, the redirect URL, and the scopes.
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
    /// Sets the partner's own, unique id of the user, which identifies the user in later calls.
    pub fn external_user_id(self, id: impl Into<String>) -> LinkBuilder<String, Language, Redirect, Scopes> {
        let Self { language, redirect_url, scopes, referral_code, .. } = self;
        LinkBuilder { external_user_id: id.into(), language, redirect_url, scopes, referral_code }
    }
}

impl<Id, Redirect, Scopes> LinkBuilder<Id, Missing, Redirect, Scopes> {
    /// Sets the language of the consent page.
    pub fn language(self, language: LinkLanguage) -> LinkBuilder<Id, LinkLanguage, Redirect, Scopes> {
        let Self { external_user_id, redirect_url, scopes, referral_code, .. } = self;
        LinkBuilder { external_user_id, language, redirect_url, scopes, referral_code }
    }
}

impl<Id, Language, Scopes> LinkBuilder<Id, Language, Missing, Scopes> {
    /// Sets the URL to which the user returns after consenting. It must have a host and may have any scheme, since an
    /// app may have its own.
    pub fn redirect_url(self, url: impl Into<String>) -> LinkBuilder<Id, Language, String, Scopes> {
        let Self { external_user_id, language, scopes, referral_code, .. } = self;
        LinkBuilder { external_user_id, language, redirect_url: url.into(), scopes, referral_code }
    }
}

impl<Id, Language, Redirect> LinkBuilder<Id, Language, Redirect, Missing> {
    /// Sets the scopes that the partner requests. At least one is required.
    pub fn scopes(self, scopes: impl IntoIterator<Item = Scope>) -> LinkBuilder<Id, Language, Redirect, Vec<Scope>> {
        let Self { external_user_id, language, redirect_url, referral_code, .. } = self;
        let scopes = scopes.into_iter().collect();
        LinkBuilder { external_user_id, language, redirect_url, scopes, referral_code }
    }
}

impl<Id, Language, Redirect, Scopes> LinkBuilder<Id, Language, Redirect, Scopes> {
    /// Sets the partner's referral code. It gives the user a discount at signup; without it, signup is disabled during
    /// linking.
    pub fn referral_code(mut self, code: impl Into<String>) -> Self {
        self.referral_code = Some(code.into());
        self
    }
}

impl LinkBuilder<String, LinkLanguage, String, Vec<Scope>> {
    /// Validates the values and builds the body. Duplicate scopes are sent once.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidLink`] if the external user id is empty, if the redirect URL has no host, if there are no
    /// scopes, or if the referral code is empty.
    pub fn build(self) -> Result<UsersLinkBody, InvalidLink> {
        let Self { external_user_id, language, redirect_url, scopes: given, referral_code } = self;
        if external_user_id.trim().is_empty() {
            return Err(InvalidLink::ExternalUserId);
        }
        if !has_host(&redirect_url) {
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

/// Returns `true` for a URL with a host, unlike `localhost:3000/linked` and `javascript:…`.
fn has_host(url: &str) -> bool {
    let clean = !url.contains(|c: char| c.is_whitespace() || c.is_control());
    let Some((scheme, rest)) = url.split_once("://").filter(|_| clean) else { return false };
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(is_scheme)
        && !host.is_empty()
        && !host.starts_with(':')
}

/// The reason why a [`UsersLinkBody`] could not be built.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidLink {
    /// The external user id is empty.
    ExternalUserId,
    /// The redirect URL is not an absolute URL with a host.
    #[non_exhaustive]
    RedirectUrl {
        /// The invalid URL.
        url: String,
    },
    /// There are no scopes.
    Scopes,
    /// The referral code is empty.
    ReferralCode,
}

impl fmt::Display for InvalidLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExternalUserId => f.write_str("external user id is empty"),
            Self::RedirectUrl { url } => {
                write!(
                    f,
                    "invalid redirect URL {url:?}; expected a URL with a host, such as https://partner.example/linked"
                )
            }
            Self::Scopes => f.write_str("missing scopes; add at least one"),
            Self::ReferralCode => f.write_str("referral code is empty; omit it if there is none"),
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
    fn values_can_be_set_in_any_order() {
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
    fn a_redirect_url_has_a_host() {
        for url in [URL, "partnerapp://linked", "http://localhost:3000/", "https://[::1]/linked"] {
            assert_eq!(link("user-42", url, SCOPES).unwrap().redirect_url, url);
        }
        for url in [
            "",
            "/linked",
            "partner.example/linked",
            "localhost:3000/linked",
            "://partner.example",
            "a b://partner.example",
            "https:/partner.example",
            "https://",
            "https:///linked",
            "https://:443/linked",
            "https://user@/linked",
            "/linked?next=https://partner.example",
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
    fn empty_values_are_rejected() {
        assert_eq!(link(" ", URL, SCOPES), Err(InvalidLink::ExternalUserId));
        assert_eq!(link("user-42", URL, &[]), Err(InvalidLink::Scopes));
        let builder = UsersLinkBody::builder().external_user_id("user-42").language(LinkLanguage::EnUs);
        let builder = builder.redirect_url(URL).scopes(SCOPES.iter().cloned()).referral_code("");
        assert_eq!(builder.build(), Err(InvalidLink::ReferralCode));
    }
}
