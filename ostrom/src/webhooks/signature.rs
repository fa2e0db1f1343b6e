//! Verifies the signatures of deliveries.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rolecall::HeaderMap;
use sha1::Sha1;

/// The name of the header with the signature of a delivery.
pub const SIGNATURE_HEADER: &str = "x-ostrom-signature";

/// Verifies that deliveries come from Ostrom and were not changed in transit.
///
/// A delivery has the header `X-Ostrom-Signature: sha1=<hex>`, the HMAC-SHA1 of its raw body with the secret of its
/// webhook. Signatures are compared in constant time. Verify the raw body before parsing it: a body that was parsed and
/// serialized again may differ.
///
/// A delivery has no timestamp, so a repeated delivery is valid, too. A receiver that must not act twice has to remember
/// what it has handled.
///
/// ```
/// use ostrom::webhooks::Verifier;
/// use rolecall::HeaderMap;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::new("the webhook's secret")?;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("x-ostrom-signature", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709".parse()?);
/// assert!(verifier.verify(&headers, br#"{"type":"forged"}"#).is_err());
/// # Ok(())
/// # }
/// ```
/// # Rotating the secret
///
/// A webhook's secret cannot be changed. To replace it, create a webhook with the new secret, accept both secrets until
/// the old webhook is deleted and its last delivery has arrived, and then remove the old secret:
///
/// ```
/// # use ostrom::webhooks::{EmptySecret, Verifier};
/// # fn main() -> Result<(), EmptySecret> {
/// let verifier = Verifier::with_secrets(["the new secret", "the old secret"])?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier {
    /// The hash states that the secrets key. There is at least one.
    keyed: Vec<Hmac<Sha1>>,
}

impl Verifier {
    /// Creates a verifier for the webhook with this secret.
    ///
    /// # Errors
    ///
    /// Returns [`EmptySecret`] if the secret is empty: anyone could sign with it.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, EmptySecret> {
        Self::with_secrets([secret])
    }

    /// Creates a verifier that accepts a signature with any of these secrets.
    ///
    /// # Errors
    ///
    /// Returns [`EmptySecret`] if there are no secrets, or if one of them is empty: anyone could sign with it.
    pub fn with_secrets<S: AsRef<[u8]>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, EmptySecret> {
        let key = |secret: S| match Hmac::new_from_slice(secret.as_ref()) {
            Ok(keyed) if !secret.as_ref().is_empty() => Ok(keyed),
            _ => Err(EmptySecret),
        };
        let keyed = secrets.into_iter().map(key).collect::<Result<Vec<_>, _>>()?;
        if keyed.is_empty() { Err(EmptySecret) } else { Ok(Self { keyed }) }
    }

    /// Verifies a delivery by its headers and its raw body.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSignature`] if the signature is missing, duplicated, malformed, or does not match the body.
    /// Respond with 401 and ignore the delivery.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), InvalidSignature> {
        let mut values = headers.get_all(SIGNATURE_HEADER).iter();
        match (values.next(), values.next()) {
            (None, _) => Err(InvalidSignature::Missing),
            // Ostrom sends one. Of several, a proxy may have checked another one than this verifier would.
            (Some(_), Some(_)) => Err(InvalidSignature::Several),
            (Some(value), None) => self.verify_value(value.as_bytes(), body),
        }
    }

    /// Verifies a delivery by the value of its header `X-Ostrom-Signature` and its raw body, for servers with other
    /// header types.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSignature`] if the signature is malformed or does not match the body.
    pub fn verify_value(&self, value: &[u8], body: &[u8]) -> Result<(), InvalidSignature> {
        let signature = read(value).ok_or(InvalidSignature::Malformed)?;
        // All secrets are tried, so that the time does not depend on which of them matches.
        let matches = self.keyed.iter().fold(false, |matches, keyed| {
            let mut mac = keyed.clone();
            mac.update(body);
            mac.verify(&signature.into()).is_ok() | matches
        });
        if matches { Ok(()) } else { Err(InvalidSignature::Mismatch) }
    }
}

/// Parses `sha1=` and 40 hex digits of either case.
fn read(value: &[u8]) -> Option<[u8; 20]> {
    let hex = value.strip_prefix(b"sha1=")?;
    let mut signature = [0; 20];
    // The decoder accepts fewer digits.
    match base16ct::mixed::decode(hex, &mut signature) {
        Ok(whole) if whole.len() == 20 => Some(signature),
        _ => None,
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

/// The error for an empty secret, or for no secret at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmptySecret;

impl fmt::Display for EmptySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("webhook secret is empty; anyone could sign with it")
    }
}

impl std::error::Error for EmptySecret {}

/// The reason why the signature of a delivery is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidSignature {
    /// There is no signature.
    Missing,
    /// There is more than one signature.
    Several,
    /// The signature is not `sha1=` and 40 hex digits.
    Malformed,
    /// The signature was made with another secret, or for another body.
    Mismatch,
}

impl fmt::Display for InvalidSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing signature (header X-Ostrom-Signature)",
            Self::Several => "more than one signature (header X-Ostrom-Signature)",
            Self::Malformed => "malformed signature; expected `sha1=` and 40 hex digits",
            Self::Mismatch => {
                "signature does not match; the delivery was signed with another secret or changed in transit"
            }
        })
    }
}

impl std::error::Error for InvalidSignature {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 2202, test case 2.
    const SECRET: &str = "Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const HEX: &str = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";

