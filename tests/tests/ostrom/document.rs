//! The traits against Ostrom's OpenAPI document itself, where it lies beside the repository.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ostrom::contracts::ContractsApi;
use ostrom::orders::OrdersApi;
use ostrom::prices::PricesApi;
use ostrom::products::ProductsApi;
use ostrom::users::UsersApi;
use ostrom::webhooks::WebhooksApi;

/// The file that `OSTROM_OPENAPI` names, or `shared/ostrom/openapi.json` beside a folder above this one.
pub(crate) fn document() -> Option<PathBuf> {
    let named = env::var_os("OSTROM_OPENAPI").map(PathBuf::from);
    let above =
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared/ostrom/openapi.json"));
    named.into_iter().chain(above).find(|path| path.is_file())
}

#[test]
fn the_traits_agree_with_ostroms_document() {
    let Some(document) = document() else {
        // To the terminal: the harness keeps what is printed by a test that passes.
        let _ = writeln!(
            io::stderr(),
            "Ostrom's document is neither beside the repository nor named by OSTROM_OPENAPI; the table of operations in \
             conformance.rs takes its place"
        );
        return;
    };
    // The token is the client's own business.
    rolecall_openapi::check!(
        document,
        [UsersApi, OrdersApi, ContractsApi, PricesApi, ProductsApi, WebhooksApi],
        skip = ["POST /oauth2/token"]
    );
}
