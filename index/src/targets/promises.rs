//! Sets what a report promised against what the next report of the place says was done, where the two can be compared: growth
//! with growth, an amount with an amount. It judges nothing; it puts the numbers side by side and says how they lie.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::rank::results::RESULTS_SCHEMA;
use crate::targets::figure::Figure;
use crate::targets::quantity::{CEILINGS, Direction, PASSES};
use crate::targets::stated::Stated;
use crate::targets::{Targets, place_and_year};

/// How what was done lies to what was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The number is that of the target or larger; of a range, than its lower end.
    AtOrAbove,
    /// The number is smaller.
    Below,
    /// What is told is a bound, such as 超过8%, on the side of the target where it does not decide.
    Undecided,
    /// One is growth and the other a level, or their units differ.
    NotComparable,
    /// Several numbers are told for that year, and nothing says which is meant.
    Several,
    /// The target has no number.
    InWords,
    /// The next report gives no figure of this indicator for that year.
    NothingSaid,
    /// There is no report of the next year in the index.
    NoReport,
}

/// A target and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// The source of the next report, whether it says so or nothing.
    pub done_source: Option<String>,
    /// How the two lie.
    pub outcome: Outcome,
    /// Done less promised, in the unit of the target, of percents in percentage points; of a range less its lower end.
    /// `None` where what was done is told by a bound.
    pub difference: Option<f64>,
    /// Of a target that is a bound from above, whether what was done stayed within it; `None` of all others.
    pub kept: Option<bool>,
}

/// All promises of a place's reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Promises {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// By place, then year, then in the order of the report.
    pub promises: Vec<Promise>,
}

/// Compares the targets in each of `reports` for its year with what the report of the same place a year later says, which is
/// looked for in `reports` and in `others`. Of several documents of one place and year a 政府工作报告 counts, of these the one
/// with most targets, of these the first. A report without a place or a year is left out, but for those of the nation,
/// which has no place above it.
pub fn promises(reports: &[Targets], others: &[Targets]) -> Promises {
    let (chosen, all) = (by_place(reports.iter()), by_place(reports.iter().chain(others)));
    let mut list = Vec::new();
    for ((place, year), report) in &chosen {
        let next = year.checked_add(1).and_then(|next| all.get(&(place.clone(), next)).copied());
        let targets = targets_for(report, *year);
        list.extend(targets.map(|target| promise(place, *year, report, target, next)));
    }
    Promises { schema: RESULTS_SCHEMA, promises: list }
}

/// The report of each place and year.
fn by_place<'a>(reports: impl Iterator<Item = &'a Targets>) -> BTreeMap<(String, u16), &'a Targets> {
    let weight = |report: &Targets, year: u16| {
        let is_report = report.document.meta.kind.as_deref() == Some("政府工作报告");
        (is_report, targets_for(report, year).count())
    };
    let mut found: BTreeMap<(String, u16), &Targets> = BTreeMap::new();
    for report in reports {
        let Some(key) = place_and_year(&report.document.meta) else { continue };
        let year = key.1;
        let one = found.entry(key).or_insert(report);
        if weight(report, year) > weight(one, year) {
            *one = report;
        }
    }
    found
}

/// The targets of `report` for a single year.
fn targets_for(report: &Targets, year: u16) -> impl Iterator<Item = &Figure> {
    let is_it = move |figure: &&Figure| figure.role == Stated::Target && is_of(figure, year);
    report.figures.iter().filter(is_it)
}

fn is_of(figure: &Figure, year: u16) -> bool {
    figure.year == Some(year) && figure.from.is_none()
}

/// Less than any difference that is told.
const ROUNDING: f64 = 1e-9;

