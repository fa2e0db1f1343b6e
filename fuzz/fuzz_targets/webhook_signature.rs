//! Whatever a webhook's receiver is sent: never a panic, and taken only if it was signed with the secret.
//!
//! ```sh
//! cargo +nightly fuzz run webhook_signature fuzz/seeds/webhook_signature -- -max_total_time=60
//! ```
//!
//! The input is a secret, a header's value and a body, with a newline after each of the first two.

#![no_main]

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use ostrom::webhooks::{InvalidSignature, Verifier};
use sha1::Sha1;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(3, |byte| *byte == b'\n');
    let (secret, value, body) = (next(&mut parts), next(&mut parts), next(&mut parts));
    let Ok(verifier) = Verifier::new(secret) else {
        assert!(secret.is_empty());
        return;
    };
    let hex = signed(secret, body);
    let right = value.strip_prefix(b"sha1=").is_some_and(|given| given.eq_ignore_ascii_case(hex.as_bytes()));
    assert_eq!(verifier.verify_value(value, body).is_ok(), right);

    // What is signed is taken, in either case, and nothing that is longer or shorter.
    for hex in [hex.to_lowercase(), hex.to_uppercase()] {
        let value = format!("sha1={hex}");
        assert_eq!(verifier.verify_value(value.as_bytes(), body), Ok(()));
        let longer = [value.as_bytes(), &input[..input.len().min(3)]].concat();
        assert_eq!(verifier.verify_value(&longer, body).is_ok(), longer.len() == value.len());
        let shorter = &value.as_bytes()[..value.len() - 1];
        assert_eq!(verifier.verify_value(shorter, body), Err(InvalidSignature::Malformed));
    }
});

fn next<'a>(parts: &mut impl Iterator<Item = &'a [u8]>) -> &'a [u8] {
    parts.next().unwrap_or_default()
}

/// The signature by the definition, written a second time.
fn signed(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("a key may have any length");
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
