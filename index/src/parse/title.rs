//! Reads the title out of the lines of a title block, and what it says: the kind of the document and its year. The entry point is
//! [`title`].

use std::sync::LazyLock;

use crate::document::Meta;
use crate::fold::fold;
use crate::fold::simplified::simple;
use crate::parse::dates::{day, year};
use crate::parse::jurisdiction::begins_with_place;
use crate::parse::marks::{is_caption, is_furniture, numbered};
use crate::patterns::{Pattern, patterns};

/// What a title ends in, the longer before the shorter.
const KINDS: [&str; 33] = [
    "政府工作报告", "工作报告", "实施细则", "决议", "决定", "通知", "意见", "办法", "条例", "规定", "细则", "规则",
    "规划", "计划", "纲要", "要点", "方案", "制度", "公告", "通告", "通报", "公报", "批复", "报告", "汇报", "总结",
    "说明", "解释", "预算草案", "决算草案", "修正案", "法典", "法",
];

/// The last characters of these: most lines are told by theirs.
static KIND_ENDS: LazyLock<Vec<char>> = LazyLock::new(|| KINDS.iter().filter_map(|kind| kind.chars().last()).collect());

// in simplified characters
patterns! {
    // 政府工作报告(摘要)——2025年1月8日在
    TITLE_END = "^(.{0,60}?报告(?:[（(][^（()）]{1,8}[）)])?)(?:[—―－-]{2,}|[（(]?(?:[0-9]{4}|[〇零○O0一二三四五六七八九]{4})年[0-9一二三四五六七八九十]{1,3}月).*在";
    // behind its name a report may go on with where it was given or how much of it this is, but not with what others write about it
    REPORT = "政府工作报告[》”]?(?:$|全文|摘要|摘登|[—―_|－-]|在|[0-9]{4}|[0-9]{1,3}$|[〇零○一二三四五六七八九]{4}年)|政府工作报$|^政府工作报告[?？]$";
    // 2024年工作总结及2025年工作思路
    SUMMARY = "工作总结[和与及暨](?:[0-9]{4}年)?(?:工作)?(?:思路|打算|安排)$";
    EXPLAINED = "(?:名词|词语|术语|用语)解释$";
    // what a title says beside its kind; a word of a menu (通知公告) says nothing
    SAYS = "关于|《|[0-9]{4}|[〇零○]|[省市县区旗州盟镇乡国].";
    // the number, the session or the day beside a title
    BESIDE = "〔|届|第[0-9一二三四五六七八九十]+号|[0-9〇零○一二三四五六七八九]{4}年[0-9一二三四五六七八九十]{1,3}月";
    // folded; a number without 年 is a year before the name of a report or behind it
    YEAR = "(?P<first>[0-9]{4})年?[—–~至到-]+[0-9]{4}年?|(?P<year>[0-9]{4}|[〇零○o0一二三四五六七八九]{4})年";
    BARE_YEAR = "(?:^|[^0-9])([0-9]{4})[^0-9年]{0,16}政府工作报告|政府工作报告([0-9]{4})$";
    // 2030年前, 2035年远景目标; 到2035年
    HORIZON = "^(?:底?之?前|远景|展望)";
    // 政府工作报⏎告, 遂溪县⏎2025年⏎政府工作报告
    BROKEN = "(?:的|报|年|工作|情况|省|市|县|区|旗|州|盟|镇|乡|街道|办事处|委员会|管委会|政府)$";
    // 关于加强普通高等学校⏎毕业生就业工作的通知, 预算执行⏎情况和预算草案的报告: what may begin a title, what only goes on in one, and what is
    // no piece of one
    ABOUT = "关于|印发|批准|转发";
    GOES_ON = "^(?:的|和|与|及|暨|情况)";
    // 遂溪县2023年国民经济和社会发展⏎统计公报, …发展⏎第十四个五年规划纲要: what says whose it is, and the mere kind
    NO_KIND = "(?:[0-9]{4}|[〇零○一二三四五六七八九]{4})年.{2,}$|[省市县区旗州盟镇乡].+发展$";
    MERE_KIND = "^(?:(?:统计|工作|年度|审计|发展|实施|情况)*(?:公报|纲要|规划|计划|报告|总结|方案)|第[0-9一二三四五六七八九十]+个五年.*)$";
    // 关于批准⏎2024年…, 关于印发遂溪县⏎2025年…; else such a line begins a title of its own
    OPEN = "(?:关于|印发|批准|转发|和|与|及|、)$";
    BEGINS_ANEW = "^(?:[^的]{2,9}[省市县区州旗镇乡])?[0-9]{4}年";
    NO_PIECE = "[：:；;。！？|>]|^关于(?:我们|本站)|文件$";
    // the site or the office that a page is of, who speaks, or a sentence
    SITE = "位于|地处|(?:长|主任|主席).{2,4}$|(?:网|平台|政府|门户|报|[局厅院委站台室处]|[^社]会|中心|公司|大学|学校|中学|信箱|频道|专栏|新闻|动态|公开)$";
    // behind the column of a site: 【招商】2025年遂溪县政府工作报告
    PLACED = "^(?:[^【]{2,20}[省市县区旗州盟镇乡国]|国务院).";
    // ——2024年政府工作报告 below what it is called otherwise
    DASHES = "^(?:[—―]|[-－]{2})[—―－-]*";
    // 名称：, also in a cell of a table, 第1页共3页, .pdf
    LABEL = "^(?:[-·]?\\|?(?:名称|原?标题|题名)(?:[：:]\\|?|\\|)|第[0-9]+页共[0-9]+页)";
    ENDING = "(?:附[：:]修正文?本|\\.(?:pdf|docx?|wps)|\\|+)$";
}

