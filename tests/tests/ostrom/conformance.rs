//! The traits against the operations of Ostrom's API specification, version 2023-11-01, where the document itself is not
//! there: `document.rs` compares them with it otherwise.

use ostrom::contracts::ContractsApi;
use ostrom::orders::OrdersApi;
use ostrom::prices::PricesApi;
use ostrom::products::ProductsApi;
use ostrom::users::UsersApi;
use ostrom::webhooks::WebhooksApi;
use ostrom::{Hours, Partner, TimeRange};
use rolecall::{Client, Endpoint, ParameterLocation};

use crate::support::moment;

const RANGE: [&str; 3] = ["query startDate", "query endDate", "query resolution"];

/// The operations of the API specification, except the token: operation id, method and path, roles, parameters in
/// order. A `?` marks what may be left out. A body has no name there.
fn document() -> Vec<(&'static str, &'static str, &'static str, Vec<&'static str>)> {
    let user = "path externalUserId";
    let contract = "path contractId";
    let [start, end, resolution] = RANGE;
    vec![
        ("getMe", "GET /me", "USER", vec![]),
        ("linkUser", "POST /users/link", "PARTNER", vec!["body"]),
        ("disconnectUser", "DELETE /users/{externalUserId}/disconnect", "PARTNER", vec![user]),
        ("getOrdersByExternalUserId", "GET /users/{externalUserId}/orders", "PARTNER", vec![user]),
        (
            "getOrderByExternalUserId",
            "GET /users/{externalUserId}/orders/{orderId}",
            "PARTNER",
            vec![user, "path orderId"],
        ),
        ("getContracts", "GET /contracts", "USER", vec![]),
        (
            "getContractEnergyConsumption",
            "GET /contracts/{contractId}/energy-consumption",
            "USER",
            vec![contract, start, end, resolution],
        ),
        ("getContractsByExternalUserId", "GET /users/{externalUserId}/contracts", "PARTNER", vec![user]),
        (
            "getContractByExternalUserId",
            "GET /users/{externalUserId}/contracts/{contractId}",
            "PARTNER",
            vec![user, contract],
        ),
        (
            "getContractEnergyConsumptionByExternalUserId",
            "GET /users/{externalUserId}/contracts/{contractId}/energy-consumption",
            "PARTNER",
            vec![user, contract, start, end, resolution],
        ),
        ("getSpotPrices", "GET /spot-prices", "USER PARTNER", vec![start, end, resolution, "query zip?"]),
        (
            "getProductPrices",
            "GET /products",
            "PARTNER",
            vec!["query zip", "query numberOfResidents?", "query yearlyConsumption?"],
        ),
        ("createWebhook", "POST /webhooks", "PARTNER", vec!["body"]),
        ("getWebhooks", "GET /webhooks", "PARTNER", vec![]),
        ("getWebhook", "GET /webhooks/{id}", "PARTNER", vec!["path id"]),
        ("deleteWebhook", "DELETE /webhooks/{id}", "PARTNER", vec!["path id"]),
        ("testWebhook", "POST /webhooks/{id}/test", "PARTNER", vec!["path id"]),
    ]
}

/// The operations of all traits, by name.
fn declared() -> Vec<&'static Endpoint> {
    type C = Client<Partner>;
    let all = [
        <C as UsersApi>::ENDPOINTS,
        <C as OrdersApi>::ENDPOINTS,
        <C as ContractsApi>::ENDPOINTS,
        <C as PricesApi>::ENDPOINTS,
        <C as ProductsApi>::ENDPOINTS,
        <C as WebhooksApi>::ENDPOINTS,
    ];
    let mut endpoints: Vec<_> = all.into_iter().flatten().collect();
    endpoints.sort_by_key(|endpoint| endpoint.name);
    endpoints
}

#[test]
fn the_traits_declare_the_specifications_operations_and_no_others() {
    if crate::document::document().is_some() {
        return;
    }
    let mut document = document();
    document.sort_by_key(|(operation, ..)| snake(operation));
    let expected: Vec<String> = document
        .into_iter()
        .map(|(operation, target, roles, parameters)| line(&snake(operation), target, roles, &parameters.join(", ")))
        .collect();
    let found: Vec<String> = declared()
        .into_iter()
        .map(|endpoint| {
            let target = format!("{} {}", endpoint.method, endpoint.path);
            line(endpoint.name, &target, &endpoint.roles.join(" "), &parameters(endpoint))
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(found.len(), 17);
}

fn line(name: &str, target: &str, roles: &str, parameters: &str) -> String {
    format!("{name}: {target} [{roles}] ({parameters})")
}

fn snake(operation: &str) -> String {
    let mut name = String::new();
    for char in operation.chars() {
        if char.is_uppercase() {
            name.push('_');
        }
        name.extend(char.to_lowercase());
    }
    name
}

fn parameters(endpoint: &Endpoint) -> String {
    let parameters = endpoint.parameters.iter().flat_map(|parameter| {
        let place = match parameter.location {
            ParameterLocation::Path => "path",
            ParameterLocation::Query => "query",
            ParameterLocation::Header => "header",
            // The API specification does not name bodies, so the argument may have any name.
            ParameterLocation::Body => return vec!["body".to_owned()],
            _ => "elsewhere",
        };
        // The one argument that is more than one parameter.
        if parameter.name == "range" {
            return RANGE.map(str::to_owned).to_vec();
        }
        let optional = if parameter.required { "" } else { "?" };
        vec![format!("{place} {}{optional}", parameter.name)]
    });
    parameters.collect::<Vec<_>>().join(", ")
}

/// A range of time is one argument and three parameters: these.
#[test]
fn a_range_is_the_specifications_three_parameters_in_order() {
    let (start, end) = (moment("2023-11-01T00:00:00Z"), moment("2023-11-02T00:00:00Z"));
    let hours = serde_json::to_string(&Hours::new(start, end).unwrap()).unwrap();
    let days = serde_json::to_string(&TimeRange::days(start, end).unwrap()).unwrap();
    let months = serde_json::to_string(&TimeRange::months(start, end).unwrap()).unwrap();
    for (range, resolution) in [(hours, "HOUR"), (days, "DAY"), (months, "MONTH")] {
        let values = ["2023-11-01T00:00:00.000Z", "2023-11-02T00:00:00.000Z", resolution];
        let pairs = RANGE.iter().zip(values).map(|(name, value)| {
            let name = name.trim_start_matches("query ");
            format!("\"{name}\":\"{value}\"")
        });
        assert_eq!(range, format!("{{{}}}", pairs.collect::<Vec<_>>().join(",")));
    }
}
