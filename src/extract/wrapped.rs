//! Lines as they stand on pages to paragraphs: wrapped lines are joined, and what stands on every page goes: page numbers,
//! running headers and footers.

use std::collections::{HashMap, HashSet};

use super::notes::Notes;

/// Lines that begin further right than the others open paragraphs where one in so many does.
const INDENTED: usize = 20;
/// So many lines at the top and at the bottom of a page can be what every page has.
const EDGE: usize = 3;
/// A running header has at least so many characters beside a page number that nothing marks as one.
const HEADER: usize = 6;
/// What a line begins with that a figure ends on.
const UNITS: [&str; 4] = ["万元", "亿元", "%", "％"];

/// A column has so many lines.
const COLUMN: usize = 5;
/// No more lines of a page are looked at for its columns.
const MOST_LINES: usize = 300;

/// A line of a page. Measures are in points.
pub struct Line {
    pub text: String,
    pub left: f64,
    pub right: f64,
    /// How high it stands on the page.
    pub height: f64,
    pub size: f64,
    /// It has cells, set far apart.
    pub row: bool,
    /// It has raised digits or had, as where a note is cited.
    pub cites: bool,
}

/// The text of `pages`, a line a paragraph, and the pages, counted from 0, of which nothing is in it. What stands on such a page
/// is not known, so no paragraph goes on behind it.
pub fn paragraphs(mut pages: Vec<Vec<Line>>) -> (String, Vec<usize>) {
    for page in &mut pages {
        page.retain(|line| !line.text.trim().is_empty());
    }
    let every = on_every_page(&pages);
    let mut notes = Notes::of(&pages);
    let mut lines: Vec<(usize, Line)> = Vec::new();
    let (mut empty, mut gaps) = (Vec::new(), HashSet::new());
    for (page, all) in pages.into_iter().enumerate() {
        let gutter = gutter(&all);
        let kept = all.into_iter().enumerate().filter(|(at, _)| !every.contains(&(page, *at))).map(|(_, line)| line);
        let before = lines.len();
        lines.extend(notes.taken_from(kept.collect()).into_iter().map(|line| (column(&line, gutter), line)));
        if lines.len() == before {
            empty.push(page);
            gaps.insert(before);
        }
    }
    let margins = [0, 1, 2].map(|of| margins(lines.iter().filter(|(column, _)| *column == of).map(|(_, line)| line)));
    let indented = |(column, line): &(usize, Line)| {
        line.text.starts_with('\u{3000}') || line.left > margins[*column].0 + line.size * 0.9
    };
    let indents = lines.iter().filter(|line| indented(line)).count() * INDENTED > lines.len();
    let mut text = String::new();
    let mut before: Option<&(usize, Line)> = None;
    for (at, place) in lines.iter().enumerate() {
        let line = &place.1;
        let can_go_on = |before: &(usize, Line)| !before.1.row && !line.row && !gaps.contains(&at);
        let goes_on = before.filter(|before| can_go_on(before)).is_some_and(|(column, before)| {
            let ended = before.text.trim_end().ends_with(['。', '！', '？', '：', '”']);
            let full = is_full(before, ended, margins[*column], notes.size);
            let alike = (before.size / line.size).max(line.size / before.size) < 1.25;
            // no paragraph begins with a mark that closes
            let closes = line.text.starts_with(['，', '。', '、', '；', '：', '）', '”', '》']);
            // nor with the unit of the figure above it, which a narrow cell cuts off
            let is_below = line.height < before.height && line.left < before.right && before.left < line.right;
            let is_unit = UNITS.iter().any(|unit| line.text.starts_with(unit));
            let closes = closes || is_below && is_unit && before.text.ends_with(is_digit);
            let can_follow = !ended || indents && !line.text.starts_with("附件");
            closes || full && alike && !indented(place) && !opens(&line.text) && can_follow
        });
        if before.is_some() && !goes_on {
            text.push('\n');
        }
        let words = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
        if goes_on && words(text.chars().next_back()) && words(line.text.chars().next()) && !text.ends_with(is_digit) {
            text.push(' ');
        }
        text.push_str(line.text.trim_end());
        before = Some(place);
    }
    for note in notes.notes {
        text.push('\n');
        text.push_str(note.trim_end());
    }
    (text, empty)
}

