//! How an answer is spelled: as the document's examples have it, or as the field has seen it.

use serde_json::{Map, Value, json};

use crate::household::{Contract, Household, Order};

/// Two spellings of the same answers, both of which Ostrom's clients meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Ids are strings, deposits are numbers, `houseNumber`.
    Document,
    /// Ids are numbers, deposits are strings, `housenumber`, a product that the document doesn't know.
    Field,
}

impl Spelling {
    pub(crate) fn id(self, id: u64) -> Value {
        match self {
            Self::Document => json!(id.to_string()),
            Self::Field => json!(id),
        }
    }

    pub(crate) fn contract(self, household: &Household, contract: &Contract) -> Value {
        let mut object = self.customer(household);
        object.insert("id".to_owned(), self.id(contract.id));
        object.insert("productCode".to_owned(), json!(self.product(contract.product)));
        object.insert("status".to_owned(), json!(if contract.end.is_some() { "TERMINATED" } else { "ACTIVE" }));
        object.insert("startDate".to_owned(), json!(contract.start.to_string()));
        let deposit = match self {
            Self::Document => json!(contract.deposit),
            Self::Field => json!(format!("{}.00", contract.deposit)),
        };
        object.insert("currentMonthlyDepositAmount".to_owned(), deposit);
        Value::Object(object)
    }

    pub(crate) fn order(self, household: &Household, order: &Order) -> Value {
        let mut object = self.customer(household);
        object.insert("id".to_owned(), self.id(order.id));
        object.insert("productCode".to_owned(), json!(self.product(order.product)));
        object.insert("status".to_owned(), json!(order.status));
        Value::Object(object)
    }

    /// What contracts and orders have in common.
    fn customer(self, household: &Household) -> Map<String, Value> {
        let house_number = match self {
            Self::Document => "houseNumber",
            Self::Field => "housenumber",
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
            (Self::Field, "SIMPLY_DYNAMIC") => "SimplyDynamic_V2",
            (_, product) => product,
        }
    }
}

/// A number with so many digits after the point, from a whole number of its last digit.
pub(crate) fn decimal(value: i64, digits: i32) -> Value {
    // Both are far below 2^53, so that the quotient is the double nearest to the decimal, and prints as it.
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
    fn decimals_print_as_they_are_meant() {
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
