//! Contracts, and their energy consumption.

use jiff::Timestamp;
use ostrom_sandbox::{Sandbox, SandboxBuilder};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::World;

const OWN: &str = "/contracts/100523456/energy-consumption";
const MARCH: &str = "startDate=2025-03-01T00:00:00.000Z&endDate=2025-04-01T00:00:00.000Z";

/// A sandbox with a user who is linked, on an evening in April.
fn april() -> SandboxBuilder {
    Sandbox::builder().no_rate_limit().linked_user("user-42").now("2025-04-15T18:00:00Z".parse().unwrap())
}

async fn own(world: &World, query: &str) -> Vec<Value> {
    world.as_user(Method::GET, &format!("{OWN}?{query}")).await.data()
}

fn watt_hours(item: &Value) -> u64 {
    let kwh = item["kWh"].as_f64().unwrap();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let wh = (kwh * 1000.0).round() as u64;
    wh
}

#[tokio::test]
async fn the_users_contracts_satisfy_the_schema() {
    let world = World::new().await;
    let contracts = world.as_user(Method::GET, "/contracts").await.data();
    assert_eq!(contracts.len(), 2);
    assert_eq!(
        contracts[0],
        json!({
            "id": 100_523_456,
            "type": "ELECTRICITY",
            "productCode": "SIMPLY_DYNAMIC",
            "status": "ACTIVE",
            "customerFirstName": "Erika",
            "customerLastName": "Mustermann",
            "startDate": "2024-03-22",
            "currentMonthlyDepositAmount": "120.00",
            "address": { "zip": "22083", "city": "Hamburg", "street": "Mozartstr.", "houseNumber": "35" },
        })
    );
    assert_eq!(contracts[1]["status"], "TERMINATED");
}

#[tokio::test]
async fn the_live_api_formats_contracts_differently() {
    let world = World::of(Sandbox::builder().live_api_quirks()).await;
    let contract = &world.as_user(Method::GET, "/contracts").await.data()[0];
    assert_eq!(contract["id"], 100_523_456);
    assert_eq!(contract["currentMonthlyDepositAmount"], 120);
    assert_eq!(contract["productCode"], "SimplyDynamic_V2");
    assert_eq!(contract["address"]["housenumber"], "35");
    assert_eq!(contract["address"].get("houseNumber"), None);
}

#[tokio::test]
async fn a_partner_reads_the_contracts_of_its_users_and_each_by_its_id() {
    let world = World::of(april().linked_user("user-43")).await;
    let contracts = world.as_partner(Method::GET, "/users/user-42/contracts").await.data();
    let other = world.as_partner(Method::GET, "/users/user-43/contracts").await.data();
    assert_ne!(contracts[0]["id"], other[0]["id"]);

    let id = contracts[0]["id"].as_u64().unwrap();
    let one = world.as_partner(Method::GET, &format!("/users/user-42/contracts/{id}")).await;
    assert_eq!(one.fine(), contracts[0]);
    let not_theirs = world.as_partner(Method::GET, &format!("/users/user-43/contracts/{id}")).await;
    not_theirs.refusal(404, "not_found");
}

#[tokio::test]
async fn a_partner_reads_nothing_of_users_who_are_not_linked_or_have_not_consented() {
    let world = World::new().await;
    let path = "/users/user-42/contracts";
    let detail = world.as_partner(Method::GET, path).await.refusal(404, "not_found");
    assert!(detail.contains("linked"), "{detail}");

    let body = json!({
        "externalUserId": "user-42",
        "language": "de-DE",
        "redirectUrl": "https://partner.example/linked",
        "scopes": ["contract:read:data"],
    });
    world.link(&body).await.fine();
    let detail = world.as_partner(Method::GET, path).await.refusal(404, "not_found");
    assert!(detail.contains("consented"), "{detail}");

    world.sandbox.consent("user-42");
    world.as_partner(Method::GET, path).await.data();
    let detail = world.as_partner(Method::GET, "/users/user-42/orders").await.refusal(401, "unauthorized");
    assert!(detail.contains("order:read:data"), "{detail}");

    world.disconnect("user-42").await;
    world.as_partner(Method::GET, path).await.refusal(404, "not_found");
}

