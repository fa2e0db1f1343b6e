//! Case conversion, edit distance, and lists of quoted names.

/// The conventions of `rename_all`, with the names that serde uses.
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
    pub(crate) const NAMES: [&'static str; 8] = [
        "lowercase",
        "UPPERCASE",
        "PascalCase",
        "camelCase",
        "snake_case",
        "SCREAMING_SNAKE_CASE",
        "kebab-case",
        "SCREAMING-KEBAB-CASE",
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// Applies the convention to a name in snake case.
    pub(crate) fn apply(self, snake: &str) -> String {
        let words = || snake.split('_').filter(|word| !word.is_empty());
        match self {
            Self::Lower => words().collect::<String>().to_lowercase(),
            Self::Upper => words().collect::<String>().to_uppercase(),
            Self::Pascal => words().map(capitalized).collect(),
            Self::Camel => {
                words().enumerate().map(|(i, word)| if i == 0 { word.to_owned() } else { capitalized(word) }).collect()
            }
            Self::Snake => snake.to_owned(),
            Self::ScreamingSnake => snake.to_uppercase(),
            Self::Kebab => words().collect::<Vec<_>>().join("-"),
            Self::ScreamingKebab => words().collect::<Vec<_>>().join("-").to_uppercase(),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Converts a name of any convention to snake case: `externalUserId`, `external-user-id`, `ExternalUserID`.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, &char) in chars.iter().enumerate() {
        if !char.is_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        if char.is_uppercase() && !out.is_empty() && !out.ends_with('_') {
            let after_lower = i > 0 && chars.get(i - 1).is_some_and(|before| !before.is_uppercase());
            let before_lower = chars.get(i + 1).is_some_and(|after| after.is_lowercase());
            if after_lower || before_lower {
                out.push('_');
            }
        }
        out.extend(char.to_lowercase());
    }
    while out.ends_with('_') {
        out.pop();
    }
    out
}

/// Returns the known name that is most similar to `word`, if one is similar enough to be meant.
pub(crate) fn closest_match<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let squeeze = |word: &str| word.chars().filter(|char| char.is_alphanumeric()).collect::<String>().to_lowercase();
    let squeezed = squeeze(word);
    known
        .into_iter()
        .map(|known| (distance(&squeezed, &squeeze(known)), known))
        .filter(|(distance, known)| *distance <= 1.max(known.len().min(word.len()) / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// The number of characters to replace, insert, remove, or swap with their neighbor. Longer names are not
/// compared, which bounds the cost.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = at(&row, j) + usize::from(x != y);
            let mut least = changed.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    at(&row, b.len())
}

/// `` `a`, `b`, and `c` ``, with `conjunction` for "and".
pub(crate) fn join_quoted<T: AsRef<str>>(words: &[T], conjunction: &str) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{}`", one.as_ref()),
        [one, two] => format!("`{}` {conjunction} `{}`", one.as_ref(), two.as_ref()),
        [first @ .., end] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{}`", word.as_ref())).collect();
            format!("{}, {conjunction} `{}`", first.join(", "), end.as_ref())
        }
    }
}

/// Returns the text as a name or value of `application/x-www-form-urlencoded`, as in the WHATWG URL standard.
pub(crate) fn form_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b' ' => encoded.push('+'),
            byte if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

/// Returns the text percent-encoded, except for the unreserved characters of RFC 3986 and `$`.
pub(crate) fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~$".contains(&byte) => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_snake_case() {
        for (name, expected) in [
            ("externalUserId", "external_user_id"),
            ("ExternalUserID", "external_user_id"),
            ("external-user.id", "external_user_id"),
            ("HTTPServer", "http_server"),
            ("UsersApi", "users_api"),
            ("v2Id", "v2_id"),
            ("id", "id"),
            ("__x__", "x"),
            ("\u{c4}pfel", "\u{e4}pfel"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }

    #[test]
    fn conventions_apply() {
        let all: Vec<String> =
            Case::NAMES.iter().filter_map(|name| Case::named(name)).map(|case| case.apply("start_date")).collect();
        assert_eq!(
            all,
            [
                "startdate",
                "STARTDATE",
                "StartDate",
                "startDate",
                "start_date",
                "START_DATE",
                "start-date",
                "START-DATE"
            ]
        );
    }

    #[test]
    fn the_closest_match_is_found_and_only_a_near_one() {
        let known = ["method", "path", "role", "timeout"];
        assert_eq!(closest_match("metod", known), Some("method"));
        assert_eq!(closest_match("Path", known), Some("path"));
        assert_eq!(closest_match("roles", known), Some("role"));
        assert_eq!(closest_match("time_out", known), Some("timeout"));
        assert_eq!(closest_match("paht", known), Some("path"));
        assert_eq!(closest_match("qurey", ["query", "body"]), Some("query"));
        assert_eq!(closest_match("FETCH", ["PATCH", "GET"]), None);
        assert_eq!(closest_match("url", known), None);
        assert_eq!(closest_match(&"x".repeat(1000), known), None);
    }
}