/// Whether a line reaches as far as those do that go on below it. `most` is the size of most of the text.
fn is_full(line: &Line, ended: bool, (left, right): (f64, f64), most: f64) -> bool {
    // a number or a word that did not fit leaves its line short
    let missing = if ended { 1.8 } else { 6.0 };
    let full = line.right > right - line.size * missing && right - left > line.size * 10.0;
    // what stands at the right alone is a date, or in a table
    let full = full && (line.right - line.left) * 2.0 > right - left;
    // a title is centred in its line, and the one below it is another
    let from_left = line.left - left;
    let is_indent = line.size < most * 1.1 && (from_left - line.size * 2.0).abs() < line.size * 0.3;
    let is_centred = from_left > line.size * 1.5 && (from_left - (right - line.right)).abs() < line.size * 0.5;
    full && (!is_centred || is_indent)
}

fn is_digit(char: char) -> bool {
    char.is_ascii_digit()
}

/// Where the second of two columns begins.
fn gutter(page: &[Line]) -> Option<f64> {
    let lines: Vec<&Line> = page.iter().filter(|line| !line.row).take(MOST_LINES).collect();
    let beside = |at: f64| {
        let left = lines.iter().filter(|line| line.right <= at).count();
        let right = lines.iter().filter(|line| line.left >= at).count();
        (left.min(right) >= COLUMN && (left + right) * 10 > lines.len() * 8).then_some(left + right)
    };
    let found = lines.iter().filter_map(|line| Some((beside(line.left)?, line.left)));
    found.max_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1))).map(|(_, at)| at)
}

/// The column that a line stands in; 0 is the whole width.
fn column(line: &Line, gutter: Option<f64>) -> usize {
    match gutter {
        Some(gutter) if line.right <= gutter => 1,
        Some(gutter) if line.left >= gutter => 2,
        _ => 0,
    }
}

/// Where most lines begin, to the nearest ten points, and where those end that are full. Rows of tables go their own ways.
fn margins<'a>(lines: impl Iterator<Item = &'a Line>) -> (f64, f64) {
    let lines: Vec<&Line> = lines.filter(|line| !line.row).collect();
    let mut lefts: Vec<i64> = lines.iter().map(|line| (line.left / 10.0) as i64).collect();
    lefts.sort_unstable();
    let most = lefts.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or(0, |same| same[0]);
    let same: Vec<f64> = lines.iter().map(|line| line.left).filter(|left| (left / 10.0) as i64 == most).collect();
    let mut rights: Vec<f64> = lines.iter().map(|line| line.right).collect();
    rights.sort_unstable_by(f64::total_cmp);
    // some stand out, as marks that hang over do
    let right = rights.get(rights.len() * 9 / 10).copied().unwrap_or(0.0);
    (same.iter().sum::<f64>() / same.len().max(1) as f64, right)
}

/// The places of lines on a page, from its top down.
pub fn from_top(page: &[Line]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..page.len()).collect();
    order.sort_by(|&a, &b| page[b].height.total_cmp(&page[a].height));
    order
}

/// The lines, by page and place in it, that are no part of the text: they stand at the same height at the edge of several
/// pages and say the same, but for a number that counts the pages.
fn on_every_page(pages: &[Vec<Line>]) -> HashSet<(usize, usize)> {
    let orders: Vec<Vec<usize>> = pages.iter().map(|page| from_top(page)).collect();
    let mut found = HashSet::new();
    let mut same: HashMap<(i64, Form), Vec<(usize, usize)>> = HashMap::new();
    for (page, order) in orders.iter().enumerate() {
        let at_edge = |(rank, _): &(usize, &usize)| *rank < EDGE || rank + EDGE >= order.len();
        for (_, &at) in order.iter().enumerate().filter(at_edge) {
            let line = &pages[page][at];
            if is_marked_number(&line.text) {
                found.insert((page, at));
            }
            for form in forms(&line.text, page) {
                same.entry((line.height.round() as i64, form)).or_default().push((page, at));
            }
        }
    }
    for ((_, form), mut places) in same {
        places.dedup_by_key(|(page, _)| *page);
        let often = places.len() >= 3 && places.len() * 3 >= pages.len();
        let goes = match &form {
            Form { before, counted: None } => places.len() >= 3 && !before.is_empty(),
            Form { before, counted: Some((behind, _)) } => {
                let alone = is_marked_number(&format!("—{before}1{behind}—"));
                let marked = before.trim_end().ends_with('第') && behind.trim_start().starts_with('页');
                let beside = before.chars().count().max(behind.chars().count());
                places.len() >= 2 && (alone || marked) || often && beside >= HEADER
            }
        };
        // the head of a table that goes on over pages, or of a chapter, is read once
        let is_head = |&(page, at): &(usize, usize)| pages[page].get(at + 1).is_some_and(|line| line.row);
        let keep = usize::from(form.counted.is_none() && (!often || places.iter().all(is_head)));
        if goes {
            found.extend(places.into_iter().skip(keep));
        }
    }
    // nothing of the text stands further out
    let mut gone = HashSet::new();
    for (page, order) in orders.iter().enumerate() {
        let outer = |at: &&usize| found.contains(&(page, **at));
        let (top, bottom) = (order.iter().take_while(outer), order.iter().rev().take_while(outer));
        gone.extend(top.take(EDGE).chain(bottom.take(EDGE)).map(|at| (page, *at)));
    }
    gone
}

