//! An LLM's API, Anthropic's Messages: server-sent events, a key in a header, status 529, and pages by a cursor.
//!
//! From <https://platform.claude.com/docs/en/api>: "Messages", "Streaming messages", "Errors", and "List models".

use rolecall::auth::ApiKey;
use rolecall::{
    Client, Error, ErrorKind, Events, NextPage, Page, PageBody, Response, Retry, Role, StatusCode, api, endpoint,
};
use rolecall_tests::faults::{Received, ScriptedResponse};
use rolecall_tests::stand_in::{StandIn, request_text, run};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A client with a key of a workspace.
#[derive(Debug, Role)]
pub(crate) enum Workspace {}

#[derive(Debug, Serialize)]
pub(crate) struct NewMessage<'a> {
    pub(crate) model: &'a str,
    pub(crate) max_tokens: u32,
    pub(crate) messages: &'a [Turn<'a>],
}

#[derive(Debug, Serialize)]
pub(crate) struct Turn<'a> {
    pub(crate) role: &'a str,
    pub(crate) content: &'a str,
}

/// A request for a message in events, which differs in its body alone.
#[derive(Debug, Serialize)]
pub(crate) struct Streamed<'a> {
    #[serde(flatten)]
    message: &'a NewMessage<'a>,
    stream: bool,
}

impl<'a> From<&'a NewMessage<'a>> for Streamed<'a> {
    fn from(message: &'a NewMessage<'a>) -> Self {
        Self { message, stream: true }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) content: Vec<Block>,
    pub(crate) stop_reason: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Block {
    Text {
        text: String,
    },
    #[serde(other)]
    Other,
}

/// What a stream consists of. The documentation asks clients to ignore events that they do not know.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum StreamEvent {
    MessageStart {
        message: Message,
    },
    ContentBlockDelta {
        delta: Delta,
    },
    MessageDelta {
        delta: Stop,
    },
    MessageStop,
    Error {
        error: ApiError,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Delta {
    TextDelta {
        text: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Stop {
    pub(crate) stop_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ApiError {
    pub(crate) r#type: String,
    pub(crate) message: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Models {
    data: Vec<Model>,
    has_more: bool,
    last_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) id: String,
}

impl PageBody for Models {
    type Item = Model;

    fn next_page(&self) -> Option<NextPage> {
        let last = self.last_id.as_ref().filter(|_| self.has_more)?;
        Some(NextPage::query("after_id", last))
    }

    fn into_items(self) -> Vec<Model> {
        self.data
    }
}

#[api(path = "/v1", role = Workspace, headers("anthropic-version" = "2023-06-01"))]
pub(crate) trait MessagesApi {
    /// Creates a message. A call changes nothing on the server, so it can be repeated.
    #[endpoint(method = POST, path = "/messages", idempotent, timeout = "10m")]
    async fn create(&self, #[body] message: &NewMessage<'_>) -> Result<Response<Message>, Error>;

    /// Creates a message, piece by piece.
    #[endpoint(method = POST, path = "/messages", idempotent, accept = "text/event-stream")]
    async fn stream(&self, #[body] message: &Streamed<'_>) -> Result<Events<StreamEvent>, Error>;

    /// Returns the models, page by page.
    #[endpoint(method = GET, path = "/models")]
    async fn models(&self, #[query] limit: u32) -> Result<Page<Models>, Error>;
}

const KEY: &str = "sk-ant-api03-R2D2/example";

/// Answers as the documentation says, and is overloaded for so many requests.
fn anthropic(mut overloaded: usize) -> impl FnMut(&Received) -> ScriptedResponse + Send {
    move |request| {
        if request.header("x-api-key") != Some(KEY) {
            return failure(401, "authentication_error", "invalid x-api-key");
        }
        if request.header("anthropic-version") != Some("2023-06-01") {
            return failure(400, "invalid_request_error", "anthropic-version: header is required");
        }
        if overloaded > 0 {
            overloaded -= 1;
            return failure(529, "overloaded_error", "Overloaded");
        }
        match (request.method.as_str(), request.path()) {
            ("POST", "/v1/messages") => message(request),
            ("GET", "/v1/models") => models(request),
            _ => failure(404, "not_found_error", "Not found"),
        }
        .header("request-id", "req_018EeWyXxfu5pfWkrYcMdjWG")
    }
}

fn failure(status: u16, kind: &str, message: &str) -> ScriptedResponse {
    let body = json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011CSHoEe"});
    ScriptedResponse::status(status).header("content-type", "application/json").body(body.to_string())
}

fn message(request: &Received) -> ScriptedResponse {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    for field in ["model", "max_tokens", "messages"] {
        if body[field].is_null() {
            return failure(400, "invalid_request_error", &format!("{field}: Field required"));
        }
    }
    let message = |content: Value, stop: Value| {
        json!({"id": "msg_1nZdL29", "type": "message", "role": "assistant", "content": content,
               "model": body["model"], "stop_reason": stop, "usage": {"input_tokens": 25, "output_tokens": 1}})
    };
    if body["stream"] != true {
        let content = json!([{"type": "text", "text": "Hello!"}]);
        return ScriptedResponse::json(&message(content, json!("end_turn")).to_string());
    }
    let mut events = vec![
        json!({"type": "message_start", "message": message(json!([]), Value::Null)}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}),
    ];
    // A model that is overloaded once the status has been sent reports it in an event.
    if body["model"] == "busy" {
        events.push(json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}));
    } else {
        events.extend([
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "!"}}),
            json!({"type": "content_block_stop", "index": 0}),
            json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null}}),
            json!({"type": "message_stop"}),
        ]);
    }
    let events = events.iter().map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()));
    ScriptedResponse::status(200)
        .header("content-type", "text/event-stream; charset=utf-8")
        .body(events.collect::<String>())
        .chunked()
}

