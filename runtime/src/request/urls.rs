//! URLs of calls: the base URL with the path and query of each.

#[cfg(feature = "reqwest")]
use std::collections::HashMap;
#[cfg(feature = "reqwest")]
use std::sync::{PoisonError, RwLock};

use crate::error::Error;
use crate::url::Url;

/// Builds URLs below a base URL.
pub(crate) struct Urls {
    base: Url,
    /// The path of the base URL without its final slash.
    prefix: String,
    #[cfg(feature = "reqwest")]
    of_reqwest: OfReqwest,
}

impl Urls {
    pub(crate) fn new(base: Url) -> Result<Self, Error> {
        Ok(Self {
            #[cfg(feature = "reqwest")]
            of_reqwest: OfReqwest::new(&base)?,
            prefix: base.path().trim_end_matches('/').to_owned(),
            base,
        })
    }

    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// Returns the path of the base URL without its final slash.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns the length of the URL of an encoded path and query, in bytes.
    pub(crate) fn length(&self, target: &str) -> usize {
        self.base.origin().len() + self.prefix.len() + target.len()
    }

    /// Returns the URL of an encoded path and query.
    pub(crate) fn join(&self, target: &str) -> Url {
        self.base.with_target(&[&self.prefix, target].concat())
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn of_reqwest(&self) -> &OfReqwest {
        &self.of_reqwest
    }
}

/// Builds URLs in reqwest's form.
#[cfg(feature = "reqwest")]
pub(crate) struct OfReqwest {
    base: reqwest::Url,
    /// URLs of paths without arguments, each built by its first call. Their number is bounded by that of such
    /// endpoints.
    fixed: RwLock<HashMap<&'static str, reqwest::Url>>,
}

#[cfg(feature = "reqwest")]
impl OfReqwest {
    fn new(base: &Url) -> Result<Self, Error> {
        let base = reqwest::Url::parse(base.as_str())
            .map_err(|error| Error::configuration(format!("reqwest cannot use the base URL: {error}")))?;
        Ok(Self { base, fixed: RwLock::default() })
    }

    /// Returns the URL of an encoded path without arguments.
    pub(crate) fn fixed(&self, path: &'static str) -> reqwest::Url {
        if let Some(url) = self.fixed.read().unwrap_or_else(PoisonError::into_inner).get(path) {
            return url.clone();
        }
        let url = self.join(path);
        self.fixed.write().unwrap_or_else(PoisonError::into_inner).insert(path, url.clone());
        url
    }

    /// Returns the URL of an encoded path and query. Changing a copy of the base costs a third of parsing a URL.
    pub(crate) fn join(&self, target: &str) -> reqwest::Url {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let mut url = self.base.clone();
        match url.path().trim_end_matches('/') {
            "" => url.set_path(path),
            prefix => {
                let path = [prefix, path].concat();
                url.set_path(&path);
            }
        }
        if query.is_some() {
            url.set_query(query);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_appended_to_the_base() {
        for (base, target, url) in [
            ("https://a.example", "/me", "https://a.example/me"),
            ("https://a.example/", "/me?x=1&y=%20", "https://a.example/me?x=1&y=%20"),
            ("https://a.example/v1", "/users/a%2Fb", "https://a.example/v1/users/a%2Fb"),
            ("https://a.example:8443/v1/", "/me", "https://a.example:8443/v1/me"),
            ("https://a.example/v1", "/", "https://a.example/v1/"),
        ] {
            let urls = Urls::new(Url::parse(base).unwrap()).unwrap();
            assert_eq!(urls.join(target).as_str(), url);
            assert_eq!(urls.length(target), url.len());
            #[cfg(feature = "reqwest")]
            assert_eq!(urls.of_reqwest.join(target).as_str(), url);
        }
    }

    #[cfg(feature = "reqwest")]
    #[test]
    fn a_fixed_path_is_joined_once() {
        let urls = Urls::new(Url::parse("https://a.example/v1").unwrap()).unwrap();
        for _ in 0..2 {
            assert_eq!(urls.of_reqwest.fixed("/me").as_str(), "https://a.example/v1/me");
            assert_eq!(urls.of_reqwest.fixed("/you").as_str(), "https://a.example/v1/you");
        }
        assert_eq!(urls.of_reqwest.fixed.read().unwrap().len(), 2);
    }
}
