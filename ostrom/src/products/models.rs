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
#[serde(rename_all = "camelCase", from = "AnySpelling")]
#[non_exhaustive]
pub struct GetProductPriceItemResponse {
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ProductCode>,
    /// The energy price without VAT, in cents per kWh.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub net_kwh_price: Option<Decimal>,
    /// The energy price with VAT, in cents per kWh.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub gross_kwh_price: Option<Decimal>,
    /// Taxes and levies without VAT, in cents per kWh.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub net_kwh_tax_and_levies: Option<Decimal>,
    /// Taxes and levies with VAT, in cents per kWh.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub gross_kwh_tax_and_levies: Option<Decimal>,
    /// Ostrom's base fee without VAT, in EUR per month.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub net_monthly_ostrom_base_fee: Option<Decimal>,
    /// Ostrom's base fee with VAT, in EUR per month.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub gross_monthly_ostrom_base_fee: Option<Decimal>,
    /// The grid's fees without VAT, in EUR per month.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub net_monthly_grid_fees: Option<Decimal>,
    /// The grid's fees with VAT, in EUR per month.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub gross_monthly_grid_fees: Option<Decimal>,
    /// The unit price without VAT, in cents per kWh.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub net_kwh_unit_price: Option<Decimal>,
    /// The unit price with VAT, in cents per kWh.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub gross_kwh_unit_price: Option<Decimal>,
    /// The monthly deposit, in EUR.
    #[serde(serialize_with = "exact::serialize", skip_serializing_if = "Option::is_none")]
    pub monthly_deposit: Option<Decimal>,
    /// The consumption that the prices are computed for, in kWh per year. The API specification spells it
    /// `yearlyComsumption`. If a response has `yearlyConsumption` too, the first of them that is known.
    #[serde(
        rename = "yearlyComsumption",
        serialize_with = "exact::serialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub yearly_consumption: Option<Decimal>,
}

/// A price as it arrives. Two fields rather than one with an alias, because serde rejects an object with both.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AnySpelling {
    #[serde(deserialize_with = "lenient::field")]
    code: Option<ProductCode>,
    #[serde(deserialize_with = "lenient::field")]
    net_kwh_price: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    gross_kwh_price: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    net_kwh_tax_and_levies: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    gross_kwh_tax_and_levies: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    net_monthly_ostrom_base_fee: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    gross_monthly_ostrom_base_fee: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    net_monthly_grid_fees: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    gross_monthly_grid_fees: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    net_kwh_unit_price: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    gross_kwh_unit_price: Option<Decimal>,
    #[serde(deserialize_with = "lenient::field")]
    monthly_deposit: Option<Decimal>,
    #[serde(rename = "yearlyComsumption", deserialize_with = "lenient::field")]
    specified: Option<Decimal>,
    #[serde(rename = "yearlyConsumption", deserialize_with = "lenient::field")]
    corrected: Option<Decimal>,
}

impl From<AnySpelling> for GetProductPriceItemResponse {
    fn from(price: AnySpelling) -> Self {
        Self {
            code: price.code,
            net_kwh_price: price.net_kwh_price,
            gross_kwh_price: price.gross_kwh_price,
            net_kwh_tax_and_levies: price.net_kwh_tax_and_levies,
            gross_kwh_tax_and_levies: price.gross_kwh_tax_and_levies,
            net_monthly_ostrom_base_fee: price.net_monthly_ostrom_base_fee,
            gross_monthly_ostrom_base_fee: price.gross_monthly_ostrom_base_fee,
            net_monthly_grid_fees: price.net_monthly_grid_fees,
            gross_monthly_grid_fees: price.gross_monthly_grid_fees,
            net_kwh_unit_price: price.net_kwh_unit_price,
            gross_kwh_unit_price: price.gross_kwh_unit_price,
            monthly_deposit: price.monthly_deposit,
            yearly_consumption: price.specified.or(price.corrected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consumption_is_read_under_either_name_and_under_both() {
        let names = ["yearlyComsumption", "yearlyConsumption"];
        for (json, expected) in crate::spellings::both(names, ["1234.5", "\"99\""]) {
            let item: GetProductPriceItemResponse = serde_json::from_str(&json).unwrap();
            let expected = expected.map(|value| value.trim_matches('"').parse().unwrap());
            assert_eq!(item.yearly_consumption, expected, "{json}");
        }
    }

    #[test]
    fn every_field_is_read_and_serialized_again() {
        let names = [
            "netKwhPrice",
            "grossKwhPrice",
            "netKwhTaxAndLevies",
            "grossKwhTaxAndLevies",
            "netMonthlyOstromBaseFee",
            "grossMonthlyOstromBaseFee",
            "netMonthlyGridFees",
            "grossMonthlyGridFees",
            "netKwhUnitPrice",
            "grossKwhUnitPrice",
            "monthlyDeposit",
            "yearlyComsumption",
        ];
        let fields: Vec<String> = names.iter().enumerate().map(|(n, name)| format!("\"{name}\":{n}.5")).collect();
        let json = format!("{{\"code\":\"SIMPLY_FAIR\",{}}}", fields.join(","));
        let item: GetProductPriceItemResponse = serde_json::from_str(&json).unwrap();
        let sent: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_value(&item).unwrap(), sent);
    }
}
