//! Recognises marks that are written loosely: 第一章总则 without a blank, 一. and 一） for 一、, blanks that a scan leaves inside ( 一 ),
//! ① and 1.1. Such characters also begin what is no heading; `sequences` takes them for marks where they count up.

use crate::parse::marks::{Class, LONG_TITLE, Numbered, UNITS, is_digit, is_han_digit, run, titled, value};

const BLANKS: [char; 2] = [' ', '\u{3000}'];

/// The classes of [`loose`] marks, the parts before what stands within them.
pub(crate) const CLASSES: [Class; 9] = [
    Class::Book,
    Class::Chapter,
    Class::Part,
    Class::Article,
    Class::Han,
    Class::HanParenthesized,
    Class::Digit,
    Class::Parenthesized,
    Class::Circled,
];

/// The loose mark that `line` begins with, and its heading.
pub(crate) fn loose(line: &str) -> Option<Numbered<'_>> {
    match line.chars().next()? {
        '第' => unspaced(line),
        '（' | '(' => spaced(line),
        c if is_digit(c) || is_han_digit(c) => spaced(line),
        c => {
            let number = c as u32;
            // ① to ⑳
            let rest = ('\u{2460}'..='\u{2473}').contains(&c).then(|| &line[c.len_utf8()..])?;
            let heading = titled(line, Class::Circled, &line[..c.len_utf8()], rest.trim_start_matches(BLANKS))?;
            Some(Numbered { number: number - 0x245f, ..heading })
        }
    }
}

/// ( 一 ) and 一 、, 一. and 一), but not 一 年 or 1)
fn spaced(line: &str) -> Option<Numbered<'_>> {
    let inside = line.strip_prefix(['（', '(']).map(|inside| inside.trim_start_matches(BLANKS));
    let is_within = inside.is_some();
    let inside = inside.unwrap_or(line);
    let is_han = inside.starts_with(is_han_digit);
    let is_number = |c: char| if is_han { is_han_digit(c) } else { is_digit(c) };
    // 二 十 一
    let behind = run(inside, |c| is_number(c) || BLANKS.contains(&c))?;
    let label = inside[..inside.len() - behind.len()].trim_end_matches(BLANKS);
    let close = behind.chars().next()?;
    let class = match close {
        _ if label.is_empty() || label.chars().count() > 5 => return None,
        '）' | ')' if is_han => Class::HanParenthesized,
        '）' | ')' if is_within => Class::Parenthesized,
        '、' | '﹑' | '.' | '．' if is_han && !is_within => Class::Han,
        '、' | '．' | '.' if !is_within && label.len() <= 2 && label.len() + behind.len() < line.len() => {
            Class::Digit
        }
        _ => return None,
    };
    titled(line, class, label, behind[close.len_utf8()..].trim_start_matches(BLANKS))
}

/// 1.1 编制目的, or 1 总则 that has it inside: its numbers, as many as there are of its parts, and its heading.
pub(crate) fn decimal(line: &str) -> Option<(Vec<u32>, Numbered<'_>)> {
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let label = line[..line.len() - behind.len()].trim_end_matches('.');
    let numbers: Vec<u32> = label.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let rest = behind.trim_start_matches(['、', '．', ' ', '\u{3000}']);
    let is_apart = rest.len() < behind.len() || line[label.len()..].starts_with('.');
    let is_title = rest.starts_with(|c: char| c.is_alphabetic() || c == '“')
        && (is_apart || numbers.len() > 1 && !rest.starts_with(['万', '亿', '个', '元', '倍', '年', '月', '日']));
    if !is_title || numbers.len() > 5 {
        return None;
    }
    let heading = titled(line, Class::Decimal(numbers.len() as u8), label, rest)?;
    Some((numbers, heading))
}

/// 第一章总则 or 第一条为了规范…, without a blank behind the mark, and none where it is referred to.
fn unspaced(line: &str) -> Option<Numbered<'_>> {
    let behind = run(line.strip_prefix('第')?, |c| is_digit(c) || is_han_digit(c) || c == '千')?;
    let (class, rest) = UNITS
        .iter()
        .find_map(|(unit, class)| Some((*class, behind.strip_prefix(*unit)?)))
        .or_else(|| Some((Class::Article, behind.strip_prefix('条')?)))?;
    let is_referred_to = [
        "规定", "所", "的", "第", "至", "和", "与", "及", "或", "中", "款", "项", "之", "以", "、", "，", "。", "；",
        "：", ":",
    ]
    .into_iter()
    .any(|word| rest.starts_with(word));
    if rest.is_empty() || is_referred_to {
        return None;
    }
    let mark = &line[..line.len() - rest.len()];
    let (title, end) = match class {
        Class::Article => ("", mark.len()),
        _ if rest.contains(['。', '，']) || rest.chars().nth(LONG_TITLE).is_some() => return None,
        _ => (rest.trim(), line.len()),
    };
    Some(Numbered { class, number: value(mark), label: Some(mark), mark, title, end, runs_in: end < line.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_marks_and_what_only_looks_like_one() {
        for (line, class, number, title) in [
            ("一 、 2024年工作回顾", Class::Han, 1, "2024年工作回顾"),
            ("一. 2024年工作回顾", Class::Han, 1, "2024年工作回顾"),
            ("二)农业生产", Class::HanParenthesized, 2, "农业生产"),
            ("( 二 ) 农业生产稳步发展 。 粮食丰收 。", Class::HanParenthesized, 2, "农业生产稳步发展"),
            ("（ 二 十 一 ） 农业", Class::HanParenthesized, 21, "农业"),
            ("1 、 农业", Class::Digit, 1, "农业"),
            ("( 1 ) 农业", Class::Parenthesized, 1, "农业"),
            ("③抓工业。好。", Class::Circled, 3, "抓工业"),
        ] {
            let found = loose(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((found.class, found.number, found.title), (class, number, title), "{line}");
        }
        for line in ["一 年 来", "1 9 8 7 年", "1) 甲", "2.5", "一 是 抓项目", "(略) 甲"] {
            assert_eq!(loose(line), None, "{line}");
        }
        let numbers = |line| decimal(line).map(|(numbers, heading)| (numbers, heading.title));
        assert_eq!(numbers("1　总则"), Some((vec![1], "总则")));
        assert_eq!(numbers("1. 总则"), Some((vec![1], "总则")));
        assert_eq!(numbers("4.1.2职责"), Some((vec![4, 1, 2], "职责")));
        assert_eq!(["2.5亿元", "2025年", "1总则", "3.5%"].map(numbers), [None, None, None, None]);
    }
}
