//! What is counted, with its name, and the groups of a count.

use gm_index::{Counts, Dimension, Group};

/// A query under its name: `数字经济=数字经济|大数据` counts the second under the first. One that was given none has itself for a name.
pub struct Named {
    pub name: String,
    pub counts: Counts,
}

/// Each of the dimensions once: a column twice would tell nothing more.
pub fn each_once(dimensions: impl IntoIterator<Item = Dimension>) -> Vec<Dimension> {
    let mut once = Vec::new();
    for dimension in dimensions {
        if !once.contains(&dimension) {
            once.push(dimension);
        }
    }
    once
}

/// The value that a group has in a dimension, as text; empty if it has none.
pub fn value(group: &Group, dimension: Dimension) -> String {
    match dimension {
        Dimension::Province => group.province.clone().flatten().unwrap_or_default(),
        Dimension::Place => group.place.clone().flatten().unwrap_or_default(),
        Dimension::Year => group.year.flatten().map_or(String::new(), |year| year.to_string()),
        Dimension::Level => group.level.flatten().map_or(String::new(), |level| level.name().to_string()),
        Dimension::Part => group.part.clone().flatten().unwrap_or_default(),
        Dimension::Document => group.document.clone().unwrap_or_default(),
    }
}

/// The same for people, who take an empty cell for a fault.
pub fn told(group: &Group, dimension: Dimension) -> String {
    Some(value(group, dimension)).filter(|value| !value.is_empty()).unwrap_or_else(|| "–".to_string())
}
