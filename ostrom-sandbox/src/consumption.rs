//! The hourly readings of a household's smart meter.

use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::clock::{format_timestamp, full_hour, in_berlin};
use crate::format::decimal;
use crate::household::Contract;
use crate::query::Range;
use crate::seeded::{between, seeded};

/// The share of each hour in a day's consumption, in thousandths.
const HOURS: [i64; 24] =
    [25, 22, 20, 19, 19, 22, 36, 48, 46, 40, 38, 42, 50, 45, 39, 38, 42, 54, 70, 76, 68, 58, 47, 36];

/// The consumption of each month, in percent of the year's average.
const MONTHS: [i64; 12] = [121, 115, 107, 98, 91, 86, 84, 86, 92, 100, 108, 112];

/// Returns the values of a contract in a range, up to the last meter reading at midnight.
pub(crate) fn data(seed: u64, contract: &Contract, range: &Range, now: Timestamp) -> Vec<Value> {
    let (Some(start), Some(end)) = (full_hour(range.start), read_until(now).map(|read| read.min(range.end))) else {
        return Vec::new();
    };
    let mut buckets: Vec<(Timestamp, i64)> = Vec::new();
    let mut hour = start;
    while hour < end {
        if let (Some(bucket), Some(wh)) = (bucket(hour, &range.resolution), watt_hours(seed, contract, hour)) {
            match buckets.last_mut() {
                Some((last, sum)) if *last == bucket => *sum += wh,
                _ => buckets.push((bucket, wh)),
            }
        }
        let Ok(next) = hour.checked_add(SignedDuration::from_hours(1)) else { break };
        hour = next;
    }
    buckets.into_iter().map(|(date, wh)| json!({ "date": format_timestamp(date), "kWh": decimal(wh, 3) })).collect()
}

/// Meters are read at midnight: there are no values for the current day.
fn read_until(now: Timestamp) -> Option<Timestamp> {
    in_berlin(now).start_of_day().ok().map(|midnight| midnight.timestamp())
}

/// Returns the start of the hour, day, or month of a full hour, in UTC as all dates in the API specification.
fn bucket(hour: Timestamp, resolution: &str) -> Option<Timestamp> {
    let day = || hour.to_zoned_datetime(jiff::tz::TimeZone::UTC).start_of_day().ok();
    match resolution {
        "HOUR" => Some(hour),
        "DAY" => day().map(|day| day.timestamp()),
        _ => {
            let day = day()?;
            day.checked_sub((i64::from(day.day()) - 1).days()).ok().map(|first| first.timestamp())
        }
    }
}

/// Returns `None` outside the time in which Ostrom supplied the household.
fn watt_hours(seed: u64, contract: &Contract, hour: Timestamp) -> Option<i64> {
    let local = in_berlin(hour);
    if local.date() < contract.start || contract.end.is_some_and(|end| local.date() >= end) {
        return None;
    }
    let day = contract.yearly_kwh * 1000 / 365 * MONTHS.get(usize::try_from(local.month() - 1).ok()?)? / 100;
    let weekend = if local.weekday().to_monday_one_offset() > 5 { 112 } else { 95 };
    let share = HOURS.get(usize::try_from(local.hour()).ok()?)?;
    let variation = between(600, 1400, seeded(seed, contract.id, hour.as_second()));
    Some(day * share / 1000 * weekend / 100 * variation / 1000)
}
