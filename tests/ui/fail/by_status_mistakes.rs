//! Enums that are no responses by status.

use rolecall::{ByStatus, ByteStream};

#[derive(ByStatus)]
pub enum Mistakes {
    Missing(String),
    #[status(99)]
    Invalid(String),
    #[status(200)]
    Once(String),
    #[status(200)]
    Twice(String),
    #[status(201)]
    Two(String, String),
    #[status(202)]
    Named { name: String },
    #[status]
    Empty,
    #[status(203)]
    Stream(ByteStream),
}

#[derive(ByStatus)]
pub struct NoEnum;

#[derive(ByStatus)]
pub enum Nothing {}

#[derive(ByStatus)]
pub enum Generic<T> {
    #[status(200)]
    Value(T),
}

fn main() {}
