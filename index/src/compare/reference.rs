//! Where a passage stands, ready to quote in a Chinese text: 《港门镇政府工作报告》（2025年4月8日，第十八届第八次会议），二（二），第31行.

use crate::document::governing;
use crate::parse::places::short;
use crate::rank::results::DocumentInfo;

/// The place of a passage, on a line of the source from 1, or a document as a whole. `path` are its headings, outermost
/// first; those with a number are told by it.
pub fn reference(document: &DocumentInfo, path: &[String], line: Option<u32>) -> String {
    let (title, meta) = (document.title(), &document.meta);
    let given = match (&meta.date, meta.year) {
        (Some(date), _) => Some(chinese(date)),
        (None, Some(year)) => Some(format!("{year}年")),
        (None, None) => None,
    };
    let place = unsaid_place(document).unwrap_or_default();
    let said: Vec<&str> = given.iter().chain(&meta.session).map(String::as_str).collect();
    let said = if said.is_empty() { String::new() } else { format!("（{}）", said.join("，")) };
    let labels: String = path.iter().filter_map(|heading| label(heading)).collect();
    let line = line.map(|line| format!("第{line}行"));
    let at: Vec<String> = [Some(labels), line].into_iter().flatten().filter(|at| !at.is_empty()).collect();
    let at = at.into_iter().map(|at| format!("，{at}")).collect::<String>();
    format!("{place}《{title}》{said}{at}")
}

/// The place of a document, the last of its chain or 全国, if its title does not say it: many reports are called 政府工作报告 and
/// nothing else.
pub fn unsaid_place(document: &DocumentInfo) -> Option<&str> {
    let (title, meta) = (document.title(), &document.meta);
    let place = governing(&meta.place, meta.level).last();
    let is_nation = meta.place.is_empty() && ["中华人民共和国", "国务院"].iter().any(|nation| title.contains(nation));
    place.filter(|place| !title.contains(short(place)) && !is_nation)
}

/// A date as it is spoken, without zeros: 2025年4月8日.
fn chinese(date: &str) -> String {
    let mut parts = date.split('-').map(|part| part.trim_start_matches('0'));
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{year}年{month}月{day}日"),
        (Some(year), Some(month), None) => format!("{year}年{month}月"),
        _ => format!("{date}年"),
    }
}

/// The number of a heading: 二 of 二、…, （二） of （二）…; none if it has none.
fn label(heading: &str) -> Option<&str> {
    const NUMBERS: &str = "一二三四五六七八九十百零〇0123456789";
    if heading.starts_with(['（', '(']) {
        let end = heading.find(['）', ')'])?;
        let close = heading[end..].chars().next()?.len_utf8();
        let inner = heading[..end].trim_start_matches(['（', '(']);
        return inner.chars().all(|c| NUMBERS.contains(c)).then(|| &heading[..end + close]);
    }
    let end = heading.find(|c| !NUMBERS.contains(c))?;
    let closes = heading[end..].starts_with(['、', '.', '．', '，']);
    (end > 0 && closes).then(|| &heading[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Level;

    #[test]
    fn as_people_quote() {
        let mut document = DocumentInfo { id: String::new(), meta: Default::default() };
        document.meta.title = "港门镇政府工作报告".into();
        document.meta.date = Some("2025-04-08".into());
        document.meta.session = Some("第十八届第八次会议".into());
        let path = ["二、2025年发展主要目标".to_string(), "（二）聚焦“百千万工程”".into(), "着力打造和美乡村".into()];
        assert_eq!(
            reference(&document, &path, Some(31)),
            "《港门镇政府工作报告》（2025年4月8日，第十八届第八次会议），二（二），第31行"
        );
        document.meta.place = vec!["广东省".into(), "湛江市".into(), "遂溪县".into(), "港门镇".into()];
        assert!(reference(&document, &path, Some(31)).starts_with("《港门镇政府工作报告》"));
        document.meta.title = "政府工作报告".into();
        assert!(reference(&document, &path, Some(31)).starts_with("港门镇《政府工作报告》"));
        // the nation's are called so too
        (document.meta.place, document.meta.level) = (Vec::new(), Some(Level::Nation));
        assert!(reference(&document, &path, Some(31)).starts_with("全国《政府工作报告》"));
        document.meta.title = "中华人民共和国预算法".into();
        assert!(reference(&document, &path, Some(31)).starts_with("《中华人民共和国预算法》"));
        document.meta = Default::default();
        document.meta.source = "a.txt".into();
        assert_eq!(reference(&document, &[], Some(1)), "《a.txt》，第1行");
    }
}
