//! `rolecall::testing`: a server of a trait's endpoints.

use std::collections::BTreeMap;

use rolecall::testing::{Call, TOKEN, TestServer};
use rolecall::{Bytes, Client, Error, ErrorKind, Response, Retry, StatusCode, api, endpoint};
use rolecall_tests::everything::{Day, EverythingApi, Sort, Thing};
use rolecall_tests::faults::{FaultsApi, Item, item, new_item};
use rolecall_tests::roles::{Partner, User};

type Tested = Result<(), Error>;

async fn faults() -> Result<TestServer, Error> {
    TestServer::start(<Client<User> as FaultsApi>::ENDPOINTS).await
}

async fn everything() -> Result<TestServer, Error> {
    TestServer::start(<Client<Partner> as EverythingApi>::ENDPOINTS).await
}

#[tokio::test]
async fn an_endpoint_gives_its_typed_response_and_its_call_is_kept_whole() -> Tested {
    let server = faults().await?;
    server.respond("change_item", 200, &item("a"))?;

    let response = server.client::<User>()?.change_item("a/b \u{e4}", &new_item()).await?;
    assert_eq!(response, item("a"));

    let calls = server.calls();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(
        (call.name(), call.method.as_str(), call.path.as_str()),
        ("change_item", "PATCH", "/items/a%2Fb%20%C3%A4")
    );
    assert_eq!(call.path_args, [("id", "a/b \u{e4}".to_owned())]);
    assert_eq!((call.path_arg("id"), call.path_arg("other")), (Some("a/b \u{e4}"), None));
    assert_eq!(call.query, []);
    assert_eq!(call.header("content-type"), Some("application/json"));
    assert_eq!(call.header("authorization"), Some("Bearer test-token"));
    assert_eq!(call.body_json::<BTreeMap<String, serde_json::Value>>()?["note"], "a note");
    assert_eq!(call.body_json::<Vec<u8>>().unwrap_err().kind(), ErrorKind::Decode);
    assert!(!format!("{call:?} {server:?}").contains("test-token"));
    Ok(())
}

#[tokio::test]
async fn paths_of_every_form_find_their_endpoint() -> Tested {
    let server = everything().await?;
    for name in ["at", "root", "queries"] {
        server.respond(name, 200, "fine")?;
    }
    server.respond_with("file", Response::new("content"))?;
    let client = server.client::<Partner>()?;

    assert_eq!(client.file("a b/c%/d.txt").await?, Bytes::from("content"));
    assert_eq!(client.at(-1.5, 2.0).await?, "fine");
    client.root().await?;
    let thing = Thing { name: "a&b".to_owned() };
    client.queries(Sort::ByName, &Day::new(7), &[], Vec::new(), None, None, &thing, None, 1.0).await?;

    let calls = server.calls();
    let names: Vec<&str> = calls.iter().map(Call::name).collect();
    assert_eq!(names, ["file", "at", "root", "queries"]);
    assert_eq!(calls[0].path_arg("path"), Some("a b/c%/d.txt"));
    assert_eq!(calls[1].path_args, [("lat", "-1.5".to_owned()), ("lon", "2".to_owned())]);
    assert_eq!((calls[3].query_arg("sortBy"), calls[3].query_arg("name")), (Some("by-name"), Some("a&b")));
    Ok(())
}

/// Paths that are each other's.
#[api]
trait NarrowApi {
    #[endpoint(method = GET, path = "/users/{id}", role = User)]
    async fn user(&self, id: &str) -> Result<(), Error>;
    #[endpoint(method = GET, path = "/users/me", role = User)]
    async fn me(&self) -> Result<(), Error>;
    #[endpoint(method = GET, path = "/{*path}", role = User)]
    async fn all(&self, path: &str) -> Result<(), Error>;
    #[endpoint(method = GET, path = "/users/{id}.json", role = User)]
    async fn json(&self, id: &str) -> Result<(), Error>;
}

#[tokio::test]
async fn of_several_endpoints_that_a_path_fits_the_one_that_says_more_is_called() -> Tested {
    let server = TestServer::start(<Client<User> as NarrowApi>::ENDPOINTS).await?;
    for name in ["user", "me", "all", "json"] {
        server.respond(name, 204, &())?;
    }
    let client = server.client::<User>()?;
    client.all("users/me/x").await?;
    client.user("m").await?;
    client.json("m").await?;
    client.me().await?;
    assert_eq!(server.calls().iter().map(Call::name).collect::<Vec<_>>(), ["all", "user", "json", "me"]);
    Ok(())
}

