//! Who sent a delivery: its signature, verified.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rolecall::HeaderMap;
use sha1::Sha1;

/// The header that signs a delivery.
pub const SIGNATURE_HEADER: &str = "x-ostrom-signature";

/// Verifies that deliveries come from Ostrom, and that nothing changed them on the way.
///
/// A delivery carries `X-Ostrom-Signature: sha1=<hex>`, the HMAC-SHA1 of its raw body with the secret that its webhook
/// was created with. It is compared in constant time. It is over the bytes that were sent: verify the body before it
/// is parsed, not one that was written anew.
///
/// There is no timestamp in a delivery, so that one that is sent again verifies again. A receiver that must not act
/// twice has to remember what it acted upon.
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
#[derive(Clone)]
pub struct Verifier {
    /// The secret, worked into the state of the hash.
    keyed: Hmac<Sha1>,
}

impl Verifier {
    /// A verifier for the webhook with this secret.
    ///
    /// # Errors
    ///
    /// For an empty secret, with which anybody could sign.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, EmptySecret> {
        match Hmac::new_from_slice(secret.as_ref()) {
            Ok(keyed) if !secret.as_ref().is_empty() => Ok(Self { keyed }),
            _ => Err(EmptySecret),
        }
    }

    /// Verifies a delivery by its headers and its raw body.
    ///
    /// # Errors
    ///
    /// For a delivery whose signature is missing, given more than once, no signature, or another body's or secret's.
    /// Answer it with 401, and do nothing else.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), InvalidSignature> {
        let mut values = headers.get_all(SIGNATURE_HEADER).iter();
        match (values.next(), values.next()) {
            (None, _) => Err(InvalidSignature::Missing),
            // Ostrom sends one. Which of several a proxy in between has looked at can't be known.
            (Some(_), Some(_)) => Err(InvalidSignature::Several),
            (Some(value), None) => self.verify_value(value.as_bytes(), body),
        }
    }

    /// Verifies a delivery by the value of its header `X-Ostrom-Signature` and its raw body, for servers with other
    /// types of headers.
    ///
    /// # Errors
    ///
    /// As [`Self::verify`].
    pub fn verify_value(&self, value: &[u8], body: &[u8]) -> Result<(), InvalidSignature> {
        let signature = read(value).ok_or(InvalidSignature::Malformed)?;
        let mut mac = self.keyed.clone();
        mac.update(body);
        mac.verify(&signature.into()).map_err(|_| InvalidSignature::Mismatch)
    }
}

/// `sha1=` and 40 hex digits of either case.
fn read(value: &[u8]) -> Option<[u8; 20]> {
    let hex = value.strip_prefix(b"sha1=")?;
    let mut signature = [0; 20];
    // A decoder may be content with less than the whole.
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

/// A webhook's secret that is empty, with which anybody could sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmptySecret;

impl fmt::Display for EmptySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the webhook's secret is empty: anybody could sign with it")
    }
}

impl std::error::Error for EmptySecret {}

/// Why a delivery is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidSignature {
    /// It has no signature.
    Missing,
    /// It has more than one.
    Several,
    /// What it has is not `sha1=` and 40 hex digits.
    Malformed,
    /// It was signed with another secret, or is not what was signed.
    Mismatch,
}

impl fmt::Display for InvalidSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the delivery has no signature (X-Ostrom-Signature)",
            Self::Several => "the delivery has more than one signature (X-Ostrom-Signature)",
            Self::Malformed => "the delivery's signature is not `sha1=` and 40 hex digits",
            Self::Mismatch => "the delivery was signed with another secret, or changed on its way",
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
    fn what_is_no_signature_is_malformed() {
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
    fn an_empty_secret_is_refused() {
        assert_eq!(Verifier::new("").unwrap_err(), EmptySecret);
        assert_eq!(Verifier::new([]).unwrap_err(), EmptySecret);
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
