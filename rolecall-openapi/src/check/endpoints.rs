//! Endpoints: which are there, and where their values go.

use std::collections::{BTreeMap, BTreeSet};

use crate::declared::{At, Declared, Kind};
use crate::plan::{Method, Plan};
use crate::report::{Finding, Level};

/// The disagreements, and which method of the plan is which of those declared.
pub(super) fn compare(
    plan: &Plan,
    expected: &[Declared],
    declared: &[&Declared],
    skip: &BTreeMap<String, String>,
    is_whole: bool,
) -> (Vec<Finding>, Vec<(usize, usize)>) {
    let mut findings = Vec::new();
    let pairs = pairs(expected, declared);
    let is_skipped = |title: &str| skip.contains_key(title);
    for (index, (one, method)) in expected.iter().zip(plan.methods()).enumerate() {
        let pair = pairs.iter().find(|(expected, _)| *expected == index);
        match pair.and_then(|(_, found)| declared.get(*found)) {
            Some(other) => Comparison { expected: one, declared: other, method, findings: &mut findings }.compare(),
            // A second method for an operation is the author's business.
            None if is_skipped(&one.title()) || method.also => {}
            None => {
                let help = "declare it with `cargo rolecall update`, or name it under `[skip]` of `rolecall.toml`";
                let finding = Finding::new(Level::Error, format!("`{}` is not declared", one.title()));
                findings.push(finding.at(method.place.clone()).help(help));
            }
        }
    }
    for skipped in plan.skipped().filter(|skipped| !is_skipped(&skipped.operation)) {
        let message = format!("`{}` is not declared, and cannot be: {}", skipped.operation, skipped.reason);
        let finding = Finding::new(Level::Error, message).at(skipped.place.clone());
        findings.push(finding.help("name it under `[skip]` of `rolecall.toml`"));
    }
    // Another method for the same endpoint is the author's business.
    let known: Vec<String> = expected.iter().map(Declared::key).collect();
    for one in declared.iter().filter(|one| is_whole && !known.contains(&one.key()) && !is_skipped(&one.title())) {
        let message = format!("`{}::{}` is `{}`, which the document does not have", one.api, one.name, one.title());
        findings.push(Finding::new(Level::Error, message).in_source(one.place.clone()).help("remove the method"));
    }
    (findings, pairs)
}

/// Which of the declared endpoints is which of those expected. Of several that look the same to a server, first those of
/// the same name, then those that send the same constants, then those that ask for the same.
fn pairs(expected: &[Declared], declared: &[&Declared]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, one) in declared.iter().enumerate() {
        free.entry(one.key()).or_default().push(index);
    }
    type Fits = fn(&Declared, &Declared) -> bool;
    let ranks: [Fits; 4] = [
        |one, other| one.name == other.name,
        |one, other| {
            one.response.media_type == other.response.media_type
                && one.constants.iter().all(|(name, value)| other.constants.get(name) == Some(value))
        },
        |one, other| one.response.media_type == other.response.media_type,
        |_, _| true,
    ];
    for fits in ranks {
        for (index, one) in expected.iter().enumerate() {
            if pairs.iter().any(|(expected, _)| *expected == index) {
                continue;
            }
            let Some(same) = free.get_mut(&one.key()) else { continue };
            let found = same.iter().position(|index| declared.get(*index).is_some_and(|other| fits(one, other)));
            pairs.extend(found.map(|position| (index, same.remove(position))));
        }
    }
    pairs
}

struct Comparison<'a> {
    expected: &'a Declared,
    declared: &'a Declared,
    method: &'a Method,
    findings: &'a mut Vec<Finding>,
}

