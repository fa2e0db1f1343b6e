//! Unpredictable numbers, from the random keys of the standard library's hash maps: three functions do not justify
//! another dependency.

use std::hash::{BuildHasher, RandomState};

/// Returns a random number.
pub(crate) fn number() -> u64 {
    RandomState::new().hash_one(())
}

/// Returns a random number in `0.0..1.0`.
pub(crate) fn unit_f64() -> f64 {
    let [a, b, c, d, ..] = number().to_ne_bytes();
    f64::from(u32::from_ne_bytes([a, b, c, d])) / 2_f64.powi(32)
}

/// Returns a random UUID (RFC 9562, version 4).
pub(crate) fn uuid() -> String {
    let bits = (u128::from(number()) << 64) | u128::from(number());
    let bits = bits & !(0xf000_u128 << 64) & !(0b11_u128 << 62) | (0x4000_u128 << 64) | (0b10_u128 << 62);
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_spread_over_the_whole_range() {
        let mut tenths = [0; 10];
        for _ in 0..10_000 {
            let share = unit_f64();
            assert!((0.0..1.0).contains(&share));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 9")]
            let tenth = (share * 10.0) as usize;
            tenths[tenth] += 1;
        }
        // Each count is about 1,000, with a standard deviation of 30.
        assert!(tenths.iter().all(|count| (700..1300).contains(count)), "{tenths:?}");
    }

    #[test]
    fn uuids_have_their_version_and_never_come_twice() {
        let all: std::collections::HashSet<String> = (0..10_000).map(|_| uuid()).collect();
        assert_eq!(all.len(), 10_000);
        for uuid in all {
            let bytes = uuid.as_bytes();
            assert_eq!((uuid.len(), bytes[14]), (36, b'4'), "{uuid}");
            assert!(b"89ab".contains(&bytes[19]) && [8, 13, 18, 23].iter().all(|at| bytes[*at] == b'-'), "{uuid}");
        }
    }
}
