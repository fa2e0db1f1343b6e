//! The disguises in which a secret could show.

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// A value that must not show, and what the test calls it.
#[derive(Debug, Clone)]
pub struct Secret {
    name: &'static str,
    forms: Vec<(&'static str, String)>,
}

impl Secret {
    pub(crate) fn new(name: &'static str, value: &str) -> Self {
        Self { name, forms: forms(value) }
    }

    /// Fails if the text shows the secret in any disguise.
    pub(crate) fn must_not_show(&self, text: &str) {
        for (form, needle) in &self.forms {
            if let Some(at) = text.find(needle.as_str()) {
                let around: String = text[..at].chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect();
                panic!("{} shows ({form}) after: {around}", self.name);
            }
        }
    }
}

/// The secret raw (whole, and each half of it), in base64 (both alphabets, wherever it begins in the encoded bytes,
/// as in `id:secret`), in hexadecimal, as a list of decimal bytes, percent-encoded, and escaped as by `Debug`.
#[must_use]
pub fn forms(secret: &str) -> Vec<(&'static str, String)> {
    assert!(secret.len() >= 16, "a short secret shows by chance");
    let bytes = secret.as_bytes();
    let (first, second) = secret.split_at(secret.len() / 2);
    let join = |separator| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(separator);
    let percent = |keep: &[u8], upper: bool| -> String {
        let encode = |byte: &u8| match byte {
            byte if byte.is_ascii_alphanumeric() || keep.contains(byte) => char::from(*byte).to_string(),
            byte if upper => format!("%{byte:02X}"),
            byte => format!("%{byte:02x}"),
        };
        bytes.iter().map(encode).collect()
    };
    let mut forms = vec![
        ("its first half", first.to_owned()),
        ("its second half", second.to_owned()),
        ("in hexadecimal", bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        ("in upper hexadecimal", bytes.iter().map(|byte| format!("{byte:02X}")).collect()),
        ("as decimal bytes", join(", ")),
        ("as decimal bytes", join(",")),
        ("escaped", secret.escape_debug().to_string()),
        ("escaped", bytes.escape_ascii().to_string()),
        ("in JSON", serde_json::to_string(secret).expect("a string").trim_matches('"').replace('/', "\\/")),
    ];
    for upper in [true, false] {
        for keep in ["".as_bytes(), b"-._~", b"-._*"] {
            forms.push(("percent-encoded", percent(keep, upper)));
        }
    }
    for (form, alphabet) in [("in base64", &STANDARD), ("in base64url", &URL_SAFE)] {
        forms.extend((0..3).map(|offset| (form, base64_at(secret, offset, alphabet))));
    }
    forms
}

/// The characters of a base64 text that stand for the secret alone, when that many bytes (modulo 3) come before it.
fn base64_at(secret: &str, offset: usize, alphabet: &Alphabet) -> String {
    let text = [&b"\0\0"[..offset], secret.as_bytes()].concat();
    let encoded = GeneralPurpose::new(alphabet, NO_PAD).encode(&text);
    let (from, to) = ((offset * 8).div_ceil(6), text.len() * 8 / 6);
    encoded[from..to].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "s3cr3t/+ with \u{fc} and =~";

    fn shows(text: &str) -> bool {
        forms(SECRET).iter().any(|(_, form)| text.contains(form))
    }

    #[test]
    fn every_disguise_is_seen_through() {
        let base64 = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
        let base64url = |text: String| base64::engine::general_purpose::URL_SAFE.encode(text);
        for text in [
            format!("a {SECRET} b"),
            format!("cut: {}", &SECRET[..16]),
            base64(format!("id:{SECRET}")),
            base64(format!("id2:{SECRET}")),
            base64(format!("id23:{SECRET}, and more")),
            base64url(format!("{SECRET}?>")),
            format!("{:?}", SECRET.as_bytes()),
            format!("{SECRET:?}"),
            "7333637233742F2B207769746820C3BC20616E64203D7E".to_owned(),
            "grant=x&client_secret=s3cr3t%2F%2B%20with%20%C3%BC%20and%20%3D~".to_owned(),
        ] {
            assert!(shows(&text), "{text}");
        }
        assert!(!shows("nothing of it"));
    }
}
