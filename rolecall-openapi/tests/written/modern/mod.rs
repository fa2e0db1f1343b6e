//! Library, version 2.
//!
//! Written by `cargo rolecall new` from `modern.json`; `cargo rolecall check` compares the two.

pub mod books;
pub mod events;
pub mod loans;
pub mod models;
pub mod roles;
pub mod summaries;

pub use books::BooksApi;
pub use events::EventsApi;
pub use loans::LoansApi;
pub use summaries::SummariesApi;
