//! Recognises what a paragraph announces by its first characters: a number (一、 （一） 1. 第一， 一是 ——), an annex, an address.
//! Looks at one paragraph only; whether a mark is what it seems is decided by `sequences` and `shapes`, which know the others.

use memchr::memchr2_iter;

use crate::document::Role;
use crate::fold::fold;
use crate::numerals::number;
use crate::parse::sentences::{sentence_end, sentence_ends};
use crate::patterns::{Pattern, patterns};

/// A heading with more characters than this is cut at its first clause, or is none.
pub(crate) const LONG_TITLE: usize = 60;

/// A paragraph that is said in every report has no more bytes: where a whole speech is one, this is not it.
const LONG_FORMULA: usize = 1_500;

/// How a heading is marked. From [`Class::Chapter`] to [`Class::Parenthesized`] the order is that of the levels: the upper ones as
/// laws have them, from [`Class::Han`] on those of GB/T 9704-2012, 7.3.3. The others have whatever level the document gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    /// An annex or a glossary behind the report.
    Annex,
    /// A line of its own without number.
    Bare,
    /// Such a line, where others name the years of parts.
    BareBelow,
    /// 第一编 or 第一篇, in which chapters are counted on.
    Book,
    /// 第一部分, 第一章, and 第一节 within it.
    Chapter,
    Part,
    /// 第一条
    Article,
    /// 1, and 1.1 within it: the number of its parts.
    Decimal(u8),
    /// 一、
    Han,
    /// （一）
    HanParenthesized,
    /// 1.
    Digit,
    /// （1）
    Parenthesized,
    /// ①
    Circled,
    /// ［1］
    Note,
    /// 第一，
    Ordinal,
    /// 一是
    Shi,
    /// ——
    Dash,
    /// A short sentence on a line of its own.
    Sentence,
    /// A short sentence that opens a paragraph, or a part of it.
    Lead,
}

impl Class {
    /// Whether marks of this kind stand above those of the kinds behind it here, whatever the document does.
    pub fn is_ranked(self) -> bool {
        self <= Class::Circled
    }
}

/// A mark at the beginning of a paragraph, and the heading that it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbered<'t> {
    pub class: Class,
    /// What the number counts; 0 for a dash.
    pub number: u32,
    pub label: Option<&'t str>,
    pub mark: &'t str,
    pub title: &'t str,
    /// Bytes of the paragraph up to and with the heading's closing mark.
    pub end: usize,
    /// The body goes on behind the heading.
    pub runs_in: bool,
}

/// What is counted in 第一编.
pub(crate) const UNITS: [(&str, Class); 6] = [
    ("编", Class::Book),
    ("篇", Class::Book),
    ("卷", Class::Book),
    ("部分", Class::Chapter),
    ("章", Class::Chapter),
    ("节", Class::Part),
];

/// The mark that `line` begins with, if it does: its class, its label, and what stands behind it and its blanks.
fn mark(line: &str) -> Option<(Class, &str, &str)> {
    const BLANKS: [char; 2] = [' ', '　'];
    let first = line.chars().next()?;
    let inside = &line[first.len_utf8()..];
    let label = |behind: &str| &line[..line.len() - behind.len()];
    let within = |behind: &str| &inside[..inside.len() - behind.len()];
    match first {
        '第' => {
            let behind = run(inside, |c| is_digit(c) || is_han_digit(c) || c == '千')?;
            if let Some((behind, class)) =
                UNITS.iter().find_map(|(unit, class)| Some((behind.strip_prefix(*unit)?, class)))
            {
                let rest = if behind.is_empty() { behind } else { behind.strip_prefix([' ', '　', '、', '：'])? };
                return Some((*class, label(behind), rest.trim_start_matches(BLANKS)));
            }
            if let Some(behind) = behind.strip_prefix('条') {
                let behind = behind.strip_prefix('之').and_then(|further| run(further, is_han_digit)).unwrap_or(behind);
                let rest = behind.trim_start_matches(BLANKS);
                return (rest.len() < behind.len()).then_some((Class::Article, label(behind), rest));
            }
            let behind = run(inside, is_han_digit)?;
            Some((Class::Ordinal, label(behind), behind.strip_prefix(['，', ',', '、', '：', ':'])?))
        }
        '（' | '(' => {
            let han = run(inside, is_han_digit).map(|behind| (Class::HanParenthesized, behind));
            let (class, behind) = han.or_else(|| Some((Class::Parenthesized, digits(inside, 2)?)))?;
            let rest = behind.strip_prefix(['）', ')'])?;
            Some((class, within(behind), rest.trim_start_matches([' ', '　', '、'])))
        }
        '［' | '[' => {
            let behind = digits(inside, 3)?;
            Some((Class::Note, within(behind), behind.strip_prefix(['］', ']'])?.trim_start_matches(BLANKS)))
        }
        '—' | '―' | '－' | '-' | '─' | '━' | '–' => {
            let behind = inside.strip_prefix(first)?;
            Some((Class::Dash, label(behind), behind.trim_start_matches(BLANKS)))
        }
        _ if is_digit(first) => {
            let behind = digits(line, 2)?;
            let is_decimal = |rest: &str| behind.starts_with('.') && rest.starts_with(|c: char| c.is_ascii_digit());
            let rest = behind.strip_prefix(['、', '．', '.']).filter(|rest| !is_decimal(rest))?;
            Some((Class::Digit, label(behind), rest))
        }
        _ => {
            let behind = run(line, is_han_digit)?;
            match behind.strip_prefix(['、', '﹑']) {
                Some(rest) => Some((Class::Han, label(behind), rest.trim_start_matches(BLANKS))),
                None => Some((Class::Shi, label(behind), behind.strip_prefix(['是', '要'])?)),
            }
        }
    }
}

