//! The page at `GET /`: what the sandbox is, how to use it, and the requests that it received.

use std::fmt::Write;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse, Response};

use crate::client::Role;
use crate::clock::{format_timestamp, in_berlin};
use crate::endpoints::ENDPOINTS;
use crate::request_log::ReceivedRequest;
use crate::state::{AppState, Shared};

const STYLE: &str = include_str!("page.css");

pub(crate) async fn show(State(state): State<Shared>) -> Response {
    let headers = [
        (CACHE_CONTROL, "no-store"),
        // What is shown came in requests, so nothing on the page may be run or loaded.
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
    ];
    (headers, Html(render(&state))).into_response()
}

fn render(state: &AppState) -> String {
    let now = state.clock.now();
    let mut endpoints = String::new();
    for (method, path, role) in ENDPOINTS {
        let calls = state.requests.count(&format!("{method} {path}"));
        let _ = writeln!(
            endpoints,
            "<tr><td class=\"method\">{method}</td><td>{path}</td><td>{role}</td><td class=\"number\">{calls}</td></tr>"
        );
    }
    let mut clients = String::new();
    for role in [Role::User, Role::Partner] {
        let credentials = role.credentials();
        let _ = writeln!(
            clients,
            "<tr><td>{}</td><td><code>{}</code></td><td><code>{}</code></td></tr>",
            role.name(),
            credentials.client_id,
            credentials.client_secret
        );
    }
    format!(
        "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"refresh\" content=\"5\">
<title>Ostrom sandbox</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>Ostrom sandbox</h1>
<p>A local server for the Ostrom API. All data is invented; nothing is sent to Ostrom.</p>
<table>
<tr><th>API</th><td><code>{api_url}</code></td></tr>
<tr><th>Token endpoint</th><td><code>POST {auth_url}/oauth2/token</code></td></tr>
<tr><th>Clock</th><td>{now} ({local} in Germany)</td></tr>
<tr><th>Responses</th><td>{style}</td></tr>
<tr><th>Rate limit</th><td>{limit}</td></tr>
</table>

<h2>Credentials</h2>
<table>
<tr><th>Role</th><th>Client id</th><th>Client secret</th></tr>
{clients}</table>
<pre>curl -u {id}:{secret} -d grant_type=client_credentials {auth_url}/oauth2/token</pre>

<h2>Last requests</h2>
{requests}
<h2>Endpoints</h2>
<table>
<tr><th>Method</th><th>Path</th><th>Role</th><th class=\"number\">Requests</th></tr>
{endpoints}</table>
</main>
</body>
</html>
",
        api_url = state.api_url,
        auth_url = state.auth_url,
        now = format_timestamp(now),
        local = in_berlin(now).strftime("%H:%M"),
        style = state.style.description(),
        limit = state.limit.description(),
        id = Role::Partner.credentials().client_id,
        secret = Role::Partner.credentials().client_secret,
        requests = recent(&state.requests.recent()),
    )
}

fn recent(requests: &[ReceivedRequest]) -> String {
    if requests.is_empty() {
        return "<p>None yet. This page reloads every five seconds.</p>\n".to_owned();
    }
    let mut table = "<table>\n<tr><th>Time (UTC)</th><th>Method</th><th>Path</th><th>Role</th>\
                     <th class=\"number\">Status</th><th class=\"number\">ms</th></tr>\n"
        .to_owned();
    for request in requests {
        let class = match request.status {
            ..400 => "success",
            _ => "failure",
        };
        let _ = writeln!(
            table,
            "<tr class=\"{class}\"><td>{}</td><td class=\"method\">{}</td><td>{}</td><td>{}</td>\
             <td class=\"number status\">{}</td><td class=\"number\">{}</td></tr>",
            request.received.strftime("%H:%M:%S"),
            escape(&request.method),
            escape(&request.target),
            request.role.map_or("", Role::name),
            request.status,
            request.duration.as_millis(),
        );
    }
    table.push_str("</table>\n");
    table
}

/// Escapes text for HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_request_is_not_html() {
        assert_eq!(escape("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    }
}
