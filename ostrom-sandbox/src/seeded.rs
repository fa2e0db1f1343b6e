//! Pseudorandom values that depend only on their inputs, so that repeated requests get equal responses in any order.

/// Returns a pseudorandom number for a seed, a subject, and a time.
pub(crate) fn seeded(seed: u64, subject: u64, at: i64) -> u64 {
    mix(mix(seed ^ mix(subject)) ^ at.cast_unsigned())
}

/// Maps a pseudorandom number to the range from `low` to `high`, inclusive.
pub(crate) fn between(low: i64, high: i64, number: u64) -> i64 {
    let span = high.abs_diff(low).saturating_add(1);
    low.saturating_add_unsigned(number % span)
}

/// Hashes a text (FNV-1a).
pub(crate) fn hash_text(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finalizer of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_repeat_and_depend_on_every_input() {
        assert_eq!(seeded(1, 2, 3), seeded(1, 2, 3));
        assert_ne!(seeded(1, 2, 3), seeded(2, 2, 3));
        assert_ne!(seeded(1, 2, 3), seeded(1, 3, 3));
        assert_ne!(seeded(1, 2, 3), seeded(1, 2, 4));
    }

    #[test]
    fn a_range_is_covered_and_never_exceeded() {
        let seen: Vec<i64> = (0..1000).map(|at| between(-2, 2, seeded(7, 7, at))).collect();
        assert!((-2..=2).all(|value| seen.contains(&value)));
        assert!(seen.iter().all(|value| (-2..=2).contains(value)));
    }
}
