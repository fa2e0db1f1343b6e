//! Roles: who may call an operation.

mod mapping;
mod survey;

use std::collections::BTreeMap;

pub use mapping::{Mapping, MappingError};
pub(crate) use survey::survey;

use crate::model::{Api, Operation, Requirement};
use crate::names;

/// Words after which documents name roles.
const MARKERS: [&str; 4] = ["Allowed role:", "Allowed roles:", "Required role:", "Required roles:"];

/// Names that have another meaning where roles are used.
const IMPORTED: [&str; 9] = ["Box", "Err", "Error", "None", "Ok", "Option", "Result", "Role", "String"];

/// Who may call an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Callers {
    Public,
    /// Clients of these roles; of every other role, too, without credentials, if `optional`.
    Roles {
        roles: Vec<String>,
        optional: bool,
    },
    /// The document does not say.
    Unknown,
}

impl Callers {
    /// Opens an operation of these to everyone, if credentials are one way of several in which the document allows it.
    fn or_anyone(self, operation: &Operation<'_>) -> Self {
        let ways = operation.security.as_deref().unwrap_or_default();
        let is_open = |way: &Requirement| way.schemes.is_empty();
        let is_choice = ways.iter().any(is_open) && !ways.iter().all(is_open);
        match self {
            Self::Roles { roles, optional } => Self::Roles { roles, optional: optional || is_choice },
            other => other,
        }
    }
}

/// A role as it is written to a file, or the type that it is already.
#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) ident: String,
    pub(crate) doc: String,
    /// The path of a type that exists.
    pub(crate) path: Option<String>,
}

/// Finds the roles of operations. The first rule with a result is used.
#[derive(Debug)]
pub(crate) struct Roles<'m> {
    mapping: &'m Mapping,
    default: Option<&'m str>,
    /// What each role that was found is for.
    docs: BTreeMap<String, String>,
    /// The role of each set of schemes, by the set.
    sets: BTreeMap<Vec<Vec<String>>, String>,
}

impl<'m> Roles<'m> {
    pub(crate) fn new(mapping: &'m Mapping, default: Option<&'m str>) -> Self {
        let default = default.or(mapping.default.as_deref());
        Self { mapping, default, docs: BTreeMap::new(), sets: BTreeMap::new() }
    }

    /// Who may call an operation.
    pub(crate) fn of(&mut self, api: &Api<'_>, operation: &Operation<'_>) -> Callers {
        let mapped = operation.id.and_then(|id| self.mapping.operations.get(id));
        if let Some(roles) = mapped.or_else(|| self.mapping.operations.get(&operation.title())) {
            return self.named(&roles.0);
        }
        if let Some(extension) = &self.mapping.extension
            && let Some(node) = operation.site.node.get(&extension.field)
        {
            let values: Vec<&str> =
                node.as_str().into_iter().chain(node.items().iter().filter_map(|item| item.as_str())).collect();
            if !values.is_empty() {
                let names: Vec<String> = values.iter().map(|value| extension.role(value)).collect();
                return self.named(&names).or_anyone(operation);
            }
        }
        let text = operation.description.or(operation.summary).unwrap_or_default();
        let words = self.mapping.words.as_ref();
        let found = words_in(text, words.and_then(|words| words.pattern.as_deref()));
        if !found.is_empty() {
            let role = |word: &String| {
                words.and_then(|words| words.values.get(word).cloned()).unwrap_or_else(|| names::pascal(word))
            };
            let names: Vec<String> = found.iter().map(role).collect();
            return self.named(&names).or_anyone(operation);
        }
        match &operation.security {
            Some(requirements) => self.of_security(api, requirements),
            None => match self.default {
                Some(name) => self.named(&[name.to_owned()]),
                None => Callers::Unknown,
            },
        }
    }

    fn named(&mut self, names: &[String]) -> Callers {
        let (public, roles): (Vec<String>, Vec<String>) = names.iter().cloned().partition(|name| name == "Public");
        let mut roles: Vec<String> = roles.iter().map(|role| type_name(role)).collect();
        roles.dedup();
        if roles.is_empty() {
            return Callers::Public;
        }
        for role in &roles {
            self.docs.entry(role.clone()).or_insert_with(|| format!("The role `{role}`."));
        }
        Callers::Roles { roles, optional: !public.is_empty() }
    }

