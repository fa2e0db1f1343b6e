//! Operations below `live`.

use rolecall::api;

/// Operations below `live`.
#[api]
pub trait LiveApi {
    // `GET /live` is not declared: the response is another protocol (101).
}
