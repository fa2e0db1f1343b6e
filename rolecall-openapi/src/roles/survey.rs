//! What a document knows of roles, as a mapping to edit.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::Api;
use crate::roles::{key, words_in};

/// Writes what can be known of a document's roles as a mapping.
pub(crate) fn survey(api: &Api<'_>) -> String {
    let mut sets: BTreeMap<String, usize> = BTreeMap::new();
    let mut fields: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    let mut scopes: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut public, mut unknown) = (0, 0);
    for operation in &api.operations {
        match &operation.security {
            None => unknown += 1,
            Some(requirements) if requirements.iter().all(|requirement| requirement.schemes.is_empty()) => public += 1,
            Some(requirements) => {
                let mut set: Vec<Vec<String>> = requirements.iter().map(|one| one.schemes.clone()).collect();
                set.retain(|schemes| !schemes.is_empty());
                set.sort();
                set.dedup();
                *sets.entry(key(&set)).or_default() += 1;
                for scope in requirements.iter().flat_map(|requirement| &requirement.scopes) {
                    *scopes.entry(scope).or_default() += 1;
                }
            }
        }
        for (name, node) in operation.site.node.entries() {
            if !name.starts_with("x-") {
                continue;
            }
            let items = node.items().iter().filter_map(|item| item.as_str());
            for value in node.as_str().into_iter().chain(items) {
                *fields.entry(name).or_default().entry(value.to_owned()).or_default() += 1;
            }
        }
        for word in words_in(operation.description.or(operation.summary).unwrap_or_default(), None) {
            *words.entry(word).or_default() += 1;
        }
    }
    let mut out = String::new();
    // Writing to a string is infallible.
    let _ = text(&mut out, api, [public, unknown], (&sets, &fields, &words, &scopes));
    out
}

type Counts<'a> = (
    &'a BTreeMap<String, usize>,
    &'a BTreeMap<&'a str, BTreeMap<String, usize>>,
    &'a BTreeMap<String, usize>,
    &'a BTreeMap<&'a str, usize>,
);

fn text(out: &mut String, api: &Api<'_>, [public, unknown]: [usize; 2], counts: Counts<'_>) -> std::fmt::Result {
    let (sets, fields, words, scopes) = counts;
    writeln!(
        out,
        "# Roles of {:?}, {} operations. The first rule that says something wins:",
        api.title,
        api.operations.len()
    )?;
    writeln!(out, "# [operations], [extension], [words], [security], default. `Public` needs no authorization.\n")?;
    writeln!(out, "# {unknown} operations have no `security`; {public} are open to everybody.")?;
    let hash = if unknown == 0 { "# " } else { "" };
    writeln!(out, "{hash}default = \"Public\"\n")?;
    writeln!(
        out,
        "[types] # roles that are types already; others are written to roles.rs\n# Partner = \"my_crate::Partner\"\n"
    )?;
    writeln!(
        out,
        "[operations] # by operationId or path\n# \"GET /status\" = \"Public\"\n# \"createUser\" = [\"Admin\", \"Partner\"]\n"
    )?;
    writeln!(out, "# [extension] # a field of operations whose values are roles; the document has:")?;
    for (name, values) in fields {
        let shown: Vec<String> =
            values.iter().take(6).map(|(value, count)| format!("{:?} ({count})", short(value))).collect();
        let more = if values.len() > 6 { format!(", and {} more", values.len() - 6) } else { String::new() };
        writeln!(out, "# field = {name:?} # {}{more}", shown.join(", "))?;
    }
    if fields.is_empty() {
        writeln!(out, "# (none)")?;
    }
    if words.is_empty() {
        writeln!(
            out,
            "\n# [words] # what stands before roles in a description; none was found\n# pattern = \"Allowed role:\""
        )?;
    } else {
        writeln!(out, "\n[words.values] # roles that descriptions name")?;
        for (word, count) in words {
            writeln!(out, "{word:?} = {:?} # {count} operations", crate::names::pascal(word))?;
        }
    }
    writeln!(out, "\n[security] # one role for each set of schemes")?;
    for (set, count) in sets {
        let what: Vec<String> = api
            .schemes
            .iter()
            .filter(|scheme| set.split([' ', '|', '+']).any(|name| name == scheme.name))
            .map(|scheme| scheme.what.clone())
            .collect();
        writeln!(out, "# {}; {count} operations", what.join(", "))?;
        let name = crate::names::pascal(&set.replace(" | ", " or ").replace('+', " and "));
        writeln!(out, "{set:?} = {name:?}")?;
    }
    if !scopes.is_empty() {
        writeln!(out, "\n# Scopes are no roles by themselves; they go into the documentation of each method:")?;
        for (scope, count) in scopes {
            writeln!(out, "#   {scope} ({count})")?;
        }
    }
    Ok(())
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
