//! Another name of `Public`.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

pub type Open = rolecall::Public;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Open)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = async { let _ = client; }.await;
}

fn main() {}
