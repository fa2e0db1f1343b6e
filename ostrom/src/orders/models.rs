//! The response types of the Orders API.

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::lenient;
use crate::open_enum::open_enum;
use crate::supply::{Address, ProductCode, SupplyType};

/// A customer's orders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetOrdersResponse {
    /// The orders.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<GetOrdersItemResponse>,
}

/// An order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetOrdersItemResponse {
    /// The order's id.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The kind of supply.
    #[serde(rename = "type", deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub supply: Option<SupplyType>,
    /// The product.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The status of the order.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// The customer's first name.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub customer_first_name: Option<String>,
    /// The customer's last name.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub customer_last_name: Option<String>,
    /// The address to be supplied.
    #[serde(deserialize_with = "lenient::object", skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

open_enum! {
    /// The status of an order.
    pub enum OrderStatus {
        /// `VERIFIED`
        Verified = "VERIFIED",
    }
}
