//! The guide: two walks from the first line to the last, one for those who declare an API, one for those who call it.
//!
//! | you have | read |
//! |---|---|
//! | an API's documentation, and want a client for it | [`author`], then [`publish`] |
//! | a client, made with this crate, and want to use it in a program | [`caller`], then [`production`] |
//!
//! Both speak of the same API, that of a small library, which goes by this page of documentation:
//!
//! ```text
//! Base URL   https://api.library.example/v1         (test data: https://test.library.example/v1)
//! Tokens     https://auth.library.example/token     OAuth2 client credentials
//! Limit      100 requests a minute; then status 429 with Retry-After
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
//! Every piece of code in here is compiled, and each that makes a call is run, when the tests of this crate are.

#[doc = include_str!("author.md")]
pub mod author {}

#[doc = include_str!("publish.md")]
pub mod publish {}

#[doc = include_str!("caller.md")]
pub mod caller {}

#[doc = include_str!("production.md")]
pub mod production {}
