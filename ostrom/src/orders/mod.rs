//! The orders of a partner's users.

mod models;

use ostrom_core::Partner;
use rolecall::{Error, api, endpoint};

pub use models::{GetOrdersItemResponse, GetOrdersResponse, OrderStatus};

use crate::id::Id;

/// The orders of a partner's users.
#[api]
pub trait OrdersApi {
    /// Retrieves a user's orders.
    #[endpoint(method = GET, path = "/users/{externalUserId}/orders", role = Partner)]
    async fn get_orders_by_external_user_id(&self, external_user_id: &str) -> Result<GetOrdersResponse, Error>;

    /// Retrieves one of a user's orders.
    #[endpoint(method = GET, path = "/users/{externalUserId}/orders/{orderId}", role = Partner)]
    async fn get_order_by_external_user_id(
        &self,
        external_user_id: &str,
        order_id: &Id,
    ) -> Result<GetOrdersItemResponse, Error>;
}
