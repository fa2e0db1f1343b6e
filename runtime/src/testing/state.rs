//! The state of a test server: its endpoints, their responses, and the calls so far.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use super::call::Call;
use super::marks::Marks;
use super::route::Template;
use crate::endpoint::Endpoint;
use crate::error::Error;

/// Creates the response to a call.
pub(super) type Answer = Arc<dyn Fn(&Call) -> Response<Bytes> + Send + Sync>;

#[derive(Default)]
pub(super) struct State {
    routes: Vec<Route>,
    pub(super) calls: Vec<Call>,
}

struct Route {
    endpoint: &'static Endpoint,
    template: Template,
    answers: VecDeque<Answer>,
    /// Whether the first of the responses has been sent.
    given: bool,
}

impl State {
    pub(super) fn serve(&mut self, endpoints: &'static [Endpoint]) {
        self.routes.extend(endpoints.iter().map(|endpoint| Route {
            endpoint,
            template: Template::parse(endpoint.path),
            answers: VecDeque::new(),
            given: false,
        }));
    }

    /// Returns the names of the endpoints' base URLs.
    pub(super) fn bases(&self) -> Vec<&'static str> {
        self.routes.iter().filter_map(|route| route.endpoint.base).collect()
    }

    /// Adds a response to the endpoint `name`, which is `method` or `Trait.method`.
    pub(super) fn add(&mut self, name: &str, answer: Answer) -> Result<(), Error> {
        let full = |endpoint: &Endpoint| format!("{}.{}", endpoint.api, endpoint.name);
        let is_named = |route: &Route| route.endpoint.name == name || full(route.endpoint) == name;
        let named: Vec<&'static Endpoint> =
            self.routes.iter().filter(|route| is_named(route)).map(|route| route.endpoint).collect();
        let [_] = named.as_slice() else {
            let all: Vec<&'static Endpoint> = self.routes.iter().map(|route| route.endpoint).collect();
            return Err(Error::configuration(if named.is_empty() {
                let names = all.iter().map(|endpoint| endpoint.name);
                format!("test server has no endpoint `{name}`; expected one of {}", list(names))
            } else {
                let names = named.iter().map(|endpoint| full(endpoint));
                format!("test server has several endpoints `{name}`; use one of {}", list(names))
            }));
        };
        for route in self.routes.iter_mut().filter(|route| is_named(route)) {
            route.answers.push_back(Arc::clone(&answer));
        }
        Ok(())
    }

    /// Records the call, and returns it with the function that creates its response. Of the endpoints of the call's method
    /// and path, its endpoint is one whose calls all show what this one does, if there is one; then the one of the most
    /// specific path, and then the one that asks for the most.
    pub(super) fn take(&mut self, mut call: Call) -> (Call, Answer) {
        let found = self
            .routes
            .iter_mut()
            .filter(|route| route.endpoint.method == call.method)
            .filter_map(|route| Some((route.template.values(&call.path)?, route)))
            .max_by_key(|(_, route)| {
                let marks = Marks::of(route.endpoint, &call);
                (marks.missing == 0, route.template.rank(), Reverse(marks.missing), marks.present)
            });
        let answer = match found {
            Some((values, route)) => {
                call.endpoint = Some(route.endpoint);
                call.path_args = values;
                route.next().unwrap_or_else(|| no_answer(route.endpoint))
            }
            None => self.no_route(&call),
        };
        self.calls.push(call.clone());
        (call, answer)
    }

    fn no_route(&self, call: &Call) -> Answer {
        let of_path = self.routes.iter().filter(|route| route.template.values(&call.path).is_some());
        let others: Vec<String> = of_path.map(|route| route.endpoint.to_string()).collect();
        let but = if others.is_empty() { String::new() } else { format!("; its path has {}", list(others)) };
        problem("no_route", format!("test server has no endpoint for {} {}{but}", call.method, call.path))
    }
}

impl Route {
    /// Returns the next response. The last one repeats until another is added.
    fn next(&mut self) -> Option<Answer> {
        if self.given && self.answers.len() > 1 {
            self.answers.pop_front();
        }
        self.given = !self.answers.is_empty();
        self.answers.front().cloned()
    }
}

fn no_answer(endpoint: &'static Endpoint) -> Answer {
    let detail =
        format!("test server has no response for {endpoint}; add one with `server.respond(\"{}\", …)`", endpoint.name);
    problem("no_answer", detail)
}

/// Creates a response with status 501, which clients do not retry and tests do not expect.
fn problem(kind: &'static str, detail: String) -> Answer {
    let body = serde_json::json!({ "type": kind, "detail": detail }).to_string();
    Arc::new(move |_| {
        let mut response = json(body.clone().into());
        *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
        response
    })
}

/// Returns a response with a JSON body, or with an empty body for `null`, which is `()` in JSON.
pub(super) fn json(body: Bytes) -> Response<Bytes> {
    if body == "null" {
        return Response::new(Bytes::new());
    }
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn list(names: impl IntoIterator<Item = impl fmt::Display>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
