//! The words of enums.

use crate::names;

/// The words of an enum with a name for each.
pub(super) fn variants(words: &[&str]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for word in words {
        if out.iter().any(|(other, _)| other == word) {
            continue;
        }
        let wish = match names::pascal(word) {
            name if !name.is_empty() => name,
            _ => sign(word).to_owned(),
        };
        // `Other` is the variant for unknown words.
        let ident = names::unique(&wish, "", |name| {
            name == "Other" || out.iter().any(|(_, other)| other.eq_ignore_ascii_case(name))
        });
        out.push(((*word).to_owned(), ident));
    }
    out
}

/// A name for a word without letters.
fn sign(word: &str) -> &'static str {
    match word {
        "" => "Empty",
        "<" => "Less",
        "<=" => "LessOrEqual",
        ">" => "Greater",
        ">=" => "GreaterOrEqual",
        "=" | "==" => "Equal",
        "!=" | "<>" => "NotEqual",
        "*" => "Star",
        "+" => "Plus",
        "-" => "Minus",
        "~" => "Tilde",
        _ => "Sign",
    }
}