/// The first characters of a text, so many or all.
pub(crate) fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| &text[..at])
}

pub(crate) fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// Whether `c` is of the block that has all but rare characters; the Unicode tables are not asked.
pub(crate) fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

pub(crate) fn is_han_digit(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '零' | '〇')
}

/// What stands behind the characters of a set that `text` begins with, if there is one.
pub(crate) fn run(text: &str, set: impl Fn(char) -> bool) -> Option<&str> {
    Some(text.trim_start_matches(set)).filter(|behind| behind.len() < text.len())
}

/// What stands behind the digits that `text` begins with, of which at most so many count.
fn digits(text: &str, most: usize) -> Option<&str> {
    let (at, last) = text.char_indices().take(most).take_while(|&(_, c)| is_digit(c)).last()?;
    Some(&text[at + last.len_utf8()..])
}

/// The salutation where the speech goes on in its line, not the words 各位代表 of one who thanks them.
pub(crate) const OPENS_SPEECH: &str =
    "各位代表(?:、 ?(?:各位委员、? ?)?同志们)?(?:[：:]|[，,！!] {0,2}(?:现在[，,]? ?我|我谨?代表|我受))";

patterns! {
    CLAUSE_END = "[。！？!?；;，,：:]";
    ANNEX = "^(?:附件|附录|附表|附[：:0-9０-９]|(?:有关|相关|部分)?(?:名词|词语|术语|用语)(?:解释|注释|术语|说明)|注释|注 释|[《“]?政府工作报告[》”]?.{0,12}(?:名词|词语|术语|用语|注释|解释))";
    GLOSSARY = "名词|注释|注 释|词语|术语|解释|用语";
    SALUTATION = "^(?:各位|同志们|代表们|主席|主任[、，]各位|全国人大)[^。]{0,20}[：！:!，,]?$";
    SPEECH = &format!("^(?:{OPENS_SPEECH}|现在[，,]? ?我(?:谨?代表|受)|我谨?代表[^。]{{0,20}}政府|我?受[^。]{{2,12}}政府的?委托)");
    OPENING = "^(?:现在，|现在,|我代表|我受|受.{2,12}委托)";
    COURTESY = "让我们|感谢|谢意|敬意|请[^。]{0,12}审议|奋斗[！!。]?$";
    CAPTION = "作政府工作报告|点击|查阅|摄|来源|记者|时间[：:]|发布(?:[^会厅]|$)|。|新华社|>|首页";
    // in folded text
    FIGURE = "[0-9][百千万亿个元项件次名人户家条公平吨%‰]|百分之";
    FURNITURE = "^(?:扫一扫|相关(?:报道|附件|链接|阅读|新闻|稿件)|责任?编辑|责编|编辑[：:]|来源[：:]|时间[：:]|发布时间|上一篇|下一篇|[0-9a-f]{32}|[>》】大中小]$\
        |【?(?:打 ?印|关闭|下载|分享|收藏|主办|版权|字号|字体|首页|加大|还原|减小|全屏)(?:$|[\\s：:|>》】\\[【（(]|[本网]?[页站]|本[窗文网]|字[号体]?$|窗口|次数|所有|单位|附件|全文|正文|文章|此[页文]|声明)|分享[到至])";
    INTRODUCTION = "以下|如下|(?:做好|抓好|做了|突出|办好).{0,12}(?:工作|方面|事)|个方面|衷心|感谢|谢谢|敬意|审议";
}

