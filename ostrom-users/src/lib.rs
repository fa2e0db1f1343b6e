//! Ostrom Users API.
