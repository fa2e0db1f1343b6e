//! Operations below `broken`.

use rolecall::api;

/// Operations below `broken`.
#[api]
pub trait BrokenApi {
    // `GET /broken` is not declared: the document cannot be read there: the parameter
    // `#/components/parameters/Nowhere` cannot be found.
}
