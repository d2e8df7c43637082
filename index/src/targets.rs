//! Reads out of a report what it promises and what it says was done: indicator, value, unit, modifier, year, with the
//! sentence and line. What is said is read by `figures`; whether it is a target or a result, and of which year, is
//! decided by `stated`; here it is decided whether the report has a sentence that sets its targets, so that an
//! indicator which that sentence leaves out (absent) is told from one that nothing was found on.

pub(crate) mod comparison;
pub(crate) mod digits;
pub(crate) mod figure;
pub(crate) mod figures;
pub(crate) mod indicators;
pub(crate) mod others;
pub(crate) mod promises;
pub(crate) mod quantity;
pub(crate) mod sentences;
pub(crate) mod stated;
pub(crate) mod subject;
pub(crate) mod told;

use std::collections::HashSet;
use std::ops::Range;

use serde::Serialize;

use crate::document::{Document, Level, Meta, Role};
use crate::fold::fold;
use crate::parse::lines::one_line;
use crate::parse::when::{When, all_mentioned, governing, in_name};
use crate::patterns::{Pattern, patterns};
use crate::rank::results::{DocumentInfo, RESULTS_SCHEMA};
use crate::targets::figure::{Basis, Figure};
use crate::targets::figures::Figures;
use crate::targets::indicators::{Indicators, spelled};
use crate::targets::sentences::{Sentence, sentences};
use crate::targets::stated::{Calendar, Setting, Stated, has_grown, usual};
use crate::targets::told::{Said, Time, Told};

/// A sentence that sets the targets of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The sentence, up to 。
    pub text: String,
}

/// What a report promises and what it says was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Targets {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// The report.
    pub document: DocumentInfo,
    /// The sentence that sets the targets of the report's year; `None` if no such sentence was found.
    pub statement: Option<Statement>,
    /// The figures in the order of the text, each once.
    pub figures: Vec<Figure>,
    /// Headline indicators without a target for the report's year although there is a statement. Without a statement this
    /// is empty: then nothing can be said.
    pub absent: Vec<String>,
}

patterns! {
    ANNOUNCES = "(?:预期目标|主要目标|奋斗目标|发展目标|工作目标|调控目标|预期指标|主要指标)(?:[^，。；]{0,8}(?:是|为|：)|包括|$)";
    END = "^[^，。：]{0,8}年[底末]";
    // what only a plan says of a number
    INTENDS = "^把.*控制在|力争|确保";
    EXPECTS = "预期目标(?:是|为|：)";
}

/// So many targets in one sentence are a statement, though nothing announces it (全国 2020).
const MANY: usize = 4;

/// The year of a report: the one that its text or whoever added it states, else the one in its file's name.
pub fn report_year(meta: &Meta) -> Option<u16> {
    meta.year.or(in_name(&meta.source))
}

/// Whom and which year a report is of: its chain of places joined with `/`, 全国 if it is the nation's, and its [`report_year`].
/// `None` if one of them is not known.
pub fn place_and_year(meta: &Meta) -> Option<(String, u16)> {
    let place = Some(meta.governed()).filter(|place| !place.is_empty())?;
    Some((place, report_year(meta)?))
}

/// Reads the figures of `indicators` in `document`; with `any`, those of every named thing that a number with a unit stands
/// behind. Cost: some milliseconds for a report of 20,000 characters.
pub fn targets(document: &Document, indicators: &Indicators, any: bool) -> Targets {
    let places = own_names(&document.meta);
    let calendar = Calendar::new(&document.meta, report_year(&document.meta));
    let year = calendar.report;
    let own = document.meta.place.last().map(|place| fold(place).text);
    let own = own.as_deref().or((document.meta.level == Some(Level::Nation)).then_some("国"));
    let figures = Figures { indicators, places: &places, own, year, any };
    let mut reader = Reader {
        document,
        figures,
        calendar,
        time: Time::default(),
        above: None,
        frame: Frame::default(),
        rows: Vec::new(),
        statement: None,
    };
    reader.read();
    let Reader { rows, statement, .. } = reader;
    let statement = statement.map(|(range, line)| Statement { line, text: one_line(&document.text[range]) });
    let mut seen = HashSet::new();
    let mut list: Vec<Figure> = Vec::new();
    for row in rows {
        let value = row.value.map(|value| (value.to_bits(), row.to.map(f64::to_bits), row.unit.clone(), row.direction));
        let words = row.value.is_none().then(|| row.modifier.clone());
        if seen.insert((row.indicator.clone(), row.role, value, words, row.year, row.from, row.basis)) {
            list.push(row);
        }
    }
    let promised = |name: &str| {
        list.iter()
            .any(|row| row.role == Stated::Target && row.indicator == name && row.from.is_none() && row.year == year)
    };
    // one that is told for the towns and for the country apart is not left out
    let apart = |name: &str| {
        name == "居民人均可支配收入" && ["城镇居民人均可支配收入", "农村居民人均可支配收入"].into_iter().any(promised)
    };
    let absent = match &statement {
        Some(_) => indicators.headlines().filter(|name| !promised(name) && !apart(name)).map(String::from).collect(),
        None => Vec::new(),
    };
    Targets { schema: RESULTS_SCHEMA, document: DocumentInfo::of(document), statement, figures: list, absent }
}

