//! The consumption and its cost in the twelve months before the current one, with a progress bar while it is fetched.
//!
//! The bar is drawn only in a terminal, on standard error; the table goes to standard output. A month whose hours are not
//! all known says so.

mod common;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use common::server;
use common::terminal::Terminal;
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ostrom::contracts::ContractsApi;
use ostrom::costs::energy_costs;
use ostrom::jiff::ToSpan;
use ostrom::{Decimal, TimeRange, Total, day_of, midnight};

#[tokio::main]
async fn main() -> ExitCode {
    server::exit("years_consumption", run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (server, now) = common::choose_server().await?;
    let terminal = Terminal::stdout();
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n", terminal.wrap(&format!("Server: {}", server.description)))?;

    let client = server.user()?;
    let contracts = client.get_contracts().await?.data;
    let known = contracts.into_iter().find_map(|contract| contract.id.zip(contract.address?.zip));
    let (contract, zip) = known.ok_or("there is no contract with an address")?;
    let end = day_of(now).first_of_month();
    let start = end.checked_sub(12.months())?;
    let year = TimeRange::months(midnight(start), midnight(end))?;

    let bar = progress_bar()?;
    let mut months = Vec::new();
    let mut costs = energy_costs(&client, &contract, &zip, year);
    while let Some(month) = costs.try_next().await? {
        bar.set_message(month.local_start().strftime("%B %Y").to_string());
        bar.inc(1);
        months.push(month);
    }
    bar.finish_and_clear();

    let title = format!("Contract {contract} in {zip}, {start} to {}", end.yesterday()?);
    writeln!(out, "{}\n\nMonth       kWh      EUR", terminal.wrap(&title))?;
    let most = months.iter().map(|month| month.kwh.partial()).max().unwrap_or_default();
    let width = terminal.width.saturating_sub(30).clamp(1, 60);
    let (mut kwh, mut eur, mut complete) = (Decimal::ZERO, Decimal::ZERO, true);
    for month in &months {
        (kwh, eur) = (kwh + month.kwh.partial(), eur + month.partial());
        complete &= month.complete().is_some();
        let share = month.kwh.partial().checked_div(most).unwrap_or_default();
        let columns = format!(
            "{}  {:>6.1}  {:>7.2}",
            month.local_start().strftime("%Y-%m"),
            month.kwh.partial(),
            month.partial()
        );
        writeln!(out, "{columns}  {}", terminal.bar(share, width, false))?;
        if let Some(missing) = [month.kwh, month.energy, month.fees].iter().find(|total| total.complete().is_none()) {
            writeln!(out, "         partly: {}", Total::coverage(missing))?;
        }
    }
    writeln!(out, "{}  {kwh:>6.1}  {eur:>7.2}", if complete { "Total  " } else { "Partly " })?;
    Ok(())
}

/// Returns a progress bar, which is invisible unless standard error is a terminal that can move its cursor.
fn progress_bar() -> Result<ProgressBar, Box<dyn Error>> {
    let bar = ProgressBar::new(12).with_style(ProgressStyle::with_template("{bar:24} {msg}")?);
    if env::var_os("TERM").is_some_and(|term| term == "dumb") {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    Ok(bar)
}
