//! Long ranges of consumption as streams.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use ostrom::contracts::{
    ContractsApi, GetContractsEnergyConsumptionItemResponse, energy_consumption, energy_consumption_by_external_user_id,
};
use ostrom::jiff::civil::date;
use ostrom::{Decimal, Id, TimeRange, User, midnight};
use ostrom_sandbox::Sandbox;
use rolecall::{ErrorKind, StatusCode};
use rolecall_tests::wire::Wire;

use crate::support::{World, moment};

const ENDPOINT: &str = "GET /contracts/{contractId}/energy-consumption";

fn sum(items: &[GetContractsEnergyConsumptionItemResponse]) -> Decimal {
    items.iter().map(|item| item.kwh.unwrap()).sum()
}

#[tokio::test]
async fn a_year_of_months_is_thirteen_calls_and_loses_nothing() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    let (start, end) = (midnight(date(2024, 4, 1)), midnight(date(2025, 4, 1)));

    let months: Vec<_> =
        energy_consumption(&world.user, &id, TimeRange::months(start, end).unwrap()).try_collect().await.unwrap();
    assert_eq!(world.sandbox.request_count(ENDPOINT), 13);
    assert_eq!(months.len(), 12);
    for (month, number) in months.iter().zip(4..) {
        let first = date(2024 + (number - 1) / 12, i8::try_from((number - 1) % 12 + 1).unwrap(), 1);
        assert_eq!(month.date, Some(midnight(first)));
    }

    let whole = TimeRange::hours(start, end).unwrap();
    let at_once = world.user.get_contract_energy_consumption(&id, &whole).await.unwrap().data;
    let hours: Vec<_> = energy_consumption(&world.user, &id, whole).try_collect().await.unwrap();
    assert_eq!(hours, at_once);
    assert_eq!(sum(&hours), sum(&months));
    let days: Vec<_> =
        energy_consumption(&world.user, &id, TimeRange::days(start, end).unwrap()).try_collect().await.unwrap();
    assert_eq!(days.len(), 365);
    assert_eq!(sum(&days), sum(&months));
}

#[tokio::test]
async fn a_partner_streams_its_users_consumption() {
    let world = World::new().await;
    let contracts = world.partner.get_contracts_by_external_user_id("user-42").await.unwrap().data;
    let id = contracts[0].id.as_ref().unwrap();
    let range = TimeRange::days(midnight(date(2025, 1, 1)), midnight(date(2025, 3, 1))).unwrap();
    let stream = energy_consumption_by_external_user_id(&world.partner, "user-42", id, range);
    assert_eq!(stream.count().await, 59);
}

#[tokio::test]
async fn a_part_is_fetched_when_the_one_before_has_been_taken() {
    let world = World::new().await;
    let id = world.contract().await.id.unwrap();
    let range = TimeRange::hours(midnight(date(2025, 1, 1)), midnight(date(2025, 3, 1))).unwrap();
    let mut stream = energy_consumption(&world.user, &id, range);
    assert_eq!(world.sandbox.request_count(ENDPOINT), 0);
    for _ in 0..720 {
        stream.try_next().await.unwrap().unwrap();
        assert_eq!(world.sandbox.request_count(ENDPOINT), 1);
    }
    stream.try_next().await.unwrap().unwrap();
    assert_eq!(world.sandbox.request_count(ENDPOINT), 2);
}

#[tokio::test]
async fn the_first_error_ends_the_stream() {
    let world = World::new().await;
    let range = TimeRange::months(midnight(date(2025, 1, 1)), midnight(date(2025, 4, 1))).unwrap();
    let id = Id::from(1);
    let items: Vec<_> = energy_consumption(&world.user, &id, range).collect().await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().unwrap_err().status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(world.sandbox.request_count(ENDPOINT), 1);
}

/// A server that takes the end of a range for a part of it.
#[tokio::test]
async fn an_hour_that_comes_twice_is_given_once() {
    let hours = r#"{"data":[{"date":"2025-01-01T01:00:00.000Z","kWh":2},{"date":"2025-01-01T00:00:00.000Z","kWh":1},
        {"date":"2025-01-01T02:00:00.000Z","kWh":4}]}"#;
    let wire = Wire::json(200, hours).await;
    let range = TimeRange::hours(moment("2025-01-01T00:00:00Z"), moment("2025-01-01T02:00:00Z")).unwrap();
    let (client, id) = (wire.client::<User>(), Id::from(1));
    let items: Vec<_> = energy_consumption(&client, &id, range).try_collect().await.unwrap();
    assert_eq!(items.iter().map(|item| item.kwh.unwrap()).collect::<Vec<_>>(), [1.into(), 2.into()]);
}

/// The sandbox admits 3 calls a second, the client keeps to it: no call is refused.
#[tokio::test]
async fn a_stream_keeps_the_clients_pace() {
    let window = Duration::from_secs(1);
    let sandbox = Sandbox::builder().rate_limit(3, window).now(moment("2025-04-15T10:00:00Z")).start().await.unwrap();
    let credentials = sandbox.user_credentials();
    let client = ostrom::Environment::custom(sandbox.api_url(), sandbox.auth_url())
        .client::<User>(&credentials.client_id, credentials.client_secret.as_str())
        .rate_limit(rolecall::RateLimit::new(3, window))
        .build()
        .unwrap();
    let id = Id::from(100_523_456);
    let range = TimeRange::months(midnight(date(2025, 1, 1)), midnight(date(2025, 4, 1))).unwrap();
    let months: Result<Vec<_>, _> = energy_consumption(&client, &id, range).try_collect().await;
    assert_eq!(months.map_err(|error| error.kind()), Ok::<_, ErrorKind>(months_of(&client, &id).await));
    assert_eq!(sandbox.request_count(ENDPOINT), 3 + 1);
}

async fn months_of(client: &rolecall::Client<User>, id: &Id) -> Vec<GetContractsEnergyConsumptionItemResponse> {
    let range = TimeRange::hours(midnight(date(2025, 1, 1)), midnight(date(2025, 4, 1))).unwrap();
    let hours = client.get_contract_energy_consumption(id, &range).await.unwrap().data;
    let mut months: Vec<GetContractsEnergyConsumptionItemResponse> = Vec::new();
    for hour in hours {
        let month = midnight(ostrom::day_of(hour.date.unwrap()).first_of_month());
        match months.last_mut() {
            Some(last) if last.date == Some(month) => last.kwh = Some(last.kwh.unwrap() + hour.kwh.unwrap()),
            _ => {
                let mut first = hour;
                first.date = Some(month);
                months.push(first);
            }
        }
    }
    months
}
