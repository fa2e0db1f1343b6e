//! A mistake in a trait with a dyn form.

use std::sync::Arc;

use rolecall::{Error, api, endpoint};
use rolecall_tests::roles::Partner;

#[api(dyn = DynThingsApi)]
pub trait ThingsApi {
    #[endpoint(method = get, path = "/things", role = Partner)]
    async fn things(&self, #[query] name: &str, #[query] limit: Option<u32>) -> Result<String, Error>;
}

pub async fn caller(api: Arc<dyn DynThingsApi<Partner>>) {
    let _ = api.things("a", None).await;
}

fn main() {}
