//! The text of a trait and its methods.

use crate::declared::Usual;
use crate::names;
use crate::plan::{Argument, Constants, Def, ListStyle, Location, Method, Skipped, Trait, Ty};
use crate::roles::Callers;
use crate::write::layout::{self, WIDTH, header, literal, wrapped};
use crate::write::prose;

/// How many redirects a call follows where the document has any.
const REDIRECTS: u8 = 3;

/// The lines of a trait.
pub(super) fn interface(of: &Trait, defs: &[Def]) -> Vec<String> {
    let mut out = prose::docs(&of.doc, "", 240, &format!("The operations of `{}`.", of.name));
    let usual = Usual { role: of.callers.as_ref().map(role), accept: of.accept.clone() };
    let mut arguments: Vec<String> = usual.role.iter().map(|role| format!("role = {role}")).collect();
    arguments.extend(usual.accept.iter().map(|accept| format!("accept = {}", literal(accept))));
    out.push(if arguments.is_empty() { "#[api]".to_owned() } else { format!("#[api({})]", arguments.join(", ")) });
    out.extend(header(&format!("pub trait {}", of.name), "{"));
    let mut is_first = true;
    for method in &of.methods {
        if !std::mem::take(&mut is_first) {
            out.push(String::new());
        }
        out.extend(self::method(method, defs, &usual));
    }
    for skipped in &of.skipped {
        if !std::mem::take(&mut is_first) {
            out.push(String::new());
        }
        out.extend(comment(skipped));
    }
    out.push("}".to_owned());
    out
}

fn comment(skipped: &Skipped) -> Vec<String> {
    let text = format!("`{}` is not declared: {}.", skipped.operation, skipped.reason);
    let clean: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    wrapped(&clean, "    // ")
}

/// The lines of a method, without what its trait says for all of them.
pub(crate) fn method(method: &Method, defs: &[Def], usual: &Usual) -> Vec<String> {
    let mut out = Vec::new();
    for (i, paragraph) in method.docs.iter().enumerate() {
        if i == 0 {
            let otherwise = format!("`{} {}`.", method.method, method.path);
            out.extend(prose::docs(paragraph, "    ", 200, &otherwise));
        } else {
            out.push("    ///".to_owned());
            out.extend(prose::lines(paragraph, "    ", "///"));
        }
    }
    if method.deprecated {
        out.push("    #[deprecated]".to_owned());
    }
    if method.arguments.len() > 6 {
        out.push("    #[allow(clippy::too_many_arguments)]".to_owned());
    }
    out.push(format!("    #[endpoint({})]", endpoint(method, usual).join(", ")));
    let arguments: Vec<[String; 3]> = method.arguments.iter().map(|argument| self::argument(argument, defs)).collect();
    let name = names::ident(&method.name);
    let returns = method.returns.owned(defs);
    let joined = arguments.iter().map(|[attribute, name, ty]| match attribute.as_str() {
        "" => format!("{name}: {ty}"),
        attribute => format!("{attribute} {name}: {ty}"),
    });
    let all = std::iter::once("&self".to_owned()).chain(joined).collect::<Vec<_>>().join(", ");
    let line = format!("    async fn {name}({all}) -> Result<{returns}, Error>;");
    let length = line.chars().count();
    if length < WIDTH {
        out.push(line);
    } else if length == WIDTH {
        // rustfmt reserves space for a brace after a signature, even if there is none.
        out.push(format!("    async fn {name}({all})"));
        out.push(format!("    -> Result<{returns}, Error>;"));
    } else {
        out.push(format!("    async fn {name}("));
        out.push("        &self,".to_owned());
        out.extend(arguments.iter().flat_map(|[attribute, name, ty]| layout::argument(attribute, name, ty)));
        let line = format!("    ) -> Result<{returns}, Error>;");
        // rustfmt does not count the indentation there.
        if line.chars().count() <= WIDTH + 3 {
            out.push(line);
        } else {
            out.push("    ) -> Result<".to_owned());
            out.extend(layout::ty(8, "", &returns, ","));
            out.extend(["        Error,".to_owned(), "    >;".to_owned()]);
        }
    }
    out
}

/// A constant; one without a value is its name alone.
fn pair(name: &str, value: &str) -> String {
    if value.is_empty() { literal(name) } else { format!("{} = {}", literal(name), literal(value)) }
}

/// The methods that are written without quotes.
const STANDARD: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];

