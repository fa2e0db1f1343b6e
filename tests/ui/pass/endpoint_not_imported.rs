//! `#[endpoint]` without an import, and with imports of all kinds, none of which is reported as unused.

#![forbid(warnings)]
#![forbid(unused_imports)]

use rolecall_tests::roles::User;

#[rolecall::api]
pub trait NoImport {
    #[endpoint(method = GET, path = "/things", role = User)]
    async fn things(&self) -> Result<(), rolecall::Error>;

    #[rolecall::endpoint(method = GET, path = "/things/count", role = User)]
    async fn count(&self) -> Result<u64, rolecall::Error>;
}

pub fn in_a_function() {
    #[rolecall::api]
    trait ThingsApi {
        #[endpoint(method = GET, path = "/things", role = User)]
        async fn things(&self) -> Result<(), rolecall::Error>;
    }
    fn call<A: ThingsApi + rolecall::Caller<Role = User>>(api: &A) {
        drop(api.things());
    }
    call(&rolecall::Client::<User>::builder("https://api.example.com").bearer_token("x").build().unwrap());
}

pub mod imported_outside_the_function {
    use rolecall::{Caller, Client, Error, Public, api, endpoint};

    pub fn function() {
        #[api]
        trait ThingsApi {
            #[endpoint(method = GET, path = "/things", role = Public)]
            async fn things(&self) -> Result<(), Error>;
        }
        fn call<A: ThingsApi + Caller>(api: &A) {
            drop(api.things());
        }
        call(&Client::<Public>::builder("https://api.example.com").build().unwrap());
    }
}

pub mod imported_inside_the_function {
    pub fn function() {
        use rolecall::{Caller, Client, Error, Public, api, endpoint};

        #[api]
        trait ThingsApi {
            #[endpoint(method = GET, path = "/things", role = Public)]
            async fn things(&self) -> Result<(), Error>;
        }
        fn call<A: ThingsApi + Caller>(api: &A) {
            drop(api.things());
        }
        call(&Client::<Public>::builder("https://api.example.com").build().unwrap());
    }
}

pub mod two_traits {
    use rolecall::{Error, Public, api, endpoint};

    #[api]
    pub trait ThingsApi {
        #[endpoint(method = GET, path = "/things", role = Public)]
        async fn things(&self) -> Result<(), Error>;
    }

    #[api]
    pub trait OthersApi {
        #[endpoint(method = GET, path = "/others", role = Public)]
        async fn others(&self) -> Result<(), Error>;
    }
}

pub mod all_imported {
    use rolecall::*;

    #[api]
    pub trait ThingsApi {
        #[endpoint(method = GET, path = "/things", role = Public)]
        async fn things(&self) -> Result<(), Error>;
    }
}

pub mod another_path {
    pub use rolecall as rt;

    #[rt::api(crate = crate::another_path::rt)]
    pub trait ThingsApi {
        #[endpoint(method = GET, path = "/things", role = rt::Public)]
        async fn things(&self) -> Result<(), rt::Error>;
    }
}

pub mod of_a_macro {
    macro_rules! api {
        ($name:ident) => {
            #[rolecall::api]
            pub trait $name {
                #[endpoint(method = GET, path = "/things", role = rolecall::Public)]
                async fn things(&self) -> Result<(), rolecall::Error>;
            }
        };
    }

    api!(ThingsApi);
}

pub mod of_one_name {
    #[rolecall::api]
    pub trait ThingsApi {
        #[endpoint(method = GET, path = "/things", role = rolecall::Public)]
        async fn things(&self) -> Result<(), rolecall::Error>;
    }

    pub mod inner {
        pub use super::*;

        #[rolecall::api]
        pub trait ThingsApi {
            #[endpoint(method = GET, path = "/things", role = rolecall::Public)]
            async fn things(&self) -> Result<(), rolecall::Error>;
        }
    }
}

fn main() {
    in_a_function();
    imported_outside_the_function::function();
    imported_inside_the_function::function();
}
