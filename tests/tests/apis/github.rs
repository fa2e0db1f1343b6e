//! GitHub's REST API: pages by `Link`, conditional requests, media types, and the redirect of an archive.
//!
//! From <https://docs.github.com/rest>: "Using pagination", "Best practices" (conditional requests), "Getting started" (media
//! types, versions, the user agent), "Rate limits", and "Repository contents".

use std::time::Duration;

use rolecall::{ByteStream, Bytes, Client, Conditional, Error, Page, Response, Role, StatusCode, Text, api, endpoint};
use rolecall_tests::faults::{Received, ScriptedResponse};
use rolecall_tests::stand_in::{StandIn, request_text, run};
use serde::{Deserialize, Serialize};

/// A client with a token.
#[derive(Debug, Role)]
pub(crate) enum Authenticated {}

#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Repository {
    pub(crate) full_name: String,
    pub(crate) stargazers_count: u32,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Issue {
    pub(crate) number: u32,
    pub(crate) title: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct NewIssue<'a> {
    pub(crate) title: &'a str,
    pub(crate) labels: &'a [&'a str],
}

#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Content {
    pub(crate) path: String,
    pub(crate) encoding: String,
    pub(crate) content: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Open,
    All,
}

#[api(
    role = Authenticated,
    accept = "application/vnd.github+json",
    headers("x-github-api-version" = "2022-11-28")
)]
pub(crate) trait GithubApi {
    /// Returns a repository, unless it is the one with this `ETag`.
    #[endpoint(method = GET, path = "/repos/{owner}/{repo}")]
    async fn repository(
        &self,
        owner: &str,
        repo: &str,
        #[header("if-none-match")] etag: Option<&str>,
    ) -> Result<Response<Conditional<Repository>>, Error>;

    /// Returns the issues of a repository, page by page.
    #[endpoint(method = GET, path = "/repos/{owner}/{repo}/issues")]
    async fn issues(
        &self,
        owner: &str,
        repo: &str,
        #[query] state: State,
        #[query] per_page: u8,
    ) -> Result<Page<Vec<Issue>>, Error>;

    /// Creates an issue.
    #[endpoint(method = POST, path = "/repos/{owner}/{repo}/issues")]
    async fn create_issue(&self, owner: &str, repo: &str, #[body] issue: &NewIssue<'_>) -> Result<Issue, Error>;

    /// Returns a file as base64, with its properties.
    #[endpoint(method = GET, path = "/repos/{owner}/{repo}/contents/{*path}")]
    async fn content(
        &self,
        owner: &str,
        repo: &str,
        path: &str,
        #[query("ref")] branch: &str,
    ) -> Result<Content, Error>;

    /// Returns a file as it is.
    #[endpoint(
        method = GET,
        path = "/repos/{owner}/{repo}/contents/{*path}",
        accept = "application/vnd.github.raw+json"
    )]
    async fn raw_content(&self, owner: &str, repo: &str, path: &str) -> Result<Bytes, Error>;

    /// Returns a pull request as a diff.
    #[endpoint(method = GET, path = "/repos/{owner}/{repo}/pulls/{number}", accept = "application/vnd.github.diff")]
    async fn diff(&self, owner: &str, repo: &str, number: u32) -> Result<Text, Error>;

    /// Downloads a repository as a tar archive, from the host that a redirect names.
    #[endpoint(method = GET, path = "/repos/{owner}/{repo}/tarball/{*git_ref}", redirects = 1)]
    async fn tarball(&self, owner: &str, repo: &str, git_ref: &str) -> Result<ByteStream, Error>;

    /// Returns whether the user has starred a repository: 204 if so, 404 if not.
    #[endpoint(method = GET, path = "/user/starred/{owner}/{repo}")]
    async fn has_starred(&self, owner: &str, repo: &str) -> Result<Option<()>, Error>;
}

