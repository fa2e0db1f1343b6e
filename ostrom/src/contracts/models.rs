//! The response types of the Contracts API.

use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::id::Id;
use crate::open_enum::open_enum;
use crate::supply::{Address, ProductCode, SupplyType};
use crate::time::in_germany;
use crate::{exact, lenient};

/// A customer's contracts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetContractsResponse {
    /// The contracts, including ended ones.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<GetContractsItemResponse>,
}

/// A contract.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetContractsItemResponse {
    /// The contract's id.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The kind of supply.
    #[serde(rename = "type", deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub supply: Option<SupplyType>,
    /// The product.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The status of the contract.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub status: Option<ContractStatus>,
    /// The customer's first name.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub customer_first_name: Option<String>,
    /// The customer's last name.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub customer_last_name: Option<String>,
    /// The first day of supply.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Date>,
    /// The current monthly deposit, in EUR.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub current_monthly_deposit_amount: Option<Amount>,
    /// The supplied address.
    #[serde(deserialize_with = "lenient::object", skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

open_enum! {
    /// The status of a contract.
    pub enum ContractStatus {
        /// `ACTIVE`
        Active = "ACTIVE",
    }
}

/// The energy consumption of a contract in a time range.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetContractsEnergyConsumptionResponse {
    /// The values up to the last meter reading.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<GetContractsEnergyConsumptionItemResponse>,
}

/// The consumption of an hour, a day, or a month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetContractsEnergyConsumptionItemResponse {
    /// The start of the hour, day, or month.
    #[serde(deserialize_with = "lenient::field", skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// The energy, in kWh.
    #[serde(
        rename = "kWh",
        serialize_with = "exact::serialize",
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub kwh: Option<Decimal>,
}

impl GetContractsEnergyConsumptionItemResponse {
    /// Returns the start on the wall clock in Germany.
    #[must_use]
    pub fn local_date(&self) -> Option<ZonedDateTime> {
        self.date.map(in_germany)
    }
}
