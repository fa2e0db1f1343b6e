//! Library, version 2.
//!
//! Written by `cargo rolecall new` from `modern.json`; `cargo rolecall check` compares the two.

pub mod books;
pub mod covers;
pub mod events;
pub mod loans;
pub mod models;
pub mod orders;
pub mod roles;
pub mod summaries;

pub use books::BooksApi;
pub use covers::CoversApi;
pub use events::EventsApi;
pub use loans::LoansApi;
pub use orders::OrdersApi;
pub use summaries::SummariesApi;