/// So many characters a title has at most; one that says what it is about may be long.
const LONG: usize = 40;
const LONGEST: usize = 80;

/// In so many lines behind the first a title that is broken has ended.
const FURTHER: usize = 3;

/// A line of a title block without blanks.
struct Line {
    written: String,
    /// The same in simplified characters, in which words are looked for: each stands at the same place.
    plain: String,
}

impl Line {
    fn of(line: &str) -> Self {
        let mut written = unspaced(line);
        // a heading of Markdown, an item of a list of links
        let title = written.trim_start_matches(['#', '•', '●', '◆', '*']);
        written.drain(..written.len() - title.len());
        let mut plain = simple(&written).into_owned();
        let label = LABEL.find(&plain).map_or(0..0, |found| found.range());
        let ending = ENDING.find(&plain).map(|found| found.range()).filter(|ending| ending.start >= label.end);
        let column = plain.find('】').map(|end| 0..end + '】'.len_utf8()).filter(|column| {
            let title = &plain[column.end..];
            plain.starts_with('【') && PLACED.is_match(title) && kind(title).is_some()
        });
        for range in ending.into_iter().chain([label]).chain(column) {
            written.replace_range(range.clone(), "");
            plain.replace_range(range, "");
        }
        if let Some(title) = TITLE_END.captures(&plain).and_then(|found| found.get(1)) {
            let end = title.end();
            written.truncate(end);
            plain.truncate(end);
        }
        Line { written, plain }
    }

    fn push(&mut self, next: &Line) {
        self.written.push_str(&next.written);
        self.plain.push_str(&next.plain);
    }
}

/// Writes the title that is among `lines`, with which `text` begins, into `meta`, with the kind and the year that it names. What
/// stands above that, if it is a subtitle, comes back: it says nothing of the document, and place and level are not looked for in it.
pub(crate) fn title(meta: &mut Meta, lines: &[&str], text: &str) -> Option<String> {
    let is_marked = lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| line.starts_with("# "));
    let mut lines: Vec<Line> =
        lines.iter().map(|line| Line::of(line)).filter(|line| !line.written.is_empty()).collect();
    mend_sentences(&mut lines);
    mend_about(&mut lines);
    mend(&mut lines);
    let at = chosen(&lines).or_else(|| opening(&lines, is_marked, text))?;
    let Line { written, plain } = &lines[at];
    let dashes = DASHES.find(plain).map_or(0, |dashes| dashes.end());
    let written = &written[dashes..];
    meta.title = written.to_string();
    let kind = kind(plain);
    if let Some(kind) = kind {
        meta.kind = Some(kind.to_string());
        meta.prove(&["kind"], written);
    }
    let years = years(&fold(written).text);
    // a report on 2024年工作情况和2025年工作安排 is of the later year
    let is_later =
        kind.is_none_or(|kind| ["报告", "汇报", "计划", "总结", "草案"].iter().any(|end| kind.ends_with(end)));
    if let Some(&year) = if is_later { years.last() } else { years.first() } {
        meta.year = Some(year);
        meta.prove(&["year"], written);
    }
    if dashes > 0 { main_title(&lines[..at]) } else { None }
}

