//! The day-ahead market: a price per hour. Tomorrow's prices are published in the afternoon.

use jiff::{Timestamp, ToSpan};

use crate::clock::in_berlin;
use crate::seeded::{between, seeded};

/// The subject that seeds the market's values.
const MARKET: u64 = 0x6d61_726b_6574;

/// The hour, in local time in Germany, at which tomorrow's prices are published.
const PUBLISHED_AT: i8 = 14;

/// The base price of each hour of the day, in EUR cents per MWh, with peaks in the morning and the evening.
const HOURS: [i64; 24] = [
    7800, 7300, 7000, 6900, 7100, 8000, 9800, 11600, 11900, 10900, 9900, 9300, 8900, 8700, 8900, 9400, 10100, 11600,
    13400, 13900, 12200, 10500, 9300, 8500,
];

/// The discount due to solar power in each hour of a day in June, in the same unit.
const SUN: [i64; 24] =
    [0, 0, 0, 0, 0, 300, 900, 2000, 3600, 5200, 6600, 7600, 8300, 8400, 7800, 6700, 5100, 3300, 1700, 600, 0, 0, 0, 0];

/// The share of that discount in each month, in percent.
const MONTHS: [i64; 12] = [12, 25, 50, 80, 96, 100, 98, 88, 64, 38, 18, 10];

/// Returns the end of the known prices: the end of today, or of tomorrow once its prices are published.
pub(crate) fn known_until(now: Timestamp) -> Option<Timestamp> {
    let local = in_berlin(now);
    let days = if local.hour() < PUBLISHED_AT { 1 } else { 2 };
    let day = local.start_of_day().ok()?;
    Some(day.checked_add(days.days()).ok()?.timestamp())
}

/// Returns the price of a full hour in EUR cents per MWh, without VAT.
pub(crate) fn price(seed: u64, hour: Timestamp) -> Option<i64> {
    let local = in_berlin(hour);
    let (of_day, month) = (usize::try_from(local.hour()).ok()?, usize::try_from(local.month() - 1).ok()?);
    let today = local.start_of_day().ok()?.timestamp().as_second();
    let demand = between(82, 122, seeded(seed, MARKET, today));
    let sunshine = between(35, 130, seeded(seed, MARKET + 1, today));
    let weekend = if local.weekday().to_monday_one_offset() > 5 { 85 } else { 100 };
    let sun = SUN.get(of_day)? * MONTHS.get(month)? / 100 * sunshine / 100;
    let jitter = between(-350, 350, seeded(seed, MARKET + 2, hour.as_second()));
    Some(HOURS.get(of_day)? * demand / 100 * weekend / 100 - sun + jitter)
}
