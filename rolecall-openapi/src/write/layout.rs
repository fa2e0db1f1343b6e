//! Where rustfmt breaks lines, with its defaults.

/// The width of a line.
pub(super) const WIDTH: usize = 100;
/// The width of an attribute's arguments in one line.
const ATTRIBUTE: usize = 70;

/// A string literal.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '\'' => out.push('\''),
            char => out.extend(char.escape_debug()),
        }
    }
    out.push('"');
    out
}

/// A serde attribute; one for each argument where rustfmt would break it.
pub(super) fn serde(indent: &str, arguments: &[String]) -> Vec<String> {
    let joined = arguments.join(", ");
    match arguments {
        [] => Vec::new(),
        [_, _, ..] if joined.chars().count() > ATTRIBUTE => {
            arguments.iter().map(|argument| format!("{indent}#[serde({argument})]")).collect()
        }
        _ => vec![format!("{indent}#[serde({joined})]")],
    }
}

/// A `use` of several names of a module.
pub(super) fn import(path: &str, names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    // As rustfmt has it since the edition of 2024: types before functions.
    names.sort_by_key(|name| (!name.starts_with(|char: char| char.is_uppercase()), name.clone()));
    match names.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("use {path}::{one};")],
        _ => {
            let line = format!("use {path}::{{{}}};", names.join(", "));
            if line.chars().count() <= WIDTH {
                return vec![line];
            }
            let mut lines = vec![format!("use {path}::{{")];
            let mut current = String::from("   ");
            for name in &names {
                if current.chars().count() + name.chars().count() + 2 > WIDTH {
                    lines.push(std::mem::replace(&mut current, String::from("   ")));
                }
                current.push(' ');
                current.push_str(name);
                current.push(',');
            }
            lines.push(current);
            lines.push("};".to_owned());
            lines
        }
    }
}

/// Text in lines of a width, each after a prefix.
pub(super) fn wrapped(text: &str, prefix: &str) -> Vec<String> {
    let width = WIDTH.saturating_sub(prefix.chars().count());
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines.iter().map(|line| format!("{prefix}{line}")).collect()
}
