//! Costs over a long time range, as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use ostrom_core::{Partner, User};
use rolecall::{Caller, Error};

use super::cost::{Cost, CostSum, priced};
use crate::contracts::{ContractsApi, GetContractsEnergyConsumptionResponse as Consumption, readings};
use crate::id::Id;
use crate::parts::{InParts, PartError, or_no_data};
use crate::prices::{GetSpotPriceResponse, HouseholdPrices, PricesApi};
use crate::range::{Hours, TimeRange};

/// Streams the costs of one of the user's contracts, at the prices of a postal code.
///
/// ```no_run
/// use futures_util::TryStreamExt;
/// use jiff::civil::date;
/// use ostrom::costs::energy_costs;
/// use ostrom::{Id, TimeRange, midnight};
/// # use ostrom_core::User;
///
/// # async fn example(client: &rolecall::Client<User>, contract: &Id) -> Result<(), Box<dyn std::error::Error>> {
/// let year = TimeRange::months(midnight(date(2024, 1, 1)), midnight(date(2025, 1, 1)))?;
/// let mut months = energy_costs(client, contract, "10115", year);
/// while let Some(month) = months.try_next().await? {
///     println!("{}: {:?} EUR", month.local_start(), month.complete());
/// }
/// # Ok(())
/// # }
/// ```
pub fn energy_costs<'a, C>(client: &'a C, contract_id: &'a Id, zip: &'a str, range: TimeRange) -> CostStream<'a>
where
    C: ContractsApi + PricesApi + Caller<Role = User>,
{
    CostStream::new(range, move |part, hours| async move {
        let consumption = or_no_data(client.get_contract_energy_consumption(contract_id, &part).await)?;
        Ok((consumption, client.get_spot_prices(&hours, Some(zip)).await?))
    })
}

/// Streams the costs of a contract of one of the partner's users, at the prices of a postal code.
pub fn energy_costs_by_external_user_id<'a, C>(
    client: &'a C,
    external_user_id: &'a str,
    contract_id: &'a Id,
    zip: &'a str,
    range: TimeRange,
) -> CostStream<'a>
where
    C: ContractsApi + PricesApi + Caller<Role = Partner>,
{
    CostStream::new(range, move |part, hours| async move {
        let consumption =
            client.get_contract_energy_consumption_by_external_user_id(external_user_id, contract_id, &part).await;
        Ok((or_no_data(consumption)?, client.get_spot_prices(&hours, Some(zip)).await?))
    })
}

/// A stream of costs: the hours, days, or months of a range, each once and in order.
///
/// Each part of at most 30 days takes two calls: the consumption and the prices. Missing hours and failed parts are
/// handled as in [`ConsumptionStream`](crate::contracts::ConsumptionStream). Prices without taxes and levies are
/// unknown.
#[must_use = "a stream does nothing until it is polled"]
pub struct CostStream<'a> {
    parts: InParts<'a, CostSum>,
}

impl<'a> CostStream<'a> {
    fn new<F, A>(range: TimeRange, fetch: F) -> Self
    where
        F: Fn(TimeRange, Hours) -> A + Send + 'a,
        A: Future<Output = Result<(Consumption, GetSpotPriceResponse), Error>> + Send + 'a,
    {
        let fetch = move |part: TimeRange| {
            let responses = fetch(part, Hours::within(&part));
            async move {
                let (consumption, prices) = responses.await?;
                let prices = HouseholdPrices::try_from(prices).unwrap_or_default();
                Ok::<_, Error>(priced(readings(consumption.data), &prices))
            }
        };
        Self { parts: InParts::new(&range, fetch) }
    }

    /// Makes the stream fetch the part that failed last again, instead of continuing with the next part. Returns `true`
    /// if the last item was an error.
    pub fn retry(&mut self) -> bool {
        self.parts.retry()
    }
}

impl Stream for CostStream<'_> {
    type Item = Result<Cost, PartError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.parts).poll_next(context)
    }
}

impl fmt::Debug for CostStream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CostStream").finish_non_exhaustive()
    }
}
