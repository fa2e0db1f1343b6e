//! Reads the operations of a document. An error is attached to what it affects: one operation, or nothing.

use crate::document::node::{Node, Value};
use crate::document::{Document, Site};
use crate::model::media::Media;
use crate::model::operation::{Api, Body, Content, Fault, In, Operation, Parameter, Response, Style, Tag};
use crate::model::schema::Schema;
use crate::model::security::{Requirement, Scheme};
use crate::model::shape::Shape;

const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Reads a document's operations.
pub(crate) fn read(document: &Document) -> Api<'_> {
    let empty = Api {
        document,
        title: String::new(),
        version: String::new(),
        servers: Vec::new(),
        tags: Vec::new(),
        schemes: Vec::new(),
        operations: Vec::new(),
        webhooks: 0,
        faults: Vec::new(),
    };
    let Some(root) = document.root() else { return empty };
    let info = root.node.get("info");
    let text = |key: &str| info.and_then(|info| info.text(key));
    let version = info.and_then(|info| info.get("version")).map(|node| match &node.value {
        Value::String(text) | Value::Number(text) => text.clone(),
        _ => String::new(),
    });
    let mut api = Api {
        title: text("title").unwrap_or("API").trim().to_owned(),
        version: version.unwrap_or_default(),
        servers: servers(root.node),
        tags: tags(root.node),
        schemes: schemes(document, root),
        webhooks: root.node.get("webhooks").map_or(0, |hooks| hooks.entries().len()),
        ..empty
    };
    let reader = Reader { document, security: security(root.node) };
    for (path, node) in root.node.get("paths").map(Node::entries).unwrap_or_default() {
        if !path.starts_with("x-") {
            reader.path(path, root.with(node), &mut api);
        }
    }
    api
}

struct Reader<'d> {
    document: &'d Document,
    security: Option<Vec<Requirement>>,
}

impl<'d> Reader<'d> {
    fn path(&self, path: &'d str, site: Site<'d>, api: &mut Api<'d>) {
        if site.node.is_null() {
            return;
        }
        let item = match self.document.follow(site) {
            Ok(target) if target.site.node.is_map() => target.site,
            Ok(_) => {
                let message = format!("the path `{path}` is not an object");
                return api.faults.push(Fault { site, message });
            }
            Err(message) => return api.faults.push(Fault { site, message: format!("the path `{path}`: {message}") }),
        };
        // OpenAPI 3.2 has methods of any name there, as they are sent.
        let more = item.node.get("additionalOperations").map(Node::entries).unwrap_or_default();
        let more = more.iter().map(|(method, node)| (method.clone(), node));
        let known = item.node.entries().iter().filter(|(key, _)| METHODS.contains(&key.to_ascii_lowercase().as_str()));
        let known = known.map(|(key, node)| (key.to_ascii_uppercase(), node));
        for (method, node) in known.chain(more) {
            let operation = item.with(node);
            if node.is_map() {
                api.webhooks += node.get("callbacks").map_or(0, |callbacks| callbacks.entries().len());
                api.operations.push(self.operation(path, &method, item, operation));
            } else if !node.is_null() {
                let message = format!("`{method}` of the path `{path}` is not an object");
                api.faults.push(Fault { site: operation, message });
            }
        }
    }

