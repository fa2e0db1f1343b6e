//! The response types of the Contracts API.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::{Address, Id, ProductCode, SupplyType, exact, lenient};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The kind of supply.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub supply: Option<SupplyType>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The status of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ContractStatus>,
    /// The customer's first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_first_name: Option<String>,
    /// The customer's last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_last_name: Option<String>,
    /// The first day of supply.
    #[serde(deserialize_with = "lenient::day", skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Date>,
    /// The current monthly deposit, in EUR.
    #[serde(with = "exact", skip_serializing_if = "Option::is_none")]
    pub current_monthly_deposit_amount: Option<Decimal>,
    /// The supplied address.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// The energy, in kWh.
    #[serde(rename = "kWh", with = "exact", skip_serializing_if = "Option::is_none")]
    pub kwh: Option<Decimal>,
}
