//! Does not compile: `#[api(schema)]` and `#[status(schema)]` need a feature that this crate does not enable.

use rolecall::{ByStatus, Client, Error, Public, api, endpoint};

#[derive(serde::Serialize)]
pub struct Filter {
    pub name: String,
}

#[derive(ByStatus)]
#[status(schema)]
pub enum Reply {
    #[status(200)]
    Name(String),
    #[status(204)]
    Nothing,
}

#[api(schema)]
pub trait ThingsApi {
    #[endpoint(method = GET, path = "/things/{id}", role = Public)]
    async fn things(&self, id: u32, #[query(flatten)] filter: &Filter) -> Result<Reply, Error>;

    #[endpoint(method = GET, path = "/things", role = Public)]
    async fn all(&self, #[query] tags: &[&str]) -> Result<Vec<String>, Error>;
}

pub async fn caller(client: &Client<Public>, filter: &Filter) -> Result<Reply, Error> {
    client.things(1, filter).await
}

fn main() {}
