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
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EndpointMethod(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Standard(Method),
    /// A token that `#[api]` has validated.
    Other(&'static str),
}

impl EndpointMethod {
    pub(crate) const fn standard(method: Method) -> Self {
        Self(Repr::Standard(method))
    }

    pub(crate) const fn other(name: &'static str) -> Self {
        Self(Repr::Other(name))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Standard(method) => method.as_str(),
            Repr::Other(name) => name,
        }
    }
}

impl From<&EndpointMethod> for Method {
    fn from(method: &EndpointMethod) -> Self {
        match &method.0 {
            Repr::Standard(method) => method.clone(),
            Repr::Other(name) => Self::from_bytes(name.as_bytes()).unwrap_or_default(),
        }
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
        const LIST: EndpointMethod = EndpointMethod::other("LIST");
        const GET: EndpointMethod = EndpointMethod::standard(Method::GET);
        assert_eq!((LIST.as_str(), LIST.to_string(), format!("{LIST:?}")), ("LIST", "LIST".into(), "LIST".into()));
        assert_eq!(Method::from(&LIST), LIST);
        assert_eq!(Method::from(&GET), Method::GET);
        assert!(GET == "GET" && GET == Method::GET && GET != LIST && LIST != *"GET");
    }
}