/// The arguments of `#[endpoint]`.
fn endpoint(method: &Method, usual: &Usual) -> Vec<String> {
    let pairs = |name: &str, pairs: &[(String, String)]| {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| pair(name, value)).collect();
        (!pairs.is_empty()).then(|| format!("{name}({})", pairs.join(", ")))
    };
    let Constants { query, headers, idempotency_key } = &method.constants;
    let role = role(&method.callers);
    let accept = match &usual.accept {
        Some(usual) => (method.accepts() != usual).then(|| method.accepts()),
        None => method.accept.as_deref(),
    };
    let verb = if STANDARD.contains(&method.method.as_str()) { method.method.clone() } else { literal(&method.method) };
    let mut out = vec![format!("method = {verb}"), format!("path = {}", literal(&method.path))];
    out.extend((usual.role.as_ref() != Some(&role)).then(|| format!("role = {role}")));
    out.extend(pairs("query", query));
    out.extend(pairs("headers", headers));
    out.extend(idempotency_key.as_ref().map(|name| format!("idempotency_key = {}", literal(name))));
    out.extend(accept.map(|accept| format!("accept = {}", literal(accept))));
    out.extend(method.end.as_ref().map(|end| format!("end = {}", literal(end))));
    out.extend(method.redirects.then(|| format!("redirects = {REDIRECTS}")));
    out
}

/// A role as `#[endpoint]` takes it.
fn role(callers: &Callers) -> String {
    match callers {
        Callers::Public | Callers::Unknown => "Public".to_owned(),
        // Open to everybody; a client shows the credentials that it has.
        Callers::Roles { roles, optional: true } => format!("any(Public, {})", roles.join(", ")),
        Callers::Roles { roles, .. } => match roles.as_slice() {
            [one] => one.clone(),
            several => format!("any({})", several.join(", ")),
        },
    }
}

/// The attribute, the name, and the type of an argument.
fn argument(argument: &Argument, defs: &[Def]) -> [String; 3] {
    let attribute = match &argument.location {
        Location::Path(_) => String::new(),
        Location::Query { name, list } => {
            let mut inner = Vec::new();
            if *name != argument.name {
                inner.push(literal(name));
            }
            let style = match list {
                ListStyle::Repeat => None,
                ListStyle::Comma => Some("comma"),
                ListStyle::Space => Some("space"),
                ListStyle::Pipe => Some("pipe"),
            };
            inner.extend(
                style.filter(|_| matches!(argument.ty, Ty::List(_))).map(|style| format!("list = {}", literal(style))),
            );
            attribute("query", &inner)
        }
        Location::Nested(name) => {
            let has_lists = argument.ty.has_lists(defs);
            attribute("query", &named(name, argument, "nested", has_lists.then_some("list = \"brackets\"")))
        }
        Location::Json(name) => attribute("query", &named(name, argument, "json", None)),
        Location::Part { name, json } => {
            let mut inner = named(name, argument, "json", None);
            inner.retain(|word| *json || word != "json");
            attribute("part", &inner)
        }
        Location::Flatten => attribute("query", &["flatten".to_owned()]),
        Location::Header(name) => attribute("header", &[literal(name)]),
        Location::Body(body) => {
            let mut inner: Vec<String> =
                Some(body.format).filter(|format| *format != "json").map(str::to_owned).into_iter().collect();
            inner.extend(body.nested.then(|| "nested".to_owned()));
            inner.extend(
                body.content_type.as_ref().map(|content_type| format!("content_type = {}", literal(content_type))),
            );
            attribute("body", &inner)
        }
    };
    let takes_lists = match &argument.location {
        Location::Query { .. } | Location::Header(_) => true,
        Location::Part { json, .. } => !json,
        _ => false,
    };
    let is_list_of_query = takes_lists && matches!(argument.ty, Ty::List(_));
    let ty = match &argument.ty {
        Ty::List(inner) if **inner == Ty::Runtime("FilePart") => argument.ty.owned(defs),
        ty => ty.borrowed(defs),
    };
    // A list without values sends nothing, as `None` does.
    let ty = if argument.required || is_list_of_query { ty } else { format!("Option<{ty}>") };
    [attribute, names::ident(&argument.name), ty]
}

/// The arguments of an attribute whose name is left out if it is the argument's.
fn named(name: &str, argument: &Argument, word: &str, more: Option<&str>) -> Vec<String> {
    let own = (name != argument.name).then(|| literal(name));
    own.into_iter().chain([word.to_owned()]).chain(more.map(str::to_owned)).collect()
}

fn attribute(key: &str, arguments: &[String]) -> String {
    if arguments.is_empty() { format!("#[{key}]") } else { format!("#[{key}({})]", arguments.join(", ")) }
}
