//! What can be asked and what is answered, as plain types and functions over an index: no HTTP in here. The page, the API
//! and `mcp` share it. A question's type is its parameters, an answer's type its JSON, so that /openapi.json is made of them.

use std::ops::Range;
use std::path::Path;

use gm_index::{
    Citation, Concordance, Copies, CopyOptions, Counts, Dimension, Document, Error, Facets, Index, Options, Query,
    RESULTS_SCHEMA, Results, Suggestion, Synonyms, Terms, alike, copies_in, fold, place_chain,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::answer::count::each_once;
use crate::answer::kwic::order;
use crate::answer::outline::Outlined;
use crate::answer::show::{self, Shown};
use crate::answer::similar;
use crate::answer::trend::{self, Trends};
use crate::cli::{KwicSort, Per, Sort};
use crate::extract::{self, FORMATS, Reader};
use crate::terms::apart;

/// Most hits, rows or suggestions of one answer.
pub const MOST: usize = 200;

/// Hits further behind are not given: who wants them all wants the command line.
const DEEPEST: usize = 10_000;

/// Most characters of a query.
pub const LONGEST_QUERY: usize = 4_000;

/// Most characters of context on either side.
const WIDEST: usize = 200;

/// Most queries of one trend.
const MOST_QUERIES: usize = 8;

/// Rows of a concordance further behind are not given either.
const FARTHEST: usize = 1_000_000;

/// Most rows that are put in another order than by document: all of them are held for it.
const MOST_SORTED: usize = 100_000;

/// What a number is that nobody gave.
fn number<const N: usize>() -> usize {
    N
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchParams {
    /// The query, filters and all: `典型村 year:2020..2025 place:遂溪`. Filters alone are answered with a hit a document, while
    /// `total.passages` counts all its passages.
    #[schemars(regex(pattern = r"\S"), length(max = 4000))]
    pub q: String,
    /// How many hits to give, up to 200.
    #[serde(default = "number::<10>")]
    #[schemars(range(min = 0, max = 200))]
    pub limit: usize,
    /// How many hits to leave out first.
    #[serde(default)]
    #[schemars(range(min = 0, max = 10000))]
    pub offset: usize,
    /// The order of the hits.
    #[serde(default)]
    pub sort: Sort,
    /// Show passages with some of the words too, below the others.
    #[serde(default)]
    pub weaker: bool,
    /// Say how the score of each hit came about.
    #[serde(default)]
    pub explain: bool,
    /// How many hits of one document may stand before those of others; 0 means any number.
    #[serde(default = "number::<3>")]
    #[schemars(range(min = 0, max = 200))]
    pub per_document: usize,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryParams {
    /// The query, filters and all.
    #[schemars(regex(pattern = r"\S"), length(max = 4000))]
    pub q: String,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountParams {
    /// The query, filters and all. It has no name: `a=典型村` is text here, which the command line takes for a query called `a`.
    #[schemars(regex(pattern = r"\S"), length(max = 4000))]
    pub q: String,
    /// What to tell apart by, joined with commas: province, place, year, level, part, document.
    #[serde(default)]
    #[schemars(regex(pattern = listed_dimensions()))]
    pub by: String,
}

/// Names of dimensions, joined with commas.
fn listed_dimensions() -> String {
    let names = Dimension::ALL.map(Dimension::name).join("|");
    format!("^(({names})(,({names}))*)?$")
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KwicParams {
    /// The query, filters and all.
    #[schemars(regex(pattern = r"\S"), length(max = 4000))]
    pub q: String,
    /// Characters of context on either side, up to 200.
    #[serde(default = "number::<20>")]
    #[schemars(range(min = 0, max = 200))]
    pub width: usize,
    /// The order of the rows: newest document first, or another, if they are not more than 100,000.
    #[serde(default)]
    pub sort: KwicSort,
    /// How many rows to give, up to 200.
    #[serde(default = "number::<50>")]
    #[schemars(range(min = 0, max = 200))]
    pub limit: usize,
    /// How many rows to leave out first.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000000))]
    pub offset: usize,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendParams {
    /// The query; several are joined with commas, up to 8. A comma in quotes or in an expression joins nothing. They have no
    /// names: `a=典型村` is text here, which the command line takes for a query called `a`.
    #[schemars(regex(pattern = r"\S"))]
    pub q: String,
    /// A query: only passages that match it are looked at, for the sizes of the years too.
    #[schemars(length(max = 4000))]
    pub within: Option<String>,
    /// What the value of a year is in proportion to; without it, to nothing.
    pub per: Option<Per>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CiteParams {
    /// The quotation.
    #[schemars(regex(pattern = r"\S"), length(max = 4000))]
    pub quote: String,
    /// How many places to give, up to 200; with 0 only whether it stands there.
    #[serde(default = "number::<5>")]
    #[schemars(range(min = 0, max = 200))]
    pub limit: usize,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestParams {
    /// What has been typed: the beginning of a term, or its pinyin or their initials.
    pub q: String,
    /// How many to give, up to 20.
    #[serde(default = "number::<8>")]
    #[schemars(range(min = 0, max = 20))]
    pub limit: usize,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassageParams {
    /// How many passages to give before and after it, up to 200.
    #[serde(default)]
    #[schemars(range(min = 0, max = 200))]
    pub context: usize,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadParams {
    /// The name of the file; its ending says the format: 某镇_2025.docx.
    #[schemars(length(min = 1))]
    pub name: String,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DupParams {
    /// The name of the file; its ending says the format: 某镇_2025.docx.
    #[schemars(length(min = 1))]
    pub name: String,
    /// The draft's own place, by its name or from the province down: 湖南省 益阳市 安化县. By default as its title block says.
    #[serde(default)]
    pub place: String,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimilarParams {
    /// The name of the file; its ending says the format: 某镇_2025.docx.
    #[schemars(length(min = 1))]
    pub name: String,
    /// How many passages, up to 200.
    #[serde(default = "number::<10>")]
    #[schemars(range(min = 0, max = 200))]
    pub limit: usize,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// Occurrences in their context.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Kwic {
    pub schema: &'static str,
    pub query: String,
    /// How many rows there are in all.
    pub total: usize,
    pub rows: Vec<Concordance>,
}

/// What may be meant.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Suggestions {
    pub schema: &'static str,
    pub query: String,
    pub suggestions: Vec<Suggestion>,
}

/// Reads a query within its bounds.
pub fn parse(text: &str) -> Result<Query, Problem> {
    if text.chars().nth(LONGEST_QUERY).is_some() {
        return Err(Problem::wrong(format!("the query has more than {LONGEST_QUERY} characters")).with_query(text));
    }
    text.parse().map_err(|error: Error| Problem::from(error).with_query(text))
}

/// The queries that commas join.
pub fn listed(text: &str) -> Vec<&str> {
    apart(text, &[',', '，']).into_iter().map(str::trim).filter(|query| !query.is_empty()).collect()
}

/// A number that was given, unless it is larger than `most`.
pub fn bounded(name: &str, value: usize, most: usize) -> Result<usize, Problem> {
    match value <= most {
        true => Ok(value),
        false => Err(Problem::wrong(format!("`{name}` is {value}, and {most} at most"))),
    }
}

pub fn search(index: &Index, synonyms: &Synonyms, asked: &SearchParams) -> Result<Results, Problem> {
    let query = parse(&asked.q)?;
    let options = Options {
        limit: bounded("limit", asked.limit, MOST)?,
        offset: bounded("offset", asked.offset, DEEPEST)?,
        sort: asked.sort.into(),
        synonyms: synonyms.clone(),
        weaker: asked.weaker,
        per_document: Some(bounded("per_document", asked.per_document, MOST)?).filter(|&count| count > 0),
        explain: asked.explain,
        ..Options::default()
    };
    Ok(Results { query: asked.q.clone(), ..index.search(&query, options)? })
}

pub fn count(index: &Index, asked: &CountParams) -> Result<Counts, Problem> {
    let query = parse(&asked.q)?;
    let names: Vec<&str> = if asked.by.is_empty() { Vec::new() } else { asked.by.split(',').collect() };
    let by: Vec<Dimension> = names
        .into_iter()
        .map(|name| {
            Dimension::named(name).ok_or_else(|| {
                let names = Dimension::ALL.map(Dimension::name).join(",");
                Problem::wrong(format!("`{name}` is nothing to count by"))
                    .with_hint(format!("join some of these with commas: {names}"))
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Counts { query: asked.q.clone(), ..index.count(&query, &each_once(by))? })
}

pub fn kwic(index: &Index, asked: &KwicParams) -> Result<Kwic, Problem> {
    let query = parse(&asked.q)?;
    let width = bounded("width", asked.width, WIDEST)?;
    let limit = bounded("limit", asked.limit, MOST)?;
    let offset = bounded("offset", asked.offset, FARTHEST)?;
    let (rows, total) = rows(index, &query, width, asked.sort, offset, limit)?;
    Ok(Kwic { schema: RESULTS_SCHEMA, query: asked.q.clone(), total, rows })
}

/// The occurrences of a query in an order, `limit` of them from `skip` on, and how many there are in all.
pub fn rows(
    index: &Index,
    query: &Query,
    width: usize,
    sort: KwicSort,
    skip: usize,
    limit: usize,
) -> Result<(Vec<Concordance>, usize), Problem> {
    if sort == KwicSort::Document {
        return Ok(index.concordance_from(query, width, skip, limit)?);
    }
    let count = index.count(query, &[])?.occurrences;
    if count > MOST_SORTED as u64 {
        return Err(Problem::wrong(format!("{count} rows cannot be put in this order, {MOST_SORTED} at most"))
            .with_hint("narrow the query, or sort by document"));
    }
    let (mut rows, total) = index.concordance_from(query, width, 0, usize::MAX)?;
    order(&mut rows, sort);
    Ok((rows.into_iter().skip(skip).take(limit).collect(), total))
}

pub fn trend(index: &Index, asked: &TrendParams) -> Result<Trends, Problem> {
    let texts = listed(&asked.q);
    let texts = if texts.is_empty() { vec![asked.q.as_str()] } else { texts };
    let within = asked.within.as_deref().map(parse).transpose()?;
    if let [text] = texts[..]
        && let Some(fault) = trend::without_text(&parse(text)?, text)
    {
        return Err(Problem::wrong(fault).with_hint("give words in `q`, and the filter in `within`"));
    }
    trends(index, &texts, asked.within.clone(), within, asked.per)
}

/// The trends of queries, each under its own text.
pub fn trends(
    index: &Index,
    texts: &[&str],
    within_text: Option<String>,
    within: Option<Query>,
    per: Option<Per>,
) -> Result<Trends, Problem> {
    if texts.len() > MOST_QUERIES {
        return Err(Problem::wrong(format!("`q` has {} queries, and {MOST_QUERIES} at most", texts.len())));
    }
    let terms = |text: &&str| Ok::<_, Problem>(Terms { name: text.to_string(), query: parse(text)? });
    let terms: Vec<Terms> = texts.iter().map(terms).collect::<Result<_, _>>()?;
    let texts = texts.iter().map(|text| text.to_string()).collect();
    Ok(trend::trends(index, &terms, texts, within_text, within, per)?)
}

pub fn facets(index: &Index, synonyms: &Synonyms, asked: &QueryParams) -> Result<Facets, Problem> {
    Ok(Facets { query: asked.q.clone(), ..index.facets(&parse(&asked.q)?, synonyms)? })
}

pub fn suggest(index: &Index, asked: &SuggestParams) -> Result<Suggestions, Problem> {
    let limit = bounded("limit", asked.limit, 20)?;
    let suggestions = index.complete(asked.q.trim(), limit)?;
    Ok(Suggestions { schema: RESULTS_SCHEMA, query: asked.q.clone(), suggestions })
}

/// Where a quotation stands, or what comes near it.
pub fn cite(index: &Index, asked: &CiteParams) -> Result<Citation, Problem> {
    if asked.quote.chars().nth(LONGEST_QUERY).is_some() {
        let why = format!("the quotation has more than {LONGEST_QUERY} characters");
        return Err(Problem::wrong(why).with_hint("cite its parts one by one"));
    }
    if fold(&asked.quote).text.is_empty() {
        return Err(Problem::wrong("the quotation is empty").with_hint("give the words that are quoted"));
    }
    Ok(gm_index::cite(index, &asked.quote, bounded("limit", asked.limit, MOST)?)?)
}

/// The document and passage that `id` names.
pub fn find(index: &Index, id: &str) -> Result<(Document, Option<Range<usize>>), Problem> {
    show::find(index, id)?.ok_or_else(|| {
        Problem::absent(format!("there is no document or passage `{id}` in the index"))
            .with_hint("ids are those of the hits of a search")
    })
}

pub fn document(index: &Index, id: &str) -> Result<Shown, Problem> {
    let (document, _) = find(index, id)?;
    Ok(show::shown(document, None, 0))
}

pub fn passage(index: &Index, id: &str, asked: &PassageParams) -> Result<Shown, Problem> {
    let context = bounded("context", asked.context, MOST)?;
    match find(index, id)? {
        (document, Some(target)) => Ok(show::shown(document, Some(target), context)),
        _ => Err(Problem::absent(format!("`{id}` is a document and no passage of one"))
            .with_hint("a passage is named by its document, `#` and its number, or by source:line")),
    }
}

pub fn outline(index: &Index, id: &str) -> Result<Outlined, Problem> {
    let (document, _) = find(index, id)?;
    Ok(Outlined::of(document))
}

const PDF: &str = "PDF";

/// The endings of the files that can be sent.
fn endings() -> Vec<String> {
    let read = FORMATS.iter().filter(|format| matches!(format.reader, Reader::One(_)) && format.name != PDF);
    read.flat_map(|format| format.extensions).map(|ending| format!(".{ending}")).collect()
}

/// A file that was sent, as a document.
pub fn sent(name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    let path = Path::new(name);
    // what reading a PDF takes is not bounded by its size
    let unknown = |error| Problem::from(error).with_hint(format!("what can be sent: {}", endings().join(" ")));
    if extract::known_format(path).map_err(unknown)?.of_content(bytes).name == PDF {
        return Err(Problem::wrong("a PDF is not read here").with_hint("send its text, or a .docx"));
    }
    let text = extract::read_bytes(path, bytes)?.text;
    if text.trim().is_empty() {
        return Err(Problem::wrong(format!("`{name}` holds no text")).with_hint("send a document with text"));
    }
    Ok(Document::from_text(name, text))
}

/// What a draft has in common with the documents of the index. `place` is its own, if it is not to be read off it.
pub fn copied(index: &Index, mut draft: Document, place: &str) -> Result<Copies, Problem> {
    let place = place.trim();
    if !place.is_empty() {
        draft.meta.place = place_chain(place).ok_or_else(|| {
            Problem::wrong(format!("no single place goes by `{place}`"))
                .with_hint("give its chain from the province down: 湖南省 益阳市 安化县")
        })?;
    }
    // whatever it is called, it is none of the index
    draft.id.clear();
    Ok(copies_in(&draft, index, CopyOptions::default())?)
}

/// The passages most like the beginning of a draft.
pub fn alike_to(index: &Index, draft: Document, limit: usize) -> Result<Results, Problem> {
    Ok(alike(index, similar::beginning(&draft.text), &[], bounded("limit", limit, MOST)?)?)
}
