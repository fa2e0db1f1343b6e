//! The households that Ostrom supplies: residents, addresses, contracts, and orders.

use jiff::civil::{Date, date};

use crate::seeded::{between, hash_text, seeded};

const NAMES: [(&str, &str); 8] = [
    ("Max", "Mustermann"),
    ("Lea", "Hoffmann"),
    ("Jonas", "Schulz"),
    ("Emine", "Yilmaz"),
    ("Paul", "Kr\u{fc}ger"),
    ("Mia", "Lehmann"),
    ("Jan", "Nowak"),
    ("Clara", "Wei\u{df}"),
];

const PLACES: [(&str, &str, &str); 6] = [
    ("22083", "Hamburg", "Mozartstr."),
    ("10437", "Berlin", "Kastanienallee"),
    ("80799", "M\u{fc}nchen", "Schellingstr."),
    ("50674", "K\u{f6}ln", "Aachener Str."),
    ("04109", "Leipzig", "Nikolaistr."),
    ("70173", "Stuttgart", "K\u{f6}nigstr."),
];

/// A household and what Ostrom knows about it.
#[derive(Debug, Clone)]
pub(crate) struct Household {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) zip: &'static str,
    pub(crate) city: &'static str,
    pub(crate) street: &'static str,
    pub(crate) house_number: String,
    /// The contract in force comes first.
    pub(crate) contracts: Vec<Contract>,
    pub(crate) orders: Vec<Order>,
}

#[derive(Debug, Clone)]
pub(crate) struct Contract {
    pub(crate) id: u64,
    pub(crate) product: &'static str,
    pub(crate) start: Date,
    /// The end of the supply (exclusive).
    pub(crate) end: Option<Date>,
    /// In EUR per month.
    pub(crate) deposit: i64,
    pub(crate) yearly_kwh: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) product: &'static str,
    pub(crate) status: &'static str,
}

impl Household {
    /// Returns the household of the client with the role `USER`: one contract in force, and one before it.
    pub(crate) fn of_user() -> Self {
        Self {
            first_name: "Erika".to_owned(),
            last_name: "Mustermann".to_owned(),
            zip: "22083",
            city: "Hamburg",
            street: "Mozartstr.",
            house_number: "35".to_owned(),
            contracts: vec![
                Contract {
                    id: 100_523_456,
                    product: "SIMPLY_DYNAMIC",
                    start: date(2024, 3, 22),
                    end: None,
                    deposit: 120,
                    yearly_kwh: 3400,
                },
                Contract {
                    id: 100_217_003,
                    product: "SIMPLY_FAIR",
                    start: date(2022, 5, 1),
                    end: Some(date(2024, 3, 22)),
                    deposit: 95,
                    yearly_kwh: 2900,
                },
            ],
            orders: Vec::new(),
        }
    }

    /// Returns the household of a partner's user. It is the same each time that user is linked.
    pub(crate) fn of_partner_user(seed: u64, external_user_id: &str) -> Self {
        let user = hash_text(external_user_id);
        let pick = |field: i64, low: i64, high: i64| between(low, high, seeded(seed, user, field));
        let (first, last) = NAMES[index(pick(0, 0, 7), NAMES.len())];
        let (zip, city, street) = PLACES[index(pick(1, 0, 5), PLACES.len())];
        let id = pick(2, 100_300_000, 100_999_999).unsigned_abs();
        let yearly_kwh = pick(3, 14, 45) * 100;
        let (product, status) = ("SIMPLY_DYNAMIC", "VERIFIED");
        Self {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            zip,
            city,
            street,
            house_number: pick(4, 1, 120).to_string(),
            contracts: vec![Contract {
                id,
                product,
                start: date(2023, 1, 1).saturating_add(jiff::Span::new().days(pick(5, 0, 500))),
                end: None,
                deposit: (yearly_kwh * 35 / 100 / 12 + 11) / 5 * 5,
                yearly_kwh,
            }],
            orders: vec![
                Order { id: id + 1_000_000, product, status },
                Order { id: id + 1_700_000, product: "SIMPLY_FAIR", status: "CANCELLED" },
            ],
        }
    }

    pub(crate) fn contract(&self, id: Option<u64>) -> Option<&Contract> {
        self.contracts.iter().find(|contract| Some(contract.id) == id)
    }

    pub(crate) fn order(&self, id: Option<u64>) -> Option<&Order> {
        self.orders.iter().find(|order| Some(order.id) == id)
    }
}

fn index(picked: i64, len: usize) -> usize {
    usize::try_from(picked).unwrap_or_default() % len
}