    fn operation(&self, path: &'d str, method: &str, item: Site<'d>, site: Site<'d>) -> Operation<'d> {
        let node = site.node;
        let mut faults = Vec::new();
        let mut own_servers = servers(node);
        if own_servers.is_empty() {
            own_servers = servers(item.node);
        }
        Operation {
            site,
            id: node.text("operationId"),
            method: method.to_owned(),
            path,
            tags: node.get("tags").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect(),
            summary: node.text("summary").or_else(|| item.node.text("summary")),
            description: node.text("description").or_else(|| item.node.text("description")),
            deprecated: node.flag("deprecated"),
            parameters: self.parameters(item, site, &mut faults),
            body: node.get("requestBody").and_then(|body| self.body(site.with(body), &mut faults)),
            responses: self.responses(site, &mut faults),
            security: security(node).or_else(|| self.security.clone()),
            servers: own_servers,
            faults,
        }
    }

    /// The parameters of the path, and in their place or after them those of the operation.
    fn parameters(&self, item: Site<'d>, operation: Site<'d>, faults: &mut Vec<Fault<'d>>) -> Vec<Parameter<'d>> {
        let mut parameters: Vec<Parameter<'d>> = Vec::new();
        for owner in [item, operation] {
            for node in owner.node.get("parameters").map(Node::items).unwrap_or_default() {
                if node.is_null() {
                    continue;
                }
                match self.parameter(owner.with(node)) {
                    Ok(Some(parameter)) => {
                        let same = |other: &Parameter<'_>| {
                            other.location == parameter.location && other.name == parameter.name
                        };
                        match parameters.iter_mut().find(|other| same(other)) {
                            Some(other) => *other = parameter,
                            None => parameters.push(parameter),
                        }
                    }
                    Ok(None) => {}
                    Err(message) => faults.push(Fault { site: owner.with(node), message }),
                }
            }
        }
        parameters
    }

    fn parameter(&self, site: Site<'d>) -> Result<Option<Parameter<'d>>, String> {
        let site = self.document.follow(site).map_err(|message| format!("the parameter {message}"))?.site;
        let node = site.node;
        let name = node.text("name").ok_or("a parameter has no name")?;
        let location = match node.text("in") {
            Some("path") => In::Path,
            Some("query" | "querystring") => In::Query,
            Some("header") => In::Header,
            Some("cookie") => In::Cookie,
            Some(other) => return Err(format!("the parameter `{name}` is in `{other}`, which is unknown")),
            None => return Err(format!("the parameter `{name}` does not say where it goes")),
        };
        // The specification requires that these are ignored: they are declared elsewhere.
        let is_elsewhere = ["accept", "content-type", "authorization"].contains(&name.to_ascii_lowercase().as_str());
        if location == In::Header && is_elsewhere {
            return Ok(None);
        }
        let content = node.get("content").and_then(|content| content.entries().first());
        let schema = match content {
            Some((_, media)) => media.get("schema"),
            None => node.get("schema"),
        };
        Ok(Some(Parameter {
            site,
            name,
            location,
            required: node.flag("required") || location == In::Path,
            schema: schema.map(|schema| Schema::new(self.document, site.with(schema))),
            content: content.map(|(media_type, _)| media_type.as_str()),
            style: style(node, location),
            description: node.text("description"),
        }))
    }

    fn body(&self, site: Site<'d>, faults: &mut Vec<Fault<'d>>) -> Option<Body<'d>> {
        match self.document.follow(site) {
            Ok(target) => {
                let contents = self.contents(target.site, faults);
                let required = target.site.node.flag("required");
                (!contents.is_empty()).then_some(Body { site: target.site, required, contents })
            }
            Err(message) => {
                faults.push(Fault { site, message: format!("the request body {message}") });
                None
            }
        }
    }

    fn responses(&self, operation: Site<'d>, faults: &mut Vec<Fault<'d>>) -> Vec<Response<'d>> {
        let Some(responses) = operation.get("responses") else { return Vec::new() };
        let responses = self.document.follow(responses).map_or(responses, |target| target.site);
        let mut out = Vec::new();
        for (status, node) in responses.node.entries() {
            if status.starts_with("x-") {
                continue;
            }
            match self.document.follow(responses.with(node)) {
                Ok(target) => {
                    let headers = target.site.node.get("headers").map(Node::entries).unwrap_or_default();
                    out.push(Response {
                        site: target.site,
                        status,
                        contents: self.contents(target.site, faults),
                        headers: headers.iter().map(|(name, _)| name.trim().to_ascii_lowercase()).collect(),
                    });
                }
                // The client reads no type for an error: nothing is lost.
                Err(_) if !status.starts_with('2') => {}
                Err(message) => {
                    let message = format!("the response {status} {message}");
                    faults.push(Fault { site: responses.with(node), message });
                }
            }
        }
        out
    }

