//! The response types of the Products API.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::supply::ProductCode;
use crate::{exact, lenient};

/// The products at a postal code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetProductPriceResponse {
    /// The products.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<GetProductPriceItemResponse>,
}

/// The price of a product.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetProductPriceItemResponse {
    /// The product.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub code: Option<ProductCode>,
    /// The energy price without VAT, in cents per kWh.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub net_kwh_price: Option<Decimal>,
    /// The energy price with VAT, in cents per kWh.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub gross_kwh_price: Option<Decimal>,
    /// Taxes and levies without VAT, in cents per kWh.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub net_kwh_tax_and_levies: Option<Decimal>,
    /// Taxes and levies with VAT, in cents per kWh.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub gross_kwh_tax_and_levies: Option<Decimal>,
    /// Ostrom's base fee without VAT, in EUR per month.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub net_monthly_ostrom_base_fee: Option<Decimal>,
    /// Ostrom's base fee with VAT, in EUR per month.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub gross_monthly_ostrom_base_fee: Option<Decimal>,
    /// The grid's fees without VAT, in EUR per month.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub net_monthly_grid_fees: Option<Decimal>,
    /// The grid's fees with VAT, in EUR per month.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub gross_monthly_grid_fees: Option<Decimal>,
    /// The unit price without VAT, in cents per kWh.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub net_kwh_unit_price: Option<Decimal>,
    /// The unit price with VAT, in cents per kWh.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub gross_kwh_unit_price: Option<Decimal>,
    /// The monthly deposit, in EUR.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub monthly_deposit: Option<Decimal>,
    /// The consumption that the prices are computed for, in kWh per year. The API specification spells it
    /// `yearlyComsumption`.
    #[serde(
        rename = "yearlyComsumption",
        alias = "yearlyConsumption",
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub yearly_consumption: Option<Decimal>,
}
