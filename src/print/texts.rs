//! What people see of targets, copies, quotations and differences.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use gm_index::{
    Citation, Copies, CopyOf, Difference, DocumentInfo, Figure, FigureChange, Piece, PieceKind, Promise, Repeats,
    Results, SectionChange, SentenceChange, SentenceKind, Span, Standing, Stated, Targets, Term, report_year,
};

use super::{FAINT, HEADING, counted, fit_names, hits, lines, table, title};
use crate::tame::tame;

/// The year of a figure, or its years.
fn years(figure: &Figure) -> String {
    match (figure.from, figure.year) {
        (Some(from), Some(year)) => format!("{from}–{year}"),
        (_, Some(year)) => year.to_string(),
        _ => "?".to_string(),
    }
}

pub fn targets(out: &mut impl Write, reports: &[Targets]) -> io::Result<()> {
    let shown = reports.iter().filter(|report| !report.figures.is_empty() || !report.absent.is_empty());
    for (at, report) in shown.enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", name(&report.document))?;
        let row = |figure: &Figure| {
            vec![
                years(figure),
                figure.role.name().to_string(),
                tame(&figure.indicator),
                tame(&figure.to_string()),
                span_lines([figure.line; 2]),
                // what the report calls it, if not so
                if figure.name == figure.indicator { String::new() } else { tame(&figure.name) },
            ]
        };
        let mut rows: Vec<Vec<String>> = report.figures.iter().map(row).collect();
        fit_names(&mut rows, 5);
        table(out, &rows, usize::MAX)?;
        let left_out = match &report.statement {
            Some(statement) if !report.absent.is_empty() => {
                format!("absent from the targets of line {}: {}", statement.line, report.absent.join(" "))
            }
            Some(_) => continue,
            None => "no list of targets was found, so nothing is told as absent".to_string(),
        };
        for line in lines(&left_out, 2) {
            writeln!(out, "  {FAINT}{line}{FAINT:#}")?;
        }
    }
    if reports.iter().all(|report| report.figures.is_empty()) {
        writeln!(out, "no figure found in {}", counted(reports.len() as u64, "report"))?;
    }
    Ok(())
}

pub fn promises(out: &mut impl Write, promises: &[Promise]) -> io::Result<()> {
    if promises.is_empty() {
        return writeln!(out, "no target found that a place and a year are known of");
    }
    for (at, year) in promises.chunk_by(|a, b| a.place == b.place && a.year == b.year).enumerate() {
        let [first, ..] = year else { continue };
        if at > 0 {
            writeln!(out)?;
        }
        let done = year.iter().find_map(|one| one.done_source.as_deref());
        let sources = match done {
            Some(done) => format!("{} → {done}", first.target_source),
            None => first.target_source.clone(),
        };
        writeln!(out, "{HEADING}{} {}{HEADING:#}  {FAINT}{}{FAINT:#}", tame(&first.place), first.year, tame(&sources))?;
        let row = |one: &Promise| {
            let line = |line: u32| format!("L{line}");
            let (done, place) =
                one.done.as_ref().map_or((String::new(), String::new()), |done| (done.to_string(), line(done.line)));
            let difference = one
                .difference
                .map_or(String::new(), |difference| format!(" ({difference:+}{})", difference_unit(&one.target)));
            vec![
                one.indicator.clone(),
                tame(&one.target.to_string()),
                line(one.target.line),
                tame(&done),
                place,
                format!("{}{difference}", outcome(one)),
            ]
        };
        let mut rows = vec![["indicator", "promised", "", "done", "", ""].map(String::from).to_vec()];
        rows.extend(year.iter().map(row));
        table(out, &rows, usize::MAX)?;
    }
    Ok(())
}

const GONE: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();

