//! An optional body that costs its callers no `Some`, in each place that a trait can have it.

#![deny(warnings, clippy::pedantic, missing_docs, unused_lifetimes)]

use rolecall::{Bytes, Caller, Client, Error, api, endpoint};
use rolecall_tests::roles::{Partner, User};

/// Things.
#[api(dyn = DynThingsApi)]
pub trait ThingsApi {
    /// With a reference.
    #[endpoint(method = POST, path = "/a/{id}", role = any(Partner, User))]
    async fn reference(&self, id: &str, #[body] body: impl Into<Option<&[String]>>) -> Result<(), Error>;

    /// With a lifetime in a type.
    #[endpoint(method = POST, path = "/b", role = Partner)]
    async fn cow(&self, #[body(text)] body: impl Into<Option<std::borrow::Cow<'_, str>>>) -> Result<(), Error>;

    /// By value.
    #[endpoint(method = POST, path = "/c", role = Partner)]
    async fn value(&self, #[body(bytes)] body: impl std::convert::Into<Option<Bytes>> + Send) -> Result<(), Error>;

    /// With lifetimes of its own, and one for `self`.
    #[endpoint(method = POST, path = "/d", role = Partner)]
    async fn named<'x, 'y>(&'x self, #[query] q: &'x str, #[body] body: impl Into<Option<&'y str>>) -> Result<(), Error>;
}

/// Things, generic.
#[api]
pub trait GenericApi {
    /// With a type parameter, which has to outlive the reference.
    #[endpoint(method = POST, path = "/e", role = Partner)]
    async fn generic<'a, T: serde::Serialize + Sync + 'a>(
        &self,
        #[body] body: impl Into<Option<&'a T>>,
    ) -> Result<(), Error>;
}

struct Double;

impl Caller for Double {
    type Role = User;
}

impl ThingsApi for Double {
    async fn reference<'a>(&self, _: &str, _: impl Into<Option<&'a [String]>> + Send) -> Result<(), Error> {
        Ok(())
    }

    async fn cow<'a>(&self, _: impl Into<Option<std::borrow::Cow<'a, str>>> + Send) -> Result<(), Error> {
        Ok(())
    }

    async fn value(&self, _: impl Into<Option<Bytes>> + Send) -> Result<(), Error> {
        Ok(())
    }

    async fn named<'x, 'y>(&'x self, _: &'x str, _: impl Into<Option<&'y str>> + Send) -> Result<(), Error> {
        Ok(())
    }
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    let list = vec!["a".to_owned()];
    drop(is_send(client.reference("a", &*list)));
    drop(is_send(client.reference("a", Some(list.as_slice()))));
    drop(is_send(client.reference("a", None)));
    drop(is_send(client.cow(std::borrow::Cow::Borrowed("a"))));
    drop(is_send(client.value(None)));
    drop(is_send(client.named("q", "b")));
    drop(is_send(client.generic(&7)));
    is_send(Double.reference("a", None)).await.unwrap();
    let boxed: Box<dyn DynThingsApi<User>> = Box::new(Double);
    is_send(boxed.reference("a", &*list)).await.unwrap();
    is_send(boxed.reference("a", None)).await.unwrap();
}