fn promise(place: &str, year: u16, report: &Targets, target: &Figure, next: Option<&Targets>) -> Promise {
    let told = |figure: &&Figure| figure.role == Stated::Done && is_of(figure, year);
    let all: Vec<&Figure> = next.map_or(Vec::new(), |next| next.figures.iter().filter(told).collect());
    let done: Vec<&Figure> = all.iter().copied().filter(|figure| figure.indicator == target.indicator).collect();
    let candidates: Vec<(&Figure, f64)> =
        done.iter().filter_map(|figure| Some((*figure, difference(target, figure)?))).collect();
    let meant = meant(&candidates, &all);
    // a bound is that of the upper end of a range
    let slack = target.to.zip(target.value).map_or(0.0, |(to, value)| to - value);
    let bound = meant.and_then(|(figure, _)| bound(target, figure));
    let outcome = match (next, target.value, meant) {
        (None, ..) => Outcome::NoReport,
        (Some(_), _, _) if done.is_empty() => Outcome::NothingSaid,
        (Some(_), None, _) => Outcome::InWords,
        (.., None) if !candidates.is_empty() => Outcome::Several,
        (.., None) => Outcome::NotComparable,
        (.., Some((_, difference))) if bound == Some(Bound::Above) => match difference <= ROUNDING {
            true => Outcome::Below,
            false => Outcome::Undecided,
        },
        (.., Some((_, difference))) if difference >= -ROUNDING => Outcome::AtOrAbove,
        _ if bound == Some(Bound::Below) => Outcome::Undecided,
        _ => Outcome::Below,
    };
    let difference = meant.map(|(_, difference)| difference);
    // 失业率下降0.5个百分点 is none, 下降5%以内 is
    let is_said = target.modifier.split(' ').any(|word| CEILINGS.contains(&word));
    let is_ceiling = target.is_ceiling && (is_said || target.direction != Some(Direction::Down));
    let is_within = |difference: f64| difference <= slack + ROUNDING;
    let kept = difference.filter(|_| is_ceiling).and_then(|difference| match (bound, is_within(difference)) {
        (Some(Bound::Above), false) | (Some(Bound::Below), true) => None,
        (_, is_within) => Some(is_within),
    });
    let done = match outcome {
        Outcome::Several => None,
        _ => meant.map(|(figure, _)| figure).or(done.first().copied()),
    };
    Promise {
        indicator: target.indicator.clone(),
        place: place.to_string(),
        year,
        target: target.clone(),
        target_source: report.document.meta.source.clone(),
        done_source: next.map(|next| next.document.meta.source.clone()),
        done: done.cloned(),
        outcome,
        difference: difference.filter(|_| bound.is_none()).map(|difference| (difference * 1e6).round() / 1e6),
        kept,
    }
}

/// What a number bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// It is more than what was done.
    Above,
    /// It is at most that.
    Below,
}

/// What the number in `done` bounds, counted as `target` is.
fn bound(target: &Figure, done: &Figure) -> Option<Bound> {
    let bound = done.modifier.split(' ').find_map(|word| match word {
        "近" | "接近" | "低于" => Some(Bound::Above),
        "超过" | "超" | "高于" | "以上" | "多" | "余" => Some(Bound::Below),
        _ if PASSES.contains(&word) => Some(Bound::Below),
        _ => None,
    })?;
    // a fall by more than 3% is less growth than −3%
    Some(match (is_opposite(target, done), bound) {
        (false, bound) => bound,
        (true, Bound::Above) => Bound::Below,
        (true, Bound::Below) => Bound::Above,
    })
}

/// Whether one grows and the other falls.
fn is_opposite(target: &Figure, done: &Figure) -> bool {
    target.direction.zip(done.direction).is_some_and(|(a, b)| a != b)
}

/// The one of `candidates`, figures with their differences, that is told for the whole of the place: of several that differ one
/// without 突破 and its like, then one in a sentence with other indicators of `all`, as 失业率 stands beside 新增就业. `None` if
/// that leaves sentences that tell different numbers.
fn meant<'a>(candidates: &[(&'a Figure, f64)], all: &[&Figure]) -> Option<(&'a Figure, f64)> {
    let is_beside = |figure: &Figure, other: &Figure| {
        (figure.line, &figure.sentence) == (other.line, &other.sentence) && figure.indicator != other.indicator
    };
    let weight = |figure: &Figure| (figure.modifier.is_empty(), all.iter().any(|other| is_beside(figure, other)));
    let most = candidates.iter().map(|(figure, _)| weight(figure)).max()?;
    let mut best = candidates.iter().filter(|(figure, _)| weight(figure) == most);
    let (first, difference) = *best.next()?;
    // the second of one sentence is the same without prices, or that of a part
    let agrees = |(other, own): &(&Figure, f64)| {
        (own - difference).abs() <= ROUNDING || (other.line, &other.sentence) == (first.line, &first.sentence)
    };
    best.all(agrees).then_some((first, difference))
}