/// The main title that ends a block above a subtitle. It has a second line only where nothing else stands above.
fn main_title(block: &[Line]) -> Option<String> {
    let is_main = |line: &&Line| {
        let plain = &line.plain;
        (6..=LONG).contains(&plain.chars().count())
            && plain.starts_with(|first: char| first == '“' || first.is_alphabetic())
            && numbered(plain).is_none()
            && is_piece(plain)
            && !is_furniture(plain)
            && !SITE.is_match(plain)
            && kind(plain).is_none()
    };
    let count = block.iter().rev().take(2).take_while(is_main).count();
    let from = block.len() - if count < block.len() { count.min(1) } else { count };
    let main: Vec<&str> = block[from..].iter().map(|line| line.written.as_str()).collect();
    (!main.is_empty()).then(|| main.join(" "))
}

/// Which of the lines ends as titles do. One that says what it is of, or stands beside its number, session or day, goes before a
/// word that a menu may have, and a report's name before whatever else.
fn chosen(lines: &[Line]) -> Option<usize> {
    let is_title = |&at: &usize| {
        let Line { written, plain } = &lines[at];
        let longest = if plain.contains("关于") { LONGEST } else { 60 };
        kind(plain).is_some()
            && (4..=longest).contains(&plain.chars().count())
            && !is_caption(plain)
            && day(&fold(written).text).is_none()
    };
    let is_beside = |at: usize| lines.get(at).is_some_and(|line| BESIDE.is_match(&line.plain));
    let rank = |&at: &usize| {
        let plain = &lines[at].plain;
        let says = SAYS.is_match(plain) || is_beside(at + 1) || at > 0 && is_beside(at - 1);
        (!says, !plain.contains(KINDS[0]))
    };
    let candidates = (0..lines.len()).filter(is_title);
    // of equals the first, but for a link to the report of the year before: 2021年国务院关于… above the same without the year
    let first = candidates.clone().min_by_key(rank)?;
    let is_own = |&at: &usize| {
        let label = lines[first].plain.strip_suffix(lines[at].plain.as_str());
        let named = label.and_then(|label| year(label.strip_suffix('年')?));
        let heard = lines.get(at + 1).filter(|line| line.plain.contains('届'));
        let heard = heard.and_then(|line| years(&fold(&line.written).text).first().copied());
        named.is_some() && heard > named
    };
    Some(candidates.clone().find(is_own).unwrap_or(first))
}

/// The first line but for page furniture, where it says what the document is, though it ends in no known word.
fn opening(lines: &[Line], is_marked: bool, text: &str) -> Option<usize> {
    let at = lines.iter().position(|line| !is_furniture(&line.plain) && !is_caption(&line.plain))?;
    let first = &lines[at].plain;
    let says = || {
        is_marked && at == 0
            || first.contains("关于")
            || first.contains("政府工作报告")
            || !years(&fold(first).text).is_empty()
            || !SITE.is_match(first) && begins_with_place(&fold(first).text, text)
    };
    let is_title = (6..=60).contains(&first.chars().count())
        && !first.contains(['，', '。', '；', '：', ':', '|', '>'])
        && !first.contains("文件")
        && !BESIDE.is_match(first)
        && says();
    is_title.then_some(at)
}

/// What a title in simplified characters ends in, before an aside such as （草案）.
fn kind(title: &str) -> Option<&'static str> {
    let may_end = |title: &str| title.ends_with(|c| KIND_ENDS.contains(&c));
    let ends = |title: &str| {
        let found = || KINDS.into_iter().find(|kind| title.ends_with(kind) && !EXPLAINED.is_match(title));
        may_end(title).then(found).flatten()
    };
    let is_aside = |aside: &str| aside.find(['）', ')']).is_none_or(|end| aside[end..].chars().count() == 1);
    let before_aside = || {
        let at = title.rfind(['（', '(']).filter(|&at| is_aside(&title[at..]))?;
        ends(&title[..at])
    };
    let within = title.strip_prefix(['《', '“']).map(|title| title.trim_end_matches(['》', '”']));
    let within = within.unwrap_or(title);
    ends(within)
        .or_else(before_aside)
        .or_else(|| ends(within.trim_end_matches(['）', ')'])))
        .or_else(|| (title.contains("政府工作报") && REPORT.is_match(title)).then_some(KINDS[0]))
        .or_else(|| (title.contains("总结") && SUMMARY.is_match(title)).then_some("总结"))
}

