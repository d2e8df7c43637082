//! The fields of a query: their names, and what their values mean.

use crate::document::{Level, Meta, Role};
use crate::error::{Error, Kind};
use crate::fold::fold;
use crate::parse::when::written;
use crate::query::cursor::keyword;
use crate::query::{Filter, Query, Scope};

/// The fields of a query, and their Chinese names.
const FIELDS: [(&str, &[&str]); 12] = [
    ("place", &["地区", "地方"]),
    ("level", &["级别"]),
    ("year", &["年份"]),
    ("date", &["日期"]),
    ("part", &["部分"]),
    ("heading", &["章节"]),
    ("kind", &["文种"]),
    ("title", &["标题"]),
    ("speaker", &["报告人"]),
    ("session", &["会议"]),
    ("file", &["文件"]),
    ("num", &["数量"]),
];

/// The Chinese name of a field, by its first.
pub fn field_in_chinese(field: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(name, _)| *name == field).map(|(_, chinese)| chinese[0])
}

/// What stands before a colon.
#[derive(Clone, Copy)]
pub(crate) enum Name {
    /// What stands behind must hold together.
    Scope(Scope),
    /// A field, by its first name.
    Field(&'static str),
}

/// What `name` means before a colon, if it means anything.
pub(crate) fn named(name: &str) -> Option<Name> {
    match keyword(name)?.as_str() {
        "句" | "sentence" => Some(Name::Scope(Scope::Sentence)),
        "段" | "paragraph" => Some(Name::Scope(Scope::Paragraph)),
        name => {
            let mut fields = FIELDS.iter();
            let field = fields.find(|(field, aliases)| *field == name || aliases.contains(&name));
            field.map(|(field, _)| Name::Field(field))
        }
    }
}

/// That there is no such field, with the name that may have been meant.
pub(crate) fn unknown(name: &str) -> Error {
    let meant = near(name).map_or(String::new(), |field| format!("did you mean `{field}:`? "));
    let fields = FIELDS.map(|(field, _)| field).join(" ");
    Error::new(Kind::Query, format!("there is no field `{name}`"))
        .with_hint(format!("{meant}the fields are {fields}; put text with a colon in quotes"))
}

/// The field whose name is nearest to `name`, of which at most two characters in a row differ: year for yaer.
fn near(name: &str) -> Option<&'static str> {
    let alike = |field: &str| {
        let (field, name) = (field.as_bytes(), name.as_bytes());
        let (most, least) = (field.len().max(name.len()), field.len().min(name.len()));
        let front = field.iter().zip(name).take_while(|(a, b)| a == b).count();
        let back = field.iter().rev().zip(name.iter().rev()).take(least - front).take_while(|(a, b)| a == b).count();
        (front + back + 2 >= most && front + back >= 2).then_some(front + back)
    };
    FIELDS
        .iter()
        .filter_map(|(field, _)| Some((alike(field)?, *field)))
        .max_by_key(|(alike, _)| *alike)
        .map(|(_, field)| field)
}

/// Whether a colon behind `name` must have been meant as a field: GDP:指… is pasted text, foo:bar a mistake.
pub(crate) fn looks_like_field(name: &str) -> bool {
    name.len() >= 3 && name.bytes().all(|b| b.is_ascii_lowercase())
}

/// The query `field:value`. Fails where the field cannot have the value, with what it can be.
pub(crate) fn holding(field: &str, value: &str) -> Result<Query, Error> {
    match field {
        "num" => value.parse().map(Query::Amount),
        _ => filter(field, value).map(Query::Filter),
    }
}

fn filter(field: &str, value: &str) -> Result<Filter, Error> {
    let error = |message: String, hint: String| Error::new(Kind::Query, message).with_hint(hint);
    let wrong = |what: &str, hint: String| error(format!("`{value}` is no {what}"), hint);
    let text = || value.to_string();
    let folded = fold(value).text;
    // a place between slashes that are empty
    let said = if field == "place" { folded.trim_matches('/') } else { &folded };
    if said.trim().is_empty() {
        return Err(error(format!("`{value}` says nothing"), format!("give what {field} is to be, or leave it out")));
    }
    Ok(match field {
        "place" => Filter::Place(text()),
        "heading" => Filter::Heading(text()),
        "kind" => Filter::Kind(text()),
        "title" => Filter::Title(text()),
        "speaker" => Filter::Speaker(text()),
        "session" => Filter::Session(text()),
        "file" => Filter::File(text()),
        "level" => Level::named(&folded)
            .map(Filter::Level)
            .ok_or_else(|| wrong("level", format!("the levels are {}", Level::ALL.map(Level::name).join(" "))))?,
        "part" => Role::ALL.into_iter().find(|role| role.name() == folded).map(Filter::Part).ok_or_else(|| {
            wrong("part of a report", format!("the parts are {}", Role::ALL.map(Role::name).join(" ")))
        })?,
        "year" => {
            let hint = || "a year is four digits, a range 2020..2025".to_string();
            let (from, to) = range(&folded);
            let year = |text: &str, open: u16| {
                let text = text.strip_suffix('年').unwrap_or(text);
                let in_characters = || written(text).into_iter().find(|(at, _)| at.len() == text.len());
                match text.parse::<u16>() {
                    _ if text.is_empty() => Some(open),
                    Ok(year) => Some(year).filter(|_| text.len() == 4),
                    Err(_) => in_characters().map(|(_, year)| year),
                }
            };
            match (year(from, 0), year(to, 9999)) {
                (Some(from), Some(to)) if from > to => return Err(backwards(value, &folded)),
                (Some(from), Some(to)) if folded != ".." => Filter::Year(from..=to),
                _ => return Err(wrong("year", hint())),
            }
        }
        "date" => {
            let (from, to) = range(&folded);
            // an end that is left out is open
            let date = |text: &str| if text.is_empty() { Some(String::new()) } else { Meta::read_date(text) };
            match (date(from), date(to)) {
                (Some(from), Some(to)) if from > to && !from.starts_with(&to) => return Err(backwards(value, &folded)),
                (Some(from), Some(to)) if folded != ".." => Filter::Date(from, to),
                _ => {
                    return Err(wrong(
                        "date",
                        "a date is 2025-04-08, 2025-04 or 2025, a range 2025-01..2025-06 or 2025-01..".to_string(),
                    ));
                }
            }
        }
        _ => unreachable!("`{field}` is none of the fields of documents"),
    })
}

/// A range whose ends are the wrong way round.
fn backwards(value: &str, number: &str) -> Error {
    let (from, to) = range(number);
    Error::new(Kind::Query, format!("`{value}` runs backwards")).with_hint(format!("write {to}..{from}"))
}

fn range(value: &str) -> (&str, &str) {
    value.split_once("..").unwrap_or((value, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_field_is_a_slip_away() {
        for (name, field) in
            [("yaer", "year"), ("plase", "place"), ("tile", "title"), ("dates", "date"), ("hedaing", "heading")]
        {
            assert_eq!(near(name), Some(field), "{name}");
        }
        assert_eq!(["foo", "http", "localhost"].map(near), [None; 3]);
    }
}
