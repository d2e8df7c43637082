//! Decides of a figure whether it is promised or reported, and of which years.

use serde::Serialize;

use crate::document::{Meta, Role};
use crate::parse::when::{When, all_mentioned};
use crate::patterns::{Pattern, patterns};
use crate::targets::digits::with_digits;
use crate::targets::indicators::spelled;
use crate::targets::quantity::Quantity;
use crate::targets::told::{Said, Told};

/// Whether a figure is promised or reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Stated {
    /// What shall be reached.
    #[serde(rename = "目标")]
    Target,
    /// What is said to have been reached.
    #[serde(rename = "完成")]
    Done,
}

impl Stated {
    /// The Chinese name, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Stated::Target => "目标",
            Stated::Done => "完成",
        }
    }
}

patterns! {
    PROMISES = "预期目标|力争|今年.{0,12}(?:目标|计划|安排)";
    // 均低于预期目标 promises nothing
    MISSED = "(?:低于|不及|高于|好于|未达|未完成|没有达到|没有完成|未能完成)[^，。；]{0,8}(?:目标|计划)";
    // the average of years is as often one to come
    REPORTS = "同比|比上年|比去年|较上年|全年完成|预计完成|占计划|(?:年来|以来|过去)[^。；]*年均增长";
    GREW = "(?:同比|比上年|比去年|较上年|较去年)(?:增长|增加|提高|上升|下降|减少|降低)";
    AHEAD = "今年|计划";
    PASSED = "已|[^为]了|过去|年来";
    // what is said of a number that is still to come, or that was to come
    OPEN = "预期|力争|争取|确保|左右|[0-9%元人吨]以上|以内|拟|将|安排|下一步|(?:^|[，；：])要|预算数|(?:年初|调整)预算[^的]";
    // the chapters of a plan that tell from where it starts, and those of an account that tell what comes
    STARTS = "背景|成就|成效|回顾|发展(?:基础|环境|现状|形势)";
    COMES = "下[一年步]|明年|今后|打算|安排|思路|计划|建议|部署|展望|目标|任务";
}

/// What figures of a sentence usually are, by the part of the report and by its words; `None` where they are neither.
/// `is_past` says that the heading above names a year or a plan that is over, `is_plan` that the document is a plan.
pub(crate) fn usual(
    role: Option<Role>,
    spelled: &str,
    announced: bool,
    is_past: bool,
    is_plan: bool,
) -> Option<Stated> {
    if announced {
        return Some(Stated::Target);
    }
    match role {
        Some(Role::Review) => Some(Stated::Done),
        Some(Role::Targets | Role::Tasks | Role::Conduct | Role::Requirements) if is_past || has_passed(spelled) => {
            Some(Stated::Done)
        }
        Some(Role::Targets | Role::Tasks | Role::Conduct | Role::Requirements) => Some(Stated::Target),
        Some(Role::Glossary) => None,
        Some(Role::Problems | Role::Formula) | None => match () {
            _ if MISSED.is_match(spelled) => Some(Stated::Done),
            _ if PROMISES.is_match(spelled) => Some(Stated::Target),
            // in a plan 比上年增长 may be either
            _ if REPORTS.is_match(spelled) && !is_plan => Some(Stated::Done),
            _ => None,
        },
    }
}

/// Whether a sentence among what is promised tells what has been reached: 比上年增长 alone may be either.
fn has_passed(spelled: &str) -> bool {
    let is_ahead = || AHEAD.is_match(spelled) || OPEN.is_match(spelled);
    GREW.is_match(spelled) && PASSED.is_match(spelled) && !is_ahead()
}

/// Whether what a sentence tells of has grown against the year before.
pub(crate) fn has_grown(spelled: &str) -> bool {
    GREW.is_match(spelled)
}

/// The kinds of documents that say what shall be.
const PLANS: [&str; 3] = ["规划", "纲要", "计划"];

/// What a report tells of time.
pub(crate) struct Calendar {
    /// The year that it is of; of a plan without one the first that it plans.
    pub report: Option<u16>,
    /// The years that it plans, if it is a plan.
    pub planned: Option<When>,
    /// What its figures are where neither their part, nor their words, nor a year tells: those of an account are results, those
    /// of a plan targets.
    kind: Option<Stated>,
    /// The one that it looks back on.
    reviewed: u16,
    /// Whether it was given when its own year was all but over.
    is_late: bool,
}

/// What the sentence that a figure stands in is under.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setting {
    /// The first and the last year or plan that the headings name: results are of the first, targets of the last.
    pub heading: Option<(When, When)>,
    /// The span that results are of which are told for several years.
    pub frame: Option<When>,
    /// The plan that was named last.
    pub plan: Option<When>,
}

impl Calendar {
    pub fn new(meta: &Meta, report: Option<u16>) -> Self {
        let is_plan = meta.kind.as_deref().is_some_and(|kind| PLANS.contains(&kind));
        let title = || all_mentioned(&with_digits(&spelled(&meta.title)), report);
        let planned = is_plan.then(title).and_then(|years| years.into_iter().rfind(|when| when.from.is_some()));
        let report = report.or(planned.and_then(|when| when.from));
        let kind = match report.is_some_and(|year| meta.is_account_of(year) || meta.is_account() && meta.is_dated()) {
            true => Some(Stated::Done),
            false => is_plan.then_some(Stated::Target),
        };
        let earlier =
            |year: u16| meta.review_year.filter(|&reviewed| reviewed < year).unwrap_or(year.saturating_sub(1));
        let reviewed = |year: u16| if meta.is_account_of(year) { year } else { earlier(year) };
        let is_late = report.is_some_and(|year| meta.is_late_in(year));
        Calendar { report, planned, kind, reviewed: report.map_or(0, reviewed), is_late }
    }

