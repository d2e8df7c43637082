//! What people see. On a terminal text is wrapped to its width and cut around the matches; in a pipe every passage is
//! whole and on one line.

mod machine;
mod table;
mod texts;

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use gm_index::{Concordance, Dimension, DocumentInfo, Explanation, Group, Hit, Query, Results, Snippet, Tier};
use unicode_width::UnicodeWidthChar;

use crate::answer::count::{self, Named};
use crate::answer::excerpt::stretch;
use crate::answer::outline::{Node, Outlined};
use crate::answer::show::{self, Shown};
use crate::answer::status::Report;
use crate::eval::Evaluated;
use crate::tame::tame;
pub use machine::{as_json, asks_csv, csv, json};
pub use table::{columns, fit, fit_names, table};
use table::{ending, first_columns, last_columns};
pub use texts::*;

pub const MATCH: Style = AnsiColor::Red.on_default().bold();
pub const HEADING: Style = Style::new().bold();
pub const FAINT: Style = Style::new().dimmed();

/// Lines of a hit's text on a terminal; `show` has the rest.
const EXCERPT_LINES: usize = 4;

/// Columns of the terminal; `None` in a pipe.
pub fn width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| (width.0 as usize).clamp(40, 120))
}

/// A number of bytes as people say it.
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// A number with its noun.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// That nothing was found, and what is near.
pub fn nothing(out: &mut impl Write, results: &Results) -> io::Result<()> {
    writeln!(out, "nothing found for {}", tame(&results.query))?;
    for near in results.synonyms.iter().chain(&results.suggestions) {
        writeln!(out, "  {} ({}): {}", tame(&near.text), near.occurrences, tame(&near.why.to_string()))?;
    }
    Ok(())
}

/// Results from the hit `offset` on.
pub fn results(out: &mut impl Write, results: &Results, offset: usize) -> io::Result<()> {
    let total = results.total;
    if results.hits.iter().all(|hit| hit.tier != Tier::Synonym) {
        for other in &results.synonyms {
            writeln!(
                out,
                "{FAINT}also {} ({}): {}{FAINT:#}",
                tame(&other.text),
                other.occurrences,
                tame(&other.why.to_string())
            )?;
        }
    }
    for other in &results.suggestions {
        writeln!(out, "{FAINT}also {} ({}): {}{FAINT:#}", tame(&other.text), other.occurrences, other.why)?;
    }
    match total.passages {
        0 => writeln!(out, "nothing holds all of it; the nearest that hold some ({:.1} ms)", results.took_ms)?,
        passages => writeln!(
            out,
            "{}, {} in {} ({:.1} ms)",
            counted(passages, "passage"),
            counted(total.occurrences, "occurrence"),
            counted(total.documents, "document"),
            results.took_ms
        )?,
    }
    hits(out, &results.hits, offset)?;
    if total.passages <= FEW && is_of_several_words(results) {
        writeln!(out, "\n{FAINT}few hold all of it; --weaker adds those that hold some{FAINT:#}")?;
    }
    Ok(())
}

/// So few passages may hold all of several words by chance.
const FEW: u64 = 2;

/// Whether what is shown holds several words, and nothing that holds some of them alone.
fn is_of_several_words(results: &Results) -> bool {
    let is_text = |part: &&Query| matches!(part, Query::Text(_));
    let is_apart = match &results.parsed {
        Query::And(parts) => parts.iter().filter(is_text).nth(1).is_some(),
        _ => results.hits.iter().any(|hit| hit.tier == Tier::All),
    };
    is_apart && !results.hits.is_empty() && results.hits.iter().all(|hit| hit.tier != Tier::Some)
}

fn hits(out: &mut impl Write, hits: &[Hit], offset: usize) -> io::Result<()> {
    for (rank, hit) in hits.iter().enumerate() {
        writeln!(out)?;
        self::hit(out, hit, offset + rank + 1)?;
    }
    Ok(())
}

