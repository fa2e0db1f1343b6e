//! Garden API, version 1.2.0.
//!
//! Written by `cargo rolecall new` from `features.yaml`; `cargo rolecall check` compares the two.

pub mod broken;
pub mod live;
pub mod models;
pub mod plants;
pub mod roles;
pub mod search;
pub mod token;

pub use broken::BrokenApi;
pub use live::LiveApi;
pub use plants::PlantsApi;
pub use search::SearchApi;
pub use token::TokenApi;

/// The base URL of the API.
pub const BASE_URL: &str = "https://eu.garden.example/v1";
