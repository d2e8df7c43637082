//! `gm-search targets [WHAT…]`: what reports promise and what they say was done, a figure a row: indicator, value,
//! unit, modifier, direction, basis (年均 or 累计), year, role (目标 or 完成), with sentence and line. Headline indicators that
//! the targets sentence leaves out are named absent, which differs from a report without such a sentence. WHAT is a
//! file, a document of the index, or a filter such as place:广东; nothing means the whole index, or the files in corpus/
//! where there is none. `--json` prints
//! `{"schema":…,"reports":[{"document":{…},"statement":{"line":n,"text":…},"figures":[{…}],"absent":[…]}]}`,
//! `--compare` sets targets beside what the next report says:
//! `{"schema":…,"promises":[{"indicator":…,"target":{…},"done":{…},"outcome":…}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{
    Document, Figure, Indicators, Promise, Promises, RESULTS_SCHEMA, Stated, Targets, promises, report_year, targets,
};
use serde::Serialize;

use super::documents;
use crate::Outcome;
use crate::cli::{self, Told};
use crate::context::{Context, INDICATORS, own_list, read_list};
use crate::fail::advised;
use crate::print::{self, asks_csv, difference_unit};

#[derive(Serialize)]
struct Reports<'a> {
    schema: &'static str,
    reports: &'a [Targets],
}

/// The columns of `--csv`.
const COLUMNS: &str = "source place report_year indicator status role value to unit direction modifier basis from year name \
    line sentence";

/// Its rows.
#[derive(Default, Serialize)]
struct Row<'a> {
    source: &'a str,
    place: String,
    report_year: Option<u16>,
    indicator: &'a str,
    /// found, absent (the targets sentence leaves it out) or not found (there is no such sentence).
    status: &'static str,
    role: &'static str,
    value: Option<f64>,
    to: Option<f64>,
    unit: &'a str,
    direction: &'static str,
    modifier: &'a str,
    /// 年均 or 累计, if the number is said to be that.
    basis: &'static str,
    from: Option<u16>,
    year: Option<u16>,
    name: &'a str,
    line: Option<u32>,
    sentence: &'a str,
}

pub fn run(context: &Context, args: cli::Targets) -> Result<Outcome> {
    let indicators = indicators(context, &args)?;
    let wanted = wanted(&indicators, &args)?;
    let documents = documents::find(context, &args.what, &indicators)?;
    let mut reports: Vec<Targets> =
        documents.iter().map(|document: &Document| targets(document, &indicators, args.any)).collect();
    reports.sort_by(|a, b| {
        let key = |report: &Targets| (report.document.meta.place.clone(), report.document.meta.year);
        key(a).cmp(&key(b))
    });
    if args.compare {
        let next = documents::next(context, &documents)?;
        let others: Vec<Targets> = next.iter().map(|document| targets(document, &indicators, args.any)).collect();
        return compare(context, &args, promises(&reports, &others), &wanted);
    }
    for report in &mut reports {
        report.figures.retain(|figure| keeps(figure, &args, &wanted));
        report.absent.retain(|name| wanted.is_empty() || wanted.contains(name));
        let is_other = args.year.is_some_and(|year| report_year(&report.document.meta) != Some(year));
        if args.role == Some(Told::Done) || is_other {
            report.absent.clear();
        }
    }
    let found = reports.iter().any(|report| !report.figures.is_empty());
    let mut out = anstream::stdout().lock();
    let whole = Reports { schema: RESULTS_SCHEMA, reports: &reports };
    if !print::as_json(context, &mut out, &whole, &reports)? {
        match asks_csv(&mut out, &args.csv)? {
            true => csv(&mut out, &reports, &wanted, args.role)?,
            false => print::targets(&mut out, &reports)?,
        }
    }
    out.flush()?;
    Ok(if found { Outcome::Done } else { Outcome::NothingFound })
}

fn indicators(context: &Context, args: &cli::Targets) -> Result<Indicators> {
    let own = match context.find_index()? {
        Some(index) => own_list(args.indicators.as_deref(), &index, INDICATORS)?,
        None => match &args.indicators {
            Some(path) => Some((path.clone(), read_list(path)?.1)),
            None => None,
        },
    };
    let shipped = Indicators::shipped();
    let Some((path, text)) = own else { return Ok(shipped) };
    let own: Indicators = text.parse().map_err(|error: gm_index::Error| {
        advised(format!("`{}`: {error}", path.display()), error.hint().unwrap_or("see the shipped list for the form"))
    })?;
    Ok(shipped.and(&own))
}

