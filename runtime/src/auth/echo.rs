//! Detects secrets that a server echoes, in the encodings that servers commonly use.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use percent_encoding::percent_decode;

/// The length below which an encoded form may match by chance.
const SHORTEST_FORM: usize = 8;

/// Returns `true` if the text contains the secret: verbatim, percent-encoded, with JSON or HTML escapes, in base64, or
/// in hexadecimal.
pub(super) fn shows(text: &[u8], secret: &[u8]) -> bool {
    if secret.is_empty() {
        return false;
    }
    let percent: Cow<'_, [u8]> = percent_decode(text).into();
    let form = without_plus(text);
    let form: Cow<'_, [u8]> = percent_decode(&form).into();
    let decoded = [unescaped(text), unescaped(&percent), form.into_owned(), html_unescaped(text)];
    contains(text, secret)
        || contains(&percent, secret)
        || decoded.iter().any(|decoded| contains(decoded, secret))
        || encoded_forms(secret).iter().any(|form| contains(text, form) || contains(&percent, form))
}

/// Returns `true` if a possibly truncated text ends inside the secret, with a prefix of it that is too long to match by
/// chance.
pub(super) fn ends_within(text: &[u8], secret: &[u8]) -> bool {
    (secret.len() / 4 + 4..secret.len()).any(|length| secret.get(..length).is_some_and(|start| text.ends_with(start)))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Returns the base64 forms in both alphabets, for each offset of the secret in the encoded bytes, and the hexadecimal
/// form.
fn encoded_forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::with_capacity(8);
    for alphabet in [&alphabet::STANDARD, &alphabet::URL_SAFE] {
        let engine = GeneralPurpose::new(alphabet, NO_PAD);
        for offset in 0..3_usize {
            let text = [vec![0; offset], secret.to_vec()].concat();
            let encoded = engine.encode(&text).into_bytes();
            // Only the characters that depend on the secret alone.
            forms.extend(encoded.get((offset * 8).div_ceil(6)..text.len() * 8 / 6).map(<[u8]>::to_vec));
        }
    }
    let hex = |upper: bool| -> Vec<u8> {
        let digit = |byte: &u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        secret.iter().map(digit).collect::<String>().into_bytes()
    };
    forms.extend([hex(false), hex(true)]);
    forms.retain(|form| form.len() >= SHORTEST_FORM);
    forms
}

fn without_plus(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect()
}

/// Returns the text with JSON escapes decoded.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let (b'\\', Some((&escaped, after))) = (byte, rest.split_first()) else {
            plain.push(byte);
            continue;
        };
        rest = after;
        let code = rest.get(..4).filter(|_| escaped == b'u').and_then(code_unit);
        match code {
            Some(code) => {
                rest = rest.get(4..).unwrap_or_default();
                let low = rest.strip_prefix(b"\\u").and_then(|low| code_unit(low.get(..4)?));
                let character = match low {
                    Some(low) if (0xD800..0xDC00).contains(&code) => {
                        rest = rest.get(6..).unwrap_or_default();
                        char::decode_utf16([code, low]).next().and_then(Result::ok)
                    }
                    _ => char::from_u32(u32::from(code)),
                };
                plain.extend_from_slice(character.unwrap_or_default().encode_utf8(&mut [0; 4]).as_bytes());
            }
            None => plain.push(escaped),
        }
    }
    plain
}

fn code_unit(digits: &[u8]) -> Option<u16> {
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Returns the text with HTML character references decoded: numeric ones, and those of the five special characters.
fn html_unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let reference = (byte == b'&').then(|| after.iter().take(10).position(|byte| *byte == b';')).flatten();
        match reference.and_then(|end| Some((end, character(after.get(..end)?)?))) {
            Some((end, character)) => {
                plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after.get(end + 1..).unwrap_or_default();
            }
            None => {
                plain.push(byte);
                rest = after;
            }
        }
    }
    plain
}

fn character(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        _ => {
            let number = std::str::from_utf8(name).ok()?.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "s3cr3t/+ with \u{fc} & <=~";

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        let base64 = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
        let escaped: String = SECRET.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let references: String = SECRET.chars().map(|char| format!("&#{};", u32::from(char))).collect();
        let hex: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        for text in [
            format!("a {SECRET} b"),
            base64(format!("id:{SECRET}")),
            base64(format!("id2:{SECRET}")),
            base64(format!("id23:{SECRET}, and more")),
            base64::engine::general_purpose::URL_SAFE.encode(format!("{SECRET}?>")),
            "https://a.example/?key=s3cr3t%2F%2B%20with%20%C3%BC%20%26%20%3C=~".to_owned(),
            "client_secret=s3cr3t%2f%2b+with+%c3%bc+%26+%3C%3D~&a=b".to_owned(),
            SECRET.replace('/', "\\/"),
            escaped,
            SECRET.replace('&', "&amp;").replace('<', "&lt;"),
            references,
            hex,
        ] {
            assert!(shows(text.as_bytes(), SECRET.as_bytes()), "{text}");
        }
        assert!(!shows(b"nothing of it: s3cr3t", SECRET.as_bytes()));
        assert!(!shows(b"anything", b""));
    }

    #[test]
    fn the_escapes_of_json_are_decoded() {
        assert_eq!(unescaped(br"a\/b\u0063\u002F\\d"), br"a/bc/\d");
        assert_eq!(unescaped(br"\u20ac \u00 \"), "\u{20ac} u00 \\".as_bytes());
        assert_eq!(unescaped(br"\ud83d\ude00"), "\u{1f600}".as_bytes());
    }

    #[test]
    fn a_short_secret_is_found_only_as_it_is() {
        assert!(shows(b"the key is abc", b"abc"));
        assert!(!shows(b"YWJj 616263", b"abc"));
    }

    #[test]
    fn a_cut_inside_the_secret_is_noticed() {
        assert!(ends_within(b"xx012345", b"01234567"));
        assert!(!ends_within(b"xx01234", b"01234567"), "by chance");
        assert!(!ends_within(b"xx012345x", b"01234567"));
    }
}
