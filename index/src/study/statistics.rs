//! Measures of corpus linguistics over plain counts.

/// How sure it is that a word's frequency differs between two texts: the log-likelihood G² of Dunning (Accurate methods for
/// the statistics of surprise and coincidence, Computational Linguistics 19, 1993) in the form of Rayson and Garside
/// (Comparing corpora using frequency profiling, ACL 2000), 2·(a·ln(a/E₁) + b·ln(b/E₂)), where E₁ = c·(a+b)/(c+d) and
/// E₂ = d·(a+b)/(c+d). The word stands `a` times among the `c` words of the one text and `b` times among the `d` of the other.
/// 0 where the share is the same; by chance above 3.84 once in 20 words, above 6.63 in 100, 10.83 in 1,000, 15.13 in 10,000.
pub(crate) fn log_likelihood(a: u64, b: u64, c: u64, d: u64) -> f64 {
    let [a, b, c, d] = [a, b, c, d].map(|count| count as f64);
    let part = |seen: f64, expected: f64| if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 };
    let all = (a + b) / (c + d);
    (2.0 * (part(a, c * all) + part(b, d * all))).max(0.0)
}

/// How much it differs: the binary logarithm of the ratio of the shares, log₂((a/c)/(b/d)); 1 is twice as often, −1 half as
/// often. A count of 0 is taken as 0.5 (Hardie, Log Ratio: an informal introduction, CASS, Lancaster 2014), but where that is a
/// larger share than the other text has, in a text much smaller than the other, as one that is equal to it.
pub(crate) fn log_ratio(a: u64, b: u64, c: u64, d: u64) -> f64 {
    let share = |count: u64, all: u64| if count == 0 { 0.5 } else { count as f64 } / all.max(1) as f64;
    let ratio = (share(a, c) / share(b, d)).log2();
    let (least, most) = (if b == 0 { 0.0 } else { f64::NEG_INFINITY }, if a == 0 { 0.0 } else { f64::INFINITY });
    ratio.clamp(least, most)
}

/// How typical two words are of each other: 14 + log₂(2·f/(f₁+f₂)), where they stand together `both` times and alone
/// `one` and `other` times (Rychlý, A lexicographer-friendly association score, RASLAN 2008). At most 14; 1 less is
/// half as typical. Where a word stands several times near one place, it counts no oftener than there are places.
pub(crate) fn log_dice(both: u64, one: u64, other: u64) -> f64 {
    let both = both.min(one).min(other);
    14.0 + (2.0 * both as f64 / (one + other).max(1) as f64).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand from the formulas; the first is the example of twice 0.1 % against 0.1 %.
    #[test]
    fn known_values() {
        for (counts, likelihood, ratio) in [
            ([20, 10, 10_000, 10_000], 3.3980, 1.0),
            ([10, 10, 1_000, 1_000], 0.0, 0.0),
            ([8, 0, 1_000, 1_000], 11.0904, 4.0),
            ([0, 3, 500, 1_500], 1.7261, -1.0),
            ([0, 7, 100, 100_000], 0.0140, 0.0),
            ([7, 0, 100_000, 100], 0.0140, 0.0),
        ] {
            let [a, b, c, d] = counts;
            let found = (log_likelihood(a, b, c, d), log_ratio(a, b, c, d));
            assert!((found.0 - likelihood).abs() < 1e-4 && (found.1 - ratio).abs() < 1e-4, "{counts:?}: {found:?}");
        }
    }

    #[test]
    fn words_never_apart_have_fourteen() {
        assert_eq!(log_dice(8, 8, 8), 14.0);
        assert_eq!(log_dice(1, 8, 8), 11.0);
        assert_eq!(log_dice(4, 1, 4), log_dice(1, 1, 4));
    }
}