#[tokio::test]
async fn hours_add_up_to_days_and_days_to_the_month() {
    let world = World::of(april()).await;
    let hours = own(&world, &format!("{MARCH}&resolution=HOUR")).await;
    let days = own(&world, &format!("{MARCH}&resolution=DAY")).await;
    let month = own(&world, &format!("{MARCH}&resolution=MONTH")).await;
    assert_eq!((hours.len(), days.len(), month.len()), (744, 31, 1));
    assert_eq!(hours[0]["date"], "2025-03-01T00:00:00.000Z");
    assert_eq!(hours[743]["date"], "2025-03-31T23:00:00.000Z");
    assert_eq!(days[30]["date"], "2025-03-31T00:00:00.000Z");
    assert_eq!(month[0]["date"], "2025-03-01T00:00:00.000Z");

    let sum = |items: &[Value]| items.iter().map(watt_hours).sum::<u64>();
    assert_eq!(sum(&hours), sum(&month));
    assert_eq!(sum(&days), sum(&month));
    // The household consumes 3400 kWh per year, and a little more than the average in March.
    assert!((250_000..350_000).contains(&sum(&month)), "{}", sum(&month));
    assert!(hours.iter().map(watt_hours).all(|wh| (10..3000).contains(&wh)));
}

#[tokio::test]
async fn what_is_asked_twice_or_in_parts_is_answered_alike() {
    let world = World::of(april()).await;
    let whole = own(&world, &format!("{MARCH}&resolution=HOUR")).await;
    let middle = "startDate=2025-03-10T05:00:00.000Z&endDate=2025-03-12T00:00:00.000Z&resolution=HOUR";
    let part = own(&World::of(april()).await, middle).await;
    assert_eq!(part, whole[9 * 24 + 5..11 * 24]);
    assert_ne!(own(&World::of(april().seed(2)).await, middle).await, part);
}

#[tokio::test]
async fn the_meter_has_been_read_up_to_the_last_midnight_in_germany() {
    let world = World::of(april()).await;
    let query = "startDate=2025-04-14T20:00:00.000Z&endDate=2025-04-20T00:00:00.000Z&resolution=HOUR";
    let hours = own(&world, query).await;
    assert_eq!(hours.last().unwrap()["date"], "2025-04-14T21:00:00.000Z");
    world.sandbox.set_now("2025-04-15T22:00:00Z".parse::<Timestamp>().unwrap());
    let hours = own(&world, query).await;
    assert_eq!(hours.last().unwrap()["date"], "2025-04-15T21:00:00.000Z");
}

#[tokio::test]
async fn nothing_was_consumed_outside_the_contract() {
    let world = World::of(april()).await;
    let days = own(&world, "startDate=2024-03-01T00:00:00Z&endDate=2024-04-01T00:00:00Z&resolution=DAY").await;
    // The contract starts at midnight in Germany, an hour before midnight in UTC.
    assert_eq!(days[0]["date"], "2024-03-21T00:00:00.000Z");
    assert_eq!(days.len(), 11);

    let before = "/contracts/100217003/energy-consumption?startDate=2024-03-01T00:00:00Z\
                  &endDate=2024-04-01T00:00:00Z&resolution=DAY";
    let days = world.as_user(Method::GET, before).await.data();
    assert_eq!(days.len(), 21);
}

#[tokio::test]
async fn a_partner_reads_its_users_consumption() {
    let world = World::of(april()).await;
    let contracts = world.as_partner(Method::GET, "/users/user-42/contracts").await.data();
    let id = contracts[0]["id"].as_u64().unwrap();
    let path = format!("/users/user-42/contracts/{id}/energy-consumption?{MARCH}&resolution=DAY");
    assert_eq!(world.as_partner(Method::GET, &path).await.data().len(), 31);
}

