//! Names: what a document calls something, as Rust calls it.

use crate::compounds;

/// Words that cannot be names without `r#`.
const KEYWORDS: [&str; 46] = [
    "as", "break", "const", "continue", "else", "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let",
    "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct", "trait", "true", "type",
    "unsafe", "use", "where", "while", "async", "await", "dyn", "abstract", "become", "box", "do", "final", "macro",
    "override", "priv", "typeof", "unsized", "virtual", "yield",
];
/// Keywords that are newer, and those that cannot be raw.
const MORE: [&str; 2] = ["try", "gen"];
const NEVER_RAW: [&str; 4] = ["self", "Self", "super", "crate"];

/// A name in snake case, with the rules by which `#[api]` finds a placeholder's argument: those of `macros/src/text.rs`,
/// which a crate of macros cannot share. Names are ASCII here.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, &char) in chars.iter().enumerate() {
        if !char.is_ascii_alphanumeric() {
            // An apostrophe is inside a word.
            if !out.is_empty() && !out.ends_with('_') && !matches!(char, '\'' | '\u{2019}') {
                out.push('_');
            }
            continue;
        }
        if char.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') {
            let after_lower = i > 0 && chars.get(i - 1).is_some_and(|before| !before.is_uppercase());
            let before_lower = chars.get(i + 1).is_some_and(|after| after.is_lowercase());
            if after_lower || before_lower {
                out.push('_');
            }
        }
        out.push(char.to_ascii_lowercase());
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// A name in snake case, which no placeholder's argument must have.
pub(crate) fn words(name: &str) -> String {
    snake(&compounds::whole(name))
}

/// A name of a field, an argument, a method, or a module, in snake case, without `r#`.
pub(crate) fn lower(name: &str, otherwise: &str) -> String {
    let snake = signed(name, &words(name));
    match snake.chars().next() {
        None => otherwise.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{snake}"),
        Some(_) if NEVER_RAW.contains(&snake.as_str()) => format!("{snake}_"),
        Some(_) => snake,
    }
}

/// `+1` and `-1` are different names.
fn signed(name: &str, rest: &str) -> String {
    match name.chars().next() {
        Some('+') if !rest.is_empty() => format!("plus_{rest}"),
        Some('-') if !rest.is_empty() => format!("minus_{rest}"),
        _ => rest.to_owned(),
    }
}

/// A name of a type or variant.
pub(crate) fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in signed(name, &words(name)).split('_').filter(|word| !word.is_empty()) {
        // Two numbers side by side stay two.
        if out.ends_with(|char: char| char.is_ascii_digit()) && word.starts_with(|char: char| char.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(word.chars().next().map(|char| char.to_ascii_uppercase()));
        out.push_str(word.get(1..).unwrap_or_default());
    }
    if out.starts_with(|char: char| char.is_ascii_digit()) {
        out.insert(0, 'N');
    }
    // Not a keyword, but no other item may have this name.
    if out == "Self" { "SelfModel".to_owned() } else { out }
}

/// A name in Pascal case without some of its words, those in the middle first.
pub(crate) fn shortened(name: &str, length: usize) -> String {
    let mut words: Vec<String> = Vec::new();
    for char in name.chars() {
        match words.last_mut() {
            Some(word) if !char.is_ascii_uppercase() => word.push(char),
            _ => words.push(char.to_string()),
        }
    }
    while words.iter().map(String::len).sum::<usize>() > length && words.len() > 2 {
        words.remove(words.len() / 2);
    }
    words.concat()
}

/// A name as it is written in source: raw where it must be.
pub(crate) fn ident(name: &str) -> String {
    if KEYWORDS.contains(&name) || MORE.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// One of a list: `Users` is `User`.
pub(crate) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) && stem.len() > 1 => stem.to_owned(),
        _ => format!("{name}Item"),
    }
}

