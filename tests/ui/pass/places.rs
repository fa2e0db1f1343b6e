//! Where a trait can stand: any visibility, a function's body, a module of the same name, below a macro.

#![deny(warnings, unreachable_pub)]
#![allow(dead_code)]

use rolecall::{Client, Error, Public, Role, api, endpoint};
use rolecall_tests::roles::Partner;

#[api]
trait PrivateApi {
    #[endpoint(method = GET, path = "/private", role = Partner)]
    async fn private(&self) -> Result<(), Error>;
}

mod crate_api {
    use rolecall::{Error, api};
    use rolecall_tests::roles::Partner;

    // A module of this name holds the trait, too, and `endpoint` is called by its path.
    #[api]
    pub(crate) trait CrateApi {
        #[rolecall::endpoint(method = GET, path = "/crate", role = Partner)]
        async fn of_crate(&self) -> Result<(), Error>;
    }

    pub(super) mod inner {
        #[rolecall::api(endpoints = of_inner)]
        pub(in super::super) trait InnerApi {
            #[rolecall::endpoint(method = GET, path = "/inner", role = rolecall_tests::roles::Partner)]
            async fn inner(&self) -> Result<(), rolecall::Error>;
        }
    }
}

/// Two APIs in one.
#[api]
trait BothApi: PrivateApi + crate_api::CrateApi + std::fmt::Debug + 'static {
    #[endpoint(method = GET, path = "/both", role = Public)]
    async fn both(&self) -> Result<(), Error>;
}

#[api]
trait NothingOfItsOwn: PrivateApi {}

macro_rules! api {
    ($name:ident, $method:ident, $path:literal, $role:ty, $answer:ty) => {
        #[api]
        trait $name {
            #[endpoint(method = $method, path = $path, role = $role)]
            async fn by_macro(&self, #[query] request: u32) -> Result<$answer, Error>;
        }
    };
}

api!(MacroApi, GET, "/macro", Partner, Option<String>);

#[api]
trait RawApi {
    #[endpoint(method = GET, path = "/{type}", role = Partner)]
    async fn r#match(&self, r#type: &str, #[query] r#in: u32) -> Result<(), Error>;
}

async fn all<A: BothApi>(api: &A) -> Result<(), Error>
where
    private_api::private: rolecall::Allows<A::Role>,
    crate_api::crate_api::of_crate: rolecall::Allows<A::Role>,
{
    api.private().await?;
    crate_api::CrateApi::of_crate(api).await?;
    api.both().await
}

fn main() {
    // A role and an API of one function.
    enum Local {}
    impl Role for Local {
        const NAME: &'static str = "LOCAL";
    }
    #[api]
    trait LocalApi {
        #[endpoint(method = GET, path = "/local", role = Local)]
        async fn local(&self) -> Result<(), Error>;
    }
    let client = Client::<Local>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    drop(client.local());
    assert_eq!(<Client<Local> as LocalApi>::ENDPOINTS[0].roles, ["LOCAL"]);

    let client = Client::<Partner>::builder("http://localhost:1").bearer_token("t").build().unwrap();
    drop(client.private());
    drop(crate_api::CrateApi::of_crate(&client));
    drop(crate_api::inner::InnerApi::inner(&client));
    drop(all(&client));
    drop(client.by_macro(1));
    drop(client.r#match("a", 1));
    assert_eq!(<Client<Partner> as RawApi>::ENDPOINTS[0].name, "match");
    assert_eq!(<Client<Partner> as RawApi>::ENDPOINTS[0].parameters[1].name, "in");
    assert!(<Client<Partner> as NothingOfItsOwn>::ENDPOINTS.is_empty());
}
