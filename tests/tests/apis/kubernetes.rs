//! Kubernetes: watches, three kinds of patches, lists in chunks, and a cluster's own certificate authority.
//!
//! From <https://kubernetes.io/docs/reference/using-api/api-concepts/> ("Efficient detection of changes", "Retrieving large
//! results sets in chunks", "Patch and apply") and "Access clusters using the Kubernetes API".

use rolecall::auth::{Bearer, Credentials};
use rolecall::{
    Client, ConnectionSettings, Error, ErrorKind, JsonLines, NextPage, Page, PageBody, Role, api, endpoint,
};
use rolecall_tests::faults::{Received, ScriptedResponse, Tls, authority_pem, client_identity};
use rolecall_tests::stand_in::{StandIn, request_text, run};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A service account of the cluster, or a user with a client certificate.
#[derive(Debug, Role)]
pub(crate) enum Account {}

#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Pod {
    pub(crate) metadata: Metadata,
    pub(crate) spec: Value,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) labels: Map<String, Value>,
    pub(crate) resource_version: String,
}

/// A bookmark has no more than the version up to which all changes have been sent.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Bookmark {
    pub(crate) metadata: Metadata,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Status {
    pub(crate) reason: String,
    pub(crate) code: u16,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "type", content = "object", rename_all = "UPPERCASE")]
pub(crate) enum WatchEvent {
    Added(Pod),
    Modified(Pod),
    Deleted(Pod),
    Bookmark(Bookmark),
    Error(Status),
}

#[derive(Debug, Deserialize)]
pub(crate) struct PodList {
    pub(crate) metadata: ListMetadata,
    items: Vec<Pod>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListMetadata {
    pub(crate) resource_version: String,
    r#continue: Option<String>,
}

impl PageBody for PodList {
    type Item = Pod;

    fn next_page(&self) -> Option<NextPage> {
        self.metadata.r#continue.as_ref().map(|token| NextPage::query("continue", token))
    }

    fn into_items(self) -> Vec<Pod> {
        self.items
    }
}

/// An operation of a JSON patch (RFC 6902).
#[derive(Debug, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(crate) enum Operation<'a> {
    Test { path: &'a str, value: &'a str },
    Replace { path: &'a str, value: &'a str },
}

#[api(path = "/api/v1/namespaces/{namespace}", role = Account, rename_all = "camelCase")]
pub(crate) trait PodsApi {
    /// Lists the pods, in chunks.
    #[endpoint(method = GET, path = "/pods")]
    async fn pods(
        &self,
        namespace: &str,
        #[query] label_selector: Option<&str>,
        #[query] limit: u32,
    ) -> Result<Page<PodList>, Error>;

    /// Watches the pods for changes after a version.
    #[endpoint(method = GET, path = "/pods", query("watch" = "1", "allowWatchBookmarks" = "true"))]
    async fn watch_pods(
        &self,
        namespace: &str,
        #[query] resource_version: &str,
    ) -> Result<JsonLines<WatchEvent>, Error>;

    /// Returns a pod, if there is one.
    #[endpoint(method = GET, path = "/pods/{name}")]
    async fn pod(&self, namespace: &str, name: &str) -> Result<Option<Pod>, Error>;

    /// Replaces values at paths, all of them or none.
    #[endpoint(method = PATCH, path = "/pods/{name}")]
    async fn json_patch(
        &self,
        namespace: &str,
        name: &str,
        #[body(content_type = "application/json-patch+json")] patch: &[Operation<'_>],
    ) -> Result<Pod, Error>;

    /// Merges objects, and replaces lists.
    #[endpoint(method = PATCH, path = "/pods/{name}")]
    async fn merge_patch(
        &self,
        namespace: &str,
        name: &str,
        #[body(content_type = "application/merge-patch+json")] patch: &Value,
    ) -> Result<Pod, Error>;

    /// Merges objects, and the containers by their names.
    #[endpoint(method = PATCH, path = "/pods/{name}")]
    async fn strategic_patch(
        &self,
        namespace: &str,
        name: &str,
        #[body(content_type = "application/strategic-merge-patch+json")] patch: &Value,
    ) -> Result<Pod, Error>;
}