#[tokio::test]
async fn responses_come_in_their_order_and_the_last_one_stays() -> Tested {
    let server = faults().await?;
    let client = server.builder::<User>().retry(Retry::never()).build()?;
    client.find_item("x").await.unwrap_err();
    server.respond("find_item", 404, &())?;
    server.respond("find_item", 200, &item("1"))?;
    assert_eq!(client.find_item("x").await?, None);
    for _ in 0..2 {
        assert_eq!(client.find_item("x").await?, Some(item("1")));
    }
    server.respond("find_item", 200, &item("2"))?;
    assert_eq!(client.find_item("x").await?, Some(item("2")));
    Ok(())
}

#[tokio::test]
async fn an_response_may_be_made_of_the_call() -> Tested {
    let server = faults().await?;
    server.respond_fn("get_item", |call| {
        let item = Item { id: call.path_arg("id").unwrap_or_default().to_owned(), count: 1, parts: Vec::new() };
        Response::new(serde_json::to_vec(&item).unwrap().into())
    })?;
    assert_eq!(server.client::<User>()?.get_item("a b").await?.id, "a b");
    Ok(())
}

#[tokio::test]
async fn nothing_is_an_empty_body_and_a_response_has_its_headers() -> Tested {
    let server = faults().await?;
    let client = server.client::<User>()?;
    server.respond("delete_item", 204, &())?;
    client.delete_item("1").await?;
    let mut response = Response::new(serde_json::to_vec(&item("1")).unwrap());
    *response.status_mut() = StatusCode::CREATED;
    response.headers_mut().insert("x-a", "b".parse().unwrap());
    server.respond_with("get_whole", response)?;
    let whole = client.get_whole().await?;
    assert_eq!((whole.status(), whole.headers()["x-a"].to_str().unwrap()), (StatusCode::CREATED, "b"));
    assert_eq!(*whole.body(), item("1"));
    Ok(())
}

#[tokio::test]
async fn what_has_no_response_or_no_endpoint_is_named_in_the_clients_error() -> Tested {
    let server = faults().await?;
    let error = server.client::<User>()?.get_item("1").await.unwrap_err().to_string();
    assert_eq!(
        error,
        "get_item (GET /items/{id}) failed: 501 Not Implemented: no_answer: test server has no response for \
         get_item (GET /items/{id}); add one with `server.respond(\"get_item\", \u{2026})`"
    );
    let other = everything().await?;
    let error = Client::<User>::builder(other.url()).bearer_token(TOKEN).build()?.get_item("1").await.unwrap_err();
    assert!(error.to_string().ends_with("no_route: test server has no endpoint for GET /items/1"), "{error}");
    assert_eq!(error.attempts(), 1);
    let calls = other.calls();
    assert_eq!((calls[0].endpoint.is_none(), calls[0].name(), calls[0].path.as_str()), (true, "", "/items/1"));

    let error = Client::<Partner>::builder(server.url() + "/text").bearer_token(TOKEN).build()?;
    let error = error.root().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_IMPLEMENTED), "a HEAD of /text/v1");
    Ok(())
}

#[tokio::test]
async fn an_response_for_what_is_no_endpoint_is_refused_with_the_names() -> Tested {
    let server = everything().await?;
    let error = server.respond("fiel", 200, &()).unwrap_err().to_string();
    assert!(error.starts_with("test server has no endpoint `fiel`; expected one of `queries`, `headers`"), "{error}");
    let error = server.respond("file", 99, &()).unwrap_err().to_string();
    assert!(error.starts_with("invalid response for `file`: "), "{error}");
    let server = server
        .with_endpoints(<Client<Partner> as EverythingApi>::ENDPOINTS)
        .with_endpoints(<Client<User> as FaultsApi>::ENDPOINTS);
    let error = server.respond("file", 200, &()).unwrap_err().to_string();
    assert!(error.contains("several endpoints `file`; use one of `EverythingApi.file`"), "{error}");
    server.respond("FaultsApi.get_item", 200, &item("1"))?;
    assert_eq!(server.client::<User>()?.get_item("1").await?, item("1"));
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_dropped_serves_no_more() -> Tested {
    let server = faults().await?;
    server.respond("get_item", 200, &item("1"))?;
    let client = server.builder::<User>().retry(Retry::never()).build()?;
    client.get_item("1").await?;
    drop(server);
    tokio::task::yield_now().await;
    client.get_item("1").await.unwrap_err();
    Ok(())
}
