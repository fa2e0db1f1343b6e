//! Chance that is the same at every start: what is asked twice is answered twice alike, in any order.

/// A number for this seed, subject and moment that looks like chance.
pub(crate) fn noise(seed: u64, subject: u64, at: i64) -> u64 {
    mix(mix(seed ^ mix(subject)) ^ at.cast_unsigned())
}

/// The same, spread evenly from `low` to `high`, both included.
pub(crate) fn between(low: i64, high: i64, noise: u64) -> i64 {
    let span = high.abs_diff(low).saturating_add(1);
    low.saturating_add_unsigned(noise % span)
}

/// A number for a text, FNV-1a.
pub(crate) fn number(text: &str) -> u64 {
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
    fn chance_repeats_itself_and_differs_by_all_it_depends_on() {
        assert_eq!(noise(1, 2, 3), noise(1, 2, 3));
        assert_ne!(noise(1, 2, 3), noise(2, 2, 3));
        assert_ne!(noise(1, 2, 3), noise(1, 3, 3));
        assert_ne!(noise(1, 2, 3), noise(1, 2, 4));
    }

    #[test]
    fn a_span_is_used_whole_and_never_left() {
        let seen: Vec<i64> = (0..1000).map(|at| between(-2, 2, noise(7, 7, at))).collect();
        assert!((-2..=2).all(|value| seen.contains(&value)));
        assert!(seen.iter().all(|value| (-2..=2).contains(value)));
    }
}