    fn contents(&self, owner: Site<'d>, faults: &mut Vec<Fault<'d>>) -> Vec<Content<'d>> {
        let Some(content) = owner.get("content") else { return Vec::new() };
        let content = match self.document.follow(content) {
            Ok(target) => target.site,
            Err(message) => {
                faults.push(Fault { site: content, message: format!("the content {message}") });
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for (media_type, node) in content.node.entries() {
            if media_type == "$ref" || media_type.starts_with("x-") {
                continue;
            }
            let site = self.document.follow(content.with(node)).map_or(content.with(node), |target| target.site);
            // Version 3.2 has the schema of a stream's items by itself.
            let schema = site.get("itemSchema").or_else(|| site.get("schema"));
            let schema = schema.map(|schema| Schema::new(self.document, schema));
            if let Some(schema) = schema
                && let Err(message) = self.document.follow(schema.site)
            {
                faults.push(Fault { site: schema.site, message: format!("the schema {message}") });
            }
            out.push(Content { media_type: media_type.trim(), media: media(media_type, schema), schema });
        }
        out
    }
}

/// What a client does with a content. Any media type will do for `*/*`; values of several parts are JSON then.
fn media(media_type: &str, schema: Option<Schema<'_>>) -> Media {
    let is_structured = |schema: Schema<'_>| {
        let shape = schema.used().schema.shape();
        matches!(shape, Shape::Record | Shape::Map(_) | Shape::List(_) | Shape::Union(_))
    };
    match Media::of(media_type) {
        Media::Any if schema.is_some_and(is_structured) => Media::Json,
        media => media,
    }
}

fn style(node: &Node, location: In) -> Style {
    let default = if matches!(location, In::Query | In::Cookie) { "form" } else { "simple" };
    let style = node.text("style").unwrap_or(default);
    let explode = node.flag_or("explode", style == "form");
    match style {
        "deepObject" => Style::Deep,
        "spaceDelimited" if !explode || location == In::Query => Style::Space,
        "pipeDelimited" if !explode || location == In::Query => Style::Pipe,
        "label" | "matrix" => Style::Prefixed,
        _ if explode && location == In::Query => Style::Repeat,
        _ => Style::Comma,
    }
}

/// The URLs of the servers, their variables replaced.
fn servers(node: &Node) -> Vec<String> {
    let servers = node.get("servers").map(Node::items).unwrap_or_default();
    let url = |server: &Node| {
        let mut url = server.text("url")?.trim().to_owned();
        for (name, variable) in server.get("variables").map(Node::entries).unwrap_or_default() {
            if let Some(Value::String(default) | Value::Number(default)) =
                variable.get("default").map(|node| &node.value)
            {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        Some(url)
    };
    servers.iter().filter_map(url).collect()
}

fn tags(node: &Node) -> Vec<Tag<'_>> {
    let tags = node.get("tags").map(Node::items).unwrap_or_default().iter();
    tags.filter_map(|tag| Some(Tag { name: tag.text("name")?, description: tag.text("description") })).collect()
}

fn security(node: &Node) -> Option<Vec<Requirement>> {
    let list = node.get("security")?;
    let Value::List(items) = &list.value else { return None };
    let requirement = |item: &Node| {
        let mut schemes: Vec<String> = item.entries().iter().map(|(name, _)| name.clone()).collect();
        schemes.sort();
        let scopes = item.entries().iter().flat_map(|(_, scopes)| scopes.items()).filter_map(Node::as_str);
        Requirement { schemes, scopes: scopes.map(str::to_owned).collect() }
    };
    Some(items.iter().filter(|item| item.is_map()).map(requirement).collect())
}

fn schemes(document: &Document, root: Site<'_>) -> Vec<Scheme> {
    let Some(schemes) = root.get("components").and_then(|components| components.get("securitySchemes")) else {
        return Vec::new();
    };
    let scheme = |(name, node): &(String, Node)| {
        let node = document.follow(schemes.with(node)).ok()?.site.node;
        let key = node.text("name").unwrap_or("?");
        let what = match (node.text("type")?, node.text("scheme").unwrap_or_default().to_ascii_lowercase().as_str()) {
            ("http", "basic") => "HTTP Basic authentication".to_owned(),
            ("http", "bearer") => "a bearer token".to_owned(),
            ("http", other) => format!("HTTP authentication `{other}`"),
            ("apiKey", _) => format!("an API key in the {} `{key}`", node.text("in").unwrap_or("header")),
            ("oauth2", _) => "OAuth 2.0".to_owned(),
            ("openIdConnect", _) => "OpenID Connect".to_owned(),
            ("mutualTLS", _) => "a client certificate".to_owned(),
            (other, _) => format!("`{other}`"),
        };
        let flows = node.get("flows").map(Node::entries).unwrap_or_default();
        let scopes = flows.iter().flat_map(|(_, flow)| flow.get("scopes").map(Node::entries).unwrap_or_default());
        let mut scopes: Vec<String> = scopes.map(|(scope, _)| scope.clone()).collect();
        scopes.sort();
        scopes.dedup();
        Some(Scheme { name: name.clone(), what, scopes })
    };
    schemes.node.entries().iter().filter_map(scheme).collect()
}
