//! Endpoints of one method and path that a server can tell apart.

#![deny(warnings)]

use rolecall::{Client, Error, Public, api, endpoint};

#[api]
pub trait BucketsApi {
    #[endpoint(method = GET, path = "/{bucket}", role = Public)]
    async fn list(&self, bucket: &str, #[query] prefix: Option<&str>) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/{bucket}", role = Public, query("location"))]
    async fn location(&self, bucket: &str) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/{name}", role = Public, query("acl" = ""))]
    async fn acl(&self, name: &str) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/{bucket}", role = Public, headers("x-amz-target" = "Buckets.Get"))]
    async fn get(&self, bucket: &str) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/{bucket}", role = Public)]
    async fn upload(&self, bucket: &str, #[query("uploadId")] upload: &str) -> Result<(), Error>;

    #[endpoint(method = PATCH, path = "/{bucket}", role = Public)]
    async fn merge(
        &self,
        bucket: &str,
        #[body(content_type = "application/merge-patch+json")] patch: &str,
    ) -> Result<(), Error>;

    #[endpoint(method = PATCH, path = "/{bucket}", role = Public)]
    async fn patch(
        &self,
        bucket: &str,
        #[body(content_type = "application/json-patch+json")] patch: &[&str],
    ) -> Result<(), Error>;

    #[endpoint(method = "LIST", path = "/{bucket}", role = Public)]
    async fn keys(&self, bucket: &str) -> Result<Vec<String>, Error>;
}

fn main() {
    let endpoints = <Client<Public> as BucketsApi>::ENDPOINTS;
    assert_eq!(endpoints.len(), 8);
    assert_eq!(endpoints[7].method, "LIST");
}
