//! The macros of `rolecall`.
