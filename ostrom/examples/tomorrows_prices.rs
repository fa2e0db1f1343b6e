//! The prices of today and tomorrow as a chart: what power costs now, and the cheapest three hours until seven tomorrow.
//!
//! They are the prices that a household pays at the address of the user's first contract, or at the postal code in
//! `OSTROM_ZIP`. The time is that on the wall clock in Germany. The chart fits the width of the terminal, and has colors
//! there unless `NO_COLOR` is set; elsewhere it is plain text.

mod common;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use common::server::{self, variable};
use common::terminal::Terminal;
use ostrom::contracts::ContractsApi;
use ostrom::jiff::{SignedDuration, Timestamp, ZonedDateTime};
use ostrom::prices::{HouseholdPrices, PriceInterval, Window, household_prices};
use ostrom::{Decimal, Hours, User, day_of, germany, in_germany, midnight};
use rolecall::Client;

const THREE_HOURS: SignedDuration = SignedDuration::from_hours(3);

#[tokio::main]
async fn main() -> ExitCode {
    server::exit("tomorrows_prices", run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (server, now) = common::choose_server().await?;
    let terminal = Terminal::stdout();
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n", terminal.wrap(&format!("Server: {}", server.description)))?;

    let client: Client<User> = server.user()?;
    let zip = match variable("OSTROM_ZIP")? {
        Some(zip) => zip,
        None => zip_of_contract(&client).await?,
    };
    let today = day_of(now);
    let (tomorrow, end) = (today.tomorrow()?, today.tomorrow()?.tomorrow()?);
    let prices = household_prices(&client, &Hours::new(midnight(today), midnight(end))?, &zip).await?;
    let seven = tomorrow.at(7, 0, 0, 0).to_zoned_datetime(germany())?.timestamp();
    let window = prices.cheapest(THREE_HOURS, now..seven);

    let title = format!("Prices in {zip}: cents per kWh, with taxes, levies, and VAT");
    writeln!(out, "{}", terminal.wrap(&title))?;
    chart(&mut out, terminal, &prices, now, window)?;
    writeln!(out)?;
    if !prices.intervals().iter().any(|interval| interval.start >= midnight(tomorrow)) {
        writeln!(out, "{}", terminal.wrap("Tomorrow's prices are not published yet; they appear in the afternoon."))?;
    }
    for line in advice(&prices, now, seven, window) {
        writeln!(out, "{}", terminal.wrap(&line))?;
    }
    Ok(())
}

async fn zip_of_contract(client: &Client<User>) -> Result<String, Box<dyn Error>> {
    let contracts = client.get_contracts().await?.data;
    let zip = contracts.into_iter().find_map(|contract| contract.address?.zip);
    Ok(zip.ok_or("no contract has a postal code; set OSTROM_ZIP")?)
}

/// Draws the intervals from now on. The bars start at the lowest price rather than at zero, because taxes and levies are
/// the same in every hour and would fill most of each bar.
fn chart(
    out: &mut impl Write,
    terminal: Terminal,
    prices: &HouseholdPrices,
    now: Timestamp,
    window: Option<Window>,
) -> io::Result<()> {
    let shown: Vec<_> = prices.intervals().iter().filter(|interval| interval.end > now).collect();
    let totals = || shown.iter().map(|interval| interval.total);
    let (Some(lowest), Some(highest)) = (totals().min(), totals().max()) else {
        return writeln!(out, "\nNo prices are known.");
    };
    let (floor, ceiling) = (lowest.floor(), highest.ceil().max(lowest.floor() + Decimal::ONE));
    let labels: Vec<_> = shown.iter().map(|interval| clock(&interval.local_start())).collect();
    let label_width = labels.iter().map(String::len).max().unwrap_or_default();
    // The label, two marks, the price, and the spaces between them.
    let before = label_width + 1 + 2 + 1 + 6 + 2;
    let width = terminal.width.saturating_sub(before + 1).clamp(1, 100);

    let mut day = None;
    for (interval, label) in shown.iter().zip(labels) {
        let start = interval.local_start();
        if day != Some(start.date()) {
            day = Some(start.date());
            let axis = format!("{floor:<0$}{ceiling}", width.saturating_sub(ceiling.to_string().len()));
            writeln!(out, "\n{}\n{:before$}{axis}", start.strftime("%A, %-d %B %Y"), "")?;
        }
        let cheap = window.is_some_and(|window| interval.start < window.end && window.start < interval.end);
        let marks = [if interval.contains(now) { '>' } else { ' ' }, if cheap { '*' } else { ' ' }];
        let share = (interval.total - floor) / (ceiling - floor);
        let bar = terminal.bar(share, width, cheap);
        writeln!(out, "{label:<label_width$} {}{} {:>6.2}  {bar}", marks[0], marks[1], interval.total)?;
    }
    writeln!(out, "\n> now   * cheapest three hours")
}

/// Says what power costs now, and when it is cheapest.
fn advice(prices: &HouseholdPrices, now: Timestamp, seven: Timestamp, window: Option<Window>) -> Vec<String> {
    let current = |interval: &PriceInterval| {
        let (now, until) = (clock(&in_germany(now)), clock(&interval.local_end()));
        format!("Now, at {now}: {:.2} cents per kWh until {until}.", interval.total)
    };
    let mut lines = vec![prices.at(now).map_or_else(|| "The price now is unknown.".to_owned(), current)];
    let until = in_germany(seven).strftime("%A %H:%M").to_string();
    let Some(window) = window else {
        lines.push(format!("There are no three hours until {until} whose prices are known."));
        return lines;
    };
    lines.push(format!(
        "Cheapest three hours until {until}: {}, {:.2} cents on average.",
        span(&window),
        window.average
    ));
    let split = prices.cheapest_split(THREE_HOURS, now..seven);
    if split.len() > 1 {
        let spans: Vec<_> = split.iter().map(span).collect();
        lines.push(format!("Split: {}.", spans.join(", ")));
    }
    lines
}

fn span(window: &Window) -> String {
    let (start, end) = (window.local_start(), window.local_end());
    format!("{} {} to {}", start.strftime("%a"), clock(&start), clock(&end))
}

/// Formats the time on the wall clock. The hour that occurs twice when the clocks go back has its abbreviation.
fn clock(time: &ZonedDateTime) -> String {
    let twice = germany().to_ambiguous_timestamp(time.datetime()).is_ambiguous();
    time.strftime(if twice { "%H:%M %Z" } else { "%H:%M" }).to_string()
}