    pub fn is_plan(&self) -> bool {
        self.kind == Some(Stated::Target)
    }

    /// What a figure of a sentence is that nothing else tells of.
    pub fn otherwise(&self, spelled: &str) -> Option<Stated> {
        self.kind.filter(|kind| match kind {
            Stated::Target => !REPORTS.is_match(spelled),
            Stated::Done => !OPEN.is_match(spelled),
        })
    }

    /// Whether a part with this heading tells what its document else does not: whence a plan starts, what comes after an account.
    pub fn is_apart(&self, title: &str) -> bool {
        self.kind.is_some_and(|kind| match kind {
            Stated::Target => STARTS.is_match(title),
            Stated::Done => COMES.is_match(title),
        })
    }

    /// Whether results can be of `year`; `None` if the year of the report is not known.
    pub fn may_be_done(&self, year: u16) -> Option<bool> {
        Some(year < self.report? || Some(year) == self.report && self.is_late)
    }

    /// Whether a figure is promised or done, and of which year: the one named before it, else that of the heading, else the
    /// report's own for a target and the one before for a result. A target cannot be of a year that has passed, and a
    /// result not of one to come.
    pub fn date(&self, told: &Told, usual: Stated, setting: Setting) -> (Stated, Option<When>) {
        let &Calendar { report: Some(report), reviewed, is_late, .. } = self else { return (usual, told.when) };
        let Setting { heading, frame, plan } = setting;
        let fits = |role: Stated, when: &When| match role {
            Stated::Target => when.year >= report,
            Stated::Done => self.may_be_done(when.year) == Some(true),
        };
        // 比2020年增长30% is said of the years since
        let against = |when: When| {
            let first = told.since.and_then(|since| since.checked_add(1)).filter(|&first| first < when.year);
            When { from: when.from.or(first), ..when }
        };
        let until = |year: u16| When { from: Some(year.saturating_sub(4)), year };
        let average = matches!(&told.said, Said::Number(number) if number.is_average);
        let heading = heading.map(|(first, last)| if usual == Stated::Done { first } else { last });
        let plan = heading.filter(|when| when.from.is_some()).or(plan);
        if let Some(when) = told.when.map(against) {
            let role = match (usual, when.year < report) {
                (Stated::Target, true) => Stated::Done,
                // 2025年地区生产总值较上年增长6% in a report of 2025
                (Stated::Done, false) if when.from.is_none() && !is_late => Stated::Target,
                (usual, _) => usual,
            };
            if fits(role, &when) {
                // 2025年…，年均增长6% is said of the years up to it
                let of_plan = plan.filter(|plan| plan.from <= Some(when.year) && when.year <= plan.year);
                let span = || match role {
                    Stated::Done => until(when.year),
                    Stated::Target => When { from: Some(report).filter(|&first| first < when.year), ..when },
                };
                let of_years = average && when.from.is_none();
                let when = if role == Stated::Done && is_end_of_span(told) { When::year(when.year) } else { when };
                return (role, Some(if of_years { of_plan.unwrap_or_else(span) } else { when }));
            }
        }
        let heading = heading.filter(|when| fits(usual, when));
        let single = heading.filter(|when| when.from.is_none());
        let when = match usual {
            Stated::Target => against(heading.unwrap_or(When::year(report))),
            Stated::Done => match against(single.unwrap_or(When::year(reviewed))) {
                span if span.from.is_some() => span,
                // the average of years stands in a review of five of them
                _ if average => heading.filter(|when| when.from.is_some()).unwrap_or(until(reviewed)),
                year => frame.filter(|_| single.is_none() && is_of_span(told)).unwrap_or(year),
            },
        };
        (usual, Some(when))
    }
}

/// Whether a level that was reached over several years is told, which is that of the last one: a share, or an amount that is
/// said to be come to. Any other amount may be the sum of the years.
fn is_end_of_span(told: &Told) -> bool {
    let is_level = |number: &Quantity| number.is_reached || told.is_rate;
    !is_of_span(told) && matches!(&told.said, Said::Number(number) if is_level(number))
}

/// Whether what is told in a review of several years is told of all of them: changes, sums of what is new and bounds that were
/// kept. A level is that of the last one.
fn is_of_span(told: &Told) -> bool {
    let is_of_years =
        |number: &Quantity| number.direction.is_some() || number.is_ceiling || number.is_total || number.is_average;
    let is_new = ["新增", "保障性住房"].iter().any(|word| told.indicator.contains(word));
    is_new || matches!(&told.said, Said::Number(number) if is_of_years(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_against_the_year_before_is_promised_in_a_part_that_promises() {
        for (sentence, expected) in [
            ("确保固定资产投资完成100亿元，比上年增长10%。", Stated::Target),
            ("全年一般公共预算收入完成10亿元，同比增长8%。", Stated::Target),
            ("研发投入强度达到2.8%，比上年提高0.1个百分点。", Stated::Target),
            ("国内生产总值比上年增长10.2%，实现了年初预定的调控目标。", Stated::Done),
        ] {
            assert_eq!(usual(Some(Role::Tasks), sentence, false, false, false), Some(expected), "{sentence}");
        }
    }
}
