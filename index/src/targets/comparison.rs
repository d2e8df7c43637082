//! Reads what is said of an indicator without a number: 与经济增长同步, 高于全国平均水平.

use crate::patterns::{Pattern, patterns};

patterns! {
    // 居民收入差距, 居民收入比 and 经济增长方式 are other things
    OTHER = "差距|拉动|带动|协调|^(?:比|占|倍|方式|质量|动力|潜力|点|极|结构)";
    LINKED = "基本同步|同步|保持一致";
    MEASURED = "(?:高于|快于|低于|不低于|达到|超过|好于|优于|不低)[^，。；]{0,6}(?:全国|全省|全市|全区|全县|经济|平均|城镇|城乡|居民|国家|上年|地区)";
}

/// Whether a sentence compares something.
pub(crate) fn compares(text: &str) -> bool {
    LINKED.is_match(text) || MEASURED.is_match(text)
}

/// What is said without a number in the `tail` behind a name. `in_words` says whether more than a comparison counts.
pub(crate) fn words(tail: &str, in_words: bool) -> Option<String> {
    if let Some(found) = LINKED.find(tail) {
        return Some(if found.as_str() == "保持一致" { "同步".to_string() } else { found.as_str().to_string() });
    }
    let tail: &str = tail.trim_start_matches("增速").trim_start_matches("增长").trim_start_matches("保持");
    let tail = tail.split('、').next().unwrap_or(tail);
    let is_other = OTHER.is_match(tail);
    let is_short =
        !is_other && (2..=14).contains(&tail.chars().count()) && !tail.contains(|c: char| c.is_ascii_digit());
    let is_measured = MEASURED.is_match(tail);
    (is_short && (in_words || is_measured)).then(|| tail.trim_end_matches("的预期目标").to_string())
}
