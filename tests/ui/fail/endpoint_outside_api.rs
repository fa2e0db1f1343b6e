//! `#[endpoint]` in a trait without `#[api]`.

use rolecall::{Error, endpoint};

#[allow(async_fn_in_trait)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self, #[query] limit: u32) -> Result<(), Error>;
}

fn main() {}
