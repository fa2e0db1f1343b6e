//! The types that contracts, orders, and products share.

use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::open_enum::open_enum;

open_enum! {
    /// The kind of supply.
    pub enum SupplyType {
        /// `ELECTRICITY`
        Electricity = "ELECTRICITY",
    }
}

open_enum! {
    /// A product of Ostrom. The API specification shows only the first; the live API returns the others too.
    pub enum ProductCode {
        /// `SIMPLY_DYNAMIC`: hourly prices.
        SimplyDynamic = "SIMPLY_DYNAMIC",
        /// `SimplyDynamic_V2`: hourly prices, in newer contracts.
        SimplyDynamicV2 = "SimplyDynamic_V2",
        /// `SIMPLY_FAIR`: a monthly price.
        SimplyFair = "SIMPLY_FAIR",
        /// `SIMPLY_FAIR_WITH_PRICE_CAP`: a monthly price with an upper limit.
        SimplyFairWithPriceCap = "SIMPLY_FAIR_WITH_PRICE_CAP",
    }
}

/// The supplied address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "AnySpelling")]
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
    /// The house number: `houseNumber` in the API specification, `housenumber` in the live API. If a response has
    /// both, the first of them that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
}

/// An address as it arrives. Two fields rather than one with an alias, because serde rejects an object with both.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AnySpelling {
    #[serde(deserialize_with = "lenient::field")]
    zip: Option<String>,
    #[serde(deserialize_with = "lenient::field")]
    city: Option<String>,
    #[serde(deserialize_with = "lenient::field")]
    street: Option<String>,
    #[serde(rename = "houseNumber", deserialize_with = "lenient::field")]
    specified: Option<String>,
    #[serde(rename = "housenumber", deserialize_with = "lenient::field")]
    live: Option<String>,
}

impl From<AnySpelling> for Address {
    fn from(address: AnySpelling) -> Self {
        let AnySpelling { zip, city, street, specified, live } = address;
        Self { zip: zip.map(five_digits), city, street, house_number: specified.or(live) }
    }
}

/// Restores the leading zero that a postal code such as `04109` loses as a number.
fn five_digits(zip: String) -> String {
    if zip.len() == 4 && zip.bytes().all(|byte| byte.is_ascii_digit()) { format!("0{zip}") } else { zip }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_number_is_read_under_either_name_and_under_both() {
        for (json, expected) in crate::spellings::both(["houseNumber", "housenumber"], ["\"1a\"", "\"2\""]) {
            let address: Address = serde_json::from_str(&json).unwrap();
            let expected = expected.map(|value| value.trim_matches('"').to_owned());
            assert_eq!(address.house_number, expected, "{json}");
        }
    }
}