fn models(request: &Received) -> ScriptedResponse {
    let all = ["model-a", "model-b", "model-c"];
    let after = request.query_arg("after_id");
    let start = after.map_or(0, |after| 1 + all.iter().position(|id| *id == after).unwrap());
    let limit: usize = request.query_arg("limit").unwrap().parse().unwrap();
    let page: Vec<_> = all[start..].iter().take(limit).map(|id| json!({"type": "model", "id": id})).collect();
    let end = start + page.len();
    let (first, last) = (all[start], all[end - 1]);
    ScriptedResponse::json(
        &json!({"data": page, "has_more": end < all.len(), "first_id": first, "last_id": last}).to_string(),
    )
}

/// Starts the API, and a client that also retries what this API means by 529.
fn start(overloaded: usize) -> (StandIn, Client<Workspace>) {
    let server = StandIn::start(anthropic(overloaded));
    let client = Client::builder(server.url())
        .credentials(ApiKey::header("x-api-key", KEY))
        .retry(Retry::default().on([StatusCode::from_u16(529).unwrap()]))
        .build();
    (server, client.unwrap())
}

const MESSAGE: NewMessage<'_> =
    NewMessage { model: "claude", max_tokens: 1024, messages: &[Turn { role: "user", content: "Hello" }] };

/// A request with what each request has.
fn request(line: &str, accept: &str, body: &str) -> String {
    let (accept, key, length) =
        (format!("accept: {accept}"), format!("x-api-key: {KEY}"), format!("content-length: {}", body.len()));
    let each = [&accept, "accept-encoding: gzip", "anthropic-version: 2023-06-01", "host: 127.0.0.1", &key, AGENT];
    let of_body: &[&str] = if body.is_empty() { &[] } else { &[&length, "content-type: application/json"] };
    request_text(line, &[&each, of_body], body)
}

const AGENT: &str = concat!("user-agent: rolecall/", env!("CARGO_PKG_VERSION"));
const BODY: &str = r#"{"model":"claude","max_tokens":1024,"messages":[{"role":"user","content":"Hello"}]}"#;