fn hit(out: &mut impl Write, hit: &Hit, rank: usize) -> io::Result<()> {
    let indent = " ".repeat(rank.to_string().len() + 1);
    let mut place = title(&hit.document);
    for heading in &hit.path {
        place.push_str(" › ");
        place.push_str(&tame(heading));
    }
    let head = Snippet { text: place, highlights: Vec::new() };
    let [first, rest @ ..] = &wrap(&head, width().map(|width| width - indent.len()))[..] else { return Ok(()) };
    writeln!(out, "{rank} {HEADING}{}{HEADING:#}", first.text)?;
    for line in rest {
        writeln!(out, "{indent}{HEADING}{}{HEADING:#}", line.text)?;
    }
    let role = hit.role.map_or(String::new(), |role| format!(" · {}", role.name()));
    writeln!(
        out,
        "{indent}{FAINT}{}{role} · {}:{} · {}{FAINT:#}",
        hit.tier.label(),
        tame(&hit.document.meta.source),
        hit.line,
        tame(&hit.id)
    )?;
    let width = width().map(|width| width - indent.len());
    let snippet = match width {
        Some(width) => excerpt(&hit.snippet, width * EXCERPT_LINES),
        None => hit.snippet.clone(),
    };
    for line in wrap(&snippet, width) {
        write!(out, "{indent}")?;
        for (piece, is_match) in line.pieces() {
            match is_match {
                true => write!(out, "{MATCH}{}{MATCH:#}", tame(piece))?,
                false => write!(out, "{}", tame(piece))?,
            }
        }
        writeln!(out)?;
    }
    for copy in &hit.also {
        writeln!(out, "{indent}{FAINT}also in {}:{} · {}{FAINT:#}", tame(&copy.source), copy.line, tame(&copy.id))?;
    }
    if let Some(explanation) = &hit.explanation {
        self::explanation(out, explanation, hit.score, &indent)?;
    }
    Ok(())
}

/// A score as a sum that can be followed.
fn explanation(out: &mut impl Write, explained: &Explanation, score: f32, indent: &str) -> io::Result<()> {
    write!(out, "{FAINT}")?;
    writeln!(out, "{indent}{score:>7.3}  score: {} read of {} candidates", explained.read, explained.candidates)?;
    for part in &explained.parts {
        let worth = part.value * part.weight;
        writeln!(out, "{indent}{worth:>7.3}  {:<10} {:.3} × {}", part.name, part.value, part.weight)?;
    }
    let terms = explained.terms.iter().map(|(term, weight)| format!("{} {weight:.1}", tame(term)));
    writeln!(out, "{indent}terms by rarity: {}", terms.collect::<Vec<_>>().join(", "))?;
    for understood in &explained.understood {
        writeln!(out, "{indent}{}", tame(understood))?;
    }
    write!(out, "{FAINT:#}")
}

fn title(document: &DocumentInfo) -> String {
    tame(&show::title(document))
}

/// The part of a snippet that fills `room` columns, see [`stretch`].
pub fn excerpt(snippet: &Snippet, room: usize) -> Snippet {
    if columns(&snippet.text) <= room {
        return snippet.clone();
    }
    let chars: Vec<char> = snippet.text.chars().collect();
    // the marks where text is left out take four
    let Range { start, end } = stretch(snippet, room.saturating_sub(4), |c| c.width().unwrap_or(0));
    let mut text: String = chars[start..end].iter().collect();
    let mut shift = start as isize;
    if start > 0 {
        text.insert(0, '…');
        shift -= 1;
    }
    if end < chars.len() {
        text.push('…');
    }
    let moved = |at: usize| (at as isize - shift) as usize;
    let inside = snippet.highlights.iter().filter(|range| range.start >= start && range.end <= end);
    Snippet { text, highlights: inside.map(|range| moved(range.start)..moved(range.end)).collect() }
}

/// Breaks a snippet into lines of at most `width` columns. Chinese may break anywhere but before closing marks.
fn wrap(snippet: &Snippet, width: Option<usize>) -> Vec<Snippet> {
    let chars: Vec<char> = snippet.text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }).collect();
    let mut breaks = vec![0];
    let mut used = 0;
    for (at, c) in chars.iter().enumerate() {
        let wide = c.width().unwrap_or(0);
        if width.is_some_and(|width| used + wide > width) {
            let closing =
                matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | '、' | '”' | '’' | '）' | '》' | '%' | '％');
            let at = if closing && at > 0 { at - 1 } else { at };
            used = chars[at..].iter().take(if closing { 1 } else { 0 }).map(|c| c.width().unwrap_or(0)).sum();
            breaks.push(at);
        }
        used += wide;
    }
    breaks.push(chars.len());
    breaks
        .windows(2)
        .filter(|line| line[0] < line[1])
        .map(|line| Snippet {
            text: chars[line[0]..line[1]].iter().collect(),
            highlights: snippet
                .highlights
                .iter()
                .map(|range| range.start.max(line[0])..range.end.min(line[1]))
                .filter(|range| range.start < range.end)
                .map(|range| range.start - line[0]..range.end - line[0])
                .collect(),
        })
        .collect()
}

/// Text as lines that fit the terminal behind `indent` columns, broken at blanks where it has any; whole in a pipe.
pub fn lines(text: &str, indent: usize) -> Vec<String> {
    fitted(text, width().map(|width| width.saturating_sub(indent)))
}

fn fitted(text: &str, room: Option<usize>) -> Vec<String> {
    let Some(room) = room else { return vec![text.to_string()] };
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is one");
        let gap = if last.is_empty() { "" } else { " " };
        if columns(last) + gap.len() + columns(word) <= room {
            *last += &format!("{gap}{word}");
            continue;
        }
        let word = Snippet { text: word.to_string(), highlights: Vec::new() };
        if last.is_empty() {
            lines.pop();
        }
        lines.extend(wrap(&word, Some(room)).into_iter().map(|line| line.text));
    }
    lines
}