/// The number and heading at the beginning of `line`, if it has one. Page numbers (a mark without words) and
/// enumerations that go on within the paragraph (一是…；二是…) are none.
pub(crate) fn numbered(line: &str) -> Option<Numbered<'_>> {
    let (class, label, rest) = mark(line)?;
    titled(line, class, label, rest)
}

/// The heading of `line`, which begins with a mark of this class and label before `rest`, if it is one.
pub(crate) fn titled<'t>(line: &'t str, class: Class, label: &'t str, rest: &'t str) -> Option<Numbered<'t>> {
    let mark = &line[..line.len() - rest.len()];
    if rest.trim().is_empty() && !matches!(class, Class::Book | Class::Chapter | Class::Part) {
        return None;
    }
    // a row of a table, a line of its contents: 一、回顾……1, a rule: ————
    let is_row = memchr2_iter(b'|', b'\t', line.as_bytes()).nth(1).is_some()
        && line.split(['|', '\t']).filter(|cell| !cell.trim().is_empty()).nth(2).is_some();
    let is_listed = || line.ends_with(|c: char| c.is_ascii_digit()) && line.contains("……");
    if is_row || is_listed() || class == Class::Dash && !rest.contains(char::is_alphanumeric) {
        return None;
    }
    if class == Class::Shi {
        let next = if mark.ends_with('要') { "二要" } else { "二是" };
        if rest.contains(next) {
            return None;
        }
    }
    let (title, end) = match class {
        // the words of the law itself, no heading
        Class::Article => ("", 0),
        _ => heading(rest, matches!(class, Class::Note | Class::Digit))?,
    };
    let label = if class == Class::Dash { None } else { Some(label) };
    let number = label.map_or(0, value);
    let mark = mark.trim_end();
    let end = line.len() - rest.len() + end;
    Some(Numbered { class, number, label, mark, title: title.trim(), end, runs_in: end < line.len() })
}

/// The heading that `rest` begins with, and how many bytes it takes with its closing mark.
fn heading(rest: &str, defines: bool) -> Option<(&str, usize)> {
    // 1.“两重”：是指… has the term before the colon
    if defines && let Some(colon) = rest.find(['：', ':']).filter(|&at| rest[..at].chars().count() <= 30) {
        return Some((&rest[..colon], colon + rest[colon..].chars().next()?.len_utf8()));
    }
    let is_long = |title: &str| title.chars().nth(LONG_TITLE).is_some();
    match sentence_end(rest) {
        Some(stop) if !is_long(&rest[..stop.start]) => Some((&rest[..stop.start], stop.end)),
        None if !is_long(rest) => Some((rest.trim_end_matches(['：', ':']), rest.len())),
        _ => {
            let clause = CLAUSE_END.find(rest).map_or(rest, |stop| &rest[..stop.start()]);
            (!is_long(clause) && !clause.is_empty()).then_some((clause, clause.len()))
        }
    }
}

/// The value of a label, 第十二条 or 3; 0 if it has none, and the largest there is if it is larger.
pub(crate) fn value(label: &str) -> u32 {
    let label = label.trim_start_matches('第');
    // nearly all are as they would be folded
    let is_folded = label.chars().all(|c| is_ideograph(c) || c == '〇' || c.is_ascii_digit());
    let found = if is_folded { number(label) } else { number(&fold(label).text) };
    found.map_or(0, |number| number.value.whole().try_into().unwrap_or(u32::MAX))
}

/// Whether the line opens an annex, and whether that is a glossary.
pub(crate) fn annex(line: &str) -> Option<Option<Role>> {
    let is_short = || line.chars().count() <= 40 && !line.ends_with(['。', '；']);
    let begins = line.starts_with(['附', '名', '注', '《', '“', '政', '有', '相', '部', '词', '术', '用']);
    let found = (begins && is_short() && ANNEX.is_match(line)).then(|| GLOSSARY.is_match(line));
    found.or_else(|| explains(line).then_some(true)).map(|is_glossary| is_glossary.then_some(Role::Glossary))
}

/// 报告中有关用语解释：
fn explains(line: &str) -> bool {
    explains_terms(line) && line.chars().count() <= 20
}

/// Whether a line or a title is that of a glossary, by its end.
pub(crate) fn explains_terms(line: &str) -> bool {
    let words = line.trim_end_matches(['：', ':', '）', ')']);
    let terms = ["解释", "注释", "注解", "说明", "释义"].into_iter().find_map(|what| words.strip_suffix(what));
    let is_of = |terms: &str| ["名词", "词语", "术语", "用语"].into_iter().any(|of| terms.ends_with(of));
    terms.is_some_and(is_of)
}

