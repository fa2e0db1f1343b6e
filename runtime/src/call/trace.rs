//! The `tracing` span and events of a call. Fields have OpenTelemetry's names for HTTP clients, and never contain the
//! value of an argument.

use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;
use tracing::field::{Empty, display};
use tracing::{Level, Span, debug, enabled, info_span};

use super::outcome::Outcome;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::url::Url;

/// Returns the span of a call. If the span is disabled, no field is computed.
pub(crate) fn call_span(endpoint: &'static Endpoint, role: &'static str, base_url: &Url) -> Span {
    info_span!(
        "call",
        otel.kind = "client",
        otel.name = %endpoint.name,
        http.request.method = endpoint.method.as_str(),
        url.template = endpoint.path,
        server.address = base_url.host(),
        server.port = base_url.port(),
        role,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.type = Empty,
    )
}

/// Records the result of a call in its span.
pub(crate) fn record_result(span: &Span, status: Option<StatusCode>, error: Option<&Error>, attempts: u32) {
    if span.is_disabled() {
        return;
    }
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(error) = error {
        record_error(span, error);
    }
}

/// Records the error of a call in its span.
pub(crate) fn record_error(span: &Span, error: &Error) {
    match error.status() {
        Some(status) if !status.is_success() => span.record("error.type", display(status.as_u16())),
        _ => span.record("error.type", error.kind().as_str()),
    };
}

/// Records in a call's span that its response could not be decoded.
pub(crate) fn record_decode_error(span: &Span, kind: ErrorKind) {
    span.record("error.type", kind.as_str());
}

/// Logs a retry and its time.
pub(crate) fn log_retry(outcome: Outcome, attempts: u32, at: Instant) {
    let wait_s = at.saturating_duration_since(Instant::now()).as_secs_f64();
    debug!(reason = %outcome, attempts, wait_s, "retrying the call");
}

/// Returns the start of a wait for a rate-limit permit, or `None` if the event is disabled.
pub(crate) fn wait_start() -> Option<Instant> {
    enabled!(Level::DEBUG).then(Instant::now)
}

/// Logs the wait for a rate-limit permit, if there was one.
pub(crate) fn log_wait(since: Option<Instant>) {
    if let Some(wait) = since.map(|since| since.elapsed()).filter(|wait| *wait >= Duration::from_millis(1)) {
        debug!(wait_s = wait.as_secs_f64(), "waited for a rate-limit permit");
    }
}
