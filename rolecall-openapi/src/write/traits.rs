//! The text of a trait and its methods.

use crate::names;
use crate::plan::{Argument, Body, Def, ListStyle, Location, Method, Skipped, Trait, Ty};
use crate::roles::Callers;
use crate::write::layout::{WIDTH, literal, wrapped};
use crate::write::prose;

/// The lines of a trait.
pub(super) fn interface(of: &Trait, defs: &[Def]) -> Vec<String> {
    let mut out = prose::docs(&of.doc, "", 240, &format!("The operations of `{}`.", of.name));
    out.push("#[api]".to_owned());
    out.push(format!("pub trait {} {{", of.name));
    let mut is_first = true;
    for method in &of.methods {
        if !std::mem::take(&mut is_first) {
            out.push(String::new());
        }
        out.extend(self::method(method, defs));
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

/// The lines of a method.
pub(crate) fn method(method: &Method, defs: &[Def]) -> Vec<String> {
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
    let role = role(&method.callers);
    let query: Vec<String> =
        method.query.iter().map(|(name, value)| format!("{} = {}", literal(name), literal(value))).collect();
    let query = if query.is_empty() { String::new() } else { format!(", query({})", query.join(", ")) };
    let accept = method.accept.as_ref().map_or_else(String::new, |accept| format!(", accept = {}", literal(accept)));
    out.push(format!(
        "    #[endpoint(method = {}, path = {}, role = {role}{query}{accept})]",
        method.method,
        literal(&method.path)
    ));
    let arguments: Vec<String> = method.arguments.iter().map(|argument| self::argument(argument, defs)).collect();
    let name = names::ident(&method.name);
    let returns = method.returns.owned(defs);
    let all = std::iter::once("&self".to_owned()).chain(arguments.iter().cloned()).collect::<Vec<_>>().join(", ");
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
        out.extend(arguments.iter().map(|argument| format!("        {argument},")));
        out.push(format!("    ) -> Result<{returns}, Error>;"));
    }
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

fn argument(argument: &Argument, defs: &[Def]) -> String {
    let name = names::ident(&argument.name);
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
            if inner.is_empty() { "#[query] ".to_owned() } else { format!("#[query({})] ", inner.join(", ")) }
        }
        Location::Flatten => "#[query(flatten)] ".to_owned(),
        Location::Header(name) => format!("#[header({})] ", literal(name)),
        Location::Body(body) => body_attribute(body),
    };
    let is_list_of_query = matches!(argument.location, Location::Query { .. }) && matches!(argument.ty, Ty::List(_));
    let ty = argument.ty.borrowed(defs);
    // A list without values sends nothing, as `None` does.
    let ty = if argument.required || is_list_of_query { ty } else { format!("Option<{ty}>") };
    format!("{attribute}{name}: {ty}")
}

fn body_attribute(body: &Body) -> String {
    let mut inner = Vec::new();
    if body.format != "json" {
        inner.push(body.format.to_owned());
    }
    inner.extend(body.content_type.as_ref().map(|content_type| format!("content_type = {}", literal(content_type))));
    if inner.is_empty() { "#[body] ".to_owned() } else { format!("#[body({})] ", inner.join(", ")) }
}