const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6IiJ9.of-a-service-account";
const POD: &str = "/api/v1/namespaces/test/pods/web";

/// Answers as the documentation says: a namespace `test` with the pod `web`, and four more in its lists.
fn kubernetes(asks_for_token: bool) -> impl FnMut(&Received) -> ScriptedResponse + Send {
    let mut pod = json!({
        "kind": "Pod", "apiVersion": "v1",
        "metadata": {"name": "web", "resourceVersion": "10596", "labels": {"app": "web"}},
        "spec": {"containers": [{"name": "nginx", "image": "nginx:1.25"}, {"name": "log", "image": "log:1"}]},
    });
    move |request| {
        if asks_for_token && request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return status(401, "Unauthorized", "Unauthorized");
        }
        match (request.method.as_str(), request.path()) {
            ("GET", "/api/v1/namespaces/test/pods") if request.query_arg("watch").is_some_and(|on| on != "0") => {
                watch(request)
            }
            ("GET", "/api/v1/namespaces/test/pods") => list(request),
            ("GET", POD) => ScriptedResponse::json(&pod.to_string()),
            ("PATCH", POD) => patch(&mut pod, request),
            (_, path) => {
                let name = path.rsplit('/').next().unwrap();
                status(404, "NotFound", &format!("pods \\\"{name}\\\" not found"))
            }
        }
    }
}

fn status(code: u16, reason: &str, message: &str) -> ScriptedResponse {
    let body = format!(
        r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":"{message}","reason":"{reason}","code":{code}}}"#
    );
    ScriptedResponse::status(code).header("content-type", "application/json").body(body)
}

/// Five pods, in chunks of `limit`; the token says where the next one starts.
fn list(request: &Received) -> ScriptedResponse {
    let start: usize =
        request.query_arg("continue").map_or(0, |token| token.strip_prefix("ENC/").unwrap().parse().unwrap());
    let limit: usize = request.query_arg("limit").unwrap().parse().unwrap();
    let items: Vec<Value> = (start..5).take(limit).map(|n| pod_named(&format!("web-{n}"), 10_000 + n)).collect();
    let end = start + items.len();
    let mut metadata = json!({"resourceVersion": "10245"});
    if end < 5 {
        metadata["continue"] = json!(format!("ENC/{end}"));
        metadata["remainingItemCount"] = json!(5 - end);
    }
    ScriptedResponse::json(
        &json!({"kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": items}).to_string(),
    )
}

fn pod_named(name: &str, version: usize) -> Value {
    json!({"metadata": {"name": name, "resourceVersion": version.to_string()}, "spec": {}})
}

/// Changes after version 10245, a bookmark, and then one that has come too late for this server's history.
fn watch(request: &Received) -> ScriptedResponse {
    if request.query_arg("resourceVersion").as_deref() != Some("10245") {
        return status(410, "Expired", "too old resource version: 1 (10245)");
    }
    let mut lines = vec![
        json!({"type": "ADDED", "object": pod_named("web", 10596)}),
        json!({"type": "MODIFIED", "object": pod_named("web", 11020)}),
        json!({"type": "DELETED", "object": pod_named("web", 11021)}),
    ];
    if request.query_arg("allowWatchBookmarks").as_deref() == Some("true") {
        lines.push(json!({"type": "BOOKMARK", "object": {"kind": "Pod", "metadata": {"resourceVersion": "12746"}}}));
    }
    lines.push(
        json!({"type": "ERROR", "object": {"kind": "Status", "status": "Failure", "reason": "Expired", "code": 410}}),
    );
    let lines: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
    ScriptedResponse::json(&lines.concat()).chunked()
}

