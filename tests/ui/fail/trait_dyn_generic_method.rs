//! A method with a type parameter in a dyn form.

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api(dyn = DynThingsApi)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things<T: std::fmt::Display>(&self, #[query] limit: T) -> Result<String, Error>;
}

pub async fn caller(client: &Client<Partner>) {
    let _ = client.things(1).await;
}

fn main() {}
