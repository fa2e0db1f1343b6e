//! Long ranges of consumption and costs as streams.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use ostrom::contracts::{Consumption, ContractsApi, energy_consumption, energy_consumption_by_external_user_id};
use ostrom::costs::{energy_costs, energy_costs_by_external_user_id};
use ostrom::jiff::civil::date;
use ostrom::jiff::{SignedDuration, Timestamp};
use ostrom::prices::household_prices;
use ostrom::{Decimal, Hours, Id, TimeRange, User, midnight};
use ostrom_sandbox::{Failure, Sandbox};
use rolecall::StatusCode;
use rolecall_tests::wire::Wire;

use crate::support::{World, moment};

const CONSUMPTION: &str = "GET /contracts/{contractId}/energy-consumption";
const PRICES: &str = "GET /spot-prices";

fn sum(items: &[Consumption]) -> Decimal {
    items.iter().map(|item| item.kwh.complete().unwrap()).sum()
}

/// What was consumed in a range, and the cost of it: hour by hour, in one call each.
async fn by_hand(world: &World, id: &Id, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, Decimal, Decimal)> {
    let range = TimeRange::hours(start, end).unwrap();
    let hours = world.user.get_contract_energy_consumption(id, &range).await.unwrap().data;
    let prices = household_prices(&world.user, &Hours::new(start, end).unwrap(), "22083").await.unwrap();
    hours
        .into_iter()
        .map(|hour| {
            let (date, kwh) = (hour.date.unwrap(), hour.kwh.unwrap());
            (date, kwh, kwh * prices.at(date).unwrap().total / Decimal::from(100))
        })
        .collect()
}

#[tokio::test]
async fn a_year_of_months_is_thirteen_calls_and_loses_nothing() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    let (start, end) = (midnight(date(2024, 4, 1)), midnight(date(2025, 4, 1)));

    let months = TimeRange::months(start, end).unwrap();
    let months: Vec<_> = energy_consumption(&world.user, &id, months).try_collect().await.unwrap();
    assert_eq!(world.sandbox.request_count(CONSUMPTION), 13);
    let first_days: Vec<_> = months.iter().map(|month| month.local_start().date()).collect();
    let expected: Vec<_> =
        (0..12).map(|month| date(2024, 4, 1).saturating_add(ostrom::jiff::Span::new().months(month))).collect();
    assert_eq!(first_days, expected);

    let at_once = by_hand(&world, &id, start, end).await;
    let hours: Vec<_> =
        energy_consumption(&world.user, &id, TimeRange::hours(start, end).unwrap()).try_collect().await.unwrap();
    let streamed: Vec<_> = hours.iter().map(|hour| (hour.start, hour.kwh.complete().unwrap())).collect();
    assert_eq!(streamed, at_once.iter().map(|(date, kwh, _)| (*date, *kwh)).collect::<Vec<_>>());
    assert_eq!(sum(&hours), sum(&months));

    let days: Vec<_> =
        energy_consumption(&world.user, &id, TimeRange::days(start, end).unwrap()).try_collect().await.unwrap();
    assert_eq!(days.len(), 365);
    assert_eq!(sum(&days), sum(&months));
    let lengths: Vec<_> = days.iter().map(|day| day.kwh.coverage().expected().as_hours()).collect();
    assert_eq!((lengths.iter().min(), lengths.iter().max()), (Some(&23), Some(&25)));
}

#[tokio::test]
async fn a_partner_streams_the_consumption_and_the_costs_of_its_users() {
    let world = World::new().await;
    let contracts = world.partner.get_contracts_by_external_user_id("user-42").await.unwrap().data;
    let id = contracts[0].id.as_ref().unwrap();
    let range = TimeRange::days(midnight(date(2025, 1, 1)), midnight(date(2025, 3, 1))).unwrap();
    let stream = energy_consumption_by_external_user_id(&world.partner, "user-42", id, range);
    assert_eq!(stream.count().await, 59);
    let costs: Vec<_> =
        energy_costs_by_external_user_id(&world.partner, "user-42", id, "22083", range).try_collect().await.unwrap();
    assert!(costs.len() == 59 && costs.iter().all(|day| day.complete().is_some()));
}

