//! Writes numbers in words as digits, so that figures are read in one form.

use std::borrow::Cow;

use crate::numerals::ratio;
use crate::parse::when::year_of;
use crate::patterns::{Pattern, patterns};

patterns! {
    HAN_YEAR = "(?:一九|二[〇零○0o])[〇零○0o一二三四五六七八九]{2}年";
    PLAN = "第([六七八九十]|十[一二三四五六七八九])个五年(?:计划|规划)";
    // a mark stands for 百分之, whose 百 is no numeral
    PERCENT = "\u{1}([零〇一二三四五六七八九十百点]+)(?:[到至]\u{1}?([零〇一二三四五六七八九十百点]+))?";
    POINT = "([0-9０-９])[·・•]([0-9０-９])";
    // 七八亿元 is no number
    AMOUNT = "(?P<number>[一二三四五六七八九十百][零〇○一二三四五六七八九十百千点]*)(?P<unit>[多余]?[万亿]{0,2}(?:个百分点|元|美元|吨|斤|公斤|人|岁|倍))";
    // 一亿五千万元, behind whose 亿 an amount stands in digits by now
    COMPOUND = "(?P<before>^|[^0-9.])(?P<high>[0-9]+|[一二三四五六七八九十百][零〇○一二三四五六七八九十百千]*)(?P<scale>[万亿])[零〇○]?(?P<low>[0-9]{1,4})(?P<more>[多余]?)(?P<of>万?)(?P<unit>元|美元|吨|斤|公斤|人)";
    VAGUE = "[一二三四五六七八九][一二三四五六七八九]";
}

/// Writes the · of numbers as a point: 14·1%. Folding takes it for a mark.
pub(crate) fn with_points(text: &str) -> Cow<'_, str> {
    POINT.replace_all(text, "${1}.${2}")
}

/// Writes 百分之八点五 as 8.5%, 八百亿元 as 800亿元, 一九八五年 as 1985年 and 第六个五年计划 as 六五计划.
pub(crate) fn with_digits(text: &str) -> String {
    let year = |found: &regex::Captures<'_>| match year_of(found[0].trim_end_matches('年')) {
        Some(year) => format!("{year}年"),
        None => found[0].to_string(),
    };
    let text = HAN_YEAR.replace_all(text, year);
    let text = PLAN.replace_all(&text, "${1}五计划");
    let number = |numerals: &str| ratio(numerals).filter(|number| number.len == numerals.len());
    let written = |found: &regex::Captures<'_>| {
        let second = found.get(2).map(|second| number(second.as_str()));
        match (number(&found[1]), second) {
            (Some(one), None) => format!("{}%", one.value),
            (Some(one), Some(Some(two))) => format!("{}%-{}%", one.value, two.value),
            _ => found[0].to_string(),
        }
    };
    let text = PERCENT.replace_all(&text.replace("百分之", "\u{1}"), written).replace('\u{1}', "百分之");
    let amount = |found: &regex::Captures<'_>| match number(&found["number"]) {
        Some(number) if !VAGUE.is_match(found["number"].split('点').next().unwrap_or_default()) => {
            format!("{}{}", number.value, &found["unit"])
        }
        _ => found[0].to_string(),
    };
    let text = AMOUNT.replace_all(&text, amount);
    let joined = |found: &regex::Captures<'_>| {
        let low: u32 = found["low"].parse().ok()?;
        let places = match (&found["scale"], &found["of"]) {
            ("亿", "万") | ("万", "") => format!("{low:04}"),
            ("亿", "") => format!("{low:08}"),
            _ => return None,
        };
        let high = number(&found["high"]).filter(|_| !VAGUE.is_match(&found["high"]))?;
        let value = format!("{}.{places}", high.value);
        Some(format!(
            "{}{}{}{}{}",
            &found["before"],
            value.trim_end_matches(['0']).trim_end_matches('.'),
            &found["more"],
            &found["scale"],
            &found["unit"]
        ))
    };
    COMPOUND
        .replace_all(&text, |found: &regex::Captures<'_>| joined(found).unwrap_or_else(|| found[0].to_string()))
        .replace("零增长", "增长0%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_in_words() {
        assert_eq!(with_digits("增长百分之八点五"), "增长8.5%");
        assert_eq!(with_digits("增长百分之四到五"), "增长4%-5%");
        assert_eq!(with_digits("增长百分之四至百分之五"), "增长4%-5%");
        assert_eq!(with_digits("八百五十五亿元"), "855亿元");
        assert_eq!(with_digits("增长五个百分点"), "增长5个百分点");
        assert_eq!(with_digits("七八亿元"), "七八亿元");
        assert_eq!(with_digits("一亿五千万元和十一亿零五十万吨"), "1.5亿元和11.005亿吨");
        assert_eq!(with_digits("三万五千人，1亿5000万元，1.5万500人"), "3.5万人，1.5亿元，1.5万500人");
        assert_eq!(with_digits("七八亿五千万元"), "七八亿5000万元");
        assert_eq!(with_digits("七亿七千多万吨"), "7.7多亿吨");
        assert_eq!(with_digits("三百十二亿元，六万万斤，三万亿元"), "312亿元，6万万斤，3万亿元");
        assert_eq!(with_digits("百分之二十三"), "23%");
        assert_eq!(with_digits("百分之百"), "100%");
        assert_eq!(with_digits("百分之三十点五"), "30.5%");
        assert_eq!(with_digits("第六个五年计划期间，到一九八五年"), "六五计划期间，到1985年");
    }
}
