//! Consumption over a long time, as a stream.

use futures_util::stream::{Stream, TryStreamExt, iter, try_unfold};
use ostrom_core::{Partner, User};
use rolecall::{Caller, Error};

use super::consumption::{Order, Parts};
use super::{
    ContractsApi, GetContractsEnergyConsumptionItemResponse as Item, GetContractsEnergyConsumptionResponse as Answer,
};
use crate::{Id, TimeRange};

/// Streams what was consumed on one of the user's contracts, in order, however long the range.
///
/// It is fetched in parts of at most 30 days, each when the values before it have been taken; each is a call of its
/// own, under the client's pace, deadline and retries. Days and months are added up from hours, by Germany's calendar,
/// since a part may begin in the midst of one; one of which an hour has no value has none. The first error ends the
/// stream.
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
///     println!("{:?}: {:?} kWh", month.date, month.kwh);
/// }
/// # Ok(())
/// # }
/// ```
pub fn energy_consumption<'a, C>(
    client: &'a C,
    contract_id: &'a Id,
    range: TimeRange,
) -> impl Stream<Item = Result<Item, Error>> + Send + Unpin + use<'a, C>
where
    C: ContractsApi + Caller<Role = User>,
{
    in_parts(range, move |part| async move { client.get_contract_energy_consumption(contract_id, &part).await })
}

/// Streams what was consumed on a contract of one of the partner's users, as [`energy_consumption`] does.
pub fn energy_consumption_by_external_user_id<'a, C>(
    client: &'a C,
    external_user_id: &'a str,
    contract_id: &'a Id,
    range: TimeRange,
) -> impl Stream<Item = Result<Item, Error>> + Send + Unpin + use<'a, C>
where
    C: ContractsApi + Caller<Role = Partner>,
{
    in_parts(range, move |part| async move {
        client.get_contract_energy_consumption_by_external_user_id(external_user_id, contract_id, &part).await
    })
}

fn in_parts<'a, F, A>(range: TimeRange, fetch: F) -> impl Stream<Item = Result<Item, Error>> + Send + Unpin
where
    F: Fn(TimeRange) -> A + Send + 'a,
    A: Future<Output = Result<Answer, Error>> + Send + 'a,
{
    let start = (Parts::of(range), Some(Order::of(range)), fetch);
    let values = try_unfold(start, |(mut parts, order, fetch)| async move {
        let Some(mut order) = order else { return Ok(None) };
        Ok(Some(match parts.next() {
            Some(part) => {
                let values = order.take(fetch(part).await?.data);
                (values, (parts, Some(order), fetch))
            }
            None => (Vec::from_iter(order.finish()), (parts, None, fetch)),
        }))
    });
    Box::pin(values.map_ok(|values| iter(values.into_iter().map(Ok))).try_flatten())
}
