//! A test double that names no role.

use rolecall::{Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<String, Error>;
}

pub struct Double;

impl ThingsApi for Double {
    async fn things(&self) -> Result<String, Error> {
        Ok(String::new())
    }
}

fn main() {}