#[tokio::test]
async fn costs_are_consumption_times_price_plus_fees() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    // The clocks change on 30 March.
    let (start, end) = (midnight(date(2025, 2, 1)), midnight(date(2025, 4, 1)));
    let months: Vec<_> =
        energy_costs(&world.user, &id, "22083", TimeRange::months(start, end).unwrap()).try_collect().await.unwrap();
    let [february, march] = months.as_slice() else { panic!("{months:?}") };
    let hours = by_hand(&world, &id, start, end).await;
    let day = Hours::of_day(date(2025, 2, 1));
    let fees = household_prices(&world.user, &day, "22083").await.unwrap().intervals()[0].monthly_fees.unwrap();
    for (month, hour_count) in [(february, 28 * 24), (march, 31 * 24 - 1)] {
        let hours: Vec<_> = hours.iter().filter(|(date, ..)| month.start <= *date && *date < month.end).collect();
        assert_eq!(hours.len(), hour_count);
        assert_eq!(month.kwh.complete(), Some(hours.iter().map(|(_, kwh, _)| *kwh).sum()));
        let energy: Decimal = hours.iter().map(|(.., eur)| *eur).sum();
        assert_eq!(month.energy.complete(), Some(energy));
        assert_eq!(month.fees.complete(), Some(fees));
        assert_eq!(month.complete(), Some(energy + fees));
    }

    let days: Vec<_> =
        energy_costs(&world.user, &id, "22083", TimeRange::days(start, end).unwrap()).try_collect().await.unwrap();
    let total: Decimal = days.iter().map(|day| day.complete().unwrap()).sum();
    let expected: Decimal = months.iter().map(|month| month.complete().unwrap()).sum();
    assert_eq!((days.len(), total.round_dp(20)), (59, expected.round_dp(20)));
}

#[tokio::test]
async fn a_part_is_fetched_when_the_one_before_has_been_taken() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    let range = TimeRange::hours(midnight(date(2025, 1, 1)), midnight(date(2025, 3, 1))).unwrap();
    let mut stream = energy_consumption(&world.user, &id, range);
    assert_eq!(world.sandbox.request_count(CONSUMPTION), 0);
    for _ in 0..720 {
        stream.try_next().await.unwrap().unwrap();
        assert_eq!(world.sandbox.request_count(CONSUMPTION), 1);
    }
    stream.try_next().await.unwrap().unwrap();
    assert_eq!(world.sandbox.request_count(CONSUMPTION), 2);
}

#[tokio::test]
async fn a_failed_part_is_named_and_the_stream_goes_on_without_it() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    let range = TimeRange::months(midnight(date(2025, 1, 1)), midnight(date(2025, 4, 1))).unwrap();
    let mut stream = energy_consumption(&world.user, &id, range);
    // The first part is 1 to 30 January.
    world.sandbox.fail(CONSUMPTION, Failure::Status(400), 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!((error.part().start(), error.part().end()), (range.start(), midnight(date(2025, 1, 31))));
    assert_eq!(error.error().status(), Some(StatusCode::BAD_REQUEST));
    assert!(error.to_string().contains("from 2024-12-31T23:00:00.000Z to 2025-01-30T23:00:00.000Z"), "{error}");

    let months: Vec<_> = stream.try_collect().await.unwrap();
    let coverages: Vec<_> = months.iter().map(|month| month.kwh.coverage().to_string()).collect();
    assert_eq!(coverages, ["24 of 744 hours", "672 of 672 hours", "743 of 743 hours"]);
    assert_eq!(months[0].kwh.complete(), None);
    assert_eq!(world.sandbox.request_count(CONSUMPTION), 3);
}

#[tokio::test]
async fn a_failed_part_can_be_fetched_again() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    let range = TimeRange::months(midnight(date(2025, 1, 1)), midnight(date(2025, 4, 1))).unwrap();
    let expected: Vec<_> = energy_consumption(&world.user, &id, range).try_collect().await.unwrap();
    let mut stream = energy_consumption(&world.user, &id, range);
    assert!(!stream.retry());
    world.sandbox.fail(CONSUMPTION, Failure::Status(400), 2);
    let (mut months, mut errors) = (Vec::new(), 0);
    while let Some(item) = stream.next().await {
        match item {
            Ok(month) => months.push(month),
            Err(_) => {
                errors += 1;
                assert!(stream.retry());
            }
        }
    }
    assert_eq!((months, errors), (expected, 2));
}

