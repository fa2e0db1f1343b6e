//! `method = "LIST"`: methods that are not standard.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rolecall::middleware::{Middleware, Outgoing};
use rolecall::testing::TestServer;
use rolecall::{Client, Error, ErrorKind, Method, StatusCode, api, endpoint};
use rolecall_tests::faults::{Expect, ScriptedResponse, Took, case};
use rolecall_tests::roles::User;

use crate::{fails, fine, whole};

#[api]
trait VaultApi {
    #[endpoint(method = "LIST", path = "/secrets/{*path}", role = User)]
    async fn list(&self, path: &str) -> Result<Vec<String>, Error>;

    #[endpoint(method = "M-SEARCH", path = "/secrets", role = User, idempotent)]
    async fn search(&self, #[body] text: &str) -> Result<Vec<String>, Error>;

    #[endpoint(method = "VERSION-CONTROL-OF-A-LONG-NAME", path = "/secrets", role = User)]
    async fn version(&self) -> Result<(), Error>;
}

#[test]
fn a_method_of_ones_own_is_sent_as_it_is_with_and_without_a_body() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("[\"a\"]"));
        let client = world.client(&server).build().unwrap();
        world.call(client.list("a/b")).await.is(fine(&[1]));
        world.call(client.search("x")).await.is(fine(&[2]));
        let proven = world.call(client.version()).await.is(fine(&[3]));
        let common = "accept: application/json\naccept-encoding: gzip\nauthorization\n";
        assert_eq!(whole(&server, 0), format!("LIST /secrets/a/b\n{common}host\nuser-agent\n\n"));
        let body = "content-length: 3\ncontent-type: application/json\nhost\nuser-agent\n\n\"x\"";
        assert_eq!(whole(&server, 1), format!("M-SEARCH /secrets\n{common}{body}"));
        assert_eq!(server.request(2).method, "VERSION-CONTROL-OF-A-LONG-NAME");
        proven
    });
}

#[test]
fn a_method_of_ones_own_is_sent_again_only_if_the_endpoint_is_idempotent() {
    for (response, kind) in
        [(ScriptedResponse::status(503), ErrorKind::Status), (ScriptedResponse::reset(), ErrorKind::Transport)]
    {
        case(async |world| {
            let server = world.server([response.clone(), ScriptedResponse::json("[]")]);
            let client = world.client(&server).build().unwrap();
            world.call(client.list("a")).await.is(fails(&[1], kind));
            server.now([response.clone(), ScriptedResponse::json("[]")]);
            let seen = world.call(client.search("x")).await;
            seen.is(Expect { attempts: 2, took: Took::UpTo(Duration::from_millis(350)), ..fine(&[3]) })
        });
    }
}

#[test]
fn a_redirect_keeps_a_method_of_ones_own() {
    #[api]
    trait MovedApi {
        #[endpoint(method = "LIST", path = "/old", role = User, redirects = 1)]
        async fn moved(&self) -> Result<u8, Error>;
    }

    for (status, method) in [(301, "LIST"), (302, "LIST"), (303, "GET"), (307, "LIST"), (308, "LIST")] {
        case(async |world| {
            let moved = ScriptedResponse::status(status).header("location", "/new");
            let server = world.server([moved, ScriptedResponse::json("7")]);
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.moved()).await;
            assert_eq!(server.request(1).method, method, "{status}");
            seen.is(Expect { attempts: 2, ..fine(&[2]) })
        });
    }
}

/// Records the methods of the requests.
struct Methods(Arc<Mutex<Vec<Method>>>);

impl Middleware for Methods {
    fn before(&self, outgoing: &mut Outgoing<'_>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        assert!(outgoing.endpoint().method == *outgoing.method());
        self.0.lock().unwrap().push(outgoing.method().clone());
        Ok(())
    }
}

#[test]
fn middlewares_errors_and_spans_name_the_method() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(403));
        let seen_by = Arc::new(Mutex::new(Vec::new()));
        let client = world.client(&server).middleware(Methods(Arc::clone(&seen_by))).build().unwrap();
        let seen = world.call(client.list("a")).await;
        assert!(seen.line().starts_with("list (LIST /secrets/{*path}) failed: 403"), "{}", seen.line());
        assert_eq!(*seen_by.lock().unwrap(), [Method::from_bytes(b"LIST").unwrap()]);
        assert_eq!(world.capture().calls()[0].field("http.request.method"), Some("LIST"));
        seen.is(fails(&[1], ErrorKind::Status))
    });
}

#[test]
fn the_metadata_has_the_method_as_a_constant() {
    const LIST: &str = "LIST";
    let [list, search, version] = <Client<User> as VaultApi>::ENDPOINTS else { panic!("three endpoints") };
    assert_eq!((list.method.as_str(), list.idempotent), (LIST, false));
    assert_eq!((search.method.to_string(), search.idempotent), ("M-SEARCH".to_owned(), true));
    assert!(version.method == "VERSION-CONTROL-OF-A-LONG-NAME" && version.method != Method::GET);
    assert_eq!(list.to_string(), "list (LIST /secrets/{*path})");
}

#[tokio::test]
async fn a_test_server_knows_a_method_of_ones_own() -> Result<(), Error> {
    let server = TestServer::start(<Client<User> as VaultApi>::ENDPOINTS).await?;
    server.respond("list", 200, &["a"])?;
    let client = server.client::<User>()?;
    assert_eq!(client.list("x").await?, ["a"]);
    assert_eq!(client.version().await.unwrap_err().status(), Some(StatusCode::NOT_IMPLEMENTED));
    assert_eq!(server.calls()[0].method.as_str(), "LIST");
    Ok(())
}
