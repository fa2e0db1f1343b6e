//! Endpoints of one method and path, which differ in the query, the headers, the content type, or `accept`.

use rolecall::testing::{Call, TestServer};
use rolecall::{CallSettings, Client, Error, Text, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::{fine, whole};

/// As S3 has it.
#[api]
trait BucketsApi {
    #[endpoint(method = GET, path = "/{bucket}", role = User)]
    async fn list(&self, bucket: &str, #[query] prefix: Option<&str>) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/{bucket}", role = User, query("location"))]
    async fn location(&self, bucket: &str) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/{bucket}", role = User, query("versions" = "", "max-keys" = "9"))]
    async fn versions(&self, bucket: &str, #[query] prefix: &str) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/{bucket}/{*key}", role = User)]
    async fn put(&self, bucket: &str, key: &str, #[body(bytes)] content: &[u8]) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/{bucket}/{*key}", role = User)]
    async fn copy(&self, bucket: &str, key: &str, #[header("x-amz-copy-source")] source: &str) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/{bucket}/{*key}", role = User)]
    async fn put_part(
        &self,
        bucket: &str,
        key: &str,
        #[query("partNumber")] part: u32,
        #[query("uploadId")] upload: &str,
        #[body(bytes)] content: &[u8],
    ) -> Result<(), Error>;
}

/// As Kubernetes has it.
#[api(path = "/api/v1")]
trait PodsApi {
    #[endpoint(method = PATCH, path = "/pods/{name}", role = User)]
    async fn merge(
        &self,
        name: &str,
        #[body(content_type = "application/merge-patch+json")] patch: &serde_json::Value,
    ) -> Result<(), Error>;

    #[endpoint(method = PATCH, path = "/pods/{name}", role = User)]
    async fn patch(
        &self,
        name: &str,
        #[body(content_type = "application/json-patch+json")] patch: &serde_json::Value,
    ) -> Result<(), Error>;

    #[endpoint(method = PATCH, path = "/pods/{name}", role = User, query("force" = "true"))]
    async fn apply(
        &self,
        name: &str,
        #[body(text, content_type = "application/apply-patch+yaml")] patch: &str,
    ) -> Result<(), Error>;
}

/// As AWS has it.
#[api(headers("x-amz-target" = "Logs.Other"))]
trait LogsApi {
    #[endpoint(method = POST, path = "/", role = User, headers("x-amz-target" = "Logs.Create"))]
    async fn create(&self, #[body(content_type = "application/x-amz-json-1.1")] body: &str) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/", role = User, headers("x-amz-target" = "Logs.Delete"))]
    async fn delete(&self, #[body(content_type = "application/x-amz-json-1.1")] body: &str) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/", role = User)]
    async fn other(&self, #[body(content_type = "application/x-amz-json-1.1")] body: &str) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/", role = User, accept = "text/csv")]
    async fn csv(&self, #[body(content_type = "application/x-amz-json-1.1")] body: &str) -> Result<Text, Error>;
}

#[test]
fn each_endpoint_of_a_path_sends_what_tells_it_from_the_others() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(204));
        let client = world.client(&server).build().unwrap();
        let patch = serde_json::json!({"a": 1});
        world.call(client.location("b")).await.is(fine(&[1]));
        world.call(client.versions("b c", "x y")).await.is(fine(&[2]));
        world.call(client.merge("p", &patch)).await.is(fine(&[3]));
        let proven = world.call(client.create("x")).await.is(fine(&[4]));
        let common = "accept: application/json\naccept-encoding: gzip\nauthorization\n";
        assert_eq!(whole(&server, 0), format!("GET /b?location\n{common}host\nuser-agent\n\n"));
        let versions = format!("GET /b%20c?versions=&max-keys=9&prefix=x+y\n{common}host\nuser-agent\n\n");
        assert_eq!(whole(&server, 1), versions);
        let merge = "content-length: 7\ncontent-type: application/merge-patch+json\nhost\nuser-agent\n\n{\"a\":1}";
        assert_eq!(whole(&server, 2), format!("PATCH /api/v1/pods/p\n{common}{merge}"));
        let create = "content-length: 3\ncontent-type: application/x-amz-json-1.1\nhost\nuser-agent\n\
                      x-amz-target: Logs.Create\n\n\"x\"";
        assert_eq!(whole(&server, 3), format!("POST /\n{common}{create}"));
        proven
    });
}

#[test]
fn a_query_parameter_without_a_value_is_known_to_the_metadata() {
    let endpoints = <Client<User> as BucketsApi>::ENDPOINTS;
    assert_eq!(endpoints[1].query, [("location", "")]);
    assert_eq!(endpoints[2].query, [("versions", ""), ("max-keys", "9")]);
}

/// The names of the endpoints that a test server takes the calls for.
fn names(server: &TestServer) -> Vec<&'static str> {
    server.calls().iter().map(Call::name).collect()
}

#[tokio::test]
async fn a_test_server_tells_the_endpoints_of_a_path_apart() -> Result<(), Error> {
    // Whatever their order is.
    let all = || {
        [
            <Client<User> as BucketsApi>::ENDPOINTS,
            <Client<User> as PodsApi>::ENDPOINTS,
            <Client<User> as LogsApi>::ENDPOINTS,
        ]
    };
    let mut reversed = all().concat();
    reversed.reverse();
    for endpoints in [&*all().concat().leak(), &*reversed.leak()] {
        let server = TestServer::start(endpoints).await?;
        for name in endpoints.iter().map(|endpoint| endpoint.name) {
            server.respond(name, 204, &())?;
        }
        let client = server.client::<User>()?;
        client.list("b", None).await?;
        client.list("b", Some("location")).await?;
        client.location("b").await?;
        client.versions("b", "").await?;
        client.put("b", "k", b"x").await?;
        client.copy("b", "k/l", "/other/k").await?;
        client.put_part("b", "k", 1, "u", b"x").await?;
        let patch = serde_json::json!([]);
        client.merge("p", &patch).await?;
        client.patch("p", &patch).await?;
        client.apply("p", "a: 1").await?;
        client.create("").await?;
        client.delete("").await?;
        client.other("").await?;
        client.csv("").await?;
        let expected = [
            "list", "list", "location", "versions", "put", "copy", "put_part", "merge", "patch", "apply", "create",
            "delete", "other", "csv",
        ];
        assert_eq!(names(&server), expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_test_server_takes_a_call_without_its_marks_for_the_endpoint_of_its_path() -> Result<(), Error> {
    let server = TestServer::start(<Client<User> as LogsApi>::ENDPOINTS).await?;
    server.respond("other", 204, &())?;
    server.respond("create", 204, &())?;
    let client = server.client::<User>()?;
    let replaced = client.with(CallSettings::new().header("x-amz-target", "Logs.Create"));
    replaced.other("").await?;
    client.with(CallSettings::new().header("x-trace", "1")).other("").await?;
    client.with(CallSettings::new().header("accept", "*/*")).create("").await?;
    assert_eq!(names(&server), ["create", "other", "create"]);
    Ok(())
}
