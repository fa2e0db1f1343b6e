//! Day-ahead spot prices.

use ostrom_sandbox::Sandbox;
use reqwest::Method;
use serde_json::Value;

use crate::support::World;

/// Two days in Germany, from midnight to midnight.
const DAYS: &str = "/spot-prices?startDate=2025-01-14T23:00:00.000Z&endDate=2025-01-16T23:00:00.000Z&resolution=HOUR";

/// Starts a sandbox with a fixed time.
async fn at(now: &str) -> World {
    World::of(Sandbox::builder().no_rate_limit().now(now.parse().unwrap())).await
}

async fn prices(world: &World, path: &str) -> Vec<Value> {
    world.as_user(Method::GET, path).await.data()
}

#[tokio::test]
async fn tomorrows_prices_appear_in_the_afternoon() {
    let world = at("2025-01-15T12:59:59Z").await;
    let morning = prices(&world, DAYS).await;
    assert_eq!(morning.len(), 24);
    world.sandbox.set_now("2025-01-15T13:00:00Z".parse().unwrap());
    let afternoon = prices(&world, DAYS).await;
    assert_eq!(afternoon.len(), 48);
    // Known prices do not change.
    assert_eq!(afternoon[..24], morning);
    assert_eq!(afternoon[0]["date"], "2025-01-14T23:00:00.000Z");
    assert_eq!(afternoon[47]["date"], "2025-01-16T22:00:00.000Z");
}

#[tokio::test]
async fn the_days_on_which_the_clocks_change_have_their_hours() {
    let range = |start, end| format!("/spot-prices?startDate={start}&endDate={end}&resolution=HOUR");
    let world = at("2025-03-30T06:00:00Z").await;
    let spring = range("2025-03-29T23:00:00Z", "2025-03-31T22:00:00Z");
    assert_eq!(prices(&world, &spring).await.len(), 23);
    world.sandbox.set_now("2025-10-26T06:00:00Z".parse().unwrap());
    let autumn = range("2025-10-25T22:00:00Z", "2025-10-27T23:00:00Z");
    assert_eq!(prices(&world, &autumn).await.len(), 25);
}

#[tokio::test]
async fn without_a_zip_code_all_but_the_energy_is_zero() {
    let world = at("2025-01-15T12:00:00Z").await;
    let fees = |item: &Value| {
        ["KwhTaxAndLevies", "MonthlyOstromBaseFee", "MonthlyGridFees"].map(|name| {
            let value = |kind| item[format!("{kind}{name}")].as_f64().unwrap();
            (value("net"), value("gross"))
        })
    };
    for item in prices(&world, DAYS).await {
        assert_eq!(item.as_object().unwrap().len(), 10, "{item}");
        assert_eq!(fees(&item), [(0.0, 0.0); 3]);
    }
    for item in prices(&world, &format!("{DAYS}&zip=22083")).await {
        for (net, gross) in fees(&item) {
            assert!(net > 0.0 && (gross - net * 1.19).abs() < 0.01, "{item}");
        }
    }
}

#[tokio::test]
async fn the_units_of_energy_agree_and_the_curve_is_believable() {
    let world = at("2025-07-01T12:00:00Z").await;
    let path = "/spot-prices?startDate=2024-07-01T00:00:00Z&endDate=2025-07-01T00:00:00Z&resolution=HOUR";
    let year = prices(&world, path).await;
    assert_eq!(year.len(), 365 * 24);
    let value = |item: &Value, name: &str| item[name].as_f64().unwrap();
    for item in &year {
        assert!((value(item, "netMwhPrice") - value(item, "netKwhPrice") * 10.0).abs() < 1e-6, "{item}");
        assert!((value(item, "netKwhPrice") * 1.19 - value(item, "grossKwhPrice")).abs() < 1e-3, "{item}");
    }
    let energy = year.iter().map(|item| value(item, "netMwhPrice"));
    let negative = energy.clone().filter(|price| *price < 0.0).count();
    let average = energy.sum::<f64>() / 8760.0;
    assert!((60.0..100.0).contains(&average), "{average}");
    assert!((20..800).contains(&negative), "{negative}");
}

#[tokio::test]
async fn both_roles_read_the_same_prices_and_another_seed_has_others() {
    let world = at("2025-01-15T12:00:00Z").await;
    let as_user = prices(&world, DAYS).await;
    assert_eq!(world.as_partner(Method::GET, DAYS).await.data(), as_user);
    let other = World::of(Sandbox::builder().seed(2).now("2025-01-15T12:00:00Z".parse().unwrap())).await;
    assert_ne!(prices(&other, DAYS).await, as_user);
}

#[tokio::test]
async fn prices_are_by_the_hour_and_a_zip_code_has_five_digits() {
    let world = at("2025-01-15T12:00:00Z").await;
    for (path, problem) in [
        (DAYS.replace("HOUR", "DAY"), "resolution must be one of HOUR"),
        (format!("{DAYS}&zip=1011"), "zip must be a postal code"),
        (format!("{DAYS}&zip=1011A"), "zip must be a postal code"),
        (format!("{DAYS}&zip="), "zip must be a postal code"),
    ] {
        let detail = world.as_user(Method::GET, &path).await.refusal(400, "bad_request");
        assert!(detail.contains(problem), "{detail}");
    }
}