fn patch(pod: &mut Value, request: &Received) -> ScriptedResponse {
    let patch: Value = serde_json::from_slice(&request.body).unwrap();
    match request.header("content-type") {
        Some("application/json-patch+json") => {
            let mut patched = pod.clone();
            for operation in patch.as_array().unwrap() {
                let value = patched.pointer_mut(operation["path"].as_str().unwrap()).unwrap();
                match operation["op"].as_str().unwrap() {
                    "test" if *value != operation["value"] => {
                        return status(
                            422,
                            "Invalid",
                            "the server rejected our request due to an error in our request",
                        );
                    }
                    "replace" => *value = operation["value"].clone(),
                    _ => {}
                }
            }
            *pod = patched;
        }
        Some("application/merge-patch+json") => merge(pod, &patch, false),
        Some("application/strategic-merge-patch+json") => merge(pod, &patch, true),
        other => {
            let message = format!("the body of the request was in an unknown format - {}", other.unwrap_or_default());
            return status(415, "UnsupportedMediaType", &message);
        }
    }
    ScriptedResponse::json(&pod.to_string())
}

/// RFC 7396. A strategic patch merges lists by the key `name`, too.
fn merge(target: &mut Value, patch: &Value, strategic: bool) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    target.remove(name);
                } else {
                    merge(target.entry(name).or_insert(Value::Null), value, strategic);
                }
            }
        }
        (Value::Array(target), Value::Array(patch)) if strategic => {
            for item in patch {
                match target.iter_mut().find(|old| old["name"] == item["name"]) {
                    Some(old) => merge(old, item, strategic),
                    None => target.push(item.clone()),
                }
            }
        }
        (target, patch) => *target = patch.clone(),
    }
}

/// Starts the API on loopback, with a certificate of the cluster's own authority.
fn start(tls: Tls, asks_for_token: bool) -> StandIn {
    StandIn::start_tls(kubernetes(asks_for_token), tls)
}

/// A client as a pod has it: the authority's certificate and the token are files of its service account.
fn in_cluster(server: &StandIn) -> Client<Account> {
    let settings = ConnectionSettings::new().root_certificate(authority_pem());
    Client::builder(server.url()).connection(settings).credentials(Bearer::new(TOKEN)).build().unwrap()
}

fn request(line: &str, accept: &str, more: &[&str], body: &str) -> String {
    let (accept, authorization) = (format!("accept: {accept}"), format!("authorization: Bearer {TOKEN}"));
    let each = [&accept, "accept-encoding: gzip", &authorization, "host: 127.0.0.1", AGENT];
    request_text(line, &[&each, more], body)
}

const AGENT: &str = concat!("user-agent: rolecall/", env!("CARGO_PKG_VERSION"));
const JSON: &str = "application/json";

#[test]
fn a_list_and_the_watch_after_it_share_a_path() {
    run(async || {
        let server = start(Tls::http1(), true);
        let client = in_cluster(&server);
        let first = client.pods("test", Some("app in (web,api)"), 3).await.unwrap();
        let version = first.metadata.resource_version.clone();
        let mut pods = first.into_items();
        let mut names = Vec::new();
        while let Some(pod) = pods.next().await {
            names.push(pod.unwrap().metadata.name);
        }
        assert_eq!(names, ["web-0", "web-1", "web-2", "web-3", "web-4"]);

        let mut events = client.watch_pods("test", &version).await.unwrap();
        let mut seen = Vec::new();
        while let Some(event) = events.next().await {
            seen.push(match event.unwrap() {
                WatchEvent::Added(pod) => format!("+ {}", pod.metadata.resource_version),
                WatchEvent::Modified(pod) => format!("~ {}", pod.metadata.resource_version),
                WatchEvent::Deleted(pod) => format!("- {}", pod.metadata.resource_version),
                WatchEvent::Bookmark(bookmark) => format!("= {}", bookmark.metadata.resource_version),
                WatchEvent::Error(status) => format!("! {} {}", status.code, status.reason),
            });
        }
        assert_eq!(seen, ["+ 10596", "~ 11020", "- 11021", "= 12746", "! 410 Expired"]);
        let list = "GET /api/v1/namespaces/test/pods?labelSelector=app+in+%28web%2Capi%29&limit=3";
        let watch = "GET /api/v1/namespaces/test/pods?watch=1&allowWatchBookmarks=true&resourceVersion=10245";
        assert_eq!(
            server.requests(),
            [
                request(list, JSON, &[], ""),
                request(&format!("{list}&continue=ENC%2F3"), JSON, &[], ""),
                request(watch, "application/x-ndjson, application/json;q=0.9", &[], ""),
            ]
        );

        let error = client.watch_pods("test", "1").await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "watch_pods (GET /api/v1/namespaces/{namespace}/pods) failed: 410 Gone: Expired: too old resource version: 1 \
             (10245)"
        );
    });
}