    fn verify(value: &str) -> Result<(), InvalidSignature> {
        Verifier::new(SECRET).unwrap().verify_value(value.as_bytes(), BODY)
    }

    #[test]
    fn a_signature_of_either_case_verifies() {
        assert_eq!(verify(&format!("sha1={HEX}")), Ok(()));
        assert_eq!(verify(&format!("sha1={}", HEX.to_uppercase())), Ok(()));
        let (lower, upper) = HEX.split_at(17);
        assert_eq!(verify(&format!("sha1={lower}{}", upper.to_uppercase())), Ok(()));
    }

    #[test]
    fn anything_else_is_malformed() {
        let last = HEX.len() - 1;
        for value in [
            String::new(),
            "sha1=".to_owned(),
            HEX.to_owned(),
            format!("sha256={HEX}"),
            format!("SHA1={HEX}"),
            format!("sha1:{HEX}"),
            format!(" sha1={HEX}"),
            format!("sha1= {HEX}"),
            format!("sha1={HEX} "),
            format!("sha1=0x{}", &HEX[2..]),
            format!("sha1={}", &HEX[..last]),
            format!("sha1={}", &HEX[..last - 1]),
            format!("sha1={HEX}7"),
            format!("sha1={HEX}79"),
            format!("sha1={}g", &HEX[..last]),
            format!("sha1={}\u{ff17}", &HEX[..last]),
            format!("sha1={HEX},sha1={HEX}"),
        ] {
            assert_eq!(verify(&value), Err(InvalidSignature::Malformed), "{value:?}");
        }
    }

    #[test]
    fn another_secret_or_body_does_not_match() {
        let value = format!("sha1={HEX}");
        let other = Verifier::new("jefe").unwrap();
        assert_eq!(other.verify_value(value.as_bytes(), BODY), Err(InvalidSignature::Mismatch));
        let verifier = Verifier::new(SECRET).unwrap();
        assert_eq!(verifier.verify_value(value.as_bytes(), b""), Err(InvalidSignature::Mismatch));
        assert_eq!(verify(&format!("sha1={}", "0".repeat(40))), Err(InvalidSignature::Mismatch));
    }

    #[test]
    fn an_empty_secret_is_rejected() {
        assert_eq!(Verifier::with_secrets([] as [&str; 0]).unwrap_err(), EmptySecret);
        assert_eq!(Verifier::with_secrets(["a", ""]).unwrap_err(), EmptySecret);
        assert_eq!(Verifier::new("").unwrap_err(), EmptySecret);
        assert_eq!(Verifier::new([]).unwrap_err(), EmptySecret);
    }

    #[test]
    fn any_of_several_secrets_verifies_and_no_other() {
        let value = format!("sha1={HEX}");
        for secrets in [[SECRET, "b", "c"], ["a", SECRET, "c"], ["a", "b", SECRET]] {
            let verifier = Verifier::with_secrets(secrets).unwrap();
            assert_eq!(verifier.verify_value(value.as_bytes(), BODY), Ok(()));
            assert_eq!(verifier.verify_value(value.as_bytes(), b""), Err(InvalidSignature::Mismatch));
        }
        let verifier = Verifier::with_secrets(["a", "b"]).unwrap();
        assert_eq!(verifier.verify_value(value.as_bytes(), BODY), Err(InvalidSignature::Mismatch));
    }

    #[test]
    fn a_delivery_has_one_signature() {
        let verifier = Verifier::new(SECRET).unwrap();
        let value = || format!("sha1={HEX}").parse().unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(verifier.verify(&headers, BODY), Err(InvalidSignature::Missing));
        headers.append("X-Ostrom-Signature", value());
        assert_eq!(verifier.verify(&headers, BODY), Ok(()));
        headers.append("X-Ostrom-Signature", value());
        assert_eq!(verifier.verify(&headers, BODY), Err(InvalidSignature::Several));
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        assert_eq!(format!("{:?}", Verifier::new(SECRET).unwrap()), "Verifier { .. }");
    }

    proptest! {
        #[test]
        fn what_was_signed_verifies(secret in prop::collection::vec(any::<u8>(), 1..200), body: Vec<u8>, upper: bool) {
            let mut mac = Hmac::<Sha1>::new_from_slice(&secret).unwrap();
            mac.update(&body);
            let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            let value = format!("sha1={}", if upper { hex.to_uppercase() } else { hex });
            let verifier = Verifier::new(&secret).unwrap();
            prop_assert_eq!(verifier.verify_value(value.as_bytes(), &body), Ok(()));
        }

        #[test]
        fn no_value_panics_or_verifies_by_chance(value in prop::collection::vec(any::<u8>(), 0..64), body: Vec<u8>) {
            prop_assert!(Verifier::new(SECRET).unwrap().verify_value(&value, &body).is_err());
        }

        #[test]
        fn hex_of_any_length_matches_nothing(hex in "[0-9a-fA-F]{0,80}") {
            let value = format!("sha1={hex}");
            prop_assert!(verify(&value).is_err());
        }

        #[test]
        fn one_bit_changed_is_noticed(bit in 0_usize..160) {
            let mut signature = [0; 20];
            base16ct::mixed::decode(HEX, &mut signature).unwrap();
            signature[bit / 8] ^= 1 << (bit % 8);
            let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
            let value = format!("sha1={hex}");
            prop_assert_eq!(verify(&value), Err(InvalidSignature::Mismatch));
        }
    }
}
