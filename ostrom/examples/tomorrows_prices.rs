//! Tomorrow's prices as a chart, with the cheapest three hours marked.
//!
//! They are what a household pays at the address of the user's first contract, or at the postal code in `OSTROM_ZIP`.
//! In a terminal the chart has colors, unless `NO_COLOR` is set; elsewhere it is plain text.

mod common;

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use common::{Server, variable};
use ostrom::contracts::ContractsApi;
use ostrom::jiff::civil::Date;
use ostrom::jiff::{SignedDuration, Timestamp};
use ostrom::prices::{HouseholdPrices, household_prices};
use ostrom::{Decimal, Hours, User, day_of, midnight};
use rolecall::Client;

/// The length of the longest bar.
const WIDTH: u32 = 50;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tomorrows_prices: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let server = Server::choose().await?;
    let client: Client<User> = server.client()?;
    let zip = match variable("OSTROM_ZIP")? {
        Some(zip) => zip,
        None => zip_of_contract(&client).await?,
    };

    let today = day_of(server.now);
    let mut day = today.tomorrow()?;
    let mut prices = household_prices(&client, &Hours::of_day(day), &zip).await?;
    if prices.hours().is_empty() {
        println!("Tomorrow's prices are not out yet, they come in the afternoon. Today's are:\n");
        day = today;
        prices = household_prices(&client, &Hours::of_day(day), &zip).await?;
    }

    let mut out = io::stdout().lock();
    writeln!(out, "{} in {zip}: cents a kWh, with taxes, levies and VAT\n", day.strftime("%A, %-d %B %Y"))?;
    let style = Style { colors: out.is_terminal() && variable("NO_COLOR")?.is_none() };
    chart(&mut out, day, &prices, &style)?;
    Ok(())
}

async fn zip_of_contract(client: &Client<User>) -> Result<String, Box<dyn Error>> {
    let contracts = client.get_contracts().await?.data;
    let zip = contracts.into_iter().find_map(|contract| contract.address?.zip);
    Ok(zip.ok_or("no contract has a postal code: set OSTROM_ZIP")?)
}

fn chart(out: &mut impl Write, day: Date, prices: &HouseholdPrices, style: &Style) -> io::Result<()> {
    let window = prices.cheapest(3);
    let dearest = prices.hours().iter().map(|hour| hour.total).max().unwrap_or_default();
    for hour in prices.hours() {
        let cheap = window.is_some_and(|window| window.contains(hour.start));
        let bar = style.bar(length(hour.total, dearest), cheap);
        writeln!(out, "{}  {:>6.2}  {bar}", clock(day, hour.start), hour.total)?;
    }
    match window {
        Some(window) => writeln!(
            out,
            "\nThe cheapest three hours: {} to {}, {:.2} cents on average",
            clock(day, window.start),
            clock(day, window.end),
            window.average
        ),
        None => writeln!(out, "There are not three hours on end to be compared."),
    }
}

/// The hour on the clock, on days on which it is not put forward or back.
fn clock(day: Date, moment: Timestamp) -> String {
    let since: SignedDuration = moment.duration_since(midnight(day));
    format!("{:02}:{:02}", since.as_hours(), since.as_mins() % 60)
}

/// A bar as long as a price is high; a price below zero has none.
fn length(price: Decimal, dearest: Decimal) -> usize {
    let share = price.checked_div(dearest).unwrap_or_default().max(Decimal::ZERO);
    (share * Decimal::from(WIDTH)).round().try_into().unwrap_or_default()
}

struct Style {
    colors: bool,
}

impl Style {
    fn bar(&self, length: usize, cheap: bool) -> String {
        let mark = if cheap { " cheapest" } else { "" };
        if !self.colors {
            return format!("{}{mark}", "#".repeat(length));
        }
        let color = if cheap { 32 } else { 90 };
        format!("\x1b[{color}m{}{mark}\x1b[0m", "\u{2588}".repeat(length))
    }
}
