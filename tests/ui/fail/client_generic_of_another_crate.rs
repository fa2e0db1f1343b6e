//! A client of any role, without the bound, of an API in another crate.

use rolecall::{Client, Role};
use rolecall_tests::faults::FaultsApi;

pub async fn other_crate<R: Role>(client: &Client<R>) {
    let _ = client.get_item("1").await;
}

fn main() {}