/// Changes in one line: what is gone in [-…-], what is new in {+…+}, as wdiff has it, so that no colour is needed.
fn changed(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| {
        let text = tame(&piece.text);
        match piece.kind {
            PieceKind::Same => text,
            PieceKind::Gone => format!("{GONE}[-{text}-]{GONE:#}"),
            PieceKind::New => format!("{NEW}{{+{text}+}}{NEW:#}"),
        }
    };
    pieces.iter().map(piece).collect()
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// A document's title, and where it is from; of one without a title that alone.
fn name(document: &DocumentInfo) -> String {
    let source = match document.title() == document.meta.source {
        true => String::new(),
        false => format!("  {FAINT}{}{FAINT:#}", tame(&document.meta.source)),
    };
    format!("{HEADING}{}{HEADING:#}{source}", title(document))
}

/// Lines as people say them: L17, or L17-19.
fn span_lines(lines: [u32; 2]) -> String {
    match lines {
        [first, last] if first == last => format!("L{first}"),
        [first, last] => format!("L{first}-{last}"),
    }
}

pub fn copies(out: &mut impl Write, found: &Copies, all: bool) -> io::Result<()> {
    writeln!(out, "{}", name(&found.document))?;
    let share = percent(found.copied, found.chars);
    write!(out, "  {} of {} characters ({share}) stand elsewhere word for word", found.copied, found.chars)?;
    match found.formula_reports {
        Some(reports) => writeln!(
            out,
            ";\n  {} more ({}) are formulas, which stand in {reports} other reports at least",
            found.formula,
            percent(found.formula, found.chars)
        )?,
        None => {
            writeln!(out, ";\n  {FAINT}formulas are not counted apart: there is no index to know them by{FAINT:#}")?
        }
    }
    for document in &found.documents {
        copy(out, document, found.chars, all)?;
    }
    match &found.places {
        None => writeln!(
            out,
            "\n{FAINT}places elsewhere are not looked for: the draft's own is unknown, give it by --place{FAINT:#}"
        )?,
        Some(places) if places.is_empty() => {}
        Some(places) => {
            writeln!(out, "\n{HEADING}places elsewhere{HEADING:#}")?;
            let row = |place: &gm_index::Elsewhere| {
                let chains: Vec<String> = place.places.iter().take(2).map(|chain| chain.join(" ")).collect();
                let lines: Vec<String> = place.lines.iter().take(8).map(|line| format!("L{line}")).collect();
                let copied = if place.copied { "in a copied span" } else { "" };
                vec![tame(&place.name), chains.join(" or "), copied.to_string(), lines.join(" ")]
            };
            table(out, &places.iter().map(row).collect::<Vec<_>>(), usize::MAX)?;
        }
    }
    Ok(())
}

/// A span with fewer characters beside its formulas is shown by --all only.
const OWN: usize = 6;

/// Spans are shown in full up to so many characters.
const SHOWN: usize = 120;

fn copy(out: &mut impl Write, document: &CopyOf, chars: usize, all: bool) -> io::Result<()> {
    let share = percent(document.chars, chars);
    writeln!(out, "\n{}", name(&document.document))?;
    writeln!(out, "  {} characters ({share}), {} without formulas", document.chars, document.copied)?;
    let own = |span: &&Span| all || span.chars - span.formula >= OWN;
    let mut spans: Vec<&Span> = document.spans.iter().filter(own).collect();
    let count = spans.len();
    if !all {
        spans.sort_by_key(|span| std::cmp::Reverse(span.chars - span.formula));
        spans.truncate(8);
        spans.sort_by_key(|span| span.lines);
    }
    for span in &spans {
        let formula = if span.formula > 0 { format!(", {} in formulas", span.formula) } else { String::new() };
        let lines = format!("{} = {}", span_lines(span.lines), span_lines(span.other_lines));
        writeln!(out, "  {FAINT}{lines}, {}{formula}{FAINT:#}", counted(span.chars as u64, "character"))?;
        match span.pieces.is_empty() {
            true => writeln!(out, "    {}", short(&span.text, all))?,
            false => writeln!(out, "    {}", changed(&cut(&span.pieces, all)))?,
        }
    }
    if spans.len() < count {
        writeln!(out, "  {FAINT}the longest {} of {count} spans; --all shows every one{FAINT:#}", spans.len())?;
    }
    Ok(())
}

fn short(text: &str, all: bool) -> String {
    let text = tame(text);
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) if !all => format!("{}…", &text[..cut]),
        _ => text,
    }
}

/// The pieces that [`short`] would show.
fn cut(pieces: &[Piece], all: bool) -> Vec<Piece> {
    let mut left = if all { usize::MAX } else { SHOWN };
    let mut shown = Vec::new();
    for piece in pieces {
        let length = piece.text.chars().count();
        if length > left {
            let text = piece.text.chars().take(left).chain(['…']).collect();
            shown.push(Piece { kind: piece.kind, text });
            break;
        }
        left -= length;
        shown.push(piece.clone());
    }
    shown
}

pub fn repeats(out: &mut impl Write, found: &Repeats) -> io::Result<()> {
    writeln!(out, "{}", name(&found.document))?;
    if found.clauses.is_empty() {
        return writeln!(out, "  nothing stands in it twice");
    }
    let share = percent(found.repeated, found.chars);
    writeln!(out, "  {} of {} characters ({share}) say again what stands before", found.repeated, found.chars)?;
    for clause in &found.clauses {
        let lines: Vec<String> = clause.lines.iter().map(|line| format!("L{line}")).collect();
        writeln!(out, "  {FAINT}{}, {} characters{FAINT:#}", lines.join(" "), clause.chars)?;
        writeln!(out, "    {}", tame(&clause.text))?;
    }
    Ok(())
}

