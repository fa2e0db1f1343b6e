//! The format of responses: as in the API specification, or as observed from the live API.

use serde_json::{Map, Value, json};

use crate::household::{Contract, Household, Order};

/// Two formats of the same responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseStyle {
    /// As in the schemas of the API specification: ids are numbers, deposits are strings, `houseNumber`.
    Specification,
    /// As observed: ids and deposits are numbers, `housenumber`, a product code that the specification lacks.
    Live,
}

impl ResponseStyle {
    /// Describes the style for the page.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Specification => "as in the API specification",
            Self::Live => "as observed from the live API",
        }
    }

    pub(crate) fn contract(self, household: &Household, contract: &Contract) -> Value {
        let mut object = self.customer(household);
        object.insert("id".to_owned(), json!(contract.id));
        object.insert("productCode".to_owned(), json!(self.product(contract.product)));
        object.insert("status".to_owned(), json!(if contract.end.is_some() { "TERMINATED" } else { "ACTIVE" }));
        object.insert("startDate".to_owned(), json!(contract.start.to_string()));
        let deposit = match self {
            Self::Specification => json!(format!("{}.00", contract.deposit)),
            Self::Live => json!(contract.deposit),
        };
        object.insert("currentMonthlyDepositAmount".to_owned(), deposit);
        Value::Object(object)
    }

    pub(crate) fn order(self, household: &Household, order: &Order) -> Value {
        let mut object = self.customer(household);
        object.insert("id".to_owned(), json!(order.id));
        object.insert("productCode".to_owned(), json!(self.product(order.product)));
        object.insert("status".to_owned(), json!(order.status));
        Value::Object(object)
    }

    /// Returns the fields that contracts and orders share.
    fn customer(self, household: &Household) -> Map<String, Value> {
        let house_number = match self {
            Self::Specification => "houseNumber",
            Self::Live => "housenumber",
        };
        Map::from_iter([
            ("type".to_owned(), json!("ELECTRICITY")),
            ("customerFirstName".to_owned(), json!(household.first_name)),
            ("customerLastName".to_owned(), json!(household.last_name)),
            (
                "address".to_owned(),
                json!({
                    "zip": household.zip,
                    "city": household.city,
                    "street": household.street,
                    house_number: household.house_number,
                }),
            ),
        ])
    }

    fn product(self, product: &'static str) -> &'static str {
        match (self, product) {
            (Self::Live, "SIMPLY_DYNAMIC") => "SimplyDynamic_V2",
            (_, product) => product,
        }
    }
}

/// Returns `value` / 10^`digits` as a JSON number.
pub(crate) fn decimal(value: i64, digits: i32) -> Value {
    // Both are far below 2^53, so the quotient is the double nearest to the decimal and prints as the decimal.
    #[allow(clippy::cast_precision_loss)]
    let quotient = value as f64 / 10_f64.powi(digits);
    if quotient.fract() == 0.0 { json!(value / 10_i64.pow(digits.unsigned_abs())) } else { json!(quotient) }
}

/// Adds Germany's VAT of 19 %, rounded half away from zero.
pub(crate) fn with_vat(net: i64) -> i64 {
    let hundredfold = net * 119;
    (hundredfold + if hundredfold < 0 { -50 } else { 50 }) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_exactly() {
        assert_eq!(decimal(926, 1).to_string(), "92.6");
        assert_eq!(decimal(1928, 2).to_string(), "19.28");
        assert_eq!(decimal(600, 2).to_string(), "6");
        assert_eq!(decimal(-5, 2).to_string(), "-0.05");
        assert_eq!(decimal(480, 3).to_string(), "0.48");
    }

    #[test]
    fn vat_is_added_and_rounded() {
        assert_eq!(with_vat(1620), 1928);
        assert_eq!(with_vat(504), 600);
        assert_eq!(with_vat(384), 457);
        assert_eq!(with_vat(-100), -119);
        assert_eq!(with_vat(-50), -60);
    }
}