struct Reader<'a> {
    document: &'a Document,
    figures: Figures<'a>,
    calendar: Calendar,
    /// What was named last in the paragraph.
    time: Time,
    /// What the headings above the section read last tell.
    above: Option<(Option<u32>, Above)>,
    frame: Frame,
    rows: Vec<Figure>,
    /// Where the targets are set, in bytes, and the line of that.
    statement: Option<(Range<usize>, u32)>,
}

/// What headings tell of time.
#[derive(Clone, Copy, Default)]
struct Above {
    /// The first and the last year or plan that the nearest one names: of 十三五时期成就和十四五时期目标 results are of the first,
    /// targets of the last.
    when: Option<(When, When)>,
    /// The last plan among what it names.
    plan: Option<When>,
    /// One of them looks back.
    is_review: bool,
    /// One of them tells what the document else does not, see [`Calendar::is_apart`].
    is_apart: bool,
}

/// The span of years that a review speaks of from one paragraph to the next.
#[derive(Clone, Copy, Default)]
struct Frame {
    /// The section of the first level, and what the headings tell.
    of: (Option<u32>, Option<(When, When)>),
    span: Option<When>,
    /// The paragraph speaks of the last year of the span.
    is_left: bool,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut section = None;
        let mut announced = false;
        let all = sentences(self.document);
        let text = |sentence: &Sentence| &self.document.text[sentence.range.clone()];
        // parts up to 。 are one sentence
        let goes_on =
            |a: &Sentence, b: &Sentence| text(a).ends_with(['；', ';']) && !b.opens_paragraph && a.section == b.section;
        for parts in all.chunk_by(goes_on) {
            self.whole(parts, &mut section, &mut announced);
        }
    }

    /// Reads a sentence, in its parts between ；.
    fn whole(&mut self, parts: &[Sentence], section: &mut Option<u32>, announced: &mut bool) {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
        if first.opens_paragraph || first.section != *section {
            (self.time.when, self.time.plan) = (None, None);
            // a heading such as 主要预期目标 announces what comes behind it
            *announced &= first.section == *section;
            *section = first.section;
        }
        let announces = parts.iter().any(|part| ANNOUNCES.is_match(&spelled(&self.document.text[part.range.clone()])));
        (self.time.is_part, self.time.base) = (false, None);
        let was = self.time;
        let mut rows = self.parts(parts, *announced || announces);
        let is_now = |rows: &[Figure]| rows.iter().filter(|row| row.role == Stated::Target && self.is_now(row)).count();
        let mut targets = is_now(&rows);
        let is_many = targets >= MANY;
        if is_many && !*announced && !announces {
            // then what has no number is a target too
            self.time = was;
            rows = self.parts(parts, true);
            targets = rows.len();
        }
        *announced |= announces;
        if *announced && targets > 0 || is_many {
            let (start, end) = (first.range.start, self.end(last.range.end));
            match &self.statement {
                None => self.statement = Some((start..end, first.line)),
                // 地区生产总值增长3.5%左右。社会消费品零售总额增长6.5%左右。
                Some((range, line)) if start == self.next(range.end) => {
                    self.statement = Some((range.start..end, *line))
                }
                Some(_) => {}
            }
        }
        // a statement goes on while its sentences set targets
        *announced &= announces || !rows.is_empty();
        self.rows.extend(rows);
    }

    fn parts(&mut self, parts: &[Sentence], announced: bool) -> Vec<Figure> {
        let document = self.document;
        let text = |part: &Sentence| one_line(&document.text[part.range.clone()]);
        parts.iter().flat_map(|part| self.sentence(part, &text(part), announced)).collect()
    }

    /// Where the sentence that goes on at `from` ends with 。, or its paragraph does; in bytes.
    fn end(&self, from: usize) -> usize {
        let text = &self.document.text;
        if text[..from].ends_with('。') {
            return from;
        }
        let rest = &text[from..];
        let end =
            rest.find(['。', '\n']).map_or(rest.len(), |at| at + if rest[at..].starts_with('。') { 3 } else { 0 });
        from + end
    }

    /// Where the next visible character stands.
    fn next(&self, from: usize) -> usize {
        let rest = &self.document.text[from..];
        from + rest.len() - rest.trim_start().len()
    }

    fn is_now(&self, row: &Figure) -> bool {
        row.from.is_none() && row.year == self.figures.year
    }

    /// The figures of a sentence.
    fn sentence(&mut self, sentence: &Sentence, text: &str, announced: bool) -> Vec<Figure> {
        let spelled = spelled(text);
        let Above { when: heading, plan, is_review, is_apart } = match self.above {
            Some((section, above)) if section == sentence.section => above,
            _ => self.above.insert((sentence.section, self.above(sentence.section))).1,
        };
        let report = self.figures.year;
        let is_past = is_review || heading.zip(report).is_some_and(|((_, last), report)| last.year < report);
        let is_plan = self.calendar.is_plan();
        // where a plan starts from, what lies behind and what is ahead stand side by side
        let role = sentence.role.filter(|&role| role == Role::Review || !(is_plan && is_apart));
        let usual = usual(role, &spelled, announced, is_past, is_plan);
        let in_words = announced && usual == Some(Stated::Target);
        // plans have 主要目标; 预期目标 are of a year, whatever plan stands above or whatever year before them
        let expects = EXPECTS.is_match(&spelled);
        let mut time = self.time;
        time.when = time.when.filter(|_| !expects);
        // a year of the sentence before that has passed is not that of what is intended
        if usual != Some(Stated::Done) && INTENDS.is_match(&spelled) {
            time.when = time.when.filter(|when| Some(when.year) >= self.figures.year);
        }
        if spelled.contains("纲要") && time.when.is_none() {
            time.when = plan;
        }
        let told = self.figures.read(text, in_words, &mut time);
        self.time = time;
        let frame =
            self.frame(sentence, &spelled, heading).filter(|_| !has_grown(&spelled) && !spelled.contains("全年"));
        let is_ahead = |when: &When| when.from.is_none() && Some(when.year) >= report;
        let heading = heading.filter(|(_, last)| !expects || is_ahead(last));
        // 力争到2030年，… governs the whole sentence
        let strives = ["力争", "确保"].into_iter().find(|word| spelled.starts_with(word));
        let rows = told.into_iter().filter_map(|told| {
            // where neither part nor words tell, the year named does
            let is_done = || self.calendar.may_be_done(told.when.or(heading.map(|(_, last)| last))?.year);
            let by_year = || Some(if is_done()? { Stated::Done } else { Stated::Target });
            let otherwise = || self.calendar.otherwise(&spelled).filter(|_| !is_apart);
            let usual = usual.or_else(by_year).or_else(otherwise)?;
            let planned = || Some((self.calendar.planned?, self.calendar.planned?));
            let heading = if usual == Stated::Target { heading.or_else(planned) } else { heading };
            self.figure(told, usual, Setting { heading, frame, plan: self.time.plan }, strives)
        });
        // 增长1.71倍 among what became of years is of as many of them as stands elsewhere
        let is_dated = |row: &Figure| row.unit.as_deref() != Some("倍") || row.from.is_some() || has_grown(&spelled);
        let rows = rows.filter(is_dated);
        rows.map(|row| Figure { sentence: text.to_string(), line: sentence.line, ..row }).collect()
    }

    /// The span that `sentence` stands in: the one that the headings name, or the last one that opened a paragraph of its
    /// part, until the year under review is named.
    fn frame(&mut self, sentence: &Sentence, spelled: &str, heading: Option<(When, When)>) -> Option<When> {
        let report = self.figures.year?;
        let is_past = |when: &When| when.from.is_some() && when.year < report;
        let of = (self.part(sentence.section), heading);
        if self.frame.of != of {
            self.frame = Frame { of, span: heading.map(|(first, _)| first).filter(is_past), is_left: false };
        }
        self.frame.is_left &= !sentence.opens_paragraph;
        let opened = spelled.split(['，', '。', '：']).take(2).find_map(|clause| governing(clause, Some(report)));
        match opened {
            Some(when) if is_past(&when) && sentence.opens_paragraph => self.frame.span = Some(when),
            Some(When { from: None, year }) if year.checked_add(1) == Some(report) => {
                // 2012年底，… among what became of five years is of that sentence
                if END.is_match(spelled) {
                    return None;
                }
                match sentence.opens_paragraph {
                    true => self.frame.span = None,
                    false => self.frame.is_left = true,
                }
            }
            _ => {}
        }
        self.frame.span.filter(|_| !self.frame.is_left)
    }

    /// The section of the first level that `section` lies in.
    fn part(&self, section: Option<u32>) -> Option<u32> {
        let mut part = section?;
        while let Some(parent) = self.document.sections.get(part as usize)?.parent.filter(|&parent| parent < part) {
            part = parent;
        }
        Some(part)
    }

    /// What the headings above tell of time.
    fn above(&self, section: Option<u32>) -> Above {
        let mut above = Above::default();
        let mut next = section;
        while let Some(section) = next.and_then(|at| self.document.sections.get(at as usize)) {
            let title = spelled(&section.heading.title);
            above.is_review |= section.role == Some(Role::Review);
            above.is_apart |= self.calendar.is_apart(&title);
            let years = all_mentioned(&title, self.figures.year);
            let plan = years.iter().copied().rfind(|when| when.from.is_some());
            if above.when.is_none() && above.plan.is_none() && !years.is_empty() {
                above.plan = plan;
                // 十五五时期目标任务和2026年工作安排 is of both
                let is_of_kind = plan.is_none() || years.iter().all(|when| when.from.is_some());
                above.when = years.first().copied().zip(years.last().copied()).filter(|_| is_of_kind);
            }
            next = section.parent.filter(|&parent| Some(parent) < next);
        }
        above
    }

    fn figure(&self, told: Told, usual: Stated, setting: Setting, strives: Option<&str>) -> Option<Figure> {
        let (role, when) = self.calendar.date(&told, usual, setting);
        let mut figure = Figure {
            indicator: told.indicator,
            role,
            value: None,
            to: None,
            unit: None,
            direction: None,
            modifier: String::new(),
            basis: None,
            year: when.map(|when| when.year),
            from: when.and_then(|when| when.from),
            is_ceiling: false,
            name: told.name,
            sentence: String::new(),
            line: 0,
        };
        match told.said {
            Said::Words(words) => {
                // what was done is told in numbers; words there are praise
                if role == Stated::Done {
                    return None;
                }
                figure.modifier = words;
            }
            Said::Number(number) => {
                let strives = strives.filter(|word| !number.modifiers.contains(word));
                let modifiers = strives.iter().chain(&number.modifiers).copied();
                (figure.value, figure.to) = (Some(number.value), number.to);
                figure.modifier = modifiers.collect::<Vec<_>>().join(" ");
                (figure.unit, figure.direction) = (Some(number.unit), number.direction);
                figure.basis = match () {
                    _ if number.is_average => Some(Basis::Average),
                    _ if number.is_total => Some(Basis::Total),
                    _ => None,
                };
                // what a report aimed at once is no result
                if role == Stated::Done && (told.is_quoted || number.is_aim) {
                    return None;
                }
                let is_bound = ["失业率", "价格"].into_iter().any(|end| figure.indicator.ends_with(end));
                figure.is_ceiling = number.is_ceiling || is_bound;
            }
        }
        Some(figure)
    }
}

