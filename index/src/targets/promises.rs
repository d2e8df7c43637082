//! Sets what a report promised against what the next report of the place says was done, where the two can be compared: growth
//! with growth, an amount with an amount. It judges nothing; it puts the numbers side by side and says how they lie.

use serde::Serialize;

use crate::document::governed;
use crate::rank::results::RESULTS_SCHEMA;
use crate::targets::{Figure, Stated, Targets, report_year};

/// How what was done lies to what was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The number is that of the target or larger; of a range, than its lower end.
    AtOrAbove,
    /// The number is smaller.
    Below,
    /// One is growth and the other a level, or their units differ.
    NotComparable,
    /// The target has no number.
    InWords,
    /// The next report gives no figure of this indicator for that year.
    NothingSaid,
    /// There is no report of the next year in the index.
    NoReport,
}

/// A target and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// The indicator.
    pub indicator: String,
    /// The place chain, joined with `/`.
    pub place: String,
    /// The year it was promised for.
    pub year: u16,
    /// What was promised.
    pub target: Figure,
    /// The source of the report that promised.
    pub target_source: String,
    /// What was said to be done: the figure that compares, else any.
    pub done: Option<Figure>,
    /// The source of the report that says so.
    pub done_source: Option<String>,
    /// How the two lie.
    pub outcome: Outcome,
    /// Done less promised, in the unit of the target; of a range less its lower end.
    pub difference: Option<f64>,
}

/// All promises of a place's reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promises {
    /// [`RESULTS_SCHEMA`].
    pub schema: &'static str,
    /// By place, then year, then in the order of the report.
    pub promises: Vec<Promise>,
}

/// Compares the targets in each of `reports` for its year with what the report of the same place a year later says. Of
/// several reports of one place and year the first counts. A report without a place or a year is left out, but for those of
/// the nation, which has no place above it.
pub fn promises(reports: &[Targets]) -> Promises {
    let key = |report: &Targets| -> Option<(String, u16)> {
        let meta = &report.document.meta;
        let place = Some(governed(&meta.place, meta.level)).filter(|place| !place.is_empty())?;
        Some((place, report_year(meta)?))
    };
    let mut keyed: Vec<((String, u16), &Targets)> =
        reports.iter().filter_map(|report| Some((key(report)?, report))).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed.dedup_by(|later, first| later.0 == first.0);
    let mut list = Vec::new();
    for ((place, year), report) in &keyed {
        let next = keyed
            .iter()
            .find(|((other, next), _)| other == place && Some(*next) == year.checked_add(1))
            .map(|(_, next)| *next);
        let targets = report
            .figures
            .iter()
            .filter(|figure| figure.role == Stated::Target && figure.year == Some(*year) && figure.from.is_none());
        list.extend(targets.map(|target| promise(place, *year, report, target, next)));
    }
    Promises { schema: RESULTS_SCHEMA, promises: list }
}

fn promise(place: &str, year: u16, report: &Targets, target: &Figure, next: Option<&Targets>) -> Promise {
    let done: Vec<&Figure> = next.map_or(Vec::new(), |next| {
        let is_it = |figure: &&Figure| {
            figure.role == Stated::Done
                && figure.indicator == target.indicator
                && figure.year == Some(year)
                && figure.from.is_none()
        };
        next.figures.iter().filter(is_it).collect()
    });
    let comparable = done.iter().find_map(|figure| Some((*figure, difference(target, figure)?)));
    let outcome = match (next, target.value, &comparable) {
        (None, ..) => Outcome::NoReport,
        (Some(_), _, _) if done.is_empty() => Outcome::NothingSaid,
        (Some(_), None, _) => Outcome::InWords,
        (.., None) => Outcome::NotComparable,
        // a rounding error is no shortfall
        (.., Some((_, difference))) if *difference >= -1e-9 => Outcome::AtOrAbove,
        _ => Outcome::Below,
    };
    let difference = comparable.map(|(_, difference)| (difference * 1e6).round() / 1e6);
    let done = comparable.map(|(figure, _)| figure).or(done.first().copied());
    Promise {
        indicator: target.indicator.clone(),
        place: place.to_string(),
        year,
        target: target.clone(),
        target_source: report.document.meta.source.clone(),
        done_source: done.and(next).map(|next| next.document.meta.source.clone()),
        done: done.cloned(),
        outcome,
        difference,
    }
}

/// Done less promised in the target's unit, if both are growth or both are levels of one unit.
fn difference(target: &Figure, done: &Figure) -> Option<f64> {
    let (target_value, done_value) = (target.value?, done.value?);
    let (factor, base) = scale(target.unit.as_deref()?);
    let (done_factor, done_base) = scale(done.unit.as_deref()?);
    // growth is told from decline by its sign
    let sign = match (target.direction, done.direction) {
        (None, None) => 1.0,
        (Some(a), Some(b)) if a == b => 1.0,
        (Some(_), Some(_)) => -1.0,
        _ => return None,
    };
    (base == done_base).then(|| sign * done_value * done_factor / factor - target_value)
}

/// The number that 万亿 before a unit stands for, and the unit.
fn scale(unit: &str) -> (f64, &str) {
    let base = unit.trim_start_matches(['十', '百', '千', '万', '亿']);
    let factor = unit[..unit.len() - base.len()].chars().map(|c| match c {
        '十' => 1e1,
        '百' => 1e2,
        '千' => 1e3,
        '万' => 1e4,
        _ => 1e8,
    });
    (factor.product(), base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Indicators, targets};

    fn report(name: &str, text: &str) -> Targets {
        targets(&Document::from_text(name, text), &Indicators::shipped(), false)
    }

    #[test]
    fn growth_is_compared_with_growth_and_never_with_a_level() {
        let first = report(
            "2024.txt",
            "湛江市人民政府工作报告\n——2024年1月8日在湛江市第十五届人民代表大会第四次会议上\n\n一、2023年工作回顾\n成绩不少。\n二、2024年工作安排\n今年的主要预期目标是：地区生产总值增长5%左右，固定资产投资增长6%，城镇新增就业3万人以上，居民收入增长与经济增长同步，粮食产量30万吨。\n",
        );
        let second = report(
            "2025.txt",
            "湛江市人民政府工作报告\n——2025年1月8日在湛江市第十五届人民代表大会第五次会议上\n\n一、2024年工作回顾\n地区生产总值增长4.8%，固定资产投资完成4913万元，城镇新增就业31000人，居民人均可支配收入增长5%。\n二、2025年工作安排\n做好工作。\n",
        );
        let found = promises(&[second, first]).promises;
        let outcomes: Vec<(&str, Outcome, Option<f64>)> =
            found.iter().map(|one| (one.indicator.as_str(), one.outcome, one.difference)).collect();
        assert_eq!(
            outcomes,
            [
                ("地区生产总值", Outcome::Below, Some(-0.2)),
                ("固定资产投资", Outcome::NotComparable, None),
                ("城镇新增就业", Outcome::AtOrAbove, Some(0.1)),
                ("居民人均可支配收入", Outcome::InWords, None),
                ("粮食产量", Outcome::NothingSaid, None),
            ]
        );
    }
}
