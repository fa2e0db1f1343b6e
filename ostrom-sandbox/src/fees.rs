//! What a household pays beside the energy, by where it lives.

use serde_json::{Map, Value};

use crate::document::{decimal, with_vat};
use crate::noise::{between, noise, number};

/// Without VAT: cents a kilowatt-hour and EUR a month, both in hundredths.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fees {
    pub(crate) taxes_and_levies: i64,
    pub(crate) base_fee: i64,
    pub(crate) grid_fees: i64,
}

impl Fees {
    /// The grid differs from place to place, and is the same for everybody there.
    pub(crate) fn at(zip: &str) -> Self {
        let place = number(zip);
        Self {
            taxes_and_levies: between(1450, 1790, noise(0, place, 0)),
            base_fee: 504,
            grid_fees: between(310, 720, noise(0, place, 1)),
        }
    }

    pub(crate) fn document(&self) -> Map<String, Value> {
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
