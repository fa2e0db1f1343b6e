//! A double of an API, written by hand, and code that takes either.

#![deny(warnings)]

use rolecall::{Allows, Caller, Client, Error, api, endpoint};
use rolecall_tests::roles::{Partner, User};

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn thing(&self, id: u32) -> Result<String, Error>;

    #[endpoint(method = GET, path = "/me", role = User)]
    async fn me(&self) -> Result<String, Error>;
}

struct Double;

impl Caller for Double {
    type Role = Partner;
}

impl ThingsApi for Double {
    async fn thing(&self, id: u32) -> Result<String, Error> {
        Ok(id.to_string())
    }

    async fn me(&self) -> Result<String, Error> {
        unreachable!("no partner may call it")
    }
}

async fn name<A: ThingsApi>(api: &A) -> Result<String, Error>
where
    things_api::thing: Allows<A::Role>,
{
    api.thing(7).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(name(&Double).await.unwrap(), "7");
    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    drop(name(&client));
}
