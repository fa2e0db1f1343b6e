//! What the Contracts API gives.

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
    /// The contracts, those that have ended among them.
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
    /// What is supplied.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub supply: Option<SupplyType>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// Whether it is in force.
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
    /// What the customer pays in advance, in EUR a month.
    #[serde(with = "exact", skip_serializing_if = "Option::is_none")]
    pub current_monthly_deposit_amount: Option<Decimal>,
    /// The address that is supplied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

open_enum! {
    /// Whether a contract is in force.
    pub enum ContractStatus {
        /// `ACTIVE`
        Active = "ACTIVE",
    }
}

/// What was consumed on a contract in a range of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetContractsEnergyConsumptionResponse {
    /// The values, as far as the meter has been read.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<GetContractsEnergyConsumptionItemResponse>,
}

/// What was consumed in an hour, a day or a month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GetContractsEnergyConsumptionItemResponse {
    /// When the hour, day or month begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// The energy, in kWh.
    #[serde(rename = "kWh", with = "exact", skip_serializing_if = "Option::is_none")]
    pub kwh: Option<Decimal>,
}
