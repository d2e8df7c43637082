//! `gm-search keyness A [B]`: the words and quoted terms that the passages matching A use more, and those they use
//! less, than the passages matching B. With `--csv` a row for each word, with `--json`
//! `{"schema":…,"a":{"query":…,"documents":n,"passages":n,"words":n},"b":{…},"shared":n,"over_total":n,"under_total":n,"over":[{"word":…,"quoted":false,"a":n,"b":n,…}],"under":[…]}`;
//! a row of `--csv` and a line of `--jsonl` have `side`, which is `over` or `under`.

use std::io::Write;

use anyhow::Result;
use gm_index::{Key, Keyness, KeynessOptions, Location, RESULTS_SCHEMA, Size};
use serde::Serialize;

use super::{parse_option, parse_query};
use crate::Outcome;
use crate::cli;
use crate::context::Context;
use crate::print::{FAINT, HEADING, as_json, asks_csv, counted, table};
use crate::tame::tame;

#[derive(Serialize)]
struct Compared<'a> {
    schema: &'static str,
    a: Part<'a>,
    b: Part<'a>,
    /// Passages of both.
    shared: u64,
    /// How many words there are, of which the first are told.
    over_total: usize,
    under_total: usize,
    over: &'a [Key],
    under: &'a [Key],
}

/// A line of `--jsonl`, which stands in neither list.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    key: &'a Key,
    side: &'static str,
}

#[derive(Serialize)]
struct Part<'a> {
    query: &'a str,
    #[serde(flatten)]
    size: Size,
}

pub fn run(context: &Context, args: cli::Keyness) -> Result<Outcome> {
    let (_, a) = parse_query(std::slice::from_ref(&args.a), false)?;
    let b = parse_option(args.b.as_ref())?;
    let index = context.open_index()?;
    let options = KeynessOptions { least: args.least, documents: args.documents };
    let Keyness { a, b, shared, mut over, mut under } = index.keyness(&a, b.as_ref(), options)?;
    let rest = format!("NOT ({})", args.a);
    let names = [args.a.as_str(), args.b.as_deref().unwrap_or(&rest)];
    let empty = [a, b].into_iter().zip(names).find(|(size, _)| size.words == 0).map(|(_, name)| name);
    if empty.is_some() {
        over.clear();
        under.clear();
    }
    let [over_total, under_total] = [over.len(), under.len()];
    let is_nothing = over_total + under_total == 0;
    over.truncate(args.limit);
    under.truncate(args.limit);
    let [a, b] = [(a, names[0]), (b, names[1])].map(|(size, query)| Part { query, size });
    let compared =
        Compared { schema: RESULTS_SCHEMA, a, b, shared, over_total, under_total, over: &over, under: &under };
    let mut out = anstream::stdout().lock();
    if !as_json(context, &mut out, &compared, compared.rows())? {
        match (asks_csv(&mut out, &args.csv)?, empty) {
            (true, _) => csv(&mut out, &compared)?,
            (false, None) => print(&mut out, &compared)?,
            (false, Some(name)) => {
                writeln!(out, "no passage matches `{}`, so there is nothing to compare", tame(name))?;
                context.say("see which years, places and parts there are with `gm-search count 的 --by place,year`");
            }
        }
    }
    out.flush()?;
    if shared > 0 {
        let passages = counted(shared, "passage");
        context.say(format_args!("A and B share {passages}, but G2 takes them for different text"));
    }
    if over.len() < over_total || under.len() < under_total {
        context.say(format_args!(
            "{} of {over_total} more in A, {} of {under_total} less in A; --limit shows more",
            over.len(),
            under.len()
        ));
    }
    Ok(if is_nothing { Outcome::NothingFound } else { Outcome::Done })
}

impl<'a> Compared<'a> {
    /// The words of both lists, with the name of the list.
    fn rows(&self) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let of = |side, keys: &'a [Key]| keys.iter().map(move |key| Row { key, side });
        of("over", self.over).chain(of("under", self.under))
    }
}

fn example(key: &Key) -> String {
    key.example.as_ref().map_or(String::new(), Location::to_string)
}

fn csv(out: &mut impl Write, compared: &Compared<'_>) -> Result<()> {
    let mut writer = crate::print::csv(
        out,
        "word quoted a b words_a words_b documents_a documents_b log_likelihood log_ratio example side",
    )?;
    for Row { key, side } in compared.rows() {
        let counts = [key.a, key.b, compared.a.size.words, compared.b.size.words, key.documents_a, key.documents_b];
        let mut row = vec![key.word.clone(), key.quoted.to_string()];
        row.extend(counts.map(|count| count.to_string()));
        row.extend([key.log_likelihood, key.log_ratio].map(|figure| format!("{figure:.4}")));
        row.extend([example(key), side.to_string()]);
        writer.write_record(&row)?;
    }
    writer.flush()?;
    Ok(())
}

fn print(out: &mut impl Write, compared: &Compared<'_>) -> Result<()> {
    for (letter, Part { query, size }) in [("A", &compared.a), ("B", &compared.b)] {
        writeln!(
            out,
            "{letter}  {HEADING}{}{HEADING:#}  {} in {}, {}",
            tame(query),
            counted(size.words, "word"),
            counted(size.passages, "passage"),
            counted(size.documents, "document")
        )?;
    }
    for (what, keys) in [("more in A", compared.over), ("less in A", compared.under)] {
        writeln!(out, "\n{HEADING}{what}{HEADING:#}")?;
        if keys.is_empty() {
            writeln!(out, "  {FAINT}nothing{FAINT:#}")?;
            continue;
        }
        let head = ["word", "example", "in A", "in B", "documents", "G2", "log-ratio"];
        let mut rows = vec![head.map(String::from).to_vec()];
        for key in keys {
            let word = if key.quoted { format!("“{}”", tame(&key.word)) } else { tame(&key.word) };
            let documents = format!("{} : {}", key.documents_a, key.documents_b);
            let (surety, ratio) = (format!("{:.1}", key.log_likelihood), format!("{:+.2}", key.log_ratio));
            rows.push(vec![word, tame(&example(key)), key.a.to_string(), key.b.to_string(), documents, surety, ratio]);
        }
        table(out, &rows, 2)?;
    }
    Ok(())
}
