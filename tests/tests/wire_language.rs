//! Each part of the macro's language, as it goes over the wire and comes back.

use std::collections::BTreeMap;
use std::time::Duration;

use rolecall::{Body, Bytes, Client, ErrorKind, Multipart, Part, Text};
use rolecall_tests::everything::{Day, EverythingApi, Sort, Thing};
use rolecall_tests::roles::Partner;
use rolecall_tests::wire::Wire;

/// `METHOD /target` of the one request.
fn line(wire: &Wire) -> String {
    wire.request().lines().next().unwrap().to_owned()
}

/// All values of a header of the one request.
fn header(wire: &Wire, name: &str) -> Vec<String> {
    let prefix = format!("{name}: ");
    wire.request().lines().filter_map(|line| line.strip_prefix(&prefix)).map(str::to_owned).collect()
}

/// The body of the one request.
fn body(wire: &Wire) -> String {
    wire.request().split_once("\n\n").unwrap().1.to_owned()
}

fn thing(name: &str) -> Thing {
    Thing { name: name.to_owned() }
}

#[tokio::test]
async fn placeholders_stand_anywhere_in_a_segment_and_are_encoded() {
    let wire = Wire::json(200, "\"here\"").await;
    assert_eq!(wire.client::<Partner>().at(-1.5, 2.0).await.unwrap(), "here");
    assert_eq!(line(&wire), "GET /v1/at/-1.5,2.json");
}

#[tokio::test]
async fn a_rest_keeps_its_slashes_and_nothing_else() {
    let wire = Wire::answering(|then| {
        then.status(200).body("raw");
    })
    .await;
    assert_eq!(wire.client::<Partner>().file("a b/c?d/\u{e4}").await.unwrap(), "raw");
    assert_eq!(line(&wire), "GET /v1/files/a%20b/c%3Fd/%C3%A4");
}

#[tokio::test]
async fn a_catch_all_keeps_empty_segments_and_may_be_empty() {
    for (path, target) in [("", "/v1/files/"), ("a//b/", "/v1/files/a//b/"), ("/a", "/v1/files//a")] {
        let wire = Wire::json(200, "").await;
        wire.client::<Partner>().file(path).await.unwrap();
        assert_eq!(line(&wire), format!("GET {target}"));
    }
}

#[tokio::test]
async fn text_may_follow_a_catch_all() {
    let wire = Wire::json(204, "").await;
    wire.client::<Partner>().copy_object("a/b c").await.unwrap();
    assert_eq!(line(&wire), "POST /v1/objects/a/b%20c:copy");
}

#[tokio::test]
async fn a_rest_that_would_leave_its_folder_is_not_sent() {
    for path in ["a/../b", "..", "a/.", "./a"] {
        let wire = Wire::json(200, "").await;
        let error = wire.client::<Partner>().file(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(wire.requests().is_empty());
    }
}

#[tokio::test]
async fn a_path_of_nothing_is_the_prefix() {
    let wire = Wire::answering(|then| {
        then.status(204).header("x-count", "3");
    })
    .await;
    let response = wire.client::<Partner>().root().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["x-count"]), (204, &"3".parse().unwrap()));
    assert_eq!(line(&wire), "HEAD /v1");
}

#[tokio::test]
async fn queries_of_every_kind() {
    let wire = Wire::json(200, "").await;
    let rest = BTreeMap::from([("a b".to_owned(), "c&d".to_owned())]);
    wire.client::<Partner>()
        .queries(
            Sort::ByName,
            &Day::new(1),
            &[Day::new(2), Day::new(3)],
            vec![Sort::ByName, Sort::ByName],
            Some(&[1, 2]),
            Some(Sort::ByName),
            &thing("x/y"),
            Some(&rest),
            0.5,
        )
        .await
        .unwrap();
    assert_eq!(
        line(&wire),
        "GET /v1/queries?sortBy=by-name&fromDay=2026-01-01&days=2026-01-02&days=2026-01-03\
         &sorts=by-name,by-name&more=1%7C2&maybe=by-name&name=x%2Fy&a+b=c%26d&fixed-name=0.5"
    );
}

