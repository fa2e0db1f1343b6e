//! `#[endpoint]` on a method of a test double.

use rolecall::{Caller, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub struct Double;

impl Caller for Double {
    type Role = Partner;
}

impl ThingsApi for Double {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error> {
        Ok("thing".to_owned())
    }
}

fn main() {}