impl Comparison<'_> {
    fn add(&mut self, message: String, help: &str) {
        self.add_as(Level::Error, message, help);
    }

    fn add_as(&mut self, level: Level, message: String, help: &str) {
        let finding = Finding::new(level, format!("`{}`: {message}", self.expected.title()));
        self.findings.push(finding.at(self.method.place.clone()).in_source(self.declared.place.clone()).help(help));
    }

    fn compare(&mut self) {
        self.parameters();
        self.constants();
        self.body();
        self.response();
        let (expected, declared) = (self.expected, self.declared);
        let is_unknown = self.method.callers == crate::roles::Callers::Unknown;
        // `Gardener` is the type, and `GARDENER` or `Gardener` its name.
        let names = |roles: &[String]| {
            let letters = |role: &String| role.chars().filter(|char| char.is_alphanumeric()).collect::<String>();
            roles.iter().map(|role| letters(role).to_ascii_lowercase()).collect::<BTreeSet<_>>()
        };
        if names(&expected.roles) != names(&declared.roles) && !is_unknown {
            let shown =
                |roles: &[String]| if roles.is_empty() { "nobody in particular".to_owned() } else { roles.join(", ") };
            let message =
                format!("the document has it for {}, the trait for {}", shown(&expected.roles), shown(&declared.roles));
            self.add(message, "change `role`, or the mapping of roles");
        } else if expected.optional_credentials != declared.optional_credentials && !is_unknown {
            let (message, help) = if expected.optional_credentials {
                ("credentials are optional in the document", "use `role = any(Public, …)`")
            } else {
                ("credentials are required in the document", "remove `Public` from `role`")
            };
            self.add(message.to_owned(), help);
        }
        if expected.deprecated != declared.deprecated {
            let (message, help) = if expected.deprecated {
                ("it is deprecated in the document", "add `#[deprecated]`")
            } else {
                ("it is not deprecated in the document", "remove `#[deprecated]`")
            };
            self.add(message.to_owned(), help);
        }
    }

    fn parameters(&mut self) {
        let (expected, declared) = (self.expected, self.declared);
        for ((at, name), value) in &expected.parameters {
            let what = called(*at, name);
            match declared.parameters.get(&(*at, name.clone())) {
                None if *at == At::Query && declared.has_unknown_query => {}
                // The caller makes the form.
                None if *at == At::Part && !declared.parameters.keys().any(|(at, _)| *at == At::Part) => {}
                None if declared.constants.contains_key(&(*at, name.clone())) => {}
                None => {
                    let ty = if value.required { value.ty.clone() } else { format!("Option<{}>", value.ty) };
                    let attribute = match at {
                        At::Header => "header",
                        At::Query => "query",
                        At::Part => "part",
                    };
                    self.add(
                        format!("{what} is not declared"),
                        &format!("add an argument `#[{attribute}(\"{name}\")] …: {ty}`"),
                    );
                }
                Some(other) => {
                    let is_list = value.list.is_some() || other.list.is_some();
                    if value.required && !other.required && !is_list {
                        self.add(format!("{what} is required"), "remove the `Option`");
                    } else if !value.required && other.required && !is_list {
                        // To send it always is the author's choice.
                        self.add_as(Level::Note, format!("{what} is not required"), "its type may be an `Option`");
                    }
                    if let (Some(style), Some(own)) = (value.list, other.list)
                        && style != own
                    {
                        self.add(
                            format!("the values of {what} are written in another way"),
                            &format!("use the style {style:?}"),
                        );
                    }
                }
            }
        }
        for (at, name) in declared.parameters.keys() {
            let key = (*at, name.clone());
            let is_known = expected.parameters.contains_key(&key) || expected.constants.contains_key(&key);
            let has_parts = expected.parameters.keys().any(|(at, _)| *at == At::Part);
            let may_be_unknown = match at {
                At::Query => expected.has_unknown_query,
                At::Header => false,
                At::Part => !has_parts,
            };
            if !is_known && !may_be_unknown {
                self.add(format!("{} is not in the document", called(*at, name)), "remove the argument");
            }
        }
    }

    /// What every call must send is a constant of the trait, too, or an argument.
    fn constants(&mut self) {
        let (expected, declared) = (self.expected, self.declared);
        for (key @ (at, name), value) in &expected.constants {
            let what = called(*at, name);
            let argument = if *at == At::Header { "headers" } else { "query" };
            let is_argument = declared.parameters.contains_key(key) || (*at == At::Query && declared.has_unknown_query);
            match (value, declared.constants.get(key)) {
                (Some(value), Some(Some(other))) if value != other => {
                    self.add(format!("{what} is `{value}`, not `{other}`"), &format!("change it in `{argument}(…)`"));
                }
                (_, Some(_)) => {}
                _ if is_argument => {}
                (Some(value), None) => {
                    let help = format!("add `{argument}(\"{name}\" = \"{value}\")` to `#[endpoint]`");
                    self.add(format!("{what} is not sent"), &help);
                }
                (None, None) => {
                    let help = format!("add `idempotency_key = \"{name}\"` to `#[endpoint]`");
                    self.add(format!("{what} is not sent"), &help);
                }
            }
        }
    }

    fn body(&mut self) {
        match (&self.expected.body, &self.declared.body) {
            (None, None) => {}
            (Some(body), None) => {
                let help = format!("add an argument `#[body] body: {}`", body.ty);
                self.add("the request body is not declared".to_owned(), &help);
            }
            (None, Some(_)) => self.add("the document has no request body".to_owned(), "remove the argument"),
            (Some(body), Some(other)) => {
                let is_same = |media_type: &str| essence(media_type) == essence(&other.media_type);
                let is_alternative = self.method.body_types.iter().any(|media_type| is_same(media_type));
                if !is_same(&body.media_type) && !is_alternative {
                    let message = format!("the request body is `{}`, not `{}`", body.media_type, other.media_type);
                    self.add(message, "change the format or the `content_type` of the argument");
                }
                if body.required && !other.required {
                    self.add("the request body is required".to_owned(), "remove the `Option`");
                } else if !body.required && other.required && body.format != "multipart" {
                    let message = "the request body is not required".to_owned();
                    self.add_as(Level::Note, message, "its type may be an `Option`");
                }
            }
        }
    }

    fn response(&mut self) {
        let (expected, declared) = (&self.expected.response, &self.declared.response);
        let has_other =
            self.method.response_types.iter().any(|media_type| essence(media_type) == essence(&declared.media_type));
        // Text and bytes take any body.
        let is_raw = matches!(declared.kind, Kind::Text | Kind::Bytes) && expected.kind != Kind::Empty;
        if expected.kind != declared.kind && !is_raw && !(has_other && declared.kind != Kind::Empty) {
            let (is, not) = (expected.kind.describe(), declared.kind.describe());
            let help = format!("return `{}`", expected.ty);
            return self.add(format!("the response is {is}, not {not}"), &help);
        }
        if expected.optional && !declared.optional && declared.kind != Kind::Empty {
            self.add("a successful response may have no body".to_owned(), "return an `Option`");
        }
    }
}

fn called(at: At, name: &str) -> String {
    match at {
        At::Header => format!("the header `{name}`"),
        At::Query => format!("the query parameter `{name}`"),
        At::Part => format!("the part `{name}`"),
    }
}

fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
