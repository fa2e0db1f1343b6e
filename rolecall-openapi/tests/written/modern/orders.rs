//! Operations below `orders`.

use rolecall::{Error, api, endpoint};

use super::models::*;
use super::roles::Member;

/// Operations below `orders`.
#[api(role = Member)]
pub trait OrdersApi {
    /// Finds orders
    #[endpoint(method = GET, path = "/orders")]
    async fn find_orders(
        &self,
        #[query(nested, list = "brackets")] filter: Option<&FindOrdersFilter>,
        #[query(json)] near: Option<&FindOrdersNear>,
        #[header("x-fields")] x_fields: &[&str],
    ) -> Result<Vec<String>, Error>;

    /// Places an order
    #[endpoint(method = POST, path = "/orders")]
    async fn place_order(&self, #[body(form, nested)] body: &PlaceOrderBody) -> Result<(), Error>;
}