/// Returns a name that is not taken: `wish`, or `wish` with a number.
pub(crate) fn unique(wish: &str, separator: &str, mut taken: impl FnMut(&str) -> bool) -> String {
    if !taken(wish) {
        return wish.to_owned();
    }
    let separator = if wish.ends_with(|char: char| char.is_ascii_digit()) { "_" } else { separator };
    let mut number = 2_u64;
    loop {
        let name = format!("{wish}{separator}{number}");
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// The conventions of serde's `rename_all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    pub(crate) const ALL: [Self; 8] = [
        Self::Camel,
        Self::Snake,
        Self::Kebab,
        Self::Pascal,
        Self::ScreamingSnake,
        Self::Lower,
        Self::Upper,
        Self::ScreamingKebab,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lower => "lowercase",
            Self::Upper => "UPPERCASE",
            Self::Pascal => "PascalCase",
            Self::Camel => "camelCase",
            Self::Snake => "snake_case",
            Self::ScreamingSnake => "SCREAMING_SNAKE_CASE",
            Self::Kebab => "kebab-case",
            Self::ScreamingKebab => "SCREAMING-KEBAB-CASE",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|case| case.name() == name)
    }

    /// What serde makes of a field's name.
    pub(crate) fn field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => pascal_of_field(name),
            Self::Camel => first_lower(&pascal_of_field(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// What serde makes of a variant's name.
    pub(crate) fn variant(self, name: &str) -> String {
        let snake = || {
            let mut out = String::new();
            for (i, char) in name.chars().enumerate() {
                if i > 0 && char.is_uppercase() {
                    out.push('_');
                }
                out.push(char.to_ascii_lowercase());
            }
            out
        };
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => first_lower(name),
            Self::Snake => snake(),
            Self::ScreamingSnake => snake().to_ascii_uppercase(),
            Self::Kebab => snake().replace('_', "-"),
            Self::ScreamingKebab => snake().to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal_of_field(name: &str) -> String {
    let mut out = String::new();
    let mut capital = true;
    for char in name.chars() {
        if char == '_' {
            capital = true;
        } else {
            out.push(if capital { char.to_ascii_uppercase() } else { char });
            capital = false;
        }
    }
    out
}

fn first_lower(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_convention_become_rusts() {
        for (name, field, ty) in [
            ("externalUserId", "external_user_id", "ExternalUserId"),
            ("X-Request-ID", "x_request_id", "XRequestId"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("createOAuth2Token", "create_oauth2_token", "CreateOauth2Token"),
            ("IPv4Address", "ipv4_address", "Ipv4Address"),
            ("iOSDevices", "ios_devices", "IosDevices"),
            ("deviceIDs", "device_ids", "DeviceIds"),
            ("listV2Users", "list_v2_users", "ListV2Users"),
            ("self", "self_", "SelfModel"),
            ("crate", "crate_", "Crate"),
            ("type", "type", "Type"),
            ("+1", "plus_1", "Plus1"),
            ("-1", "minus_1", "Minus1"),
            ("", "value", ""),
            ("<", "value", ""),
            ("3d", "_3d", "N3d"),
            ("user's name", "users_name", "UsersName"),
            ("größe", "gr_e", "GrE"),
            ("1.2", "_1_2", "N1_2"),
        ] {
            assert_eq!((lower(name, "value").as_str(), pascal(name).as_str()), (field, ty), "{name}");
        }
        assert_eq!(ident("type"), "r#type");
        assert_eq!(ident("gen"), "r#gen");
        assert_eq!(ident("union"), "union");
    }

    #[test]
    fn one_of_a_list_is_named_in_the_singular() {
        for (list, one) in [
            ("Users", "User"),
            ("Entries", "Entry"),
            ("Address", "AddressItem"),
            ("Data", "DataItem"),
            ("Status", "StatusItem"),
        ] {
            assert_eq!(singular(list), one);
        }
    }

    #[test]
    fn cases_are_those_of_serde() {
        for (case, field, variant) in [
            (Case::Camel, "fooBar", "fooBar"),
            (Case::Snake, "foo_bar", "foo_bar"),
            (Case::Kebab, "foo-bar", "foo-bar"),
            (Case::Pascal, "FooBar", "FooBar"),
            (Case::ScreamingSnake, "FOO_BAR", "FOO_BAR"),
            (Case::Lower, "foo_bar", "foobar"),
            (Case::Upper, "FOO_BAR", "FOOBAR"),
            (Case::ScreamingKebab, "FOO-BAR", "FOO-BAR"),
        ] {
            assert_eq!((case.field("foo_bar").as_str(), case.variant("FooBar").as_str()), (field, variant));
            assert_eq!(Case::named(case.name()), Some(case));
        }
    }
}
