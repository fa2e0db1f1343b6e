//! Lists that come page by page.

use rolecall::{Error, ErrorKind, NextPage, Page, PageBody, api, endpoint};
use rolecall_tests::faults::{Script, ScriptedResponse, case};
use rolecall_tests::roles::User;
use serde::Deserialize;

use crate::{fails, fine};

#[derive(Debug, Deserialize)]
struct Customers {
    data: Vec<u32>,
    next_cursor: Option<String>,
}

impl PageBody for Customers {
    type Item = u32;

    fn next_page(&self) -> Option<NextPage> {
        self.next_cursor.as_ref().map(|cursor| NextPage::query("cursor", cursor))
    }

    fn into_items(self) -> Vec<u32> {
        self.data
    }
}

#[api(path = "/v1")]
trait PagesApi {
    #[endpoint(method = GET, path = "/repos", role = User)]
    async fn repos(&self, #[query] per_page: u8, #[header("x-trace")] trace: &str) -> Result<Page<Vec<u32>>, Error>;

    #[endpoint(method = GET, path = "/customers", role = User)]
    async fn customers(&self, #[query] filter: &str) -> Result<Page<Customers>, Error>;
}

fn link(body: &str, target: &str) -> ScriptedResponse {
    ScriptedResponse::json(body).header("link", &format!("<{target}>; rel=\"next\", </v1/repos?page=9>; rel=\"last\""))
}

#[test]
fn pages_follow_the_link_header_with_the_headers_and_the_role_of_the_first() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("[]"));
        let absolute = format!("{}/v1/repos?page=3&per_page=2", server.url());
        server.now([
            link("[1,2]", "/v1/repos?page=2&per_page=2"),
            link("[3,4]", &absolute),
            ScriptedResponse::json("[5]"),
        ]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.repos(2, "t")).await;
        assert!(seen.value().has_next() && seen.value().headers().contains_key("link"));
        seen.is(fine(&[1]));
        let first = seen.into_value();
        let second = world.call(first.next()).await;
        assert_eq!(**second.value().as_ref().unwrap(), [3, 4]);
        second.is(fine(&[2]));
        let third = world.call(second.into_value().unwrap().next()).await;
        let proven = third.is(fine(&[3]));
        let third = third.into_value().unwrap();
        assert_eq!((&*third, third.has_next()), (&vec![5], false));
        assert!(third.next().await.unwrap().is_none());
        let targets: Vec<String> = server.requests().iter().map(|request| request.target.clone()).collect();
        assert_eq!(targets, ["/v1/repos?per_page=2", "/v1/repos?page=2&per_page=2", "/v1/repos?page=3&per_page=2"]);
        for request in server.requests() {
            assert_eq!((request.method.as_str(), request.header("x-trace")), ("GET", Some("t")));
            assert!(request.header("authorization").unwrap().starts_with("Bearer "));
        }
        proven
    });
}

#[test]
fn a_cursor_of_the_body_makes_a_stream_of_items() {
    case(async |world| {
        let server = world.server(Script::by(|request| {
            ScriptedResponse::json(match request.target.as_str() {
                "/v1/customers?filter=a+b" => r#"{"data":[1,2],"next_cursor":"x/1"}"#,
                "/v1/customers?filter=a+b&cursor=x%2F1" => r#"{"data":[],"next_cursor":"x/2"}"#,
                "/v1/customers?filter=a+b&cursor=x%2F2" => r#"{"data":[3],"next_cursor":""}"#,
                _ => r#"{"data":[99],"next_cursor":null}"#,
            })
        }));
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.customers("a b")).await;
        seen.is(fine(&[1]));
        let mut items = seen.into_value().into_items();
        let mut all = Vec::new();
        let items = world
            .call(async {
                while let Some(item) = items.next().await {
                    all.push(item?);
                }
                Ok(all)
            })
            .await;
        assert_eq!(*items.value(), [1, 2, 3]);
        items.is(rolecall_tests::faults::Expect { attempts: items.attempts(), ..fine(&[3]) })
    });
}

#[test]
fn pages_that_are_lists_make_a_stream_of_items() {
    case(async |world| {
        let server = world.server([link("[1,2]", "/v1/repos?page=2"), ScriptedResponse::json("[3]")]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.repos(2, "t")).await;
        seen.is(fine(&[1]));
        let mut items = seen.into_value().into_items();
        let all = world
            .call(async {
                let mut all = Vec::new();
                while let Some(item) = items.next().await {
                    all.push(item?);
                }
                Ok(all)
            })
            .await;
        assert_eq!(*all.value(), [1, 2, 3]);
        all.is(rolecall_tests::faults::Expect { attempts: all.attempts(), ..fine(&[2]) })
    });
}

#[test]
fn a_page_is_not_requested_before_it_is_wanted_and_an_error_ends_the_stream() {
    case(async |world| {
        let server = world.server([link("[1]", "/v1/repos?page=2"), ScriptedResponse::status(500)]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.repos(1, "t")).await;
        seen.is(fine(&[1]));
        let mut pages = seen.into_value().into_pages();
        assert_eq!(**pages.next().await.unwrap().unwrap(), [1]);
        assert_eq!(server.count(), 1, "the next page was not asked for");
        let failed = world.call(async { pages.next().await.unwrap() }).await;
        let proven = failed.is(fails(&[2], ErrorKind::Status));
        assert!(pages.next().await.is_none());
        proven
    });
}

#[test]
fn a_next_page_elsewhere_is_not_requested() {
    for target in
        ["https://evil.example/v1/repos?page=2", "http://user:pw@127.0.0.1/v1", "//evil.example/", "https://127.0.0.1/"]
    {
        case(async |world| {
            let server = world.server(link("[1]", target));
            let client = world.client(&server).build().unwrap();
            let seen = world.call(client.repos(1, "t")).await;
            let proven = seen.is(fine(&[1]));
            let error = seen.value().next().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(error.to_string().contains("next page is on another origin"), "{error}");
            assert!(!error.to_string().contains("pw") && !error.to_string().contains("page=2"), "{error}");
            proven
        });
    }
}

#[test]
fn a_page_that_comes_again_ends_the_list_with_an_error() {
    case(async |world| {
        let server = world.server([
            link("[1]", "/v1/repos?page=2"),
            link("[2]", "/v1/repos?page=3"),
            link("[3]", "/v1/repos?page=2"),
        ]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.repos(1, "t")).await;
        seen.is(fine(&[1]));
        let first = seen.into_value();
        let seen = world.call(first.next()).await;
        seen.is(fine(&[2]));
        let second = seen.into_value().unwrap();
        let seen = world.call(second.next()).await;
        let proven = seen.is(fine(&[3]));
        let error = seen.into_value().unwrap().next().await.unwrap_err();
        assert!(error.to_string().contains("page 4 would be page 2 again"), "{error}");
        proven
    });
}
