//! The lint levels that an author sets reach what is generated, and each `expect` is fulfilled once.

#![deny(warnings)]
#![forbid(unreachable_pub, non_camel_case_types, missing_debug_implementations, missing_docs)]

#[deprecated]
#[derive(serde::Serialize)]
struct Old;

#[expect(deprecated)]
mod old {
    use rolecall::{Client, Error, api, endpoint};
    use rolecall_tests::roles::Partner;

    /// A deprecated API.
    #[api(dyn = DynOldApi)]
    #[deprecated]
    pub(crate) trait OldApi {
        #[endpoint(method = GET, path = "/old", role = Partner)]
        async fn old(&self) -> Result<String, Error>;
    }

    pub(crate) async fn call(client: &Client<Partner>) -> Result<String, Error> {
        client.old().await
    }
}

mod lints {
    use rolecall::{Client, Error, api, endpoint};
    use rolecall_tests::roles::Partner;

    /// What a lint level on the trait is for.
    #[api(dyn = DynAllowedApi)]
    #[allow(deprecated)]
    pub(crate) trait AllowedApi {
        #[endpoint(method = POST, path = "/allowed", role = Partner)]
        async fn allowed(&self, #[body] old: &crate::Old) -> Result<String, Error>;
    }

    /// What an expectation on the trait is for.
    #[api(dyn = DynExpectedApi)]
    #[expect(deprecated)]
    pub(crate) trait ExpectedApi {
        #[endpoint(method = POST, path = "/expected", role = Partner)]
        async fn expected(&self, #[body] old: &crate::Old) -> Result<String, Error>;
    }

    /// What one on a method is for.
    #[api(dyn = DynMethodsApi)]
    pub(crate) trait MethodsApi {
        #[endpoint(method = POST, path = "/expected", role = Partner)]
        #[expect(deprecated, reason = "the server still wants it")]
        async fn expected_here(&self, #[body] old: &crate::Old) -> Result<String, Error>;

        #[endpoint(method = GET, path = "/named", role = Partner)]
        #[expect(non_snake_case)]
        async fn Named(&self) -> Result<String, Error>;

        #[endpoint(method = GET, path = "/deprecated", role = Partner)]
        #[deprecated(note = "use `Named`")]
        async fn gone(&self) -> Result<String, Error>;
    }

    #[allow(deprecated)]
    pub(crate) async fn call(client: &Client<Partner>) -> Result<String, Error> {
        client.allowed(&crate::Old).await?;
        client.expected(&crate::Old).await?;
        client.expected_here(&crate::Old).await?;
        client.gone().await?;
        client.Named().await
    }
}

/// Private, and no more visible than that.
mod private {
    use rolecall::{Client, Error, api, endpoint};
    use rolecall_tests::roles::Partner;

    #[api(dyn = DynPrivateApi)]
    trait PrivateApi {
        #[endpoint(method = GET, path = "/private", role = Partner)]
        async fn private(&self) -> Result<String, Error>;
    }

    pub(super) mod inner {
        use rolecall::{Error, api, endpoint};
        use rolecall_tests::roles::Partner;

        #[api(dyn = DynSuperApi)]
        pub(super) trait SuperApi {
            #[endpoint(method = GET, path = "/super", role = Partner)]
            async fn of_super(&self) -> Result<String, Error>;
        }

        #[api(dyn = DynPathApi)]
        pub(in crate::private) trait PathApi {
            #[endpoint(method = GET, path = "/path", role = Partner)]
            async fn of_path(&self) -> Result<String, Error>;
        }
    }

    pub(crate) async fn call(client: &Client<Partner>) -> Result<String, Error> {
        use inner::{PathApi as _, SuperApi as _};

        client.private().await?;
        client.of_super().await?;
        client.of_path().await
    }
}

fn main() {
    let _ = (old::call, lints::call, private::call);
}
