//! Where a passage stands, ready to quote in a Chinese text: 《港门镇政府工作报告》（2025年4月8日，第十八届第八次会议），二（二），第31行; and
//! its document as an entry of a bibliography.

use crate::document::{Level, Meta, governing};
use crate::parse::lines::one_line;
use crate::parse::places::short;
use crate::patterns::{Pattern, patterns};
use crate::rank::results::DocumentInfo;
use crate::store::record::hash;

/// The longest id, in characters, that is the key of a BibTeX entry as it is.
const LONGEST_KEY: usize = 24;

patterns! {
    // what names itself in its title: 最高人民法院关于…, but neither 人民法院组织法 nor the rules of a court
    BODY = {
        let of_place = "[^0-9，。、：《》“”〈〉（）() 　]{2,16}?(?:人民政府|人民代表大会常务委员会|人大常委会|人民代表大会|人民法院|人民检察院)";
        let party = "(?:中共|中国共产党)[^0-9，。、：《》“”〈〉（）() 　]{1,16}?(?:委员会|委)";
        let one = format!("(?:国务院|{of_place}|{party})");
        format!("^(?:[0-9]{{4}}年)?({one}(?:[、和]{one})*)(?:第[0-9一二三四五六七八九十]+次(?:全体)?会议)?(?:关于|政府工作报告|工作报告|公告|公报)")
    };
}

/// The place of a passage, on a line of the source from 1, or a document as a whole. `path` are its headings, outermost
/// first; those with a number are told by it.
pub fn reference(document: &DocumentInfo, path: &[String], line: Option<u32>) -> String {
    let (title, meta) = (one_line(document.title()), &document.meta);
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

/// The reference after GB/T 7714-2015, 8.1: author, title with `[R]`, publisher and year.
pub(crate) fn gb7714(meta: &Meta) -> String {
    let body = body(meta);
    let author = meta.speaker.clone().or_else(|| body.clone()).unwrap_or_default();
    let published = [body.filter(|body| *body != author), meta.year.map(|y| y.to_string())];
    let published = published.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let date = meta.date.as_ref().map_or(String::new(), |date| format!(" ({date})"));
    let parts = [author, format!("{}[R]", one_line(&meta.title)), format!("{published}{date}")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    format!("{}.", parts.join(". "))
}

/// The same as a BibTeX entry.
pub(crate) fn bibtex(document: &DocumentInfo, line: u32) -> String {
    let meta = &document.meta;
    let mut fields = vec![("title", one_line(&meta.title))];
    fields.extend(meta.speaker.clone().map(|speaker| ("author", speaker)));
    fields.extend(body(meta).map(|body| ("institution", body)));
    fields.extend(meta.year.map(|year| ("year", year.to_string())));
    fields.extend(meta.date.clone().map(|date| ("date", date)));
    fields.push(("note", format!("line {}", line)));
    // what LaTeX takes for a command
    let escaped = |text: &str| {
        let escaped = text.chars().map(|c| match c {
            '%' | '#' | '$' | '&' | '_' | '{' | '}' => format!("\\{c}"),
            '\\' => "\\textbackslash{}".to_string(),
            '~' => "\\textasciitilde{}".to_string(),
            '^' => "\\textasciicircum{}".to_string(),
            c if c.is_control() => " ".to_string(),
            c => c.to_string(),
        });
        escaped.collect::<String>()
    };
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let lines: Vec<String> = fields
        .map(|(name, value)| match name {
            // one name, however many parts it seems to have
            "author" => format!("  {name} = {{{{{}}}}}", escaped(&value)),
            _ => format!("  {name} = {{{}}}", escaped(&value)),
        })
        .collect();
    format!("@techreport{{{},\n{}\n}}", key(&document.id), lines.join(",\n"))
}

/// The key of an entry: the id where it can be one, else as much of it as can, with a hash that tells it from others that begin so.
fn key(id: &str) -> String {
    let key: String = id.chars().filter(|c| c.is_alphanumeric()).take(LONGEST_KEY).collect();
    if key == id { key } else { format!("{key}{:08x}", hash(id)) }
}

/// The body whose document it is: the one that its title begins with, of a report of a government that.
fn body(meta: &Meta) -> Option<String> {
    let title = one_line(&meta.title);
    if let Some(named) = BODY.captures(&title).and_then(|found| found.get(1)).map(|found| found.as_str())
        && !named.starts_with("关于")
    {
        return Some(named.to_string());
    }
    let is_of_government = meta.kind.as_deref() == Some("政府工作报告");
    match (meta.place.last().filter(|_| is_of_government), meta.level) {
        (Some(place), _) if place.ends_with("街道") => Some(format!("{place}办事处")),
        (Some(place), _) => Some(format!("{place}人民政府")),
        (None, Some(Level::Nation)) if is_of_government => Some("国务院".to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// A government is named for its reports alone; another body where it names itself.
    #[test]
    fn who_speaks_is_not_made_up() {
        let place = |links: &[&str]| links.iter().map(|link| link.to_string()).collect::<Vec<_>>();
        for (title, kind, chain, expected) in [
            ("遂溪县政府工作报告", "政府工作报告", &["广东省", "湛江市", "遂溪县"][..], "遂溪县人民政府"),
            ("新安街道政府工作报告", "政府工作报告", &["广东省", "深圳市", "新安街道"], "新安街道办事处"),
            ("政府工作报告", "政府工作报告", &[], "国务院"),
            ("广东省人民政府关于印发规划的通知", "通知", &["广东省"], "广东省人民政府"),
            ("韶关市人民政府关于印发规划的通知", "通知", &["广东省", "韶关市"], "韶关市人民政府"),
            ("2026年四川省人民政府工作报告", "政府工作报告", &["四川省"], "四川省人民政府"),
            ("最高人民检察院工作报告", "工作报告", &[], "最高人民检察院"),
            ("最高人民法院、最高人民检察院关于办理案件的解释", "解释", &[], "最高人民法院、最高人民检察院"),
            ("第十三届全国人民代表大会第五次会议关于政府工作报告的决议", "决议", &[], "第十三届全国人民代表大会"),
            ("中共湛江市委关于制定规划的建议", "", &["广东省", "湛江市"], "中共湛江市委"),
            ("中华人民共和国科学技术进步法", "法", &[], ""),
            ("中华人民共和国人民法院组织法", "法", &[], ""),
            ("广东省人民代表大会常务委员会议事规则", "规则", &["广东省"], ""),
            ("广东省公路条例", "条例", &["广东省"], ""),
            ("关于废止湛江市人民政府关于某事的决定的决定", "决定", &["广东省", "湛江市"], ""),
        ] {
            let meta = Meta {
                title: title.into(),
                kind: Some(kind.into()),
                level: chain.is_empty().then_some(Level::Nation),
                place: place(chain),
                ..Meta::default()
            };
            assert_eq!(body(&meta).unwrap_or_default(), expected, "{title}");
        }
    }

    #[test]
    fn keys_of_entries_are_told_apart() {
        let long = "law:DLC/广东/地方法规/地方性法规/深圳经济特区";
        let [one, other] = ["某条例", "某规定"].map(|title| key(&format!("{long}{title}")));
        assert!(one != other && one.chars().all(char::is_alphanumeric), "{one} {other}");
        assert_eq!((key("0a1b2c"), key("a-1") == key("a1")), ("0a1b2c".to_string(), false));
    }
}
