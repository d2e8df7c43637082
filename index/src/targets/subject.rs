//! What a number is told of, and whether it can be.

use crate::parse::marks::is_ideograph;
use crate::targets::indicators::{Indicator, Measure};
use crate::targets::quantity::{Direction, Quantity, quantities};

/// What a bare name outside the list may be, in characters.
const NAME: std::ops::RangeInclusive<usize> = 2..=20;

/// One that a number can be given to.
#[derive(Clone)]
pub(crate) struct Subject {
    pub indicator: String,
    pub name: String,
    /// `None` for a thing that no list has.
    pub listed: Option<(Measure, Vec<String>)>,
}

impl Subject {
    /// Whether the list knows it as a percentage itself.
    pub fn is_rate(&self) -> bool {
        matches!(self.listed, Some((Measure::Rate, _)))
    }
}

/// Those that a name in the list stands for.
pub(crate) fn subjects(indicator: &Indicator, name: &str) -> Vec<Subject> {
    let listed = Some((indicator.measure, indicator.units.clone()));
    let subject = |own: &String| Subject { indicator: own.clone(), name: name.to_string(), listed: listed.clone() };
    indicator.names.iter().map(subject).collect()
}

/// The quantity as the indicator has it, or nothing if its unit is none of the indicator's.
pub(crate) fn fit(subject: &Subject, mut quantity: Quantity) -> Option<Quantity> {
    let Some((measure, units)) = &subject.listed else { return Some(quantity) };
    if quantity.unit.is_empty() {
        // 城镇新增就业１０００万以上
        return None;
    }
    if quantity.unit.ends_with("百分点") {
        // of anything else they are those of a share or a pace: 地区生产总值增长8%，比上年回落1.2个百分点
        let is_change = *measure == Measure::Rate && quantity.direction.is_some() && !quantity.is_of_pace;
        return is_change.then_some(quantity);
    }
    if quantity.unit == "倍" {
        return (*measure == Measure::Amount && quantity.direction.is_some()).then_some(quantity);
    }
    if quantity.unit == "%" {
        if *measure == Measure::Growth && subject.name.ends_with("指数") && quantity.direction.is_none() {
            of_index(&mut quantity);
        }
        if quantity.direction.is_none() && *measure != Measure::Rate {
            quantity.direction = Some(Direction::Up);
        }
        return Some(quantity);
    }
    if units.iter().any(|unit| quantity.unit.ends_with(unit.as_str())) {
        return Some(quantity);
    }
    // 新增就业1000万以上
    let is_count =
        quantity.is_whole() && quantity.unit.ends_with(['万', '亿']) && units.iter().any(|unit| unit == "人");
    is_count.then(|| {
        quantity.unit.push('人');
        quantity
    })
}

/// Makes a price index, in which 100 is the year before, the change that it tells: 103% is growth by 3%.
fn of_index(quantity: &mut Quantity) {
    let is_index = |value: f64| (90.0..=130.0).contains(&value);
    if is_index(quantity.value) && quantity.to.is_none_or(is_index) {
        let change = |value: f64| ((value - 100.0) * 1e6).round() / 1e6;
        quantity.direction = Some(if quantity.value < 100.0 { Direction::Down } else { Direction::Up });
        quantity.value = change(quantity.value).abs();
        quantity.to = quantity.to.map(|to| change(to).abs());
    }
}

/// Any name before a number with a unit: 植树造林15万亩.
pub(crate) fn any_thing(piece: &str) -> Option<(Subject, Quantity, usize)> {
    // a longer name is refused
    let ends = piece.char_indices().map(|(at, _)| at).skip(1).take(*NAME.end() + 1);
    for end in ends {
        let (name, tail) = piece.split_at(end);
        let (numbers, read) = quantities(tail);
        let Some(number) = numbers.into_iter().next() else { continue };
        let length = name.chars().count();
        let is_name = NAME.contains(&length) && name.chars().all(is_ideograph);
        let name = name.to_string();
        return (is_name && !number.unit.is_empty() && !name.ends_with('第'))
            .then(|| (Subject { indicator: name.clone(), name, listed: None }, number, end + read));
    }
    None
}
