//! Derived roles, a trait's default role, and optional authorization.

#![deny(warnings)]

use rolecall::{Client, Endpoint, Error, Public, Role, api, endpoint};

/// Named after its type.
#[derive(Role)]
pub enum Reader {}

/// Named by the API.
#[derive(Debug, Role)]
#[role(name = "STAFF")]
pub struct Librarian;

mod rust {
    use rolecall as http;

    /// A raw name, a generic type, and another path of the library.
    #[derive(super::Role)]
    #[role(crate = http)]
    pub enum r#Type<const N: u8> {}
}

#[api(role = Reader)]
pub trait BooksApi {
    #[endpoint(method = GET, path = "/books")]
    async fn books(&self) -> Result<Vec<String>, Error>;

    #[endpoint(method = DELETE, path = "/books", role = any(Librarian, rust::Type<1>))]
    async fn burn(&self) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/shelves", role = any(Public, Reader))]
    async fn shelves(&self) -> Result<Vec<String>, Error>;

    #[endpoint(method = GET, path = "/hours", role = any(Public))]
    async fn hours(&self) -> Result<Vec<String>, Error>;
}

#[api(role = any(Public, Reader), dyn = DynNewsApi)]
pub trait NewsApi {
    #[endpoint(method = GET, path = "/news")]
    async fn news(&self) -> Result<Vec<String>, Error>;
}

pub async fn anyone<R: Role>(client: &Client<R>) -> Result<(), Error> {
    client.shelves().await?;
    client.hours().await?;
    client.news().await?;
    let client: &dyn DynNewsApi<R> = client;
    client.news().await?;
    Ok(())
}

pub async fn reader(client: &Client<Reader>) -> Result<(), Error> {
    client.books().await.map(drop)
}

pub async fn others(librarian: &Client<Librarian>, other: &Client<rust::Type<1>>) -> Result<(), Error> {
    librarian.burn().await?;
    other.burn().await
}

fn main() {
    assert_eq!((Reader::NAME, Librarian::NAME, <rust::Type<1>>::NAME), ("Reader", "STAFF", "Type"));
    let [books, burn, shelves, hours]: &[Endpoint; 4] =
        <Client<Reader> as BooksApi>::ENDPOINTS.try_into().unwrap();
    let of = |endpoint: &'static Endpoint| (endpoint.roles, endpoint.optional_credentials, endpoint.is_public());
    assert_eq!(of(books), (&["Reader"][..], false, false));
    assert_eq!(of(burn), (&["STAFF", "Type"][..], false, false));
    assert_eq!(of(shelves), (&["Reader"][..], true, false));
    assert_eq!(of(hours), (&[][..], false, true));
}
