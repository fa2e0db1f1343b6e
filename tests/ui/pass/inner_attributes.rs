//! Attributes at the start of the trait's body.

#![deny(warnings)]

use rolecall::{Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api(dyn = DynThingsApi)]
pub trait ThingsApi {
    #![allow(non_snake_case)]
    //! Things.

    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn getThings(&self) -> Result<String, Error>;
}

fn main() {}
