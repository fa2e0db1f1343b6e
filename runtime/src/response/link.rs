//! The header `Link` (RFC 8288).

use http::{HeaderMap, header};

/// Returns the target of the link with the relation `next`.
pub(crate) fn next(headers: &HeaderMap) -> Option<String> {
    headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_of)
}

fn next_of(mut text: &str) -> Option<String> {
    while let Some((_, rest)) = text.split_once('<') {
        let (target, parameters) = rest.split_once('>')?;
        let end = unquoted(parameters, ',').unwrap_or(parameters.len());
        let (parameters, rest) = parameters.split_at(end);
        if is_next(parameters) {
            return Some(target.trim().to_owned());
        }
        text = rest;
    }
    None
}

/// Returns `true` if one of the parameters is `rel` with `next` among its relations. Only the first `rel` counts.
fn is_next(mut parameters: &str) -> bool {
    while let Some(start) = parameters.find(';') {
        let rest = parameters.get(start + 1..).unwrap_or_default();
        let (parameter, rest) = rest.split_at(unquoted(rest, ';').unwrap_or(rest.len()));
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            return value.trim().trim_matches('"').split_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"));
        }
        parameters = rest;
    }
    false
}

/// Returns the positions of the character outside quotes.
fn unquoted(text: &str, wanted: char) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.char_indices().find_map(|(at, character)| {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            character if character == wanted && !quoted => return Some(at),
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let values = values.iter().map(|value| (header::LINK, value.parse().unwrap()));
        next(&values.collect())
    }

    #[test]
    fn the_next_page_is_found_wherever_it_is() {
        for values in [
            &["</n>; rel=\"next\""][..],
            &["<https://a/?a=1,2;3>; rel=\"prev\", </n>; rel=next"],
            &["</last>; rel=last", "</n>; rel=\"next\""],
            &["</n>;title=\"a, b; rel=no \\\" <x>\";REL=\"archives NEXT\""],
            &["< /n >; rel = \"next\" , </x>"],
        ] {
            assert_eq!(read(values).as_deref(), Some("/n"), "{values:?}");
        }
    }

    #[test]
    fn anything_else_is_no_next_page() {
        for value in [
            "",
            "</n>",
            "</n>; rel=\"prev\"",
            "</n>; rel=nextish",
            "</n; rel=next",
            "next",
            "</n>; title=\"rel=next\"",
            "</n>; rel=prev; rel=next",
        ] {
            assert_eq!(read(&[value]), None, "{value}");
        }
    }
}