#[tokio::test]
async fn each_wrong_parameter_is_refused_by_its_name() {
    let world = World::of(april()).await;
    let (start, end) = ("startDate=2025-03-01T00:00:00.000Z", "endDate=2025-03-02T00:00:00.000Z");
    for (query, problem) in [
        (format!("{end}&resolution=DAY"), "startDate is missing"),
        (format!("{start}&resolution=DAY"), "endDate is missing"),
        (format!("{start}&{end}"), "resolution is missing"),
        (format!("{start}&{end}&resolution=WEEK"), "resolution must be one of HOUR, DAY, MONTH"),
        (format!("{start}&{end}&resolution=hour"), "resolution must be"),
        (format!("{start}&{end}&{end}&resolution=DAY"), "endDate is duplicated"),
        (format!("startDate=2025-03-01&{end}&resolution=DAY"), "startDate must be a date-time with an offset"),
        (format!("startDate=2025-03-01T00:00:00&{end}&resolution=DAY"), "startDate must be"),
        (format!("startDate=2025-03-01%2000:00:00Z&{end}&resolution=DAY"), "startDate must be"),
        (format!("startDate=2025-03-01T00:00:00Z%5BEurope/Berlin%5D&{end}&resolution=DAY"), "startDate must be"),
        (format!("{start}&endDate=&resolution=DAY"), "endDate must be"),
        (format!("{start}&endDate=2025-03-01T00:00:00.000Z&resolution=DAY"), "endDate must be after startDate"),
        (format!("{start}&endDate=2025-02-01T00:00:00.000Z&resolution=DAY"), "endDate must be after startDate"),
        (format!("{start}&endDate=2028-03-01T00:00:00.000Z&resolution=DAY"), "within two years"),
    ] {
        let response = world.as_user(Method::GET, &format!("{OWN}?{query}")).await;
        let detail = response.refusal(400, "bad_request");
        assert!(detail.contains(problem), "{query}: {detail}");
    }
}

#[tokio::test]
async fn a_contract_is_named_by_a_number_that_is_its_own() {
    let world = World::of(april()).await;
    let query = format!("{MARCH}&resolution=DAY");
    for (id, status, kind) in [
        ("100523457", 404, "not_found"),
        ("abc", 400, "bad_request"),
        ("-1", 404, "not_found"),
        ("100523456.5", 404, "not_found"),
        ("+1", 400, "bad_request"),
        ("1e999", 400, "bad_request"),
        ("NaN", 400, "bad_request"),
    ] {
        let path = format!("/contracts/{id}/energy-consumption?{query}");
        world.as_user(Method::GET, &path).await.refusal(status, kind);
    }
}

#[tokio::test]
async fn a_number_may_be_written_as_any_json_number() {
    let world = World::of(april()).await;
    let query = format!("{MARCH}&resolution=MONTH");
    for id in ["100523456", "100523456.0", "1.00523456e8", "1.00523456E%2B8"] {
        let path = format!("/contracts/{id}/energy-consumption?{query}");
        assert_eq!(world.as_user(Method::GET, &path).await.data().len(), 1, "{id}");
    }
}

#[tokio::test]
async fn every_offset_of_rfc_3339_is_accepted() {
    let world = World::of(april()).await;
    let expected = own(&world, &format!("{MARCH}&resolution=HOUR")).await;
    for (start, end) in [
        ("2025-03-01T01:00:00%2B01:00", "2025-04-01T02:00:00.000%2B02:00"),
        ("2025-02-28T19:00:00-05:00", "2025-03-31T12:00:00.0-12:00"),
        ("2025-03-01t00:00:00z", "2025-04-01T00:00:00.000000Z"),
        ("2025-03-01T00:00:00-00:00", "2025-04-01T00:00:00%2B00:00"),
    ] {
        let found = own(&world, &format!("startDate={start}&endDate={end}&resolution=HOUR")).await;
        assert_eq!(found, expected, "{start}");
    }
}