/// One row a query, or under each query one row a group.
pub fn counts(out: &mut impl Write, all: &[Named], by: &[Dimension]) -> io::Result<()> {
    for (at, Named { name, counts }) in all.iter().enumerate() {
        let separator = if at > 0 && !by.is_empty() { "\n" } else { "" };
        writeln!(
            out,
            "{separator}{HEADING}{}{HEADING:#}  {} in {}, {}",
            tame(name),
            counted(counts.occurrences, "occurrence"),
            counted(counts.passages, "passage"),
            counted(counts.documents, "document")
        )?;
        // two folders may each have a file of one name
        let mut ids: HashMap<&str, HashSet<&str>> = HashMap::new();
        for (source, id) in counts.groups.iter().filter_map(|group| group.document.as_deref().zip(group.id.as_deref()))
        {
            ids.entry(source).or_default().insert(id);
        }
        let value = |group: &Group, dimension| match (dimension, &group.document, &group.id) {
            (Dimension::Document, Some(source), Some(id)) if ids[source.as_str()].len() > 1 => {
                format!("{} {}", tame(source), tame(id))
            }
            _ => tame(&count::told(group, dimension)),
        };
        let mut rows = vec![by.iter().map(|&dimension| dimension.name().to_string()).collect::<Vec<_>>()];
        rows[0].extend(["occurrences", "passages", "chars", "words"].map(String::from));
        for group in &counts.groups {
            let mut row: Vec<String> = by.iter().map(|&dimension| value(group, dimension)).collect();
            row.extend([group.occurrences, group.passages, group.chars, group.words].map(|n| n.to_string()));
            rows.push(row);
        }
        if by.is_empty() {
            continue;
        }
        table(out, &rows, by.len())?;
    }
    Ok(())
}

/// Key words under each other, by display width; where `heading` gives another than for the row before, it stands above.
pub fn concordance(
    out: &mut impl Write,
    rows: &[Concordance],
    heading: impl Fn(&Concordance) -> String,
) -> io::Result<()> {
    // on a terminal a row is a line: the source's name may be cut, and the context on both sides alike
    let place = |row: &Concordance| format!("{}:{}", tame(&row.source), row.line);
    let room = width().map(|width| {
        let places = rows.iter().map(|row| columns(&place(row))).max().unwrap_or(0).min(width / 3);
        let found = rows.iter().map(|row| columns(&tame(&row.found))).max().unwrap_or(0);
        (places, width.saturating_sub(places + found + 4) / 2)
    });
    let left = |row: &Concordance| match room {
        Some((_, side)) => last_columns(&tame(&row.left), side),
        None => tame(&row.left),
    };
    let widest = rows.iter().map(|row| columns(&left(row))).max().unwrap_or(0);
    let mut last = String::new();
    for row in rows {
        let heading = heading(row);
        if heading != last {
            writeln!(out, "{FAINT}{}{FAINT:#}", tame(&heading))?;
            last = heading;
        }
        let left = left(row);
        let blank = " ".repeat(widest - columns(&left));
        let right = match room {
            Some((_, side)) => first_columns(&tame(&row.right), side),
            None => tame(&row.right),
        };
        let place = match room {
            Some((places, side)) => {
                let blank = " ".repeat(side.saturating_sub(columns(&right)) + 2);
                format!("{blank}{}", ending(&place(row), places))
            }
            None => format!("\t{}", place(row)),
        };
        writeln!(out, "{blank}{left} {MATCH}{}{MATCH:#} {right}{FAINT}{place}{FAINT:#}", tame(&row.found))?;
    }
    Ok(())
}

pub fn shown(out: &mut impl Write, shown: &Shown, marks_target: bool) -> io::Result<()> {
    lines(&title(&shown.document), 0).iter().try_for_each(|line| writeln!(out, "{HEADING}{line}{HEADING:#}"))?;
    let named = format!("{} · {}", tame(&shown.document.meta.source), tame(&shown.document.id));
    lines(&named, 0).iter().try_for_each(|line| writeln!(out, "{FAINT}{line}{FAINT:#}"))?;
    let mut path: &[String] = &[];
    for passage in &shown.passages {
        writeln!(out)?;
        if passage.path != path {
            let above = lines(&tame(&passage.path.join(" › ")), 0);
            above.iter().try_for_each(|line| writeln!(out, "{FAINT}{line}{FAINT:#}"))?;
            path = &passage.path;
        }
        let (style, mark) = match passage.is_target && marks_target {
            true => (MATCH, '>'),
            false => (Style::new(), ' '),
        };
        let text = Snippet { text: passage.text.clone(), highlights: Vec::new() };
        let mut label = format!("{mark}{:>4} ", passage.line);
        for line in wrap(&text, width().map(|width| width - columns(&label))) {
            writeln!(out, "{style}{label}{style:#}{}", tame(&line.text))?;
            label = " ".repeat(columns(&label));
        }
    }
    Ok(())
}