/// A line of a web page that is no part of the report.
pub(crate) fn is_furniture(line: &str) -> bool {
    !line.ends_with(['。', '；']) && FURNITURE.is_match(line) && line.chars().count() <= 60
}

/// A line of a title block that is a caption, a sentence or a path, and states nothing of the report.
pub(crate) fn is_caption(line: &str) -> bool {
    CAPTION.is_match(line)
}

/// A line that addresses the assembly and nothing else.
pub(crate) fn is_salutation(line: &str) -> bool {
    line.starts_with(['各', '同', '代', '主', '全']) && SALUTATION.is_match(line)
}

/// A line that is the title of a report and nothing else.
pub(crate) fn is_report_title(line: &str) -> bool {
    let words = || line.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    line.trim_end().ends_with('告') && line.chars().nth(60).is_none() && words().ends_with("工作报告")
}

/// A line with which a speech begins at once: the salutation goes on in it, or it has none.
pub(crate) fn opens_speech(line: &str) -> bool {
    line.starts_with(['各', '现', '我', '受']) && SPEECH.is_match(line)
}

/// A paragraph that begins by addressing the assembly: it opens a new train of thought.
pub(crate) fn is_address(line: &str) -> bool {
    behind_address(line).is_some()
}

fn behind_address(line: &str) -> Option<&str> {
    let behind = ["各位代表", "同志们"].iter().find_map(|assembly| line.strip_prefix(assembly));
    behind?.strip_prefix(['！', '!', '，', ',', '：', ':'])
}

/// A paragraph that is said in every report. One that opens as such paragraphs do but goes on for more than three sentences,
/// or has figures, speaks of the matter, unless it thanks or calls on those who hear it.
pub(crate) fn is_formula(line: &str) -> bool {
    let opens = is_address(line) || line.starts_with(['现', '我', '受']) && OPENING.is_match(line);
    if line.len() > LONG_FORMULA {
        return false;
    }
    let is_long = || sentence_ends(behind_address(line).unwrap_or(line)).nth(3).is_some();
    opens && (COURTESY.is_match(line) || !is_long() && !FIGURE.is_match(&fold(line).text))
}

/// Whether a short sentence only announces what comes, such as 重点抓好八个方面工作。
pub(crate) fn is_introduction(line: &str) -> bool {
    INTRODUCTION.is_match(line)
}

