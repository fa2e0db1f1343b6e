//! `{*key}`: object keys with slashes anywhere.

use rolecall::testing::TestServer;
use rolecall::{Client, Error, ErrorKind, api, endpoint};
use rolecall_tests::faults::{Expect, ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::{fails, fine};

#[api]
trait ObjectsApi {
    #[endpoint(method = GET, path = "/{*key}", role = User)]
    async fn get(&self, key: &str) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/{bucket}/{*key}", role = User)]
    async fn put(&self, bucket: &str, key: &str, #[query] tag: Option<&str>) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/v1/{*name}:verb", role = User)]
    async fn verb(&self, name: &str) -> Result<(), Error>;

    #[endpoint(method = DELETE, path = "/v1/{*name}/tags/{tag}.json", role = User)]
    async fn untag(&self, name: &str, tag: &str) -> Result<(), Error>;
}

#[test]
fn a_key_keeps_its_empty_segments_and_a_slash_at_its_end() {
    for (key, target) in [
        ("", "/"),
        ("/", "//"),
        ("a", "/a"),
        ("/a", "//a"),
        ("//a", "///a"),
        ("a/", "/a/"),
        ("a//b/", "/a//b/"),
        ("a b/\u{e4}?#%2F", "/a%20b/%C3%A4%3F%23%252F"),
        ("...", "/..."),
        (".a/..b/c.", "/.a/..b/c."),
        ("%2e%2e/x", "/%252e%252e/x"),
        ("a\\..\\b", "/a%5C..%5Cb"),
    ] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(204));
            let client = world.client(&server).build().unwrap();
            world.call(client.get(key)).await.is(fine(&[1]));
            let proven = world.call(client.put("b", key, Some("t"))).await.is(fine(&[2]));
            assert_eq!(server.request(0).target, target, "{key:?}");
            assert_eq!(server.request(1).target, format!("/b{target}?tag=t"), "{key:?}");
            proven
        });
    }
}

#[test]
fn text_after_a_key_belongs_to_its_last_segment() {
    for (name, verb, untag) in [
        ("", "/v1/:verb", "/v1//tags/t.json"),
        ("a/b", "/v1/a/b:verb", "/v1/a/b/tags/t.json"),
        ("a/", "/v1/a/:verb", "/v1/a//tags/t.json"),
        ("a:b", "/v1/a%3Ab:verb", "/v1/a%3Ab/tags/t.json"),
    ] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(204));
            let client = world.client(&server).build().unwrap();
            world.call(client.verb(name)).await.is(fine(&[1]));
            let proven = world.call(client.untag(name, "t")).await.is(fine(&[2]));
            assert_eq!((server.request(0).target, server.request(1).target), (verb.to_owned(), untag.to_owned()));
            proven
        });
    }
}

#[test]
fn a_key_with_a_segment_that_is_removed_on_the_way_is_not_sent() {
    let refused = |requests| Expect { attempts: 0, maybe_sent: false, ..fails(requests, ErrorKind::Argument) };
    for key in [".", "..", "a/.", "a/..", "./a", "../a", "a/./b", "a/../b", "a//../b", "a/./", "a\n", "\0/a"] {
        case(async |world| {
            let server = world.server(ScriptedResponse::status(204));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.get(key)).await;
            assert!(seen.line().contains("invalid argument `key`"), "{}", seen.line());
            seen.is(refused(&[0]));
            world.call(client.untag(key, "t")).await.is(refused(&[0]));
            world.call(client.put("b", key, None)).await.is(refused(&[0]))
        });
    }
    // With the text after it, these are other segments.
    case(async |world| {
        let server = world.server(ScriptedResponse::status(204));
        let client = world.client(&server).build().unwrap();
        world.call(client.verb("..")).await.is(fine(&[1]));
        let proven = world.call(client.verb("a/.")).await.is(fine(&[2]));
        assert_eq!([0, 1].map(|at| server.request(at).target), ["/v1/..:verb", "/v1/a/.:verb"]);
        proven
    });
}

#[tokio::test]
async fn a_test_server_gives_the_key_back() -> Result<(), Error> {
    let server = TestServer::start(<Client<User> as ObjectsApi>::ENDPOINTS).await?;
    for name in ["get", "put", "verb", "untag"] {
        server.respond(name, 204, &())?;
    }
    let client = server.client::<User>()?;
    let keys = ["", "/", "a//b/", "/a", "a b/\u{e4}?#%2F"];
    for key in keys {
        client.get(key).await?;
        client.put("b", key, None).await?;
        client.verb(key).await?;
        client.untag(key, "t").await?;
    }
    for (at, key) in keys.into_iter().enumerate() {
        let calls = &server.calls()[4 * at..][..4];
        let names: Vec<&str> = calls.iter().map(|call| call.name()).collect();
        assert_eq!(names, ["get", "put", "verb", "untag"]);
        let given: Vec<Option<&str>> =
            calls.iter().map(|call| call.path_arg("key").or_else(|| call.path_arg("name"))).collect();
        assert_eq!(given, [Some(key); 4]);
    }
    Ok(())
}
