//! The state that both servers share.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::Value;

use crate::clock::Clock;
use crate::failure::Failures;
use crate::format::ResponseStyle;
use crate::limit::Limiter;
use crate::links::Links;
use crate::request_log::RequestLog;
use crate::tokens::Tokens;
use crate::webhook_registry::WebhookRegistry;

/// The state as handlers receive it.
pub(crate) type Shared = Arc<AppState>;

/// Each part has a lock of its own, and no part holds its lock while it uses another part.
#[derive(Debug)]
pub(crate) struct AppState {
    pub(crate) api_url: String,
    pub(crate) auth_url: String,
    pub(crate) token_status: StatusCode,
    pub(crate) me: Value,
    pub(crate) seed: u64,
    pub(crate) style: ResponseStyle,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) limit: Limiter,
    pub(crate) token_limit: Limiter,
    pub(crate) links: Links,
    pub(crate) webhooks: WebhookRegistry,
    pub(crate) requests: RequestLog,
    pub(crate) failures: Failures,
}