/// The years of a folded title, but for those that it plans for: 2030年前, 2021—2035年.
fn years(title: &str) -> Vec<u16> {
    let is_of_it = |found: &regex::Captures<'_>| {
        let found = found.get(0).map_or(0..0, |found| found.range());
        !HORIZON.is_match(&title[found.end..]) && !title[..found.start].ends_with(['到', '至'])
    };
    let with_unit = YEAR.captures_iter(title).filter(is_of_it).filter_map(|found| year(found.name("year")?.as_str()));
    let mut years: Vec<u16> = with_unit.collect();
    if years.is_empty() {
        let bare = BARE_YEAR.captures(title);
        years.extend(bare.and_then(|found| year(found.get(1).or(found.get(2))?.as_str())));
    }
    years
}

pub(crate) fn unspaced(line: &str) -> String {
    let mut bare = String::with_capacity(line.len());
    bare.extend(line.split_whitespace());
    bare
}

/// Puts a sentence that a link cuts together again, lest a piece of it be a title: 所作的⏎政府工作报告⏎。会议充分肯定.
fn mend_sentences(lines: &mut Vec<Line>) {
    lines.dedup_by(|next, line| {
        let goes_on = next.plain.starts_with(['，', '。', '；', '、']);
        if goes_on {
            line.push(next);
        }
        goes_on
    });
}

/// Puts a title that is broken anywhere together again: one that names what it is about ends in its kind.
fn mend_about(lines: &mut Vec<Line>) {
    let mut at = 0;
    while at < lines.len() {
        if let Some(further) = rest_of_title(&lines[at..]) {
            let rest: Vec<Line> = lines.drain(at + 1..=at + further).collect();
            rest.iter().for_each(|line| lines[at].push(line));
        }
        at += 1;
    }
}

/// Whether the line may be part of a title.
fn is_piece(line: &str) -> bool {
    !NO_PIECE.is_match(line) && !BESIDE.is_match(line) && !is_caption(line)
}

/// How many lines go on with the title that the first one begins and does not end. What a title is about may end in the name of a kind
/// too: 关于全面推行⏎行政执法公示制度⏎…审核制度的指导意见.
fn rest_of_title(lines: &[Line]) -> Option<usize> {
    let (first, further) = lines.split_first()?;
    let further = &further[..further.len().min(FURTHER)];
    let is_about = ABOUT.is_match(&first.plain);
    let next_goes_on = further.first().is_some_and(|next| GOES_ON.is_match(&next.plain));
    // most blocks need no closer look
    let ends = |line: &Line| kind(&line.plain).is_some();
    if !(is_about || next_goes_on) || !further.iter().any(ends) {
        return None;
    }
    // 关于健全防汛制度⏎和预案的意见
    let has_ended = ends(first) && (first.plain.contains('的') || !next_goes_on);
    if has_ended || first.plain.chars().nth(3).is_none() || !is_piece(&first.plain) {
        return None;
    }
    let mut length = first.plain.chars().count();
    let mut before = &first.plain;
    for (line, at) in further.iter().zip(1..) {
        let plain = &line.plain;
        length += plain.chars().count();
        let goes_on = GOES_ON.is_match(plain);
        let is_another = BEGINS_ANEW.is_match(plain) && !OPEN.is_match(before) && !BROKEN.is_match(before);
        if length > LONGEST || !is_piece(plain) || plain.contains("关于") || is_another || !is_about && !goes_on {
            return None;
        }
        if ends(line) && (goes_on || plain.contains('的') || before.ends_with('的')) {
            return Some(at);
        }
        before = plain;
    }
    None
}

