//! Decides of a figure whether it is promised or reported, and of which years.

use serde::Serialize;

use crate::document::{Meta, Role};
use crate::parse::when::When;
use crate::patterns::patterns;
use crate::targets::figures::{Said, Told};
use crate::targets::quantity::Quantity;

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
    REPORTS = "同比|比上年|比去年|较上年|全年完成|预计完成|年均增长|占计划";
    GREW = "(?:同比|比上年|比去年|较上年|较去年)(?:增长|增加|提高|上升|下降|减少|降低)";
    AHEAD = "今年|预期|力争|左右|以上|以内|拟|计划";
}

/// What figures of a sentence usually are, by the part of the report and by its words; `None` where they are neither.
/// `is_past` says that the heading above names a year or a plan that is over.
pub(crate) fn usual(role: Option<Role>, spelled: &str, announced: bool, is_past: bool) -> Option<Stated> {
    if announced {
        return Some(Stated::Target);
    }
    match role {
        Some(Role::Review) => Some(Stated::Done),
        Some(Role::Targets | Role::Tasks | Role::Conduct | Role::Requirements)
            if is_past || GREW.is_match(spelled) && !AHEAD.is_match(spelled) =>
        {
            Some(Stated::Done)
        }
        Some(Role::Targets | Role::Tasks | Role::Conduct | Role::Requirements) => Some(Stated::Target),
        Some(Role::Glossary) => None,
        Some(Role::Problems | Role::Formula) | None => match () {
            _ if MISSED.is_match(spelled) => Some(Stated::Done),
            _ if PROMISES.is_match(spelled) => Some(Stated::Target),
            _ if REPORTS.is_match(spelled) => Some(Stated::Done),
            _ => None,
        },
    }
}

/// Whether what a sentence tells of has grown against the year before.
pub(crate) fn has_grown(spelled: &str) -> bool {
    GREW.is_match(spelled)
}

/// What a report tells of time.
pub(crate) struct Calendar {
    /// The year that it is of.
    pub report: Option<u16>,
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
        let earlier =
            |year: u16| meta.review_year.filter(|&reviewed| reviewed < year).unwrap_or(year.saturating_sub(1));
        let reviewed = |year: u16| if meta.is_account_of(year) { year } else { earlier(year) };
        let is_late = report.is_some_and(|year| meta.is_late_in(year));
        Calendar { report, reviewed: report.map_or(0, reviewed), is_late }
    }

    /// Whether results can be of `year`; `None` if the year of the report is not known.
    pub fn may_be_done(&self, year: u16) -> Option<bool> {
        Some(year < self.report? || Some(year) == self.report && self.is_late)
    }

    /// Whether a figure is promised or done, and of which year: the one named before it, else that of the heading, else the
    /// report's own for a target and the one before for a result. A target cannot be of a year that has passed, and a
    /// result not of one to come.
    pub fn date(&self, told: &Told, usual: Stated, setting: Setting) -> (Stated, Option<When>) {
        let &Calendar { report: Some(report), reviewed, is_late } = self else { return (usual, told.when) };
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
