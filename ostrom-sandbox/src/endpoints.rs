//! The endpoints of the sandbox, as the API specification writes them.

/// The token endpoint of the authorization server.
pub(crate) const TOKEN_ENDPOINT: &str = "POST /oauth2/token";

/// Method, path, and role of each endpoint.
pub(crate) const ENDPOINTS: [(&str, &str, &str); 17] = [
    ("GET", "/me", "USER"),
    ("POST", "/users/link", "PARTNER"),
    ("DELETE", "/users/{externalUserId}/disconnect", "PARTNER"),
    ("GET", "/users/{externalUserId}/orders", "PARTNER"),
    ("GET", "/users/{externalUserId}/orders/{orderId}", "PARTNER"),
    ("GET", "/contracts", "USER"),
    ("GET", "/contracts/{contractId}/energy-consumption", "USER"),
    ("GET", "/users/{externalUserId}/contracts", "PARTNER"),
    ("GET", "/users/{externalUserId}/contracts/{contractId}", "PARTNER"),
    ("GET", "/users/{externalUserId}/contracts/{contractId}/energy-consumption", "PARTNER"),
    ("GET", "/spot-prices", "USER, PARTNER"),
    ("GET", "/products", "PARTNER"),
    ("POST", "/webhooks", "PARTNER"),
    ("GET", "/webhooks", "PARTNER"),
    ("GET", "/webhooks/{id}", "PARTNER"),
    ("DELETE", "/webhooks/{id}", "PARTNER"),
    ("POST", "/webhooks/{id}/test", "PARTNER"),
];

/// Returns `true` for an endpoint such as `GET /me`.
pub(crate) fn is_known(endpoint: &str) -> bool {
    let api = ENDPOINTS.iter().any(|(method, path, _)| endpoint.split_once(' ') == Some((method, path)));
    api || endpoint == TOKEN_ENDPOINT
}
