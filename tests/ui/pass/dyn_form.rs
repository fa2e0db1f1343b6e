//! The dyn form: a client, or a double, behind `Arc<dyn …>`.

#![deny(warnings, clippy::pedantic, missing_docs)]

use std::sync::Arc;

use rolecall::{Caller, Client, Error, Public, api, endpoint};
use rolecall_tests::roles::{Partner, User};

/// Things.
#[api(dyn = DynThingsApi)]
pub trait ThingsApi {
    /// A thing.
    #[endpoint(method = GET, path = "/things/{id}", role = any(Partner, User))]
    async fn thing(&self, id: &str, #[query] parts: &[&str], #[query] note: Option<&str>) -> Result<String, Error>;

    /// The partner's things.
    #[endpoint(method = GET, path = "/things", role = Partner)]
    #[deprecated(note = "use `thing`")]
    async fn things<'a>(&'a self, #[query] filter: &'a str) -> Result<Vec<String>, Error>;

    /// Nothing of the kind.
    #[cfg(any())]
    #[endpoint(method = GET, path = "/nothing", role = Partner)]
    async fn nothing(&self) -> Result<Missing, Error>;

    /// Whether the server is well.
    #[endpoint(method = GET, path = "/health", role = Public)]
    async fn health(&self) -> Result<(), Error>;
}

/// What an application keeps.
#[derive(Clone)]
struct State {
    things: Arc<dyn DynThingsApi<User>>,
}

impl State {
    async fn note(&self, id: String) -> Result<String, Error> {
        self.things.health().await?;
        self.things.thing(&id, &["a"], None).await
    }
}

struct Double;

impl Caller for Double {
    type Role = User;
}

impl ThingsApi for Double {
    async fn thing(&self, id: &str, _: &[&str], _: Option<&str>) -> Result<String, Error> {
        Ok(id.to_owned())
    }

    async fn things<'a>(&'a self, _: &'a str) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    async fn health(&self) -> Result<(), Error> {
        Ok(())
    }
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let state = State { things: Arc::new(Double) };
    assert_eq!(is_send(state.note("a".to_owned())).await.unwrap(), "a");

    let client = Client::<User>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    // Both traits are known here, and there is one method of each name.
    drop(client.thing("a", &[], None));
    let _state = State { things: Arc::new(client) };
}
