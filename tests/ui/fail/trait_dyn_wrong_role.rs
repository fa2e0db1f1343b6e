//! A dyn form of the wrong role.

use std::sync::Arc;

use rolecall::{Error, api, endpoint};
use rolecall_tests::roles::{Partner, User};

#[api(dyn = DynThingsApi)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = User)]
    async fn things(&self) -> Result<String, Error>;
}

pub async fn caller(api: Arc<dyn DynThingsApi<Partner>>) {
    let _ = api.things().await;
}

fn main() {}
