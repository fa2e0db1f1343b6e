//! What contracts, orders and products have in common.

use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;

open_enum! {
    /// What is supplied.
    pub enum SupplyType {
        /// `ELECTRICITY`
        Electricity = "ELECTRICITY",
    }
}

open_enum! {
    /// A product of Ostrom. The document shows only the first; the others have been seen in the field.
    pub enum ProductCode {
        /// `SIMPLY_DYNAMIC`: the price of each hour.
        SimplyDynamic = "SIMPLY_DYNAMIC",
        /// `SimplyDynamic_V2`: the same, in newer contracts.
        SimplyDynamicV2 = "SimplyDynamic_V2",
        /// `SIMPLY_FAIR`: one price for a month.
        SimplyFair = "SIMPLY_FAIR",
        /// `SIMPLY_FAIR_WITH_PRICE_CAP`: the same, with an upper limit.
        SimplyFairWithPriceCap = "SIMPLY_FAIR_WITH_PRICE_CAP",
    }
}

/// The address that is supplied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Address {
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// The city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The number of the house: `houseNumber` in the document, `housenumber` in the field.
    #[serde(alias = "housenumber", skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
}
