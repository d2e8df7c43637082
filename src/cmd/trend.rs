//! `gm-search trend QUERY…`: for each query a line of bars over the years, its first and last appearance with their
//! text, and by `--plot FILE` a picture, .svg or .png. With `--csv` a row for each query and year, with `--json`
//! `{"schema":…,"unit":…,"within":…,"series":[{"name":…,"query":…,"occurrences":n,"first":{…},"last":{…},"without_year":n,"years":[{"year":n,"occurrences":n,"documents":n,"per_document":x,…}]}]}`.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gm_index::{Location, Terms};

use super::count::{named, warn_of_slips};
use super::parse_option;
use crate::Outcome;
use crate::answer::trend::{Trend, Trends, Year, trends, without_text};
use crate::cli;
use crate::context::Context;
use crate::fail::advised;
use crate::plot::{self, Series};
use crate::print::{FAINT, HEADING, MATCH, as_json, asks_csv, columns, counted, fit, lines, table, width};
use crate::tame::tame;

/// So many years are named.
const FEW: usize = 5;

/// Bars of an eighth to eight eighths.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub fn run(context: &Context, args: cli::Trend) -> Result<Outcome> {
    let cli::Axis::Year = args.by;
    let plot = args.plot.map(|file| Ok::<_, anyhow::Error>((picture(&file)?, file))).transpose()?;
    let within = parse_option(args.within.as_ref())?;
    warn_of_slips(context, &args.queries, args.fixed);
    let mut terms = Vec::new();
    let mut texts = Vec::new();
    let is_alone = args.queries.len() == 1;
    for query in args.queries {
        let (name, text, query) = named(query, args.fixed)?;
        if let Some(fault) = without_text(&query, &text).filter(|_| is_alone) {
            let advice =
                format!("give words, and the filter beside them: gm-search trend WORDS --within '{}'", tame(&text));
            return Err(advised(tame(&fault), advice));
        }
        terms.push(Terms { name, query });
        texts.push(text);
    }
    let index = context.open_index()?;
    let trends = trends(&index, &terms, texts, args.within, within, args.per)?;
    if let Some((_, file)) = plot.as_ref().filter(|_| trends.series.iter().all(|trend| trend.years.is_empty())) {
        anstream::eprintln!("there is nothing to draw: `{}` is not written", file.display());
    } else if let Some((picture, file)) = &plot {
        let lines: Vec<Series> = trends.series.iter().map(line).collect();
        let svg = plot::svg(&title(&trends), trends.unit, &lines);
        let drawn = match picture {
            Picture::Svg => svg.into_bytes(),
            Picture::Png => plot::png(&svg)?,
        };
        fs_err::write(file, drawn)?;
        if !context.quiet {
            anstream::eprintln!("drew {} into {}", counted(lines.len() as u64, "line"), file.display());
        }
    }
    let mut out = anstream::stdout().lock();
    if !as_json(context, &mut out, &trends, &trends.series)? {
        match asks_csv(&mut out, &args.csv)? {
            true => {
                csv(&mut out, &trends)?;
                let unknown = |trend: &Trend| Some(format!("{}: {}", tame(&trend.name), without_year(trend)?));
                let notes = notes(&trends).into_iter().chain(trends.series.iter().filter_map(unknown));
                notes.for_each(|note| context.say(note));
            }
            false => print(&mut out, &trends)?,
        }
    }
    out.flush()?;
    let found = trends.series.iter().any(|trend| trend.occurrences > 0);
    Ok(if found { Outcome::Done } else { Outcome::NothingFound })
}

/// What a picture is drawn as.
#[derive(Clone, Copy)]
enum Picture {
    Svg,
    Png,
}

/// What `file` is to hold, by its name; told before anything is counted.
fn picture(file: &Path) -> Result<Picture> {
    match file.extension().map(|extension| extension.to_string_lossy().to_lowercase()).as_deref() {
        Some("svg") => Ok(Picture::Svg),
        Some("png") => Ok(Picture::Png),
        _ => Err(advised(
            format!("cannot draw `{}`: pictures are SVG or PNG", file.display()),
            format!("use --plot {}", file.with_extension("svg").display()),
        )),
    }
}

