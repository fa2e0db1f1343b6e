//! Library, version 2.
//!
//! Written by `cargo rolecall new` from `modern.json`; `cargo rolecall check` compares the two.

pub mod books;
pub mod events;
pub mod models;
pub mod roles;

pub use books::BooksApi;
pub use events::EventsApi;
