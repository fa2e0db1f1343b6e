//! Numbers that nobody can foretell, from the random keys of the standard library's hash maps: a crate for it would be
//! one more in every build, for three numbers.

use std::hash::{BuildHasher, RandomState};

/// Any number.
pub(crate) fn number() -> u64 {
    RandomState::new().hash_one(())
}

/// From zero up to, but not, one.
pub(crate) fn unit_f64() -> f64 {
    let [a, b, c, d, ..] = number().to_ne_bytes();
    f64::from(u32::from_ne_bytes([a, b, c, d])) / 2_f64.powi(32)
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
        // Each is 1,000 give or take 30.
        assert!(tenths.iter().all(|count| (700..1300).contains(count)), "{tenths:?}");
    }
}