pub fn outline(out: &mut impl Write, outlined: &Outlined) -> io::Result<()> {
    let meta = &outlined.document.meta;
    writeln!(out, "{HEADING}{}{HEADING:#}", tame(&meta.title))?;
    let level = meta.level.map(|level| level.name().to_string());
    let place = (!meta.place.is_empty()).then(|| meta.place.join(" "));
    let stated = [
        ("kind", meta.kind.clone()),
        ("level", level),
        ("place", place),
        ("year", meta.year.map(|year| year.to_string())),
        ("review_year", meta.review_year.map(|year| year.to_string())),
        ("session", meta.session.clone()),
        ("date", meta.date.clone()),
        ("speaker", meta.speaker.clone()),
    ];
    let stated: Vec<(&str, String)> = stated.into_iter().filter_map(|(field, value)| Some((field, value?))).collect();
    let widest = stated.iter().map(|(_, value)| columns(value)).max().unwrap_or(0);
    for (field, value) in stated {
        let evidence = meta.evidence.get(field).map_or("", String::as_str);
        let blank = " ".repeat(widest + 2 - columns(&value));
        writeln!(out, "  {field:<12}{}{blank}{FAINT}{}{FAINT:#}", tame(&value), tame(evidence))?;
    }
    if outlined.sections.is_empty() {
        writeln!(out, "\nno sections")?;
    }
    for node in &outlined.sections {
        writeln!(out)?;
        self::node(out, node)?;
    }
    Ok(())
}

fn node(out: &mut impl Write, node: &Node) -> io::Result<()> {
    let indent = "  ".repeat(node.level as usize);
    let style = if node.label.is_some() { HEADING } else { Style::new() };
    let role = node.role.map_or("", |role| role.name());
    let heading = tame(&node.heading);
    writeln!(out, "{:>5}{indent}{style}{heading}{style:#}  {FAINT}{role}{FAINT:#}", node.line)?;
    node.children.iter().try_for_each(|child| self::node(out, child))
}

pub fn status(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "{HEADING}{}{HEADING:#}", tame(&report.index))?;
    writeln!(out, "  documents  {}", report.documents)?;
    writeln!(out, "  passages   {}", report.passages)?;
    writeln!(out, "  text       {} in the index's own code", bytes(report.text_bytes))?;
    writeln!(out, "  index      {}", bytes(report.index_bytes))?;
    writeln!(out, "  format     {}, {}", report.format, report.analyzer)?;
    for (name, files) in [("changed since", &report.stale), ("skipped", &report.skipped)] {
        if !files.is_empty() {
            writeln!(out, "\n{name}:")?;
        }
        for file in files {
            writeln!(out, "  {}: {}", tame(&file.path), tame(&file.reason))?;
        }
    }
    Ok(())
}

/// A row a set, and below them the mean of each column.
pub fn evaluated(out: &mut impl Write, all: &[Evaluated]) -> io::Result<()> {
    let widest = all.iter().map(|one| columns(&one.set)).max().unwrap_or(0).max(4);
    let blank = |name: &str| " ".repeat(widest - columns(name));
    write!(out, "{HEADING}set{}  queries  nDCG@10   MRR@10  Recall@10  Recall@100", blank("set"))?;
    let compares = all.iter().any(|one| one.against.is_some());
    writeln!(out, "{}{HEADING:#}", if compares { "  nDCG@10 against (95 %)           p" } else { "" })?;
    let mut sums = [0.0; 4];
    for one in all {
        let of = one.figures;
        let figures = [of.ndcg, of.mrr, of.recall_10, of.recall_100];
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
        write!(out, "{}{}  {:>7}", tame(&one.set), blank(&one.set), one.queries)?;
        let [ndcg, mrr, ten, hundred] = figures;
        write!(out, "  {ndcg:>7.4}  {mrr:>7.4}  {ten:>9.4}  {hundred:>10.4}")?;
        match one.against {
            Some(other) => {
                writeln!(out, "  {:+.4} ({:+.4} to {:+.4})  {:.4}", other.mean, other.low, other.high, other.p)?
            }
            None => writeln!(out)?,
        }
    }
    if all.len() > 1 {
        let [ndcg, mrr, ten, hundred] = sums.map(|sum| sum / all.len() as f64);
        let name = "mean";
        let blank = blank(name);
        writeln!(out, "{name}{blank}           {ndcg:>7.4}  {mrr:>7.4}  {ten:>9.4}  {hundred:>10.4}")?;
    }
    Ok(())
}