/// The indicators asked for, by the names of the list.
fn wanted(indicators: &Indicators, args: &cli::Targets) -> Result<Vec<String>> {
    let known = |name: &String| match indicators.canonical(name) {
        Some(known) => Ok(known.to_string()),
        None if args.any => Ok(name.clone()),
        None => Err(advised(
            format!("no indicator goes by `{name}`"),
            format!(
                "known are {}; --any takes any name, and --indicators adds to the list",
                indicators.names().collect::<Vec<_>>().join(" ")
            ),
        )),
    };
    args.indicator.iter().map(known).collect()
}

fn keeps(figure: &Figure, args: &cli::Targets, wanted: &[String]) -> bool {
    let role = match args.role {
        None => true,
        Some(Told::Target) => figure.role == Stated::Target,
        Some(Told::Done) => figure.role == Stated::Done,
    };
    role && (wanted.is_empty() || wanted.contains(&figure.indicator))
        && args.year.is_none_or(|year| figure.year == Some(year))
}

fn csv(out: &mut impl Write, reports: &[Targets], wanted: &[String], role: Option<Told>) -> Result<()> {
    let mut writer = crate::print::csv(out, COLUMNS)?;
    for report in reports {
        let meta = &report.document.meta;
        let row = |indicator, status| Row {
            source: &meta.source,
            place: meta.governed(),
            report_year: report_year(meta),
            indicator,
            status,
            role: "目标",
            year: report_year(meta),
            ..Row::default()
        };
        for figure in &report.figures {
            writer.serialize(Row {
                role: figure.role.name(),
                value: figure.value,
                to: figure.to,
                unit: figure.unit.as_deref().unwrap_or(""),
                direction: figure.direction.map_or("", |way| way.name()),
                modifier: &figure.modifier,
                basis: figure.basis.map_or("", |basis| basis.name()),
                from: figure.from,
                year: figure.year,
                name: &figure.name,
                line: Some(figure.line),
                sentence: &figure.sentence,
                ..row(&figure.indicator, "found")
            })?;
        }
        for name in &report.absent {
            writer.serialize(row(name, "absent"))?;
        }
        let told =
            |name: &String| report.figures.iter().any(|one| one.indicator == *name && one.role == Stated::Target);
        if report.statement.is_none() && role != Some(Told::Done) {
            for name in wanted.iter().filter(|name| !told(name)) {
                writer.serialize(row(name, "not found"))?;
            }
        }
    }
    writer.flush()?;
    Ok(())
}

/// The columns of `--compare --csv`.
const COMPARED_COLUMNS: &str = "place year indicator target target_value target_to target_unit done done_value done_unit \
    outcome kept difference unit target_source target_line done_source done_line";

/// Its rows.
#[derive(Serialize)]
struct Compared<'a> {
    place: &'a str,
    year: u16,
    indicator: &'a str,
    target: String,
    target_value: Option<f64>,
    target_to: Option<f64>,
    target_unit: &'a str,
    done: String,
    done_value: Option<f64>,
    done_unit: &'a str,
    outcome: gm_index::Outcome,
    kept: Option<bool>,
    difference: Option<f64>,
    /// What the difference is counted in.
    unit: &'a str,
    target_source: &'a str,
    target_line: u32,
    done_source: &'a str,
    done_line: Option<u32>,
}

fn compare(context: &Context, args: &cli::Targets, mut compared: Promises, wanted: &[String]) -> Result<Outcome> {
    compared.promises.retain(|one| {
        (wanted.is_empty() || wanted.contains(&one.indicator)) && args.year.is_none_or(|year| one.year == year)
    });
    let mut out = anstream::stdout().lock();
    if !print::as_json(context, &mut out, &compared, &compared.promises)? {
        match asks_csv(&mut out, &args.csv)? {
            true => promises_csv(&mut out, &compared.promises)?,
            false => print::promises(&mut out, &compared.promises)?,
        }
    }
    out.flush()?;
    Ok(if compared.promises.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}

fn promises_csv(out: &mut impl Write, promises: &[Promise]) -> Result<()> {
    let mut writer = crate::print::csv(out, COMPARED_COLUMNS)?;
    for one in promises {
        writer.serialize(Compared {
            place: &one.place,
            year: one.year,
            indicator: &one.indicator,
            target: one.target.to_string(),
            target_value: one.target.value,
            target_to: one.target.to,
            target_unit: one.target.unit.as_deref().unwrap_or(""),
            done: one.done.as_ref().map_or(String::new(), ToString::to_string),
            done_value: one.done.as_ref().and_then(|done| done.value),
            done_unit: one.done.as_ref().and_then(|done| done.unit.as_deref()).unwrap_or(""),
            outcome: one.outcome,
            kept: one.kept,
            difference: one.difference,
            unit: one.difference.map_or("", |_| difference_unit(&one.target)),
            target_source: &one.target_source,
            target_line: one.target.line,
            done_source: one.done_source.as_deref().unwrap_or(""),
            done_line: one.done.as_ref().map(|done| done.line),
        })?;
    }
    Ok(writer.flush()?)
}