#[test]
fn the_media_type_of_a_patch_says_how_it_is_applied() {
    run(async || {
        let server = start(Tls::http1(), true);
        let client = in_cluster(&server);
        let image = "/spec/containers/0/image";
        let operations = [
            Operation::Test { path: image, value: "nginx:1.25" },
            Operation::Replace { path: image, value: "nginx:1.26" },
        ];
        let pod = client.json_patch("test", "web", &operations).await.unwrap();
        assert_eq!(pod.spec["containers"][0]["image"], "nginx:1.26");
        let error = client.json_patch("test", "web", &operations).await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.problem().unwrap().kind()), (422, "Invalid"));

        let log = json!({"spec": {"containers": [{"name": "log", "image": "log:2"}]}});
        let pod = client.strategic_patch("test", "web", &log).await.unwrap();
        assert_eq!(pod.spec["containers"].as_array().unwrap().len(), 2);
        assert_eq!(pod.spec["containers"][1]["image"], "log:2");
        let pod = client.merge_patch("test", "web", &log).await.unwrap();
        assert_eq!(pod.spec["containers"], log["spec"]["containers"]);

        let json = format!(
            r#"[{{"op":"test","path":"{image}","value":"nginx:1.25"}},{{"op":"replace","path":"{image}","value":"nginx:1.26"}}]"#
        );
        let patch = |kind: &str, body: &str| {
            let more = [format!("content-length: {}", body.len()), format!("content-type: application/{kind}+json")];
            request(&format!("PATCH {POD}"), JSON, &[&more[0], &more[1]], body)
        };
        assert_eq!(
            server.requests(),
            [
                patch("json-patch", &json),
                patch("json-patch", &json),
                patch("strategic-merge-patch", &log.to_string()),
                patch("merge-patch", &log.to_string()),
            ]
        );
    });
}

#[test]
fn a_cluster_is_trusted_by_its_own_authority_alone_over_either_protocol() {
    run(async || {
        for tls in [Tls::http1(), Tls::http2()] {
            let server = start(tls, true);
            assert!(in_cluster(&server).pod("test", "web").await.unwrap().is_some());
            assert!(in_cluster(&server).pod("test", "api").await.unwrap().is_none());
            let stranger = Client::<Account>::builder(server.url()).credentials(Bearer::new(TOKEN)).build().unwrap();
            let error = stranger.pod("test", "web").await.unwrap_err();
            assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::Connect, false));
            assert_eq!(server.requests().len(), 2);
        }
    });
}

#[test]
fn a_user_with_a_client_certificate_sends_no_token() {
    run(async || {
        let server = start(Tls::http1().asking_for_certificates(), false);
        let identity = client_identity();
        let trusted = ConnectionSettings::new().root_certificate(authority_pem());
        let client = |settings: ConnectionSettings| {
            let builder = Client::<Account>::builder(server.url()).connection(settings);
            builder.credentials(Credentials::external()).build().unwrap()
        };
        let user = client(trusted.clone().identity(identity.certificate_pem(), identity.key_pem()));
        assert_eq!(user.pod("test", "web").await.unwrap().unwrap().metadata.name, "web");
        let each = ["accept: application/json", "accept-encoding: gzip", "host: 127.0.0.1", AGENT];
        assert_eq!(server.requests(), [request_text(&format!("GET {POD}"), &[&each], "")]);

        client(trusted).pod("test", "web").await.unwrap_err();
        assert!(server.requests().is_empty());
    });
}