fn line(trend: &Trend) -> Series {
    let values = trend.years.iter().map(|year| (year.year, year.value)).collect();
    Series { name: trend.name.clone(), values, hollow: trend.thin() }
}

fn title(trends: &Trends) -> String {
    let names: Vec<&str> = trends.series.iter().map(|trend| trend.name.as_str()).collect();
    match &trends.within {
        Some(within) => format!("{} ({within})", names.join(", ")),
        None => names.join(", "),
    }
}

fn csv(out: &mut impl Write, trends: &Trends) -> Result<()> {
    let mut writer = crate::print::csv(
        out,
        "query year occurrences passages documents documents_with chars words per_document per_10k_chars first reports",
    )?;
    for trend in &trends.series {
        for year in &trend.years {
            let counts = [year.occurrences, year.passages, year.documents, year.documents_with, year.chars, year.words];
            let mut row = vec![trend.name.clone(), year.year.to_string()];
            row.extend(counts.map(|count| count.to_string()));
            row.extend([year.per_document, year.per_10k_chars].map(|rate| format!("{rate:.4}")));
            row.push(year.first.as_ref().map_or(String::new(), Location::to_string));
            row.push(year.reports.to_string());
            writer.write_record(&row)?;
        }
    }
    writer.flush()?;
    Ok(())
}

fn print(out: &mut impl Write, trends: &Trends) -> Result<()> {
    let years = || trends.series.iter().flat_map(|trend| &trend.years);
    let numbers = || years().map(|year| year.year);
    let (Some(first), Some(last), true) =
        (numbers().min(), numbers().max(), trends.within.is_none() || years().any(|year| year.chars > 0))
    else {
        match &trends.within {
            Some(within) => writeln!(out, "nothing of a known year matches {}", tame(within))?,
            None => writeln!(out, "no document of a known year to count in")?,
        }
        return Ok(());
    };
    let room = width().map_or(usize::MAX, |width| width - 2);
    let step = ((last - first) as usize + 1).div_ceil(room.max(1));
    let a_column = if step > 1 { format!("; a column is the mean of {step} years") } else { String::new() };
    let within = trends.within.as_ref().map_or(String::new(), |within| format!(" within {}", tame(within)));
    let unit = trends.unit;
    let told = "by year of the report; each line has its own scale; · is 0, blank no report";
    note(out, &format!("{unit}{within} {told}{a_column}"))?;
    notes(trends).iter().try_for_each(|text| note(out, text))?;
    for trend in &trends.series {
        writeln!(out)?;
        let in_all = counted(trend.occurrences, "occurrence");
        let told = format!("{in_all}{}", peak(&trend.years));
        let name = tame(&trend.name);
        // beside the name if there is room
        match width().is_some_and(|width| columns(&name) + 2 + columns(&told) > width) {
            true => {
                lines(&name, 0).iter().try_for_each(|line| writeln!(out, "{HEADING}{line}{HEADING:#}"))?;
                lines(&told, 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
            }
            false => writeln!(out, "{HEADING}{name}{HEADING:#}  {told}")?,
        }
        let bars = sparkline(&trend.years, first, step);
        writeln!(out, "  {bars}")?;
        let gap = " ".repeat(columns(&bars).saturating_sub(8).max(1));
        match first == last {
            true => writeln!(out, "  {FAINT}{first}{FAINT:#}")?,
            false => writeln!(out, "  {FAINT}{first}{gap}{last}{FAINT:#}")?,
        }
        if trend.occurrences == 0 {
            writeln!(out, "  nothing found for {}", tame(&trend.query))?;
        }
        appearances(out, trend)?;
        if let Some(told) = without_year(trend) {
            writeln!(out, "  {told}")?;
        }
    }
    Ok(())
}

/// What is to be known of the figures of some years.
fn notes(trends: &Trends) -> Vec<String> {
    let several = "several documents of a place, which count each; `gm-search doctor` names them";
    let thin = "less than a tenth of the text of the median year, so its figure says little";
    let told = [(trends.with_several(), several), (trends.thin(), thin)];
    let told = told.into_iter().filter(|(years, _)| !years.is_empty());
    told.map(|(years, what)| format!("{}: {what}", few(&years))).collect()
}

/// What is in the figure of no year.
fn without_year(trend: &Trend) -> Option<String> {
    let occurrences = counted(trend.without_year, "occurrence");
    (trend.without_year > 0).then(|| format!("{occurrences} in documents whose year is not known"))
}

/// What is to be known of all figures, fit for the terminal.
fn note(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    lines(text, 0).iter().try_for_each(|line| writeln!(out, "{FAINT}{line}{FAINT:#}"))
}

/// The years of the largest value, with the documents of a single one.
fn peak(years: &[Year]) -> String {
    let most = years.iter().map(|year| year.value).fold(0.0, f64::max);
    let peaks: Vec<&Year> = years.iter().filter(|year| year.value == most && most > 0.0).collect();
    match &peaks[..] {
        [] => String::new(),
        [one] => format!(", most in {} ({}): {}", one.year, counted(one.documents, "document"), figure(most)),
        several => {
            format!(", most in {}: {}", few(&several.iter().map(|one| one.year).collect::<Vec<_>>()), figure(most))
        }
    }
}

/// Years as they are named: the first of many.
fn few(years: &[u16]) -> String {
    let named: Vec<String> = years.iter().take(FEW).map(u16::to_string).collect();
    let more = years.len().saturating_sub(FEW);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(" "))
}

