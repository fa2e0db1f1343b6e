//! Day-ahead spot prices, and the prices that a household pays.

mod cheapest;
mod household;
mod models;

use ostrom_core::{Partner, User};
use rolecall::{Error, api, endpoint};

pub(crate) use cheapest::{Span, average, seconds};
pub use household::{HouseholdPrices, HouseholdPricesError, PriceInterval, Window, WithoutTaxes, household_prices};
pub use models::{GetSpotPriceItemResponse, GetSpotPriceResponse};

use crate::range::Hours;

/// Day-ahead spot prices.
#[api]
pub trait PricesApi {
    /// Retrieves day-ahead spot prices. Without `zip`, taxes, levies, and fees are zero.
    ///
    /// Tomorrow's prices are published in the afternoon.
    #[endpoint(method = GET, path = "/spot-prices", role = any(User, Partner))]
    async fn get_spot_prices(
        &self,
        #[query(flatten)] range: &Hours,
        #[query] zip: Option<&str>,
    ) -> Result<GetSpotPriceResponse, Error>;
}
