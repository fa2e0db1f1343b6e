//! Generated code fires no lint in a crate that denies them all. `cargo clippy` is what checks this file.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, clippy::style)]
#![deny(
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
#![deny(
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::default_numeric_fallback,
    clippy::exhaustive_enums,
    clippy::indexing_slicing,
    clippy::missing_trait_methods,
    clippy::multiple_inherent_impl,
    clippy::pattern_type_mismatch,
    clippy::same_name_method,
    clippy::shadow_reuse,
    clippy::shadow_unrelated,
    clippy::single_char_lifetime_names
)]
#![forbid(
    deprecated,
    missing_debug_implementations,
    non_camel_case_types,
    unreachable_pub,
    unsafe_code,
    clippy::module_inception,
    clippy::too_many_arguments
)]

use std::future::pending;

use rolecall::{Caller, Client, Error, Public, Response, Text, api, endpoint};
use rolecall_tests::roles::{Partner, User};

/// An API with something of everything.
#[api(dyn = DynEverythingApi, path = "/v1/{tenant}", rename_all = "camelCase", headers("x-version" = "1"))]
trait EverythingApi {
    /// Returns a thing.
    #[endpoint(method = GET, path = "/things/{id}", role = any(Partner, User), timeout = "5s", accept = "text/csv")]
    async fn thing(
        &self,
        tenant: &str,
        id: u32,
        #[query] limit: Option<u32>,
        #[query] tags: &[&str],
        #[header("x-trace")] trace: Option<&str>,
    ) -> Result<Option<Text>, Error>;

    /// Adds a thing.
    #[endpoint(method = POST, path = "/things", role = Public)]
    async fn add(&self, tenant: &str, #[body] thing: &str) -> Result<Response<Vec<u8>>, Error>;

    /// Changes a thing, or all of them.
    #[endpoint(method = "CHANGE", path = "/things", role = Partner, query("all"), query_encoding = "percent")]
    async fn change_all(&self, tenant: &str, #[body] thing: impl Into<Option<&str>>) -> Result<(), Error>;
}

/// Private, and in a module that is called like the one that `#[api]` generates.
mod inner_api {
    use rolecall::{Error, api, endpoint};
    use rolecall_tests::roles::Partner;

    /// An API inside.
    #[api(dyn = DynInnerApi)]
    pub(super) trait InnerApi {
        /// Changes a thing.
        #[endpoint(method = PATCH, path = "/things", role = Partner)]
        async fn change(&self, #[body(form)] thing: Option<&[(&str, &str)]>) -> Result<(), Error>;
    }
}

/// A test double.
struct Double;

impl Caller for Double {
    type Role = Partner;
}

impl EverythingApi for Double {
    async fn thing(&self, _: &str, _: u32, _: Option<u32>, _: &[&str], _: Option<&str>) -> Result<Option<Text>, Error> {
        Ok(None)
    }

    async fn add(&self, _: &str, _: &str) -> Result<Response<Vec<u8>>, Error> {
        pending().await
    }

    async fn change_all<'of>(&'of self, _: &str, _: impl Into<Option<&'of str>> + Send) -> Result<(), Error> {
        Ok(())
    }
}

async fn call(client: &Client<Partner>) -> Result<(), Error> {
    use inner_api::InnerApi as _;

    drop(client.thing("a", 1, None, &[], None).await?);
    drop(client.add("a", "b").await?);
    client.change_all("a", "b").await?;
    client.change_all("a", None).await?;
    client.change(None).await
}

#[tokio::test]
async fn the_api_of_a_strict_crate_is_there() {
    assert_eq!(<Client<Partner> as EverythingApi>::ENDPOINTS.len(), 3);
    assert!(Double.thing("a", 1, None, &[], None).await.is_ok_and(|thing| thing.is_none()));
    let client = Client::<Partner>::builder("http://127.0.0.1:9").bearer_token("t").build().expect("a client");
    drop(call(&client));
}
