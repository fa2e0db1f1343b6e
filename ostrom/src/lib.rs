#![doc = include_str!("../README.md")]

mod exact;
mod id;
mod lenient;
mod open_enum;
mod range;
mod supply;
mod time;

pub mod contracts;
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

pub use id::Id;
pub use range::{Hours, InvalidRange, Resolution, TimeRange};
pub use supply::{Address, ProductCode, SupplyType};
pub use time::{day_of, midnight};
