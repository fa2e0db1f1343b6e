//! What was consumed in the twelve months before this one, with a progress bar while it is fetched.
//!
//! The bar is drawn only in a terminal, on standard error; the table goes to standard output.

mod common;

use std::error::Error;
use std::process::ExitCode;

use common::Server;
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use ostrom::contracts::{ContractsApi, energy_consumption};
use ostrom::jiff::ToSpan;
use ostrom::{Decimal, TimeRange, User, day_of, midnight};
use rolecall::Client;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("years_consumption: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let server = Server::choose().await?;
    let client: Client<User> = server.client()?;
    let contracts = client.get_contracts().await?.data;
    let contract = contracts.into_iter().find_map(|contract| contract.id).ok_or("there is no contract")?;

    let end = day_of(server.now).first_of_month();
    let start = end.checked_sub(12.months())?;
    let year = TimeRange::months(midnight(start), midnight(end))?;

    let bar = ProgressBar::new(12).with_style(ProgressStyle::with_template("{bar:24} {msg}")?);
    let mut months = Vec::new();
    let mut stream = energy_consumption(&client, &contract, year);
    while let Some(month) = stream.try_next().await? {
        if let Some(date) = month.date {
            bar.set_message(day_of(date).strftime("%B %Y").to_string());
            months.push((day_of(date), month.kwh));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();

    println!("Contract {contract}, {start} to {}:\n", end.yesterday()?);
    let most = months.iter().filter_map(|(_, kwh)| *kwh).max().unwrap_or_default();
    for (month, kwh) in &months {
        match kwh {
            Some(kwh) => println!("{}  {kwh:>8.1} kWh  {}", month.strftime("%Y-%m"), "#".repeat(length(*kwh, most))),
            None => println!("{}   unknown", month.strftime("%Y-%m")),
        }
    }
    let sum: Decimal = months.iter().filter_map(|(_, kwh)| *kwh).sum();
    println!("\nTogether {sum:>8.1} kWh");
    Ok(())
}

fn length(kwh: Decimal, most: Decimal) -> usize {
    let share = kwh.checked_div(most).unwrap_or_default();
    (share * Decimal::from(40)).round().try_into().unwrap_or_default()
}