/// Done less promised in the target's unit, if both are growth or both are levels of one unit.
fn difference(target: &Figure, done: &Figure) -> Option<f64> {
    let (target_value, done_value) = (target.value?, done.value?);
    let (factor, base) = scale(target.unit.as_deref()?);
    let (done_factor, done_base) = scale(done.unit.as_deref()?);
    // growth is told from decline by its sign
    let sign = if is_opposite(target, done) { -1.0 } else { 1.0 };
    (target.direction.is_some() == done.direction.is_some() && base == done_base)
        .then(|| sign * done_value * done_factor / factor - target_value)
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
        let found = promises(&[second, first], &[]).promises;
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
        assert!(found.iter().all(|one| one.done_source.as_deref() == Some("2025.txt")), "what was read is named");
    }

    #[test]
    fn a_bound_is_kept_and_of_several_results_the_one_beside_others_is_meant() {
        let outcomes = |target: &str, done: &str| {
            let first = report(
                "2024.txt",
                &format!("湛江市2024年政府工作报告\n\n二、2024年工作安排\n今年的主要预期目标是：{target}。\n"),
            );
            let second = report("2025.txt", &format!("湛江市2025年政府工作报告\n\n一、2024年工作回顾\n{done}\n"));
            let found = promises(&[first], &[second]).promises;
            found.into_iter().map(|one| (one.outcome, one.difference, one.kept)).collect::<Vec<_>>()
        };
        for (target, done, expected) in [
            ("城镇登记失业率控制在4%以内", "城镇登记失业率3.8%。", (Outcome::Below, Some(-0.2), Some(true))),
            ("城镇调查失业率5.5%左右", "城镇调查失业率5.6%。", (Outcome::AtOrAbove, Some(0.1), Some(false))),
            ("居民消费价格涨幅3%左右", "居民消费价格上涨2.6%。", (Outcome::Below, Some(-0.4), Some(true))),
            (
                "城镇新增就业5700人以上",
                "全年新增商铺9家，新增就业3000人。全年实现新增就业5650人，城镇登记失业率3.9%。",
                (Outcome::Below, Some(-50.0), None),
            ),
            ("粮食产量1.4万吨", "粮食产量近1.4万吨。", (Outcome::Below, None, None)),
            ("粮食产量1.4万吨", "粮食产量突破1.4万吨。", (Outcome::AtOrAbove, None, None)),
            ("粮食产量9.5万吨", "粮食产量突破9万吨。", (Outcome::Undecided, None, None)),
            ("粮食产量9.5万吨", "粮食产量迈上9万吨台阶，达到9.6万吨。", (Outcome::AtOrAbove, Some(0.1), None)),
            ("进出口下降5%以内", "进出口下降3%。", (Outcome::Below, Some(-2.0), Some(true))),
            ("出口增长10%", "新能源汽车产量增长20%，出口增长53.6%。", (Outcome::NothingSaid, None, None)),
            ("城镇新增就业5000人", "城镇新增就业目标5000人，实际完成4600人。", (Outcome::Below, Some(-400.0), None)),
            (
                "地区生产总值增长5%",
                "2024年预期目标为地区生产总值增长5%，实际增长4.2%。",
                (Outcome::Below, Some(-0.8), None),
            ),
            ("城镇新增就业57人", "开店9家，新增就业30人。建厂2家，新增就业50人。", (Outcome::Several, None, None)),
        ] {
            assert_eq!(outcomes(target, done), [expected], "{target}: {done}");
        }
    }
}
