//! Methods with type parameters, lifetimes and bounds.

#![deny(warnings)]

use std::fmt::Display;

use rolecall::{Client, Error, api, endpoint};
use rolecall_tests::roles::Partner;
use serde::Serialize;
use serde::de::DeserializeOwned;

#[api]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Partner)]
    async fn get<T, I: Display>(&self, id: I, #[query] limit: &I) -> Result<T, Error>
    where
        T: DeserializeOwned;

    #[endpoint(method = POST, path = "/things", role = Partner)]
    async fn post<T: Serialize + ?Sized>(&self, #[body] body: &T) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/things/{id}", role = Partner)]
    async fn put<'a, const N: usize>(&'a self, id: &'a str, #[query] ids: [u32; N]) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/shown/{id}", role = Partner)]
    async fn shown(&self, id: &dyn Display, #[query] by: &dyn Display) -> Result<(), Error>;
}

fn main() {
    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    drop(client.get::<String, _>(1, &2));
    drop(client.post("text"));
    drop(client.put("a", [1, 2, 3]));
    drop(client.shown(&1, &"a"));
}
