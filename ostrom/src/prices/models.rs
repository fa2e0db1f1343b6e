//! The response types of the Prices API.

use jiff::{Timestamp, ZonedDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::time::in_germany;
use crate::{exact, lenient};

/// Day-ahead spot prices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetSpotPriceResponse {
    /// The hours whose prices are known.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<GetSpotPriceItemResponse>,
}

/// The price of an hour. All values but the energy price are zero if the call had no postal code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetSpotPriceItemResponse {
    /// The start of the hour.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// The energy price without VAT, in EUR per MWh.
    #[serde(
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub net_mwh_price: Option<Decimal>,
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
}

impl GetSpotPriceItemResponse {
    /// Returns the start of the hour on the wall clock in Germany.
    #[must_use]
    pub fn local_date(&self) -> Option<ZonedDateTime> {
        self.date.map(in_germany)
    }
}