/// What a line says, with runs of blanks as one.
#[derive(PartialEq, Eq, Hash)]
struct Form {
    /// All of it, or what stands before the number that may count the pages.
    before: String,
    /// What stands behind that number, and how far it is ahead of the pages.
    counted: Option<(String, i64)>,
}

/// A line as it is, and with each of its numbers as one that counts the pages.
fn forms(line: &str, page: usize) -> Vec<Form> {
    let bare = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut forms = Vec::new();
    let mut from = 0;
    while let Some(at) = bare[from..].find(is_digit).map(|at| from + at).filter(|_| forms.len() < 4) {
        from = bare[at..].find(|char| !is_digit(char)).map_or(bare.len(), |length| at + length);
        let (before, behind) = (&bare[..at], &bare[from..]);
        let amount = behind.starts_with([',', '.', '，', '．', '%']) || before.ends_with([',', '.', '，', '．']);
        if let Some(number) = bare[at..from].parse::<i64>().ok().filter(|number| *number < 10_000 && !amount) {
            forms.push(Form { before: before.into(), counted: Some((behind.into(), number - page as i64)) });
        }
    }
    forms.push(Form { before: bare, counted: None });
    forms
}

/// —1—, - 1 -, 第1页, 第 1 页 共 9 页.
fn is_marked_number(line: &str) -> bool {
    let bare: String = line.chars().filter(|char| !char.is_whitespace()).collect();
    let inner = bare.trim_matches(['—', '-', '–', '－', '―', '·', '第', '页']);
    let dash = |char: char| "—-–－―·".contains(char);
    (bare.starts_with(dash) && bare.ends_with(dash) || bare.contains('页'))
        && inner.split(['/', '页', '共', '第', '，', ',']).all(|n| n.len() <= 4 && n.chars().all(is_digit))
        && inner.contains(is_digit)
}

/// Whether a line begins as paragraphs do: 一、 （一） 1. 1、 第一条 ①.
fn opens(line: &str) -> bool {
    let line = line.trim_start();
    let han = |char: char| "一二三四五六七八九十百〇".contains(char);
    if line.starts_with(han) {
        return line.trim_start_matches(han).starts_with('、');
    }
    if let Some(inner) = line.strip_prefix(['（', '(']) {
        let rest = inner.trim_start_matches(han).trim_start_matches(is_digit);
        return rest.len() < inner.len() && rest.starts_with(['）', ')']);
    }
    if let Some(inner) = line.strip_prefix('第') {
        let rest = inner.trim_start_matches(han);
        return rest.len() < inner.len() && rest.starts_with(['章', '节', '条', '编', '，', '、']);
    }
    let rest = line.trim_start_matches(is_digit);
    let dotted = rest.len() < line.len() && rest.starts_with(['.', '．', '、']);
    dotted && !rest.chars().nth(1).is_some_and(is_digit) || line.starts_with(|char| ('①'..='⑳').contains(&char))
}

