#![doc = include_str!("../README.md")]

mod amount;
mod exact;
mod grid;
mod id;
mod lenient;
mod number_map;
mod open_enum;
mod parts;
mod range;
mod scalar;
#[cfg(test)]
mod spellings;
mod steps;
mod supply;
mod time;
mod total;

pub mod contracts;
pub mod costs;
pub mod orders;
pub mod prices;
pub mod products;
pub mod webhooks;

#[doc(inline)]
pub use ostrom_users as users;

pub use jiff;
pub use ostrom_core::{Environment, Partner, UnknownEnvironment, User};
pub use rolecall;
pub use rust_decimal::Decimal;

pub use amount::Amount;
pub use id::Id;
pub use parts::PartError;
pub use range::{Hours, InvalidRange, Resolution, TimeRange};
pub use supply::{Address, ProductCode, SupplyType};
pub use time::{day_of, germany, in_germany, midnight};
pub use total::{Coverage, Total};
