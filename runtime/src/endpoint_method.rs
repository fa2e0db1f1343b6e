//! The HTTP method of an endpoint.

use std::fmt;

use http::Method;

/// The HTTP method of an [`Endpoint`](crate::Endpoint).
///
/// It is a constant even if the method is not standard, which a [`Method`] cannot be. It compares with a `Method` and with
/// a string, and converts into a `Method`.
///
/// ```
/// use rolecall::{Client, Error, Method, Public, api, endpoint};
///
/// /// Secrets.
/// #[api]
/// pub trait SecretsApi {
///     /// Returns the names of the secrets below a path.
///     #[endpoint(method = "LIST", path = "/v1/{*path}", role = Public)]
///     async fn names(&self, path: &str) -> Result<Vec<String>, Error>;
/// }
///
/// let endpoint = &<Client<Public> as SecretsApi>::ENDPOINTS[0];
/// assert_eq!(endpoint.method, "LIST");
/// assert_ne!(endpoint.method, Method::GET);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EndpointMethod(&'static str);

impl EndpointMethod {
    /// Creates a method from a token that `#[api]` has validated.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Returns `true` for the idempotent methods of RFC 9110, section 9.2.2, and `QUERY`.
    pub(crate) const fn is_idempotent(self) -> bool {
        matches!(self.0.as_bytes(), b"GET" | b"HEAD" | b"PUT" | b"DELETE" | b"OPTIONS" | b"TRACE" | b"QUERY")
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0
    }
}

impl From<&EndpointMethod> for Method {
    fn from(method: &EndpointMethod) -> Self {
        Self::from_bytes(method.0.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Display for EndpointMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Writes the name, as `Method` does.
impl fmt::Debug for EndpointMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq<Method> for EndpointMethod {
    fn eq(&self, other: &Method) -> bool {
        self.as_str() == other.as_str()
    }
}

impl PartialEq<EndpointMethod> for Method {
    fn eq(&self, other: &EndpointMethod) -> bool {
        other == self
    }
}

impl PartialEq<str> for EndpointMethod {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for EndpointMethod {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_compared_shown_and_converted_by_its_name() {
        const LIST: EndpointMethod = EndpointMethod::new("LIST");
        const GET: EndpointMethod = EndpointMethod::new("GET");
        assert_eq!((LIST.as_str(), LIST.to_string(), format!("{LIST:?}")), ("LIST", "LIST".into(), "LIST".into()));
        assert_eq!(Method::from(&LIST), LIST);
        assert_eq!(Method::from(&GET), Method::GET);
        assert!(GET == "GET" && GET == Method::GET && GET != LIST && LIST != *"GET");
        assert!(GET.is_idempotent() && !LIST.is_idempotent() && !EndpointMethod::new("POST").is_idempotent());
    }
}