#[test]
fn a_message_is_one_object() {
    run(async || {
        let (server, client) = start(0);
        let message = client.create(&MESSAGE).await.unwrap();
        assert_eq!(message.headers()["request-id"], "req_018EeWyXxfu5pfWkrYcMdjWG");
        let message = message.into_body();
        assert_eq!((message.id.as_str(), message.stop_reason.as_deref()), ("msg_1nZdL29", Some("end_turn")));
        assert_eq!(message.content, [Block::Text { text: "Hello!".to_owned() }]);
        assert_eq!(server.requests(), [request("POST /v1/messages", "application/json", BODY)]);
    });
}

#[test]
fn a_streamed_message_is_events_of_which_unknown_ones_are_ignored() {
    run(async || {
        let (server, client) = start(0);
        let mut events = client.stream(&Streamed::from(&MESSAGE)).await.unwrap();
        let (mut text, mut stop, mut ended) = (String::new(), None, false);
        while let Some(event) = events.next().await {
            match event.unwrap() {
                StreamEvent::MessageStart { message } => assert!(message.content.is_empty()),
                StreamEvent::ContentBlockDelta { delta: Delta::TextDelta { text: more } } => text.push_str(&more),
                StreamEvent::MessageDelta { delta } => stop = delta.stop_reason,
                StreamEvent::MessageStop => ended = true,
                StreamEvent::Error { error } => panic!("{error:?}"),
                StreamEvent::ContentBlockDelta { .. } | StreamEvent::Other => {}
            }
        }
        assert_eq!((text.as_str(), stop.as_deref(), ended), ("Hello!", Some("end_turn"), true));
        let body = BODY.replace(r#""}]}"#, r#""}],"stream":true}"#);
        assert_eq!(server.requests(), [request("POST /v1/messages", "text/event-stream", &body)]);
    });
}

#[test]
fn a_failure_after_the_status_is_an_event() {
    run(async || {
        let (_server, client) = start(0);
        let message = NewMessage { model: "busy", ..MESSAGE };
        let mut events = client.stream(&Streamed::from(&message)).await.unwrap();
        let mut last = None;
        while let Some(event) = events.next().await {
            last = Some(event.unwrap());
        }
        let Some(StreamEvent::Error { error }) = last else { panic!("{last:?}") };
        assert_eq!((error.r#type.as_str(), error.message.as_str()), ("overloaded_error", "Overloaded"));
    });
}

#[test]
fn an_overloaded_server_is_tried_again_with_the_same_request() {
    run(async || {
        let (server, client) = start(2);
        client.create(&MESSAGE).await.unwrap();
        let post = request("POST /v1/messages", "application/json", BODY);
        assert_eq!(server.requests(), [post.clone(), post.clone(), post]);

        let (server, client) = start(usize::MAX);
        let error = client.stream(&Streamed::from(&MESSAGE)).await.unwrap_err();
        assert_eq!(server.requests().len(), 3);
        assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Status, 3, true));
        assert_eq!(
            error.to_string(),
            "stream (POST /v1/messages) failed: 529: overloaded_error: Overloaded (3 attempts)"
        );
    });
}

#[test]
fn a_rejected_key_is_named_and_not_shown() {
    run(async || {
        let (server, _) = start(0);
        let key = "sk-ant-of-someone-else";
        let client = Client::builder(server.url()).credentials(ApiKey::header("x-api-key", key)).build().unwrap();
        let error = Client::<Workspace>::models(&client, 1).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "models (GET /v1/models) failed: 401 Unauthorized: authentication_error: invalid x-api-key"
        );
        assert!(!format!("{error:?} {client:?}").contains(key));
    });
}

#[test]
fn models_come_page_by_page_after_the_last_id() {
    run(async || {
        let (server, client) = start(0);
        let mut models = client.models(2).await.unwrap().into_items();
        let mut ids = Vec::new();
        while let Some(model) = models.next().await {
            ids.push(model.unwrap().id);
        }
        assert_eq!(ids, ["model-a", "model-b", "model-c"]);
        let get = |target: &str| request(&format!("GET {target}"), "application/json", "");
        assert_eq!(server.requests(), [get("/v1/models?limit=2"), get("/v1/models?limit=2&after_id=model-b")]);
    });
}
