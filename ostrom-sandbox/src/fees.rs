//! Taxes, levies, and monthly fees by postal code.

use serde_json::{Map, Value};

use crate::format::{decimal, with_vat};
use crate::seeded::{between, hash_text, seeded};

/// Fees without VAT: cents per kWh and EUR per month, both in hundredths.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fees {
    pub(crate) taxes_and_levies: i64,
    pub(crate) base_fee: i64,
    pub(crate) grid_fees: i64,
}

impl Fees {
    /// Returns the fees at a postal code.
    pub(crate) fn at(zip: &str) -> Self {
        let place = hash_text(zip);
        Self {
            taxes_and_levies: between(1450, 1790, seeded(0, place, 0)),
            base_fee: 504,
            grid_fees: between(310, 720, seeded(0, place, 1)),
        }
    }

    pub(crate) fn to_json(self) -> Map<String, Value> {
        [
            ("KwhTaxAndLevies", self.taxes_and_levies),
            ("MonthlyOstromBaseFee", self.base_fee),
            ("MonthlyGridFees", self.grid_fees),
        ]
        .into_iter()
        .flat_map(|(name, net)| {
            [(format!("net{name}"), decimal(net, 2)), (format!("gross{name}"), decimal(with_vat(net), 2))]
        })
        .collect()
    }
}
