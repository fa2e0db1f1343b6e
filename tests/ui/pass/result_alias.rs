//! `Result` of one's own.

#![deny(warnings)]

use rolecall::{Client, api, endpoint};
use rolecall_tests::roles::Partner;

type Result<T> = std::result::Result<T, rolecall::Error>;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things", role = Partner)]
    async fn things(&self) -> Result<Vec<String>>;

    #[endpoint(method = GET, path = "/thing", role = Partner)]
    async fn thing(&self) -> std::result::Result<rolecall::Response<()>, rolecall::Error>;
}

fn main() {
    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    drop(client.things());
    drop(client.thing());
}