#[tokio::test]
async fn a_part_that_is_not_found_has_no_data() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    let range = TimeRange::months(midnight(date(2025, 1, 1)), midnight(date(2025, 3, 1))).unwrap();
    world.sandbox.fail(CONSUMPTION, Failure::Status(404), 1);
    let months: Vec<_> = energy_consumption(&world.user, &id, range).try_collect().await.unwrap();
    let coverages: Vec<_> = months.iter().map(|month| month.kwh.coverage().to_string()).collect();
    assert_eq!(coverages, ["24 of 744 hours", "672 of 672 hours"]);
    assert_eq!(world.sandbox.request_count(CONSUMPTION), 2);

    // Prices, unlike meters, are not missing before a certain day.
    world.sandbox.fail(PRICES, Failure::Status(404), 1);
    let error = energy_costs(&world.user, &id, "22083", range).next().await.unwrap().unwrap_err();
    assert_eq!(error.into_error().status(), Some(StatusCode::NOT_FOUND));
}

/// A response of hours with 1 kWh each, less the days from `from` to `to` (exclusive) of January.
fn without_days(from: i8, to: i8) -> String {
    let (mut hour, end) = (midnight(date(2025, 1, 1)), midnight(date(2025, 2, 1)));
    let mut items = Vec::new();
    while hour < end {
        if !(from..to).contains(&ostrom::day_of(hour).day()) {
            items.push(format!(r#"{{"date":"{hour:.3}","kWh":1}}"#));
        }
        hour = hour.checked_add(SignedDuration::from_hours(1)).unwrap();
    }
    format!("{{\"data\":[{}]}}", items.join(","))
}

#[tokio::test]
async fn a_month_reports_the_hours_that_the_response_omits() {
    let wire = Wire::json(200, &without_days(11, 21)).await;
    let range = TimeRange::months(midnight(date(2025, 1, 1)), midnight(date(2025, 2, 1))).unwrap();
    let (client, id) = (wire.client::<User>(), Id::from(1));
    let [january] =
        <[_; 1]>::try_from(energy_consumption(&client, &id, range).try_collect::<Vec<_>>().await.unwrap()).unwrap();
    assert_eq!((january.kwh.complete(), january.kwh.partial()), (None, Decimal::from(504)));
    assert_eq!(january.kwh.coverage().to_string(), "504 of 744 hours");
    assert_eq!(january.local_end().date(), date(2025, 2, 1));
}

/// A server that includes the end of a range, an hour before its start, and an hour without a value.
#[tokio::test]
async fn each_hour_of_the_range_comes_once_and_no_other() {
    let hours = r#"{"data":[{"date":"2025-01-01T01:00:00.000Z","kWh":2},{"date":"2025-01-01T00:00:00.000Z","kWh":1},
        {"date":"2025-01-01T03:00:00.000Z","kWh":4},{"date":"2024-12-31T23:00:00.000Z","kWh":8},null,
        {"date":"2025-01-01T02:00:00.000Z","kWh":null},{"date":"2025-01-01T01:00:00.000Z","kWh":2}]}"#;
    let wire = Wire::json(200, hours).await;
    let range = TimeRange::hours(moment("2025-01-01T00:00:00Z"), moment("2025-01-01T03:00:00Z")).unwrap();
    let (client, id) = (wire.client::<User>(), Id::from(1));
    let items: Vec<_> = energy_consumption(&client, &id, range).try_collect().await.unwrap();
    let kwh: Vec<_> = items.iter().map(|item| item.kwh.complete()).collect();
    assert_eq!(kwh, [Some(1.into()), Some(2.into()), None]);
}

/// The sandbox admits 3 calls per second, and the client keeps to it: no call is rejected.
#[tokio::test]
async fn a_stream_keeps_to_the_clients_rate_limit() {
    let window = Duration::from_secs(1);
    let sandbox = Sandbox::builder().rate_limit(3, window).now(moment("2025-04-15T10:00:00Z")).start().await.unwrap();
    let credentials = sandbox.user_credentials();
    let client = ostrom::Environment::custom(sandbox.api_url(), sandbox.auth_url())
        .client::<User>(&credentials.client_id, credentials.client_secret.as_str())
        .rate_limit(rolecall::RateLimit::new(3, window))
        .build()
        .unwrap();
    let id = Id::from(100_523_456);
    let range = TimeRange::months(midnight(date(2024, 12, 1)), midnight(date(2025, 4, 1))).unwrap();
    let months: Vec<_> = energy_consumption(&client, &id, range).try_collect().await.unwrap();
    assert!(months.iter().all(|month| month.kwh.complete().is_some()), "{months:?}");
    assert_eq!((months.len(), sandbox.request_count(CONSUMPTION)), (4, 5));
}
