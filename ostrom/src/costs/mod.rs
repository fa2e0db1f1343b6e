//! The cost of the consumed energy: consumption × hourly price + monthly fees, by hour, day, or month.
//!
//! [`energy_costs`] streams the costs of one of the user's contracts, and [`energy_costs_by_external_user_id`] those of a
//! contract of one of the partner's users. [`Costs`] computes them from data that you already have.
//!
//! All amounts include VAT and are exact: they are not rounded to cents. They estimate the bill of a contract with
//! hourly prices; the API specification has no bills to compare them with.

mod cost;
mod stream;

pub use cost::{Cost, Costs};
pub use stream::{CostStream, energy_costs, energy_costs_by_external_user_id};
