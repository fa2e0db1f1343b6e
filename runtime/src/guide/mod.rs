//! The guide, in two parts: one for API authors, one for callers.
//!
//! | you have | read |
//! |---|---|
//! | an API's documentation, and need a client for it | [`author`], then [`publish`]; with an OpenAPI document first [`document`] |
//! | a client made with this crate, and use it in a program | [`caller`], then [`production`] |
//! | an API that asks for a key, a password, or OAuth2 | [`credentials`] |
//! | an API that pages, streams, redirects, or is unlike this one in another way | [`recipes`] |
//!
//! Both use the same API, of a small library, with this documentation:
//!
//! ```text
//! Base URL   https://api.library.example/v1         (test data: https://test.library.example/v1)
//! Tokens     https://auth.library.example/token     OAuth2 client credentials
//! Limit      100 requests per minute; then status 429 with Retry-After
//! Errors     {"code": "ALREADY_LENT", "message": "Somebody else has the book."}
//!
//! GET    /books?title=&maxResults=    everyone              200 [{"isbn": "…", "title": "…", "state": "AVAILABLE"}]
//! GET    /books/{isbn}                everyone              200 a book, 404 no such book
//! POST   /loans                       READER                201 {"loanId": 7, "due": "2026-03-01"}; 409 ALREADY_LENT
//!          {"isbn": "…", "days": 14}
//! DELETE /loans/{loanId}              READER or LIBRARIAN   204
//! GET    /loans                       LIBRARIAN             200 [{"loanId": 7, "due": "…"}]
//!          X-Branch: which branch of the library
//! ```
//!
//! All examples are compiled as tests of this crate, and those that make a call are run.

#[doc = include_str!("author.md")]
pub mod author {}

// Its example needs the feature.
#[cfg(any(feature = "schema", not(doctest)))]
#[doc = include_str!("document.md")]
pub mod document {}

#[doc = include_str!("publish.md")]
pub mod publish {}

#[doc = include_str!("caller.md")]
pub mod caller {}

#[doc = include_str!("credentials.md")]
pub mod credentials {}

#[doc = include_str!("production.md")]
pub mod production {}

#[doc = include_str!("recipes.md")]
pub mod recipes {}