/// Whether `text` is no more than what a paragraph opens with: a number or a bullet.
pub fn is_label(text: &str) -> bool {
    let mut chars = text.trim().chars();
    let first = chars.next();
    let rest = chars.count();
    rest < 6 && opens(text) || rest == 0 && first.is_some_and(|char| !char.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a page from its top down.
    fn page(lines: &[(&str, f64, f64)]) -> Vec<Line> {
        let line = |(at, &(text, left, right)): (usize, &(&str, f64, f64))| {
            let height = if at + 1 == lines.len() { 0.0 } else { 700.0 - at as f64 * 20.0 };
            Line {
                text: text.into(),
                left,
                right,
                height,
                size: 10.0,
                row: text.contains('\t'),
                cites: text.ends_with('人'),
            }
        };
        lines.iter().enumerate().map(line).collect()
    }

    fn text(pages: &[&[(&str, f64, f64)]]) -> String {
        paragraphs(pages.iter().map(|lines| page(lines)).collect()).0
    }

    const FULL: (f64, f64) = (0.0, 150.0);

    #[test]
    fn wrapped_lines_are_joined_and_page_numbers_go() {
        let first = [
            ("一、回顾", 20.0, 60.0),
            ("去年增长", FULL.0, FULL.1),
            ("5.1%，今年", FULL.0, FULL.1),
            ("— 1 —", 45.0, 55.0),
        ];
        let second = [("第 2 页 共 9 页", 45.0, 55.0), ("更多。", 0.0, 30.0), ("（二）目标", 0.0, 50.0)];
        assert_eq!(text(&[&first, &second]), "一、回顾\n去年增长5.1%，今年更多。\n（二）目标");
    }

    #[test]
    fn what_every_page_has_goes() {
        let pages = ["甲一", "乙二", "丙三", "丁四"].iter().enumerate().map(|(at, words)| {
            let foot = format!("港门镇人民政府办公室　第{}页", at + 1);
            page(&[("港门镇政府工作报告", 50.0, 90.0), (words, FULL.0, FULL.1), (&foot, 0.0, 90.0)])
        });
        assert_eq!(paragraphs(pages.collect()).0, "甲一乙二丙三丁四");
        let pages = (1..7).map(|at| {
            let head = if at % 2 == 0 {
                format!("{at}\u{3000}2025年第3期")
            } else {
                format!("港门镇人民政府公报 {at}")
            };
            page(&[(&head, 0.0, 90.0), (&format!("文{at}"), 0.0, 20.0)])
        });
        assert_eq!(paragraphs(pages.collect()).0, "文1\n文2\n文3\n文4\n文5\n文6");
    }

    #[test]
    fn what_only_looks_so_stays() {
        // the number of an annex counts pages, too, and what stands below it is no header; the head of a table is said once
        let pages = (1..5).map(|at| {
            page(&[(&format!("附件{at}"), 0.0, 30.0), ("项目表", 0.0, 40.0), (&format!("道路{at}"), 0.0, 20.0)])
        });
        let text = paragraphs(pages.collect()).0;
        assert_eq!(text.matches("项目表").count(), 4, "{text}");
        let pages = (1..5).map(|at| {
            let row = format!("{at}\t道路");
            page(&[("序号\t项目", 0.0, 90.0), (&row, 0.0, 90.0), (&row, 0.0, 90.0), (&row, 0.0, 90.0)])
        });
        let text = paragraphs(pages.collect()).0;
        assert!(text.starts_with("序号\t项目\n1\t道路") && text.matches("序号").count() == 1, "{text}");
    }

    #[test]
    fn numbers_are_page_numbers_where_they_count_pages() {
        for figure in ["3600", "-12", "1/2"] {
            assert_eq!(text(&[&[("项目", 0.0, 20.0), (figure, 0.0, 20.0)]]), format!("项目\n{figure}"));
        }
        let first = [("全年完成", FULL.0, FULL.1), ("2024", 0.0, 20.0)];
        let second = [("1,234", 0.0, 20.0), ("万元", 0.0, 20.0), ("7", 50.0, 55.0)];
        let third = [("三", 0.0, 20.0), ("8", 50.0, 55.0)];
        let all = text(&[&first, &second, &third]);
        assert!(all.contains("2024") && all.contains("1,234") && all.ends_with("万元\n三"), "{all}");
    }

    #[test]
    fn rows_are_lines() {
        let lines = [
            ("序号\t单位", 0.0, 150.0),
            ("1\t镇政府", 0.0, 150.0),
            ("港门镇", 0.0, 150.0),
            ("政府", 0.0, 20.0),
            ("完", 0.0, 9.0),
        ];
        assert_eq!(text(&[&lines]), "序号\t单位\n1\t镇政府\n港门镇政府\n完");
    }

    #[test]
    fn a_figure_keeps_its_unit() {
        let cells =
            [("投资125", 0.0, 35.0), ("万元", 8.0, 28.0), ("2025", 0.0, 20.0), ("亿元", 60.0, 80.0), ("完", 0.0, 9.0)];
        assert_eq!(text(&[&cells]), "投资125万元\n2025\n亿元\n完");
    }

    #[test]
    fn columns_have_margins_of_their_own() {
        let first =
            [("甲", 0.0, 150.0), ("乙", 0.0, 150.0), ("丙。", 0.0, 60.0), ("丁", 20.0, 150.0), ("戊", 0.0, 150.0)];
        let second = [
            ("己", 200.0, 350.0),
            ("庚。", 200.0, 240.0),
            ("辛", 220.0, 350.0),
            ("壬", 200.0, 350.0),
            ("癸", 200.0, 250.0),
        ];
        assert_eq!(text(&[&[&first[..], &second].concat()]), "甲乙丙。\n丁戊己庚。\n辛壬癸");
    }

    #[test]
    fn what_stands_at_the_right_ends_its_line() {
        let lines = [
            ("全年完成", FULL.0, FULL.1),
            ("五亿元", FULL.0, FULL.1),
            ("2025年4月8日", 100.0, 150.0),
            ("附件", 0.0, 20.0),
        ];
        assert!(text(&[&lines]).ends_with("2025年4月8日\n附件"));
    }

    #[test]
    fn notes_stand_behind_the_text_and_a_paragraph_goes_on_over_them() {
        let small = |lines: &[(&str, f64, f64)], from: usize| {
            let mut page = page(lines);
            page[from..].iter_mut().for_each(|line| line.size = 7.0);
            page
        };
        let all = |pages: [Vec<Line>; 2]| paragraphs(pages.into_iter().collect()).0;
        let first = [("一、回顾", 20.0, 60.0), ("三张清单、企业和个人", FULL.0, FULL.1), ("¹ 清单：原辅料", 0.0, 70.0)];
        let second = [("15%优惠个人", 0.0, 60.0), ("清单。", 0.0, 30.0), ("2 四库：水库。", 0.0, 70.0)];
        let text = all([small(&first, 2), small(&second, 1)]);
        assert_eq!(text, "一、回顾\n三张清单、企业和个人15%优惠个人\n¹ 清单：原辅料清单。\n2 四库：水库。");
        for (foot, read) in [
            (
                [("个人", FULL.0, FULL.1), ("序号 项目", 0.0, 60.0), ("1 道路", 0.0, 70.0)],
                "个人\n序号 项目\n1 道路\n乙",
            ),
            ([("甲", FULL.0, FULL.1), ("1 道路", 0.0, 70.0), ("2 桥梁", 0.0, 60.0)], "甲\n1 道路\n2 桥梁\n乙"),
        ] {
            assert_eq!(all([small(&foot, 1), page(&[("乙", 0.0, 9.0)])]), read);
        }
    }

    #[test]
    fn a_centred_title_is_full_only_without_room() {
        let body = [("正文", FULL.0, FULL.1); 9];
        let titles = |first: f64| {
            let mut page = page(&[&[("甲报告", first, 150.0 - first), ("团结起来", 0.0, 150.0)][..], &body].concat());
            page[..2].iter_mut().for_each(|line| line.size = 14.0);
            paragraphs(vec![page]).0.lines().next().unwrap().to_string()
        };
        assert_eq!((&*titles(30.0), &*titles(10.0)), ("甲报告", "甲报告团结起来"));
    }

    #[test]
    fn openings() {
        for line in ["一、甲", "（十二）甲", "1.甲", "12、甲", "第一，甲", "第三章 甲", "①甲"] {
            assert!(opens(line), "{line}");
        }
        for line in ["1.5亿元", "一是甲", "（含甲）", "2025年", "第一产业"] {
            assert!(!opens(line), "{line}");
        }
        assert!(is_label("1.") && is_label("（一）") && is_label("• ") && !is_label("1") && !is_label("甲"));
    }
}