/// Puts a title that is broken behind certain words together again.
fn mend(lines: &mut Vec<Line>) {
    let mut at = lines.len();
    while at > 1 {
        at -= 1;
        let (before, line) = (&lines[at - 1].plain, &lines[at].plain);
        let is_end = line == "告" || kind(line).is_some();
        let says_twice = before.ends_with("政府") && line.starts_with("政府");
        let is_mere =
            || MERE_KIND.is_match(line) && NO_KIND.is_match(before) && is_piece(before) && kind(before).is_none();
        if is_end
            && !says_twice
            && (BROKEN.is_match(before) || line.starts_with('的') || is_mere())
            && before.chars().chain(line.chars()).count() <= if line.contains("关于") { LONGEST } else { LONG }
        {
            let end = lines.remove(at);
            lines[at - 1].push(&end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &str) -> Meta {
        let mut meta = Meta::default();
        title(&mut meta, &block.lines().collect::<Vec<_>>(), block);
        meta
    }

    #[test]
    fn a_word_of_a_menu_is_no_title_beside_one() {
        for (block, title) in [
            ("关于我们\n通知公告\n关于印发2025年工作\n要点的通知", "关于印发2025年工作要点的通知"),
            (
                "2021年 政府关于预算执行情况的报告\n政府关于预算执行情况的报告\n——2022年8月30日在遂溪县第十七届",
                "政府关于预算执行情况的报告",
            ),
            (
                "首页\n县长信箱\n通知公告\n行政执法\n关于做好2025年防汛工作的通知\n遂府〔2025〕1号",
                "关于做好2025年防汛工作的通知",
            ),
            ("首页\n政府工作报告\n2025年遂溪县政府工作报告\n——2025年1月8日在遂溪县", "2025年遂溪县政府工作报告"),
            ("在遂溪县第十七届人民代表大会第四次会议上的报告\n政府工作报告\n余庆创", "政府工作报告"),
            ("首页\n政府工作报告\n关于做好防汛工作的通知\n遂府〔2025〕1号", "关于做好防汛工作的通知"),
            ("会议关于政府工作报告的决议\n会议听取了总理所作的政府工作报告", "会议关于政府工作报告的决议"),
            ("会议听取了国务院总理所作的\n政府工作报告\n。会议充分肯定国务院的工作。", ""),
        ] {
            assert_eq!(read(block).title, title);
        }
    }

    #[test]
    fn what_is_written_about_a_report_is_none() {
        for (title, kind) in [
            ("政府工作报告（摘要）", Some("政府工作报告")),
            ("《2025年政府工作报告》", Some("政府工作报告")),
            ("遂溪县2025年政府工作报告000", Some("政府工作报告")),
            ("遂溪县2025年政府工作报", Some("政府工作报告")),
            ("政府工作报告?", Some("政府工作报告")),
            ("如何看待政府工作报告?", None),
            ("关于政府工作报告的决议", Some("决议")),
            ("《2025年政府工作报告》解读", None),
            ("2025年政府工作报告图解", None),
            ("政府工作报告名词解释", None),
            ("关于2025年《政府工作报告》重点工作责任分解", None),
            ("关于《政府工作报告（征求意见稿）》的说明", Some("说明")),
            ("2024年遂溪县国民经济和社会发展统计公报", Some("公报")),
            ("最高人民法院关于适用保险法若干问题的解释（二）", Some("解释")),
            ("2025年遂溪县民政工作思路", None),
            ("遂溪县2024年工作总结及2025年工作思路", Some("总结")),
            ("遂溪县2024年预算执行情况和2025年预算草案", Some("预算草案")),
            ("关于防汛的通知(附2025年实施方案)", Some("通知")),
        ] {
            let meta = read(title);
            assert_eq!(meta.kind.as_deref(), kind, "{title}");
            assert_eq!(meta.title, title);
        }
        // what stands over a text without saying what it is
        for line in [
            "县长信箱",
            "遂溪县人民政府文件",
            "关于我们",
            "遂溪县人民政府门户网站",
            "遂溪县审计局局长余庆创",
            "遂溪县位于雷州半岛",
        ] {
            assert_eq!(read(line).title, "", "{line}");
        }
        // whose it is, without a known kind
        for line in ["遂溪县突发公共卫生事件应急预案", "遂溪县“十四五”规划实施情况新闻发布会实录"]
        {
            assert_eq!(read(line).title, line);
        }
    }

    #[test]
    fn a_title_goes_on_where_its_line_was_broken() {
        for (block, title) in [
            (
                "遂溪县人民政府办公室关于加强普通高等学校\n\n毕业生就业工作的通知\n遂府〔2025〕1号",
                "遂溪县人民政府办公室关于加强普通高等学校毕业生就业工作的通知",
            ),
            ("遂溪县2024年预算执行\n情况和2025年预算草案的报告", "遂溪县2024年预算执行情况和2025年预算草案的报告"),
            (
                "遂溪县人民代表大会常务委员会\n关于批准2024年县本级财政决算和全县财政\n预算收支调整方案的\n决议",
                "遂溪县人民代表大会常务委员会关于批准2024年县本级财政决算和全县财政预算收支调整方案的决议",
            ),
            ("遂溪县2023年国民经济和社会发展\n统计公报", "遂溪县2023年国民经济和社会发展统计公报"),
            (
                "遂溪县国民经济和社会发展\n第十四个五年规划和二〇三五年\n远景目标纲要",
                "遂溪县国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要",
            ),
            (
                "国务院办公厅关于全面推行\n行政执法公示制度\n执法全过程记录制度\n重大执法决定法制审核制度的指导意见\n国办发〔2018〕118号",
                "国务院办公厅关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见",
            ),
            ("关于健全防汛制度\n和预案的意见", "关于健全防汛制度和预案的意见"),
            ("关于做好防汛工作的通知\n和谐遂溪工作方案", "关于做好防汛工作的通知"),
            ("遂溪县信息公开\n统计公报", "统计公报"),
            ("发布时间：2025年3月10日\n统计公报", "统计公报"),
            ("关于印发\n《遂溪县2025年防汛方案》的通知", "关于印发《遂溪县2025年防汛方案》的通知"),
            ("关于批准遂溪县\n2024年决算的决议", "关于批准遂溪县2024年决算的决议"),
            ("遂溪县财政局\n2025年预算草案的报告", "2025年预算草案的报告"),
            ("关于民政工作思路\n遂溪县2024年防汛情况的报告", "遂溪县2024年防汛情况的报告"),
            ("会议审议了关于防汛的议案。\n关于遂溪县防汛工作的报告", "关于遂溪县防汛工作的报告"),
        ] {
            assert_eq!(read(block).title, title);
        }
    }

    #[test]
    fn a_subtitle_says_what_stands_below_the_main_title() {
        for (block, main, subtitle) in [
            ("践行新思想 谱写新篇章\n——2024年政府工作报告", Some("践行新思想谱写新篇章"), "2024年政府工作报告"),
            (
                "决胜全面建成小康社会\n夺取新时代伟大胜利\n——在中国共产党第十九次全国代表大会上的报告",
                Some("决胜全面建成小康社会 夺取新时代伟大胜利"),
                "在中国共产党第十九次全国代表大会上的报告",
            ),
            ("遂溪县财政局局长 余庆创\n——2024年政府工作报告", None, "2024年政府工作报告"),
            ("- 保障措施和任务\n——2024年政府工作报告", None, "2024年政府工作报告"),
        ] {
            let mut meta = Meta::default();
            let above = title(&mut meta, &block.lines().collect::<Vec<_>>(), block);
            assert_eq!((above.as_deref(), meta.title.as_str()), (main, subtitle));
        }
    }

    #[test]
    fn labels_and_endings_of_files_are_no_part_of_a_title() {
        for (line, title) in [
            ("名 称：政府工作报告", "政府工作报告"),
            ("名 称 | 政府工作报告 |", "政府工作报告"),
            ("- 名 称：关于防汛的通知", "关于防汛的通知"),
            ("原标题：关于防汛的通知", "关于防汛的通知"),
            ("標題： | 關於防汛的通知", "關於防汛的通知"),
            ("【招商】2025年遂溪县政府工作报告", "2025年遂溪县政府工作报告"),
            ("【遂溪县】政府工作报告", "【遂溪县】政府工作报告"),
            ("遂溪县2025年政府工作报告.docx", "遂溪县2025年政府工作报告"),
            ("第1页共3页2025年政府工作报告", "2025年政府工作报告"),
            ("关于修改《遂溪县防汛条例》的决定 附：修正本", "关于修改《遂溪县防汛条例》的决定"),
        ] {
            let meta = read(line);
            assert_eq!((meta.title.as_str(), meta.kind.is_some()), (title, true));
        }
        assert_eq!(read("首页 > 政务公开\n2025年遂溪县民政工作思路").title, "2025年遂溪县民政工作思路");
    }

    #[test]
    fn years_of_titles() {
        for (title, year) in [
            ("2024绵阳市政府工作报告", Some(2024)),
            ("遂溪县2018政府工作报告", Some(2018)),
            ("关于拨付2000万元扶贫资金的通知", None),
            ("2000户农村危房改造的意见", None),
            ("关于征收土地2015亩的公告", None),
            ("第十四个五年规划和2035年远景目标纲要", None),
            ("2020年前实施方案", None),
            ("国土空间总体规划（2021—2035年）编制情况的报告", None),
            ("关于2024年工作情况和2025年工作安排的报告", Some(2025)),
            ("二〇二五年政府工作报告", Some(2025)),
        ] {
            assert_eq!(read(title).year, year, "{title}");
        }
    }
}