/// The first and the last place, under each other.
fn appearances(out: &mut impl Write, trend: &Trend) -> Result<()> {
    let told = [("first", &trend.first), ("last", &trend.last)];
    let mut rows = Vec::new();
    let (mut remarks, mut texts) = (Vec::new(), Vec::new());
    for (what, appearance) in told.iter().filter_map(|(what, found)| Some((what, found.as_ref()?))) {
        let more = match appearance.documents {
            0 | 1 => String::new(),
            n => format!("and {} of {}", counted(n - 1, "more document"), appearance.year),
        };
        let location = tame(&appearance.location.to_string());
        rows.push(vec![what.to_string(), appearance.year.to_string(), location]);
        remarks.push(more);
        texts.push((tame(&appearance.left), tame(&appearance.found), tame(&appearance.right)));
    }
    fit(&mut rows, 2);
    let mut lines = Vec::new();
    table(&mut lines, &rows, 3)?;
    let lines = String::from_utf8(lines)?;
    for ((line, more), (left, found, right)) in lines.lines().zip(remarks).zip(texts) {
        writeln!(out, "{line}")?;
        if !more.is_empty() {
            writeln!(out, "         {FAINT}{more}{FAINT:#}")?;
        }
        writeln!(out, "         {left}{MATCH}{found}{MATCH:#}{right}")?;
    }
    Ok(())
}

/// A whole number as it is, another with two decimals.
fn figure(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// A character for each `step` years from `first` on.
fn sparkline(years: &[Year], first: u16, step: usize) -> String {
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for year in years {
        let at = (year.year - first) as usize / step;
        columns.resize(columns.len().max(at + 1), Vec::new());
        columns[at].push(year.value);
    }
    let mean = |values: &Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let means: Vec<Option<f64>> = columns.iter().map(mean).collect();
    let most = means.iter().flatten().copied().fold(0.0, f64::max);
    let bar = |value: &Option<f64>| match value {
        None => ' ',
        Some(0.0) => '·',
        Some(value) => BARS[((value / most * 8.0).ceil() as usize).clamp(1, 8) - 1],
    };
    means.iter().map(bar).collect()
}