pub fn citation(out: &mut impl Write, found: &Citation) -> io::Result<()> {
    match found.found {
        Standing::None => return writeln!(out, "not found: no document holds this or anything near it"),
        Standing::Exact => writeln!(out, "word for word in {}", counted(found.exact as u64, "document"))?,
        Standing::Near => writeln!(out, "not word for word; what comes nearest:")?,
    }
    for place in &found.places {
        writeln!(out, "\n{}:{}", name(&place.document), place.line)?;
        if !place.path.is_empty() {
            let path = lines(&tame(&place.path.join(" › ")), 2);
            path.iter().try_for_each(|line| writeln!(out, "  {FAINT}{line}{FAINT:#}"))?;
        }
        match place.standing {
            Standing::Near => {
                writeln!(out, "  {}", changed(&place.changes))?;
                writeln!(
                    out,
                    "  {FAINT}{:.0} % alike; there it reads:{FAINT:#} {}",
                    100.0 * place.likeness,
                    tame(&place.text)
                )?;
            }
            _ => {
                lines(&tame(&place.text), 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
                if let [_, .., _] = place.lines[..] {
                    let mut lines: Vec<String> = place.lines.iter().map(|line| format!("L{line}")).collect();
                    lines.dedup();
                    writeln!(out, "  {FAINT}with omissions: {}{FAINT:#}", lines.join(" "))?;
                }
                if !place.verbatim {
                    writeln!(out, "  {FAINT}marks or forms of characters differ from what was typed{FAINT:#}")?;
                }
            }
        }
        lines(&tame(&place.reference()), 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    Ok(())
}

pub fn similar(out: &mut impl Write, results: &Results) -> io::Result<()> {
    match results.hits.len() {
        0 => writeln!(out, "no passage is like it"),
        count => {
            writeln!(out, "{} most like it ({:.1} ms)", counted(count as u64, "passage"), results.took_ms)?;
            hits(out, &results.hits, 0)
        }
    }
}

/// New and gone sentences of a section that are shown without --all.
const FEW: usize = 3;

/// Terms that are shown.
const TERMS: usize = 30;

pub fn difference(out: &mut impl Write, found: &Difference, all: bool) -> io::Result<()> {
    writeln!(out, "{}\n{}", name(&found.old), name(&found.new))?;
    let count = |kind: SentenceKind| {
        found.sections.iter().flat_map(|section| &section.changes).filter(|change| change.kind == kind).count()
    };
    let [reworded, new, gone] = [SentenceKind::Reworded, SentenceKind::New, SentenceKind::Gone].map(count);
    writeln!(out, "  sentences: {} the same, {reworded} reworded, {new} new, {gone} gone", found.same)?;
    if !found.figures.is_empty() {
        writeln!(out, "\n{HEADING}figures{HEADING:#}")?;
        // where nothing else tells the year, the targets do
        let of = |list: &[Figure]| list.iter().find(|one| one.role == Stated::Target).and_then(|one| one.year);
        let year = |document: &DocumentInfo, told: Option<u16>| {
            report_year(&document.meta).or(told).map_or("?".to_string(), |year| year.to_string())
        };
        let old = year(&found.old, found.figures.iter().find_map(|change| of(&change.old)));
        let new = year(&found.new, found.figures.iter().find_map(|change| of(&change.new)));
        let mut rows = vec![vec![String::new(), String::new(), old, new]];
        for stated in [Stated::Target, Stated::Done] {
            rows.extend(found.figures.iter().filter_map(|change| figures(change, stated)));
        }
        table(out, &rows, usize::MAX)?;
    }
    for (title, terms) in [("new terms", &found.new_terms), ("gone terms", &found.gone_terms)] {
        let one = |term: &Term| match (term.is_quoted, term.count) {
            (true, 1) => format!("“{}”", tame(&term.text)),
            (true, count) => format!("“{}” {count}", tame(&term.text)),
            (false, count) => format!("{} {count}", tame(&term.text)),
        };
        let shown = if all { terms.len() } else { TERMS };
        let list: Vec<String> = terms.iter().take(shown).map(one).collect();
        if !list.is_empty() {
            let more = terms.len().saturating_sub(shown);
            let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
            writeln!(out, "\n{HEADING}{title}{HEADING:#}")?;
            // a term stays with its count
            let whole: Vec<String> = list.iter().map(|term| term.replace(' ', "\u{a0}")).collect();
            let told = lines(&format!("{}{more}", whole.join("  ")), 2);
            told.iter().try_for_each(|line| writeln!(out, "  {}", line.trim_end().replace('\u{a0}', " ")))?;
        }
    }
    found.sections.iter().try_for_each(|section| self::section(out, section, all))
}

/// What both reports say of an indicator as a target, or as done.
fn figures(change: &FigureChange, stated: Stated) -> Option<Vec<String>> {
    let of = |figures: &[Figure]| {
        let told: Vec<String> =
            figures.iter().filter(|figure| figure.role == stated).map(ToString::to_string).collect();
        tame(&told.join(", "))
    };
    let (old, new) = (of(&change.old), of(&change.new));
    let dash = |text: String| if text.is_empty() { "–".to_string() } else { text };
    let is_empty = old.is_empty() && new.is_empty();
    (!is_empty).then(|| vec![stated.name().to_string(), change.indicator.clone(), dash(old), dash(new)])
}

fn section(out: &mut impl Write, section: &SectionChange, all: bool) -> io::Result<()> {
    let heading = match (&section.old, &section.new) {
        (_, Some(new)) if new.is_empty() => "(before the first heading)".to_string(),
        (Some(old), Some(new)) if old == new => tame(new),
        (Some(old), Some(new)) => format!("{}{HEADING:#}  {FAINT}was {}{FAINT:#}{HEADING}", tame(new), tame(old)),
        (None, Some(new)) => format!("{}{HEADING:#}  {NEW}new{NEW:#}{HEADING}", tame(new)),
        (Some(old), None) => format!("{}{HEADING:#}  {GONE}gone{GONE:#}{HEADING}", tame(old)),
        (None, None) => return Ok(()),
    };
    writeln!(out, "\n{HEADING}{heading}{HEADING:#}")?;
    if section.same > 0 {
        writeln!(out, "  {FAINT}{} the same{FAINT:#}", counted(section.same as u64, "sentence"))?;
    }
    let line = |line: Option<u32>| line.map_or(String::new(), |line| format!("L{line}"));
    for kind in [SentenceKind::Reworded, SentenceKind::New, SentenceKind::Gone] {
        let changes: Vec<&SentenceChange> = section.changes.iter().filter(|change| change.kind == kind).collect();
        let shown = if all || kind == SentenceKind::Reworded { changes.len() } else { FEW };
        for change in changes.iter().take(shown) {
            let text = tame(&change.text);
            match kind {
                SentenceKind::Reworded => {
                    let lines = format!("{}→{}", line(change.old_line), line(change.new_line));
                    writeln!(out, "  ~ {FAINT}{lines}{FAINT:#} {}", changed(&change.pieces))?
                }
                SentenceKind::New => writeln!(out, "  {NEW}+{NEW:#} {FAINT}{}{FAINT:#} {text}", line(change.new_line))?,
                SentenceKind::Gone => {
                    writeln!(out, "  {GONE}-{GONE:#} {FAINT}{}{FAINT:#} {text}", line(change.old_line))?
                }
            }
        }
        if changes.len() > shown {
            let word = if kind == SentenceKind::New { "new" } else { "gone" };
            writeln!(out, "  {FAINT}… and {} more {word}; --all shows them{FAINT:#}", changes.len() - shown)?;
        }
    }
    Ok(())
}

/// How done lies to promised, for people.
fn outcome(promise: &Promise) -> &'static str {
    use gm_index::Outcome as O;
    match promise.outcome {
        _ if promise.kept == Some(true) => "kept",
        O::AtOrAbove if promise.kept == Some(false) => "above",
        O::AtOrAbove => "at or above",
        O::Below => "below",
        O::Undecided => "not decided: a bound is told",
        O::NotComparable
            if promise
                .done
                .as_ref()
                .is_some_and(|done| done.direction.is_some() == promise.target.direction.is_some()) =>
        {
            "not comparable: other units"
        }
        O::NotComparable if promise.target.direction.is_some() => "not comparable: growth promised, level told",
        O::NotComparable => "not comparable: level promised, growth told",
        O::InWords => "promised in words",
        O::Several => "several told",
        O::NothingSaid => "no figure",
        O::NoReport => "no report of the next year",
    }
}

/// What the difference to a target is counted in.
pub fn difference_unit(target: &Figure) -> &str {
    match target.unit.as_deref() {
        Some("%") => "个百分点",
        Some("‰") => "个千分点",
        unit => unit.unwrap_or(""),
    }
}
