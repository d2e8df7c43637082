//! A figure as it is handed out: what a report says of an indicator.

use std::fmt;

use serde::Serialize;

use crate::targets::quantity::{BEHIND, Direction, MORE, STRIVING};
use crate::targets::stated::Stated;

/// What a report says of an indicator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The indicator, as the list has it.
    pub indicator: String,
    /// Target or result.
    pub role: Stated,
    /// The number; `None` for a target in words.
    pub value: Option<f64>,
    /// The other end of a range.
    pub to: Option<f64>,
    /// The unit as it is written, with 万 and 亿.
    pub unit: Option<String>,
    /// Set if the number is a change; a level has none.
    pub direction: Option<Direction>,
    /// 左右, 以上, 以内, 力争, 约 and their like; of a target in words these words, such as 基本同步.
    pub modifier: String,
    /// Whether the number is a yearly average or a sum of years; `None` where it is not said to be one.
    pub basis: Option<Basis>,
    /// The year it is of; of a span the last one.
    pub year: Option<u16>,
    /// The first year of a span.
    pub from: Option<u16>,
    /// Whether the number is a bound from above: 以内, 以下, 不超过, 控制在, and any rate of unemployment or rise of prices.
    pub is_ceiling: bool,
    /// The indicator as the sentence has it.
    pub name: String,
    /// The sentence it stands in.
    pub sentence: String,
    /// The line on which that begins, from 1.
    pub line: u32,
}

/// What a number that is told of several years is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Basis {
    /// A yearly average.
    #[serde(rename = "年均")]
    Average,
    /// A sum.
    #[serde(rename = "累计")]
    Total,
}

impl Basis {
    /// The Chinese name, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Average => "年均",
            Basis::Total => "累计",
        }
    }
}

/// The figure in one piece: 力争增长5–5.5%左右.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(value) = self.value else { return f.write_str(&self.modifier) };
        let to = self.to.map_or(String::new(), |to| format!("–{to}"));
        let way = self.direction.map_or("", Direction::name);
        let unit = self.unit.as_deref().unwrap_or_default();
        let words = |wanted: &dyn Fn(&&str) -> bool| self.modifier.split(' ').filter(wanted).collect::<String>();
        let striving = words(&|word| STRIVING.contains(word));
        let behind = words(&|word| BEHIND.contains(word));
        let more = words(&|word| MORE.contains(word));
        let before = words(&|word| ![&STRIVING[..], &BEHIND, &MORE].iter().any(|list| list.contains(word)));
        let basis = self.basis.map_or("", Basis::name);
        write!(f, "{striving}{basis}{way}{before}{value}{to}{more}{unit}{behind}")
    }
}
