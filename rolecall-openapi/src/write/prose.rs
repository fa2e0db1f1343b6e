//! Documentation: a document's Markdown and HTML as rustdoc takes it.

use crate::write::layout::wrapped;

/// Documentation in lines, its first sentences up to about `limit` characters; `otherwise` where the text has none.
pub(super) fn docs(text: &str, indent: &str, limit: usize, otherwise: &str) -> Vec<String> {
    let clean = sentence(text, limit);
    let clean = if clean.is_empty() { otherwise.to_owned() } else { clean };
    lines(&clean, indent, "///")
}

/// A paragraph that is fit for rustdoc already.
pub(super) fn lines(text: &str, indent: &str, marker: &str) -> Vec<String> {
    let mut lines = wrapped(text, &format!("{indent}{marker} "));
    let start = indent.len() + marker.len() + 1;
    for line in &mut lines {
        if let Some(rest) = line.get(start..)
            && looks_like_markup(rest)
        {
            line.insert(start, '\\');
        }
    }
    lines
}

/// Whether Markdown would take the line for the start of a list, a heading, a table, or a quotation.
fn looks_like_markup(line: &str) -> bool {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    line.starts_with(['-', '+', '#', '|', '=', '*', '~', ':'])
        || (digits > 0 && line.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')'])))
}

/// The first sentences of a text, without markup.
pub(super) fn sentence(text: &str, limit: usize) -> String {
    let text = text.split("```").next().unwrap_or_default();
    let text = without_tags(text);
    let mut words: Vec<String> = Vec::new();
    let mut length = 0;
    let mut end = 0;
    for line in text.lines() {
        let line = line.trim().trim_start_matches(['#', '>']).trim();
        // A table, a rule, or the end of a sufficiently long paragraph.
        if line.starts_with('|') || (line.len() > 2 && line.chars().all(|char| "-=*_".contains(char))) {
            break;
        }
        if line.is_empty() && length > 0 {
            break;
        }
        for word in line.split_whitespace() {
            length += word.chars().count() + 1;
            words.push(word.to_owned());
            if word.ends_with(['.', '!', '?']) && !is_abbreviation(word) && (length <= limit || end == 0) {
                end = words.len();
            }
            if length > limit && end > 0 {
                break;
            }
        }
        if length > limit * 2 {
            break;
        }
    }
    if end > 0 && length > limit {
        words.truncate(end);
    }
    let joined = shortened(words.join(" "), limit);
    rustdoc(&joined)
}

fn is_abbreviation(word: &str) -> bool {
    let word = word.trim_start_matches('(').to_ascii_lowercase();
    ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "no.", "e.g", "a.k.a."].contains(&word.as_str())
}

fn shortened(text: String, limit: usize) -> String {
    if text.chars().count() <= limit * 2 {
        return text;
    }
    let mut out = String::new();
    for word in text.split(' ') {
        if out.chars().count() + word.chars().count() > limit {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() { out } else { format!("{out} …") }
}

/// HTML without its tags; what only looks like a tag stays.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let is_tag = after.starts_with(|char: char| char.is_ascii_alphabetic() || char == '/' || char == '!');
        match after.split_once('>') {
            Some((tag, tail)) if is_tag && tag.len() < 400 => {
                let name = tag.trim_start_matches('/').to_ascii_lowercase();
                if tag.contains("://") && !tag.contains(' ') {
                    out.push_str(tag);
                } else if ["br", "p", "li", "ul", "ol", "div", "h", "tr", "td"]
                    .iter()
                    .any(|block| name.starts_with(block))
                {
                    out.push_str(if name.starts_with("br") || name.starts_with('p') { "\n" } else { " " });
                }
                rest = tail;
            }
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    for (entity, char) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&#39;", "'")]
    {
        out = out.replace(entity, char);
    }
    out
}

/// Links without their targets, and escapes for what rustdoc would take for markup of its own.
fn rustdoc(text: &str) -> String {
    let text = without_links(text);
    let is_code_balanced = text.matches('`').count().is_multiple_of(2);
    let text = if is_code_balanced { text } else { without_ticks(&text) };
    let mut out = String::with_capacity(text.len());
    for (i, part) in text.split('`').enumerate() {
        let is_code = i % 2 == 1;
        if i > 0 {
            out.push('`');
        }
        if is_code {
            out.push_str(part);
            continue;
        }
        for (j, word) in part.split(' ').enumerate() {
            if j > 0 {
                out.push(' ');
            }
            out.push_str(&escaped(word));
        }
    }
    // A code span without content is removed.
    out.replace("``", "")
}

fn without_ticks(text: &str) -> String {
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(word: &str) -> String {
    if let Some(at) = word.find("http://").or_else(|| word.find("https://")) {
        let (before, url) = word.split_at(at);
        let end = url
            .find(|char: char| !(char.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(char)))
            .unwrap_or(url.len());
        let (url, after) = url.split_at(end);
        let trimmed = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let after = format!("{}{after}", url.get(trimmed.len()..).unwrap_or_default());
        let is_url = trimmed.len() > "https://".len();
        let url = if is_url { format!("<{trimmed}>") } else { trimmed.to_owned() };
        return format!("{}{url}{}", plain(before), plain(&after));
    }
    plain(word)
}

fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for char in word.chars() {
        match char {
            '[' | ']' | '<' | '>' | '\\' | '*' | '_' | '|' => {
                out.push('\\');
                out.push(char);
            }
            char if char.is_control() => out.push(' '),
            char => out.push(char),
        }
    }
    // Within a word an underscore is only itself.
    unescape_inner(&out)
}

fn unescape_inner(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len());
    for (i, &char) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| chars.get(i));
        let after = chars.get(i + 2);
        let is_inner = char == '\\'
            && chars.get(i + 1) == Some(&'_')
            && before.is_some_and(|char| char.is_alphanumeric())
            && after.is_some_and(|char| char.is_alphanumeric());
        if !is_inner {
            out.push(char);
        }
    }
    out
}

/// `[text](target)` as `text`.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").filter(|(text, _)| !text.contains('['));
        match link.and_then(|(text, tail)| Some((text, tail.split_once(')')?.1))) {
            Some((text, tail)) => {
                out.push_str(before.strip_suffix('!').unwrap_or(before));
                out.push_str(text);
                rest = tail;
            }
            None => {
                out.push_str(before);
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_what_rustdoc_takes() {
        for (text, expected) in [
            ("Lists users.", "Lists users."),
            ("<p>Lists <b>users</b>.</p>", "Lists users."),
            ("See [the guide](https://a.example/b) first", "See the guide first"),
            ("See https://a.example/b.", "See <https://a.example/b>."),
            ("A [thing] <T>", "A \\[thing\\]"),
            ("a < b", "a \\< b"),
            ("snake_case and *stars*", "snake_case and \\*stars\\*"),
            ("odd ` tick", "odd tick"),
            ("First.\n\nSecond.", "First."),
            ("Text:\n```\ncode\n```", "Text:"),
            ("", ""),
        ] {
            assert_eq!(sentence(text, 200), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_ends_with_a_sentence() {
        let text = "One two three. Four five six seven eight nine ten. Eleven.";
        assert_eq!(sentence(text, 20), "One two three.");
        assert_eq!(sentence(text, 200), text);
    }

    #[test]
    fn no_line_starts_as_a_list_would() {
        assert_eq!(docs("- one", "", 200, "x"), ["/// \\- one"]);
        assert_eq!(docs("1. one", "", 200, "x"), ["/// \\1. one"]);
    }
}
