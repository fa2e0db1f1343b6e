//! Where rustfmt breaks lines, with its defaults.

use std::cmp::Ordering;

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
    let is_function = |name: &str| !name.starts_with(|char: char| char.is_uppercase());
    names.sort_by(|a, b| is_function(a).cmp(&is_function(b)).then_with(|| by_version(a, b)));
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

/// The order of names in a `use`: numbers by their value, and `_` before all else.
pub(super) fn by_version(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (one, other) = (digits(a), digits(b));
        if let (Some((one, a_rest)), Some((other, b_rest))) = (one, other) {
            let (x, y) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y)).then_with(|| other.len().cmp(&one.len()));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (a_rest, b_rest);
            continue;
        }
        let (mut left, mut right) = (a.chars(), b.chars());
        let (x, y) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) => (x, y),
        };
        // What has ended comes first, then `_`.
        let rank = |char: Option<char>| char.map(|char| (char != '_', char));
        if x != y {
            return rank(x).cmp(&rank(y));
        }
        (a, b) = (left.as_str(), right.as_str());
    }
}

/// The digits that a text starts with, and the rest.
fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The first line of an item; its brace goes to a line of its own if there is no room for it.
pub(super) fn header(start: &str, brace: &str) -> Vec<String> {
    let line = format!("{start} {brace}");
    if line.chars().count() <= WIDTH { vec![line] } else { vec![start.to_owned(), brace.to_owned()] }
}

/// A type with what stands before and after it; the arguments of a generic type in lines of their own if there is no room.
pub(super) fn ty(indent: usize, before: &str, ty: &str, after: &str) -> Vec<String> {
    let space = " ".repeat(indent);
    let line = format!("{space}{before}{ty}{after}");
    let parts = ty.split_once('<').and_then(|(name, rest)| Some((name, rest.strip_suffix('>')?)));
    match parts {
        Some((name, inner)) if line.chars().count() > WIDTH => {
            let mut lines = vec![format!("{space}{before}{name}<")];
            for argument in arguments(inner) {
                lines.extend(self::ty(indent + 4, "", argument, ","));
            }
            lines.push(format!("{space}>{after}"));
            lines
        }
        _ => vec![line],
    }
}

/// The arguments of a generic type.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut out) = (0_usize, 0, Vec::new());
    for (at, char) in text.char_indices() {
        match char {
            '<' | '[' | '(' => depth += 1,
            '>' | ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                out.push(text.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(text.get(start..).unwrap_or_default().trim());
    out
}

/// An argument of a method: its attribute, its name, and its type.
pub(super) fn argument(attribute: &str, name: &str, ty: &str) -> Vec<String> {
    const INDENT: usize = 8;
    let space = " ".repeat(INDENT);
    let fits = |line: &str| line.chars().count() <= WIDTH;
    let before = if attribute.is_empty() { format!("{name}: ") } else { format!("{attribute} {name}: ") };
    let inner = attribute.split_once('(').and_then(|(key, rest)| Some((key, rest.strip_suffix(")]")?)));
    let is_long = inner.is_some_and(|(_, inner)| inner.chars().count() > ATTRIBUTE);
    let lines = self::ty(INDENT, &before, ty, ",");
    if attribute.is_empty() || (!is_long && lines.iter().all(|line| fits(line))) {
        return lines;
    }
    let mut out = match inner.filter(|_| is_long) {
        Some((key, inner)) => vec![format!("{space}{key}("), format!("{space}    {inner}"), format!("{space})]")],
        None => vec![format!("{space}{attribute}")],
    };
    out.extend(self::ty(INDENT, &format!("{name}: "), ty, ","));
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_rustfmt_does() {
        let mut names = ["a10", "a9", "a_b", "a", "ab", "a2b", "a02b"];
        names.sort_by(|a, b| by_version(a, b));
        assert_eq!(names, ["a", "a_b", "a02b", "a2b", "a9", "a10", "ab"]);
    }

    #[test]
    fn a_type_without_room_has_its_arguments_in_lines_of_their_own() {
        let long = "T".repeat(70);
        let list = format!("Option<BTreeMap<String, {long}>>");
        let expected = ["    pub a: Option<", &format!("        BTreeMap<String, {long}>,"), "    >,"];
        assert_eq!(ty(4, "pub a: ", &list, ","), expected);
        assert_eq!(ty(4, "pub a: ", "Option<u8>", ","), ["    pub a: Option<u8>,"]);
    }

    #[test]
    fn an_argument_without_room_has_its_attribute_in_a_line_of_its_own() {
        let long = "t".repeat(40);
        let attribute = format!("#[query(\"{long}\")]");
        assert_eq!(argument(&attribute, "b", "u8"), [format!("        {attribute} b: u8,")]);
        assert_eq!(argument(&attribute, &long, "u8"), [format!("        {attribute}"), format!("        {long}: u8,")]);
        let longer = format!("#[query(\"{}\")]", "t".repeat(80));
        let inner = format!("            \"{}\"", "t".repeat(80));
        assert_eq!(argument(&longer, "b", "u8"), ["        #[query(", &inner, "        )]", "        b: u8,"]);
    }
}
