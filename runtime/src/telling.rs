//! What a call tells the program that it runs in: one `tracing` span, with OpenTelemetry's names for HTTP
//! clients, and never the value of an argument.

use tracing::field::{Empty, display};
use tracing::{Span, info_span};

use crate::client::Shared;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::reply::Reply;

/// The span of a call; nothing of it is computed when nobody listens.
pub(crate) fn span(shared: &Shared, endpoint: &'static Endpoint) -> Span {
    info_span!(
        "call",
        otel.kind = "client",
        otel.name = %endpoint.name,
        http.request.method = endpoint.method.as_str(),
        url.template = endpoint.path,
        server.address = shared.address(),
        server.port = shared.base.port_or_known_default(),
        role = shared.role,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.type = Empty,
    )
}

/// Writes the end of a call into its span.
pub(crate) fn end(span: &Span, result: &Result<Reply, Error>, attempts: u32) {
    if span.is_disabled() {
        return;
    }
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    let status = match result {
        Ok(reply) => Some(reply.status),
        Err(error) => error.status(),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Err(error) = result {
        match error.status() {
            Some(status) => span.record("error.type", display(status.as_u16())),
            None => span.record("error.type", error.kind().as_str()),
        };
    }
}
