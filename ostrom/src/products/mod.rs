//! What Ostrom's products cost.

mod models;

use ostrom_core::Partner;
use rolecall::{Error, api, endpoint};

pub use models::{GetProductPriceItemResponse, GetProductPriceResponse};

/// What Ostrom's products cost.
#[api(rename_all = "camelCase")]
pub trait ProductsApi {
    /// Retrieves what the products cost at a place, for a household of so many residents (1 if left out) that consumes
    /// so many kWh a year (1400 if left out).
    #[endpoint(method = GET, path = "/products", role = Partner)]
    async fn get_product_prices(
        &self,
        #[query] zip: &str,
        #[query] number_of_residents: Option<u32>,
        #[query] yearly_consumption: Option<u32>,
    ) -> Result<GetProductPriceResponse, Error>;
}