/// The names of the place that a report is of, and of those above it, full and without their endings, folded.
fn own_names(meta: &Meta) -> Vec<String> {
    let full = meta.place.iter().map(|place| fold(place).text);
    full.flat_map(|place| {
        let short = crate::parse::places::short(&place).to_string();
        [place, short]
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of a review given on `date`, in short.
    fn told(date: &str, review: &str) -> Vec<String> {
        let text = format!(
            "2018年遂溪县政府工作报告\n{date}在遂溪县第十五届人民代表大会第四次会议上\n各位代表：\n一、过去几年工作回顾\n{review}\n二、今后工作安排\n做好工作。\n"
        );
        let found = targets(&Document::from_text("a", text), &Indicators::shipped(), false).figures;
        let one = |figure: &Figure| {
            let from = figure.from.map_or(String::new(), |from| format!("{from}-"));
            format!("{} {} {from}{}", figure.indicator, figure.value.unwrap_or(0.0), figure.year.unwrap_or(0))
        };
        found.iter().map(one).collect()
    }

    #[test]
    fn results_are_of_the_years_that_they_are_told_of() {
        for (date, review, expected) in [
            ("2018年12月26日", "到2018年底，预计地区生产总值达到259亿元。", &["地区生产总值 259 2018"][..]),
            ("2018年1月8日", "过去三年，地区生产总值年均增长10%。", &["地区生产总值 10 2015-2017"]),
            ("2018年1月8日", "四年来，预计财政收入累计完成8.7亿元。", &["财政收入 8.7 2014-2017"]),
            ("2018年1月8日", "五年来，地区生产总值由95.5亿元增加到156亿元。", &["地区生产总值 156 2017"]),
            ("2018年1月8日", "地区生产总值由2013年的74亿元跃升至104亿元。", &["地区生产总值 104 2017"]),
            (
                "2018年1月8日",
                "地区生产总值达到259亿元，是2012年的1.2倍，年均增长6%。",
                &["地区生产总值 259 2017", "地区生产总值 6 2013-2017"],
            ),
            (
                "2018年1月8日",
                "城镇居民人均可支配收入和农民人均纯收入均分别增长8.5%、9.5%。",
                &["城镇居民人均可支配收入 8.5 2017", "农村居民人均可支配收入 9.5 2017"],
            ),
            // in a line that was broken at the width of a page, even within a number
            (
                "2018年1月8日",
                &format!(
                    "{}地区生产总值年均增长1\n0.5%。",
                    "我们做好各项工作，取得新的进展，社会各项事业全面进步，".repeat(2)
                ),
                &["地区生产总值 10.5 2013-2017"],
            ),
            ("2018年1月8日", "固定资产投资下降64.4%，增速同比回落3个百分点。", &["固定资产投资 64.4 2017"]),
            ("2018年1月8日", "税收收入增长1.7倍；财政收入同比增长1.2倍。", &["财政收入 1.2 2017"]),
        ] {
            assert_eq!(told(date, review), expected, "{review}");
        }
    }

    #[test]
    fn accounts_of_a_year_tell_results_of_it() {
        for title in
            ["遂溪县2019年国民经济和社会发展统计公报", "遂溪县2019年财政决算的报告", "遂溪县2019年政府工作总结"]
        {
            let text = format!(
                "{title}\n2020年3月20日\n一、综合\n全年地区生产总值617亿元，比上年增长5.2%。\n2019年粮食总产量10万吨。\n"
            );
            let found = targets(&Document::from_text("a", text), &Indicators::shipped(), false).figures;
            let found: Vec<_> = found.iter().map(|figure| (figure.role, figure.year)).collect();
            assert_eq!(found, [(Stated::Done, Some(2019)); 3], "{title}");
        }
    }

    #[test]
    fn an_aim_that_is_quoted_is_no_result() {
        let review = "广义货币增长11.3%，低于13%左右的预期目标。";
        assert_eq!(told("2018年1月8日", review), ["广义货币 11.3 2017"]);
        assert_eq!(told("2018年1月8日", "按照会议要求，财政收入增长5%。"), ["财政收入 5 2017"]);
        let review = "去年政府工作报告提出，物价涨幅要降到10%左右，经过努力，实际回落到6.1%。";
        assert_eq!(told("2018年1月8日", review), ["商品零售价格 6.1 2017"]);
    }
}
