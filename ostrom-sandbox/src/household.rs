//! The households that Ostrom supplies: who lives where, on which contract, since when.

use jiff::civil::{Date, date};

use crate::error::ApiError;
use crate::noise::{between, noise, number};
use crate::state::Sandboxed;

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

/// A household and all that Ostrom knows of it.
#[derive(Debug, Clone)]
pub(crate) struct Household {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) zip: &'static str,
    pub(crate) city: &'static str,
    pub(crate) street: &'static str,
    pub(crate) house_number: String,
    /// The one that counts first.
    pub(crate) contracts: Vec<Contract>,
    pub(crate) orders: Vec<Order>,
}

#[derive(Debug, Clone)]
pub(crate) struct Contract {
    pub(crate) id: u64,
    pub(crate) product: &'static str,
    pub(crate) start: Date,
    /// The first day on which Ostrom no longer supplies.
    pub(crate) end: Option<Date>,
    /// EUR a month.
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
    /// The household of the client with the role `USER`: one contract that runs, and one before it.
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

    /// The household of a partner's user, the same whenever that user is linked.
    pub(crate) fn of_partners(seed: u64, external_user_id: &str) -> Self {
        let who = number(external_user_id);
        let pick = |what: i64, low: i64, high: i64| between(low, high, noise(seed, who, what));
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

    /// The household of a user who is linked, has consented, and was asked for this scope.
    pub(crate) fn of_linked(state: &Sandboxed, external_user_id: &str, scope: &str) -> Result<Self, ApiError> {
        let link = state
            .links
            .get(external_user_id)
            .ok_or_else(|| ApiError::not_found(format!("No user {external_user_id:?} is linked to this partner.")))?;
        if !link.consented {
            return Err(ApiError::not_found(format!(
                "The user {external_user_id:?} has not consented to the link yet."
            )));
        }
        if !link.scopes.iter().any(|asked| asked == scope) {
            return Err(ApiError::unauthorized(format!(
                "The user {external_user_id:?} was linked without the scope {scope}."
            )));
        }
        Ok(Self::of_partners(state.seed, external_user_id))
    }

    pub(crate) fn contract(&self, id: u64) -> Result<&Contract, ApiError> {
        let contract = self.contracts.iter().find(|contract| contract.id == id);
        contract.ok_or_else(|| ApiError::not_found(format!("There is no contract {id}.")))
    }

    pub(crate) fn order(&self, id: u64) -> Result<&Order, ApiError> {
        let order = self.orders.iter().find(|order| order.id == id);
        order.ok_or_else(|| ApiError::not_found(format!("There is no order {id}.")))
    }
}

fn index(picked: i64, len: usize) -> usize {
    usize::try_from(picked).unwrap_or_default() % len
}
