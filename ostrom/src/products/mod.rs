//! The prices of Ostrom's products.

mod models;

use ostrom_core::Partner;
use rolecall::{Error, api, endpoint};

pub use models::{GetProductPriceItemResponse, GetProductPriceResponse};

/// The prices of Ostrom's products.
#[api(rename_all = "camelCase")]
pub trait ProductsApi {
    /// Retrieves the prices of the products at a postal code, for a number of residents and a yearly consumption in kWh.
    /// The server's defaults are 1 resident and 1400 kWh.
    #[endpoint(method = GET, path = "/products", role = Partner)]
    async fn get_product_prices(
        &self,
        #[query] zip: &str,
        #[query] number_of_residents: Option<u32>,
        #[query] yearly_consumption: Option<u32>,
    ) -> Result<GetProductPriceResponse, Error>;
}