    fn of_security(&mut self, api: &Api<'_>, requirements: &[Requirement]) -> Callers {
        let optional = requirements.iter().any(|requirement| requirement.schemes.is_empty());
        let mut set: Vec<Vec<String>> = requirements.iter().map(|requirement| requirement.schemes.clone()).collect();
        set.retain(|schemes| !schemes.is_empty());
        set.sort();
        set.dedup();
        if set.is_empty() {
            return Callers::Public;
        }
        if !self.sets.contains_key(&set) {
            let mapped = self.mapping.security.get(&key(&set)).map(|name| type_name(name));
            let name = mapped.unwrap_or_else(|| self.name_of(&set));
            let alternatives: Vec<String> = set.iter().map(|schemes| described(api, schemes)).collect();
            let doc = format!("A caller with {}.", alternatives.join(", or "));
            self.docs.entry(name.clone()).or_insert(doc);
            self.sets.insert(set.clone(), name);
        }
        match self.sets.get(&set) {
            Some(name) if name == "Public" => Callers::Public,
            Some(name) => Callers::Roles { roles: vec![name.clone()], optional },
            None => Callers::Unknown,
        }
    }

    fn name_of(&self, set: &[Vec<String>]) -> String {
        let alternatives: Vec<String> = set
            .iter()
            .map(|schemes| schemes.iter().map(|scheme| names::pascal(scheme)).collect::<Vec<_>>().join("And"))
            .collect();
        let joined = alternatives.join("Or");
        let wish = if joined.is_empty() || joined.len() > 40 { "Member".to_owned() } else { joined };
        let wish = if wish == "Public" { "PublicKey".to_owned() } else { wish };
        names::unique(&wish, "", |name| self.docs.contains_key(name))
    }

    /// The roles that were found, in the order of their names.
    pub(crate) fn found(&self) -> Vec<Role> {
        let role = |(ident, doc): (&String, &String)| Role {
            ident: ident.clone(),
            doc: doc.clone(),
            path: self.mapping.types.iter().find(|(name, _)| type_name(name) == *ident).map(|(_, path)| path.clone()),
        };
        self.docs.iter().map(role).collect()
    }
}

/// A role's name as that of a type: as its author writes it, if it can be one.
fn type_name(name: &str) -> String {
    let is_type = name.starts_with(|char: char| char.is_ascii_uppercase())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
        && name != "Self";
    let name = if is_type { name.to_owned() } else { names::pascal(name) };
    match name.as_str() {
        "" => "Member".to_owned(),
        name if IMPORTED.contains(&name) => format!("{name}Role"),
        _ => name,
    }
}

/// A set of schemes as a mapping writes it: `bearer`, `key+id`, `bearer | key`.
pub(crate) fn key(set: &[Vec<String>]) -> String {
    set.iter().map(|schemes| schemes.join("+")).collect::<Vec<_>>().join(" | ")
}

fn described(api: &Api<'_>, schemes: &[String]) -> String {
    let one = |name: &String| {
        let scheme = api.schemes.iter().find(|scheme| scheme.name == *name);
        scheme.map_or_else(|| format!("`{name}`"), |scheme| scheme.what.clone())
    };
    schemes.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// Returns the roles that a description names after a marker: all words in backticks up to the end of the line or, if
/// there are none, the words themselves.
pub(crate) fn words_in(text: &str, marker: Option<&str>) -> Vec<String> {
    let markers: Vec<&str> = marker.map_or_else(|| MARKERS.to_vec(), |marker| vec![marker]);
    let after = markers.iter().find_map(|marker| {
        let at = text.to_ascii_lowercase().find(&marker.to_ascii_lowercase())?;
        text.get(at + marker.len()..)
    });
    let Some(line) = after.and_then(|after| after.trim_start().lines().next()) else { return Vec::new() };
    let is_role = |word: &&str| {
        !word.is_empty()
            && word.len() <= 40
            && word.chars().all(|char| char.is_ascii_alphanumeric() || "_-:.".contains(char))
    };
    let quoted: Vec<String> = line.split('`').skip(1).step_by(2).filter(is_role).map(str::to_owned).collect();
    if !quoted.is_empty() {
        return quoted;
    }
    let sentence = line.split(['.', ';', '(']).next().unwrap_or_default();
    let words =
        sentence.split([',', '/', '|']).flat_map(|part| part.split(" or ")).flat_map(|part| part.split(" and "));
    words.map(|word| word.trim().trim_matches(['"', '\'', '*', '_'])).filter(is_role).map(str::to_owned).collect()
}