const TOKEN: &str = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
const ETAG: &str = "\"644b5b0155e6404a9cc4bd9d8b1ae730\"";
const README: &str = "repos/octocat/Hello-World/contents/docs/READ%20ME.md";

/// Answers as the documentation says. A request that the documentation does not allow fails as GitHub fails it.
fn github(codeload: String) -> impl FnMut(&Received) -> ScriptedResponse + Send {
    let (mut remaining, mut created) = (5000, 0);
    move |request| {
        if request.header("user-agent").is_none() {
            return ScriptedResponse::status(403).body("Request forbidden by administrative rules.");
        }
        if request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return failure(401, "Bad credentials", "");
        }
        if request.header("x-github-api-version") != Some("2022-11-28") {
            return failure(400, "Unsupported API version", "");
        }
        let unchanged = request.header("if-none-match") == Some(ETAG);
        // A response with status 304 does not count against the limit.
        remaining -= i32::from(!unchanged);
        let accept = request.header("accept").unwrap_or_default();
        let response = match (request.method.as_str(), request.path().trim_start_matches('/'), accept) {
            ("GET", "repos/octocat/Hello-World", _) if unchanged => ScriptedResponse::status(304).header("etag", ETAG),
            ("GET", "repos/octocat/Hello-World", _) => {
                ScriptedResponse::json(r#"{"id":1296269,"full_name":"octocat/Hello-World","stargazers_count":80}"#)
                    .header("etag", ETAG)
            }
            // The links of a repository's pages name it by its ID.
            ("GET", "repos/octocat/Hello-World/issues" | "repositories/1296269/issues", _) => issues(request),
            ("POST", "repos/octocat/Hello-World/issues", _) => {
                created += 1;
                match (created, request.text().contains("\"title\":\"\"")) {
                    // "You have exceeded a secondary rate limit": wait as long as `retry-after` says.
                    (1, _) => failure(403, "You have exceeded a secondary rate limit.", "").header("retry-after", "7"),
                    (_, true) => failure(
                        422,
                        "Validation Failed",
                        r#","errors":[{"resource":"Issue","code":"missing_field","field":"title"}]"#,
                    ),
                    _ => ScriptedResponse::status(201)
                        .header("content-type", "application/json; charset=utf-8")
                        .body(r#"{"number":1347,"title":"Found a bug"}"#),
                }
            }
            ("GET", README, "application/vnd.github.raw+json") => ScriptedResponse::status(200)
                .header("content-type", "application/vnd.github.raw+json; charset=utf-8")
                .body("# Hello"),
            ("GET", README, _) => {
                ScriptedResponse::json(r#"{"path":"docs/READ ME.md","encoding":"base64","content":"IyBIZWxsbw==\n"}"#)
            }
            ("GET", "repos/octocat/Hello-World/pulls/1", "application/vnd.github.diff") => {
                ScriptedResponse::status(200)
                    .header("content-type", "application/vnd.github.diff; charset=utf-8")
                    .body("--- a/README\n+++ b/README\n")
            }
            ("GET", "repos/octocat/Hello-World/tarball/refs/heads/main", _) => ScriptedResponse::status(302)
                .header("location", &format!("{codeload}/octocat/Hello-World/legacy.tar.gz/refs/heads/main?token=AB")),
            ("GET", "user/starred/octocat/Hello-World", _) => ScriptedResponse::status(204),
            _ => failure(404, "Not Found", ""),
        };
        response.header("x-ratelimit-limit", "5000").header("x-ratelimit-remaining", &remaining.to_string())
    }
}

fn failure(status: u16, message: &str, more: &str) -> ScriptedResponse {
    let page = "https://docs.github.com/rest";
    let body = format!(r#"{{"message":"{message}"{more},"documentation_url":"{page}","status":"{status}"}}"#);
    ScriptedResponse::status(status).header("content-type", "application/json; charset=utf-8").body(body)
}

/// Five issues, in pages of `per_page`. The links keep the parameters of the first request.
fn issues(request: &Received) -> ScriptedResponse {
    let number = |name: &str, default: usize| request.query_arg(name).map_or(default, |value| value.parse().unwrap());
    let (page, size) = (number("page", 1), number("per_page", 30));
    let state = request.query_arg("state").unwrap_or_else(|| "open".to_owned());
    let shown = (1..=5).skip((page - 1) * size).take(size);
    let shown: Vec<String> = shown.map(|n| format!(r#"{{"number":{n},"title":"Issue {n}"}}"#)).collect();
    let url = format!("http://{}/repositories/1296269/issues?", request.header("host").unwrap());
    let link = |page: usize, rel: &str| format!(r#"<{url}state={state}&per_page={size}&page={page}>; rel="{rel}""#);
    let last = 5_usize.div_ceil(size);
    let mut links = Vec::new();
    if page > 1 {
        links.push(link(page - 1, "prev"));
    }
    if page < last {
        links.extend([link(page + 1, "next"), link(last, "last")]);
    }
    if page > 1 {
        links.push(link(1, "first"));
    }
    ScriptedResponse::json(&format!("[{}]", shown.join(","))).header("link", &links.join(", "))
}

/// Starts the API without the host of the archives.
fn start() -> (StandIn, Client<Authenticated>) {
    let server = StandIn::start(github("http://localhost:9".to_owned()));
    let client = client(&server);
    (server, client)
}

fn client(server: &StandIn) -> Client<Authenticated> {
    Client::builder(server.url()).bearer_token(TOKEN).user_agent("octo-app/1.0").build().unwrap()
}

/// A request with what each request to GitHub has.
fn request(line: &str, accept: &str, more: &[&str], body: &str) -> String {
    let accept = format!("accept: {accept}");
    let authorization = format!("authorization: Bearer {TOKEN}");
    let each: &[&str] = &[
        &accept,
        "accept-encoding: gzip",
        &authorization,
        "host: 127.0.0.1",
        "user-agent: octo-app/1.0",
        "x-github-api-version: 2022-11-28",
    ];
    request_text(line, &[each, more], body)
}

const JSON: &str = "application/vnd.github+json";

#[test]
fn issues_of_all_pages_come_one_by_one() {
    run(async || {
        let (server, client) = start();
        let mut issues = client.issues("octocat", "Hello-World", State::All, 2).await.unwrap().into_items();
        let mut numbers = Vec::new();
        while let Some(issue) = issues.next().await {
            numbers.push(issue.unwrap().number);
        }
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        let only = client.issues("octocat", "Hello-World", State::Open, 100).await.unwrap();
        assert_eq!((only.len(), only.has_next()), (5, false));
        let get = |target: &str| request(&format!("GET {target}"), JSON, &[], "");
        assert_eq!(
            server.requests(),
            [
                get("/repos/octocat/Hello-World/issues?state=all&per_page=2"),
                get("/repositories/1296269/issues?state=all&per_page=2&page=2"),
                get("/repositories/1296269/issues?state=all&per_page=2&page=3"),
                get("/repos/octocat/Hello-World/issues?state=open&per_page=100"),
            ]
        );
    });
}

#[test]
fn a_repository_that_has_not_changed_costs_nothing_of_the_limit() {
    run(async || {
        let (server, client) = start();
        let first = client.repository("octocat", "Hello-World", None).await.unwrap();
        let remaining = first.headers()["x-ratelimit-remaining"].clone();
        let Conditional::Modified { value, etag, .. } = first.into_body() else { panic!("nothing was known of it") };
        assert_eq!(value, Repository { full_name: "octocat/Hello-World".to_owned(), stargazers_count: 80 });

        let second = client.repository("octocat", "Hello-World", etag.as_deref()).await.unwrap();
        assert_eq!((second.status(), second.body()), (StatusCode::NOT_MODIFIED, &Conditional::NotModified));
        assert_eq!(second.headers()["x-ratelimit-remaining"], remaining);
        let line = "GET /repos/octocat/Hello-World";
        let condition = format!("if-none-match: {ETAG}");
        assert_eq!(server.requests(), [request(line, JSON, &[], ""), request(line, JSON, &[&condition], "")]);
    });
}

#[test]
fn the_media_type_chooses_what_a_path_returns() {
    run(async || {
        let (server, client) = start();
        let content = client.content("octocat", "Hello-World", "docs/READ ME.md", "main").await.unwrap();
        assert_eq!((content.path.as_str(), content.content.as_str()), ("docs/READ ME.md", "IyBIZWxsbw==\n"));
        let raw = client.raw_content("octocat", "Hello-World", "docs/READ ME.md").await.unwrap();
        assert_eq!(raw, "# Hello");
        let diff = client.diff("octocat", "Hello-World", 1).await.unwrap();
        assert_eq!(diff.0, "--- a/README\n+++ b/README\n");
        assert_eq!(
            server.requests(),
            [
                request(&format!("GET /{README}?ref=main"), JSON, &[], ""),
                request(&format!("GET /{README}"), "application/vnd.github.raw+json", &[], ""),
                request("GET /repos/octocat/Hello-World/pulls/1", "application/vnd.github.diff", &[], ""),
            ]
        );
    });
}

#[test]
fn an_archive_comes_from_another_host_which_does_not_get_the_token() {
    run(async || {
        let codeload = StandIn::start(|_| {
            ScriptedResponse::status(200).header("content-type", "application/x-gzip").body("an archive").chunked()
        });
        let server = StandIn::start(github(codeload.url()));
        let mut archive = client(&server).tarball("octocat", "Hello-World", "refs/heads/main").await.unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = archive.next().await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        assert_eq!(bytes, b"an archive");
        let line = "GET /repos/octocat/Hello-World/tarball/refs/heads/main";
        assert_eq!(server.requests(), [request(line, JSON, &[], "")]);
        let line = "GET /octocat/Hello-World/legacy.tar.gz/refs/heads/main?token=AB";
        let headers = ["accept: application/vnd.github+json", "host: 127.0.0.1", "user-agent: octo-app/1.0"];
        assert_eq!(codeload.requests(), [request_text(line, &[&headers, &["accept-encoding: gzip"]], "")]);
    });
}

#[test]
fn a_secondary_limit_is_waited_out_and_a_rejected_field_is_named() {
    run(async || {
        let (server, client) = start();
        let started = tokio::time::Instant::now();
        let issue = NewIssue { title: "Found a bug", labels: &["bug"] };
        let issue = client.create_issue("octocat", "Hello-World", &issue).await.unwrap();
        assert_eq!(issue, Issue { number: 1347, title: "Found a bug".to_owned() });
        assert!(started.elapsed() >= Duration::from_secs(7), "{:?}", started.elapsed());
        let body = r#"{"title":"Found a bug","labels":["bug"]}"#;
        let more = ["content-length: 40", "content-type: application/json"];
        let post = request("POST /repos/octocat/Hello-World/issues", JSON, &more, body);
        assert_eq!(server.requests(), [post.clone(), post]);

        let error = client.create_issue("octocat", "Hello-World", &NewIssue { title: "", labels: &[] }).await;
        assert_eq!(
            error.unwrap_err().to_string(),
            "create_issue (POST /repos/{owner}/{repo}/issues) failed: 422 Unprocessable Entity: missing_field: \
             Validation Failed; title: missing_field"
        );
    });
}

#[test]
fn whether_a_repository_is_starred_is_a_status() {
    run(async || {
        let (server, client) = start();
        assert!(client.has_starred("octocat", "Hello-World").await.unwrap().is_some());
        assert!(client.has_starred("octocat", "Spoon-Knife").await.unwrap().is_none());
        let get = |target: &str| request(&format!("GET /user/starred/octocat/{target}"), JSON, &[], "");
        assert_eq!(server.requests(), [get("Hello-World"), get("Spoon-Knife")]);
    });
}
