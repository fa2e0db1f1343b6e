//! Consumption over a long time range, as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use ostrom_core::{Partner, User};
use rolecall::{Caller, Error};

use super::ContractsApi;
use super::consumption::{Consumption, Reading, readings};
use super::models::GetContractsEnergyConsumptionResponse as Response;
use crate::id::Id;
use crate::parts::{InParts, PartError, or_no_data};
use crate::range::TimeRange;

/// Streams the consumption of one of the user's contracts.
///
/// ```no_run
/// use futures_util::TryStreamExt;
/// use jiff::civil::date;
/// use ostrom::contracts::energy_consumption;
/// use ostrom::{Id, TimeRange, midnight};
/// # use ostrom_core::User;
///
/// # async fn example(client: &rolecall::Client<User>, contract: &Id) -> Result<(), Box<dyn std::error::Error>> {
/// let year = TimeRange::months(midnight(date(2024, 1, 1)), midnight(date(2025, 1, 1)))?;
/// let mut months = energy_consumption(client, contract, year);
/// while let Some(month) = months.try_next().await? {
///     println!("{}: {} kWh in {}", month.local_start(), month.kwh.partial(), month.kwh.coverage());
/// }
/// # Ok(())
/// # }
/// ```
pub fn energy_consumption<'a, C>(client: &'a C, contract_id: &'a Id, range: TimeRange) -> ConsumptionStream<'a>
where
    C: ContractsApi + Caller<Role = User>,
{
    let fetch = move |part| async move { client.get_contract_energy_consumption(contract_id, &part).await };
    ConsumptionStream::new(range, fetch)
}

/// Streams the consumption of a contract of one of the partner's users.
pub fn energy_consumption_by_external_user_id<'a, C>(
    client: &'a C,
    external_user_id: &'a str,
    contract_id: &'a Id,
    range: TimeRange,
) -> ConsumptionStream<'a>
where
    C: ContractsApi + Caller<Role = Partner>,
{
    let fetch = move |part| async move {
        client.get_contract_energy_consumption_by_external_user_id(external_user_id, contract_id, &part).await
    };
    ConsumptionStream::new(range, fetch)
}

/// A stream of consumption: the hours, days, or months of a range, each once and in order.
///
/// It fetches the range in parts of at most 30 days, each when the values before it have been taken. Each part is a call
/// of its own, with the client's rate limit, deadline, and retries. Days and months are those of Germany's calendar.
///
/// A step whose hours are missing is in the stream too: its [`Total`](crate::Total) reports what it lacks. A part for
/// which the server responds with 404 has no data: the meter may not have been installed yet.
///
/// A part that cannot be fetched is an error that [names the part](PartError::part), and not the end of the stream.
/// The next item belongs to the part after it, unless you call [`retry`](Self::retry).
#[must_use = "a stream does nothing until it is polled"]
pub struct ConsumptionStream<'a> {
    parts: InParts<'a, Consumption>,
}

impl<'a> ConsumptionStream<'a> {
    fn new<F, A>(range: TimeRange, fetch: F) -> Self
    where
        F: Fn(TimeRange) -> A + Send + 'a,
        A: Future<Output = Result<Response, Error>> + Send + 'a,
    {
        let fetch = move |part| {
            let response = fetch(part);
            async move { Ok::<Vec<Reading>, Error>(readings(or_no_data(response.await)?.data)) }
        };
        Self { parts: InParts::new(&range, fetch) }
    }

    /// Makes the stream fetch the part that failed last again, instead of continuing with the next part. Returns `true`
    /// if the last item was an error.
    pub fn retry(&mut self) -> bool {
        self.parts.retry()
    }
}

impl Stream for ConsumptionStream<'_> {
    type Item = Result<Consumption, PartError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.parts).poll_next(context)
    }
}

impl fmt::Debug for ConsumptionStream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsumptionStream").finish_non_exhaustive()
    }
}
