//! Nothing of the prelude means what it should, and the arguments have the names that generated code would like.

#![deny(warnings)]
#![allow(dead_code)]

mod shadows {
    pub struct Result;
    pub struct Option;
    pub struct Vec;
    pub struct String;
    pub struct Box;
    pub struct Future;
    pub struct Send;
    pub struct Sync;
    pub struct Into;
    pub struct AsRef;
    pub struct Clone;
    pub struct From;
    pub struct Request;
    pub struct Client;
    pub struct Caller;
    pub struct Role;
    pub struct R;
    pub struct T;
    #[allow(non_camel_case_types)]
    pub struct str;
    #[allow(non_camel_case_types)]
    pub struct usize;
    #[allow(non_camel_case_types)]
    pub struct u8;
    #[allow(non_camel_case_types)]
    pub struct bool;
    pub mod std {}
    pub mod core {}
    pub mod alloc {}
    pub mod rolecall {}
    pub mod serde {}
    #[allow(non_snake_case)]
    pub fn Ok() {}
    #[allow(non_snake_case)]
    pub fn Err() {}
    #[allow(non_snake_case)]
    pub fn Some() {}
    #[allow(non_upper_case_globals)]
    pub const None: () = ();
}

mod outside {
    // Serde's derive needs some of what is shadowed.
    #[derive(serde::Serialize)]
    pub struct Filter {
        pub request: String,
    }
}

use ::rolecall::{Error, Public, api, endpoint};
use rolecall_tests::roles::Partner;
use outside::Filter;
#[allow(unused_imports)]
use shadows::*;

#[api(dyn = DynThingsApi, headers("x-version" = "1"))]
pub trait ThingsApi {
    #[endpoint(method = POST, path = "/things/{request}/{*path}", role = Partner, timeout = "5s", idempotent)]
    #[allow(clippy::too_many_arguments)]
    async fn post(
        &self,
        request: &::core::primitive::str,
        path: u32,
        #[query] client: ::core::option::Option<&::core::primitive::str>,
        #[query] url: &[::std::string::String],
        #[query(flatten)] value: &Filter,
        #[query(list = "comma")] by: ::std::vec::Vec<f64>,
        #[header("x-this")] this: u32,
        #[header("x-response")] response: ::core::option::Option<u32>,
        #[body] body: ::core::option::Option<&Filter>,
        #[query] self_: ::core::primitive::bool,
    ) -> ::core::result::Result<::core::option::Option<::std::string::String>, Error>;

    #[endpoint(method = PUT, path = "/things", role = Public)]
    async fn text(
        &self,
        #[body(text)] text: &::core::primitive::str,
    ) -> ::core::result::Result<::rolecall::Response<::rolecall::Text>, Error>;

    #[endpoint(method = PUT, path = "/bytes", role = Public)]
    async fn bytes(&self, #[body(bytes)] bytes: &[::core::primitive::u8]) -> ::core::result::Result<(), Error>;
}

fn main() {
    let client = ::rolecall::Client::<Partner>::builder("http://localhost:1").bearer_token("t").build();
    let ::core::result::Result::Ok(client) = client else { return };
    let filter = Filter { request: ::std::string::String::new() };
    ::core::mem::drop(client.post(
        "a",
        1,
        ::core::option::Option::None,
        &[],
        &filter,
        ::std::vec::Vec::new(),
        1,
        ::core::option::Option::None,
        ::core::option::Option::None,
        true,
    ));
    ::core::mem::drop(client.text("a"));
    ::core::mem::drop(client.bytes(b"a"));
}
