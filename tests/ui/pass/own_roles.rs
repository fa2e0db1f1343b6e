//! An API's own roles in five lines each, and a generic role type.

#![deny(warnings)]

use rolecall::{Client, Error, Role, api, endpoint};

pub enum Reader {}

impl Role for Reader {
    const NAME: &'static str = "reader";
}

pub struct Scope<const N: u8>;

impl<const N: u8> Role for Scope<N> {
    const NAME: &'static str = "scope";
}

#[api]
pub trait BooksApi {
    #[endpoint(method = GET, path = "/books", role = any(Reader, Scope<1>))]
    async fn books(&self) -> Result<Vec<String>, Error>;

    #[endpoint(method = DELETE, path = "/books", role = Scope<2>)]
    async fn burn(&self) -> Result<(), Error>;
}

fn main() {
    drop(Client::<Reader>::builder("http://localhost:1").bearer_token("t").build().unwrap().books());
    drop(Client::<Scope<1>>::builder("http://localhost:1").bearer_token("t").build().unwrap().books());
    drop(Client::<Scope<2>>::builder("http://localhost:1").bearer_token("t").build().unwrap().burn());
}
