//! A runtime under another name: `crate = …`, with no `rolecall` in reach.

#![deny(warnings)]

mod vendor {
    pub use ::rolecall as http_client;
}

mod api {
    // Should an absolute path be left in the expansion, it would be this one.
    extern crate core as rolecall;

    use crate::vendor::http_client::{Bytes, Error, Public, Response, api, endpoint};
    use rolecall_tests::roles::{Partner, User};

    #[api(crate = crate::vendor::http_client, dyn = DynThingsApi)]
    pub trait ThingsApi {
        #[endpoint(method = POST, path = "/things/{id}", role = any(Partner, User), timeout = "1m")]
        async fn post(
            &self,
            id: u32,
            #[query] limit: f64,
            #[header("x-trace")] trace: &str,
            #[body] body: &str,
        ) -> Result<Option<Response<String>>, Error>;

        #[endpoint(method = PUT, path = "/bytes", role = Public)]
        async fn bytes(&self, #[body(bytes)] bytes: &Bytes) -> Result<Bytes, Error>;
    }
}

fn main() {
    use api::ThingsApi;

    let client = rolecall::Client::<rolecall::Public>::builder("http://localhost:1").build().unwrap();
    drop(client.bytes(&rolecall::Bytes::new()));
}