#[tokio::test]
async fn queries_of_nothing_are_left_out() {
    let wire = Wire::json(200, "").await;
    wire.client::<Partner>()
        .queries(Sort::ByName, &Day::new(1), &[], vec![], Some(&[]), None, &thing(""), None, 1.0)
        .await
        .unwrap();
    assert_eq!(line(&wire), "GET /v1/queries?sortBy=by-name&fromDay=2026-01-01&name=&fixed-name=1.0");
}

#[tokio::test]
async fn headers_of_the_trait_the_endpoint_and_the_arguments() {
    let wire = Wire::json(200, "").await;
    wire.client::<Partner>().headers(&Day::new(9), Some("secret")).await.unwrap();
    assert_eq!(header(&wire, "x-version"), ["2"]);
    assert_eq!(header(&wire, "x-other"), ["a b"]);
    assert_eq!(header(&wire, "x-day"), ["2026-01-09"]);
    assert_eq!(header(&wire, "x-key"), ["secret"]);
}

#[tokio::test]
async fn a_header_of_nothing_is_left_out() {
    let wire = Wire::json(200, "").await;
    wire.client::<Partner>().headers(&Day::new(9), None).await.unwrap();
    assert!(header(&wire, "x-key").is_empty());
}

#[tokio::test]
async fn a_value_that_is_no_header_value_is_not_sent() {
    let wire = Wire::json(200, "").await;
    let error = wire.client::<Partner>().headers(&Day::new(9), Some("a\r\nx-evil: 1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(!format!("{error} {error:?}").contains("evil"));
    assert!(wire.requests().is_empty());
}

#[tokio::test]
async fn a_form() {
    let wire = Wire::json(200, "").await;
    wire.client::<Partner>().form(&thing("a b&c")).await.unwrap();
    assert_eq!(header(&wire, "content-type"), ["application/x-www-form-urlencoded"]);
    assert_eq!(header(&wire, "x-version"), ["1"]);
    assert_eq!(body(&wire), "name=a+b%26c");
}

#[tokio::test]
async fn a_body_of_nothing_has_no_content_type() {
    let wire = Wire::json(200, "").await;
    wire.client::<Partner>().maybe_form(None).await.unwrap();
    assert!(header(&wire, "content-type").is_empty());
    assert_eq!(body(&wire), "");
}

#[tokio::test]
async fn text_in_and_text_out() {
    let wire = Wire::answering(|then| {
        then.status(200).body("a,b");
    })
    .await;
    assert_eq!(wire.client::<Partner>().text("gr\u{fc}n".into()).await.unwrap(), Text("a,b".to_owned()));
    assert_eq!(header(&wire, "content-type"), ["text/plain; charset=utf-8"]);
    assert_eq!(header(&wire, "accept"), ["text/csv"]);
    assert_eq!(body(&wire), "gr\u{fc}n");
}

#[tokio::test]
async fn a_content_type_of_ones_own() {
    let wire = Wire::json(200, "").await;
    wire.client::<Partner>().xml(Some(&"<a/>".to_owned())).await.unwrap();
    assert_eq!(header(&wire, "content-type"), ["application/xml"]);
    assert_eq!(body(&wire), "<a/>");
}

#[tokio::test]
async fn bytes_by_value_by_reference_and_as_a_slice() {
    for call in 0..3 {
        let wire = Wire::json(200, "{\"name\":\"n\"}").await;
        let client = wire.client::<Partner>();
        match call {
            0 => drop(client.bytes(b"raw".to_vec()).await.unwrap()),
            1 => drop(client.more_bytes(Some(&Bytes::from_static(b"raw"))).await.unwrap()),
            _ => drop(client.slice(b"raw").await.unwrap()),
        }
        assert_eq!(header(&wire, "content-type"), ["application/octet-stream"], "{call}");
        assert_eq!(body(&wire), "raw", "{call}");
    }
}

#[tokio::test]
async fn several_parts() {
    let wire = Wire::json(200, "{\"name\":\"n\"}").await;
    let parts = Multipart::new().text("title", "t").part("file", Part::bytes(b"raw".as_slice()).file_name("a.bin"));
    let response = wire.client::<Partner>().parts(parts).await.unwrap();
    assert_eq!(response.into_body().unwrap().name, "n");
    assert!(header(&wire, "content-type")[0].starts_with("multipart/form-data; boundary="));
    assert_eq!(header(&wire, "content-type").len(), 1);
    assert_eq!(header(&wire, "content-length").len(), 1);
    assert!(body(&wire).contains("name=\"file\"; filename=\"a.bin\"\r\n\r\nraw\r\n"));
}

#[tokio::test]
async fn a_stream_in_and_a_stream_out() {
    let wire = Wire::answering(|then| {
        then.status(200).body("out");
    })
    .await;
    let mut stream = wire.client::<Partner>().stream(Body::from("in")).await.unwrap();
    let mut got = Vec::new();
    while let Some(piece) = stream.next().await {
        got.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(got, b"out");
    assert_eq!(header(&wire, "accept"), ["*/*"]);
    assert_eq!(body(&wire), "in");
}

#[tokio::test]
async fn what_can_be_sent_once_is_sent_once() {
    let wire = Wire::json(503, "{}").await;
    let error = wire.client::<Partner>().stream(Body::from("in")).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test]
async fn an_response_that_is_not_there_is_none() {
    let wire = Wire::json(404, "{\"type\":\"not_found\"}").await;
    let client = wire.client::<Partner>();
    assert!(client.more_bytes(None).await.unwrap().is_none());
    assert!(client.slice(b"").await.unwrap().is_none());
    assert!(client.maybe_stream(None).await.unwrap().is_none());
    let response = client.parts(Multipart::new()).await.unwrap();
    assert_eq!(response.status().as_u16(), 404);
    assert!(response.into_body().is_none());
}

#[tokio::test]
async fn an_response_with_its_status_and_headers() {
    let wire = Wire::answering(|then| {
        then.status(201).header("x-a", "1").body("{\"name\":\"n\"}");
    })
    .await;
    let response = wire.client::<Partner>().slice(b"").await.unwrap().unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["x-a"].as_bytes()), (201, b"1".as_slice()));
    assert_eq!(response.body().name, "n");
}

#[tokio::test]
async fn a_public_endpoint_sends_no_authorization() {
    let wire = Wire::json(200, "\"here\"").await;
    #[expect(deprecated)]
    wire.client::<Partner>().public(1, "a", &["b".to_owned()]).await.unwrap();
    assert_eq!(line(&wire), "GET /v1/public/1?name=a&names=b");
    assert!(header(&wire, "authorization").is_empty());
}

#[tokio::test]
async fn an_idempotent_post_is_retried_and_another_is_not() {
    let wire = Wire::json(503, "{}").await;
    let client: Client<Partner> = wire.builder().deadline(Duration::from_secs(5)).build().unwrap();
    assert!(client.bytes(vec![1]).await.unwrap_err().attempts() > 1);
    assert_eq!(client.slice(b"").await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn an_endpoints_own_timeout() {
    let wire = Wire::answering(|then| {
        then.status(200).delay(Duration::from_secs(3));
    })
    .await;
    let error = wire.client::<Partner>().more_bytes(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn an_apis_own_error_body_is_a_typed_value() {
    let wire = Wire::json(400, "{\"name\":\"what was wrong\"}").await;
    let error = wire.client::<Partner>().roles().await.unwrap_err();
    assert_eq!(error.problem_as::<Thing>().unwrap().name, "what was wrong");
}
