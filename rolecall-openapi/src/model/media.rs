//! Media types, by what a client does with them.

/// A kind of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Media {
    Json,
    Form,
    Multipart,
    Events,
    JsonLines,
    Xml,
    Text,
    Any,
    Binary,
}

impl Media {
    pub(crate) fn of(media_type: &str) -> Self {
        // Kubernetes' name for the lines of a watch.
        if media_type.contains("stream=watch") {
            return Self::JsonLines;
        }
        let essence = essence(media_type);
        let is_lines = ["ndjson", "jsonl", "json-seq", "jsonlines", "json-lines", "stream+json"];
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            "text/event-stream" => Self::Events,
            "application/xml" | "text/xml" => Self::Xml,
            "*/*" => Self::Any,
            "application/yaml" | "application/x-yaml" | "application/jwt" | "application/toml" => Self::Text,
            "application/x-pem-file" | "application/javascript" | "application/sql" => Self::Text,
            _ if essence.starts_with("multipart/") => Self::Multipart,
            _ if is_lines.iter().any(|word| essence.contains(word)) => Self::JsonLines,
            _ if essence.contains("json") => Self::Json,
            _ if essence.ends_with("+xml") && !essence.starts_with("image/") => Self::Xml,
            _ if essence.starts_with("text/") => Self::Text,
            _ => Self::Binary,
        }
    }
}

impl Media {
    /// Whether it is read item by item as it arrives.
    pub(crate) fn is_stream(self) -> bool {
        matches!(self, Self::Events | Self::JsonLines)
    }
}

/// The media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