/// The words of a lead sentence: a short statement of nothing but Han characters and quotes that stands for a heading,
/// such as 经济总量稳步提升。 It has from `shortest` to `longest` Han characters; from 15 on it may have a comma.
pub(crate) fn lead(sentence: &str, shortest: usize, longest: usize) -> Option<&str> {
    let words = sentence.trim().strip_suffix('。')?;
    let mut han = 0;
    for c in words.chars() {
        match c {
            c if is_ideograph(c) => han += 1,
            // a line may end within it
            '“' | '”' | '‘' | '’' | '、' | '《' | '》' | '\n' | '\r' => {}
            '，' if longest > 14 => {}
            _ => return None,
        }
    }
    (shortest..=longest).contains(&han).then_some(words)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    /// The marks as they were defined, in patterns.
    static MARKS: LazyLock<Vec<(Class, Regex)>> = LazyLock::new(|| {
        let han = "[一二三四五六七八九十百零〇]+";
        let number = "[一二三四五六七八九十百千零〇0-9０-９]+";
        [
            (Class::Book, format!("^(第{number}[编篇卷])(?:[ 　、：]|$)[ 　]*")),
            (Class::Chapter, format!("^(第{number}(?:部分|章))(?:[ 　、：]|$)[ 　]*")),
            (Class::Part, format!("^(第{number}节)(?:[ 　、：]|$)[ 　]*")),
            (Class::Article, format!("^(第{number}条(?:之{han})?)[ 　]+")),
            (Class::Ordinal, format!("^(第{han})[，,、：:]")),
            (Class::Han, format!("^({han})、[ 　]*")),
            (Class::Shi, format!("^({han})是")),
            (Class::Shi, format!("^({han})要")),
            (Class::HanParenthesized, format!("^[（(]({han})[）)][ 　、]*")),
            (Class::Parenthesized, "^[（(]([0-9０-９]{1,2})[）)][ 　、]*".to_string()),
            (Class::Digit, "^([0-9０-９]{1,2})(?:、|．|\\.(?:[^0-9]|$))".to_string()),
            (Class::Note, "^[［\\[]([0-9０-９]{1,3})[］\\]][ 　]*".to_string()),
            (Class::Dash, "^(——|――|－－|--|──|━━|––)[ 　]*".to_string()),
        ]
        .map(|(class, pattern)| (class, Regex::new(&pattern).unwrap()))
        .to_vec()
    });

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn marks_are_what_the_patterns_say(line in "[第（(［\\[—―－\\-─━–一１2]{0,2}[一十百千零〇0-9０-９]{0,3}(编|篇|卷|部分|章|节|条|之|是|要)?[ 　、：，,:.．）)\\]］一十]{0,3}[字3]?") {
            let expected = MARKS.iter().find_map(|(class, pattern)| {
                let found = pattern.captures(&line)?;
                let label = found.get(1)?.as_str();
                let end = match class {
                    Class::Digit => label.len() + line[label.len()..].chars().next()?.len_utf8(),
                    _ => found[0].len(),
                };
                Some((*class, label, &line[end..]))
            });
            prop_assert_eq!(mark(&line), expected);
        }
    }

    #[test]
    fn marks_and_their_headings() {
        for (line, class, value, title, runs_in) in [
            ("一、2024年工作回顾", Class::Han, 1, "2024年工作回顾", false),
            ("一﹑五年工作的回顾", Class::Han, 1, "五年工作的回顾", false),
            ("一、一年接着一年干，新福建建设", Class::Han, 1, "一年接着一年干，新福建建设", false),
            ("（一）聚力产业升级。经济总量稳步提升。", Class::HanParenthesized, 1, "聚力产业升级", true),
            ("(十一)繁荣文化", Class::HanParenthesized, 11, "繁荣文化", false),
            ("第二十一章　附则", Class::Chapter, 21, "附则", false),
            ("第二篇　建设现代产业", Class::Book, 2, "建设现代产业", false),
            ("第一，全国动员，大办农业。", Class::Ordinal, 1, "全国动员，大办农业", false),
            ("三是加快推进科技创新。深入实施", Class::Shi, 3, "加快推进科技创新", true),
            ("1.“两重”：是指国家重大战略", Class::Digit, 1, "“两重”", true),
            ("［12］一降三减：", Class::Note, 12, "一降三减", false),
            ("——经济持续较快增长。五年间", Class::Dash, 0, "经济持续较快增长", true),
            ("━━经济运行向好。", Class::Dash, 0, "经济运行向好", false),
        ] {
            let found = numbered(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (found.class, found.number, found.title, found.runs_in),
                (class, value, title, runs_in),
                "{line}"
            );
        }
    }

    #[test]
    fn what_is_said_in_every_report() {
        for (line, is_said) in [
            ("现在，我代表国务院，向大会报告政府工作，请予审议。", true),
            ("各位代表！", true),
            ("各位代表！过去五年的成就来之不易。", true),
            ("各位代表！成绩来之不易。这是领导的结果。是奋斗的结果。我代表国务院，表示感谢！致以敬意！", true),
            ("各位代表！蓝图已经绘就。使命在肩。重任在前。征程在即。让我们携手并进！", true),
            ("各位代表，刚刚过去的2025年，地区生产总值增长5.3%。", false),
            ("各位代表！今年办好１５件民生实事。", false),
            ("各位代表！国防是大事。要改革。要重视科技。要加强教育。", false),
            ("现在，流通体制不相适应。要改革。要研究。要论证。", false),
            ("现在看来，任务艰巨。", false),
        ] {
            assert_eq!(is_formula(line), is_said, "{line}");
        }
    }

    #[test]
    fn salutations() {
        for line in ["各位代表：", "主席团、各位代表", "主任、各位副主任、秘书长、各位委员："]
        {
            assert!(is_salutation(line), "{line}");
        }
        assert!(!is_salutation("主任委员余庆创"));
    }

    #[test]
    fn furniture_of_pages() {
        for (line, is_one) in [
            ("打印本页", true),
            ("【打印】【关闭】", true),
            ("分享到：", true),
            ("加大字体", true),
            ("主办单位：市政府办公室", true),
            ("来源：县政府办", true),
            ("加大招商引资力度", false),
            ("分享发展成果，新增就业3000人", false),
            ("主办各类招聘活动20场", false),
            ("加大：见下文。", false),
        ] {
            assert_eq!(is_furniture(line), is_one, "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_a_mark() {
        for line in [
            "1、",
            "2.5",
            "一是抓项目；二是抓招商。",
            "一年来，主要做了以下工作。",
            "十五五时期",
            "2025年",
            "—1—",
            "————",
            "一、本级收入 | 2095 | 一、本级支出 | 4894",
        ] {
            assert_eq!(numbered(line), None, "{line}");
        }
    }
}
