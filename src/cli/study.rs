//! The commands for those who study reports: counts and contexts, figures over years and places, words, targets, and texts set
//! beside each other.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use gm_index::Dimension;
use schemars::JsonSchema;
use serde::Deserialize;

/// Count how often queries stand in the text, in all or by group.
///
/// Exact: every occurrence is counted, overlapping ones of one term too; terms joined by | share a place of the text only
/// once. NAME=QUERY counts a query under a name. With --by, chars and words are of all text of a row, whatever filters the query
/// has (those of trend are of what these let pass): chars those of folded
/// text, which has no blanks, quotes, brackets and, except between digits, 、 but keeps ，。；：！？; words as jieba's dictionary and words.txt cut them,
/// without those inside longer ones.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search count 典型村 港长制 --by part\n  gm-search count '数字经济=数字经济|大数据|云计算' --by place,year --csv"
)]
pub struct Count {
    /// What to count.
    pub queries: Vec<String>,
    /// Count the queries in this file too, one a line; lines with # are left out.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Tell apart by these of the document, and by part: what the passage does (回顾 问题 要求 目标 任务 自身建设 名词解释 套语).
    #[arg(long, value_delimiter = ',', value_parser = dimension())]
    pub by: Vec<Dimension>,
    #[command(flatten)]
    pub csv: Csv,
    /// Look for the queries strictly as they are typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
}

/// How the rows of a table are printed.
#[derive(Debug, Args)]
pub struct Csv {
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// Begin them with a byte order mark, by which Excel knows UTF-8.
    #[arg(long, requires = "csv")]
    pub bom: bool,
}

/// The dimensions by their names.
fn dimension() -> impl TypedValueParser<Value = Dimension> {
    PossibleValuesParser::new(Dimension::ALL.map(Dimension::name))
        .try_map(|name| Dimension::named(&name).ok_or("there is no such dimension"))
}

/// Show every occurrence in its context, aligned.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search kwic 营商环境 --width 20 --sort right")]
pub struct Kwic {
    /// What to look for; several words are joined with blanks.
    #[arg(required = true)]
    pub query: Vec<String>,
    /// Characters of context on either side.
    #[arg(long, default_value_t = 20)]
    pub width: usize,
    /// The order of the lines.
    #[arg(long, value_name = "ORDER", default_value = "document")]
    pub sort: KwicSort,
    /// Set apart by these, as `count` has them, each group under its own heading.
    #[arg(long, value_delimiter = ',', value_parser = dimension())]
    pub by: Vec<Dimension>,
    /// How many lines to show.
    #[arg(short = 'n', long)]
    pub limit: Option<usize>,
    #[command(flatten)]
    pub csv: Csv,
    /// Look for the query strictly as it is typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KwicSort {
    /// The newest document first, then as in the document.
    #[default]
    Document,
    /// By what stands before.
    Left,
    /// By what stands behind.
    Right,
    /// By place.
    Place,
    /// By year, the oldest first.
    Year,
}

/// Show how often queries stand in the reports of each year, and where first and last.
///
/// The year is the report's own: the one its title states, else the one it plans or was given in, not the year it looks
/// back on. A year whose reports hold none counts as 0; a year without any report has no figure: it stays blank and
/// breaks the line of a picture. Panels are uneven, so --within keeps to some reports and --per puts the figures in
/// proportion, for a query with filters, such as 广东=place:广东 数字经济, to the text or documents that these let pass.
/// NAME=QUERY shows a query under a name. Beside --csv, what is to be known of the figures stands on standard error.
/// Pictures are SVG, which browsers, Word and WPS open and whose text is shown in the viewer's own Chinese font, or PNG of
/// 1920 by 960 pixels, drawn with a Chinese font of this system.
/// Characters, for --per 10k and in the column chars, are those of folded text: without blanks, quotes, brackets and,
/// except between digits, 、 but with ，。；：！？.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search trend 典型村 港长制\n  gm-search trend '绿色=绿色|低碳|生态' 安全 --within level:镇 --per 10k --plot trend.svg"
)]
pub struct Trend {
    /// What to count; terms joined by | share a place of the text only once.
    #[arg(required = true)]
    pub queries: Vec<String>,
    /// What goes along the axis.
    #[arg(long, value_name = "AXIS", default_value = "year")]
    pub by: Axis,
    /// Look only at passages that match this, such as level:全国 or part:任务. Reports without any such passage still count as
    /// documents of their year, unless their place, level and so on do not match.
    #[arg(long, value_name = "QUERY")]
    pub within: Option<String>,
    /// Show figures in proportion to this; by default occurrences as they are.
    #[arg(long, value_name = "UNIT")]
    pub per: Option<Per>,
    /// Draw the lines into this file; its name ends in .svg or .png.
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    #[command(flatten)]
    pub csv: Csv,
    /// Look for the queries strictly as they are typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Axis {
    /// The year of the report.
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, JsonSchema)]
pub enum Per {
    /// The documents of the year.
    #[serde(rename = "document")]
    Document,
    /// Ten thousand characters of the year's text.
    #[value(name = "10k")]
    #[serde(rename = "10k")]
    TenThousand,
}

/// Count groups of terms by place and year, with what makes the counts comparable.
///
/// A line of the term file is a group: NAME: TERM | TERM. A term is a phrase, kept whole; '…' is strictly as typed, /…/
/// a regular expression. Lines that begin with # and empty ones are left out. Each group has a row for every place and
/// year (or whatever --by says) that has text, with 0 where it does not stand. Columns: occurrences; passages with one;
/// chars and words of all the text of the row, chars those of folded text, without blanks, quotes, brackets
/// and, except between digits, 、; words as the index cuts them, without those inside longer ones; documents; term_chars, the characters of the
/// occurrences; share_chars = term_chars / chars and share_words = occurrences / words: above 1 where terms are shorter than words
/// or count where they overlap; first, the place of the first occurrence as show takes it, in the oldest document: one whose age is
/// not known counts as that. Terms that stand nowhere are named on standard error.
///
/// A panel names what it was made from: a BLAKE3 hash of the documents with what is stated about them, and one of the term
/// file. The same hashes mean the same figures. They stand under the table, in --json, on standard error with --csv, and with
/// --header in a first line that begins with #. pandas then reads the file by read_csv(FILE, skiprows=1), R by read.csv(FILE,
/// skip=1), Stata by import delimited FILE, varnames(2); without --header all take it as it is. --bom tells Excel that the file
/// is UTF-8.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  printf '乡村: 典型村 | 乡村振兴 | 和美乡村\\n治理: 港长制 | 河长制\\n' > terms.txt\n  gm-search panel --terms terms.txt --by place,year,part --csv > panel.csv"
)]
pub struct Panel {
    /// The file of the groups.
    #[arg(long, value_name = "FILE")]
    pub terms: PathBuf,
    /// What rows are told apart by, beside the group; see `count`.
    #[arg(long, value_delimiter = ',', default_value = "place,year", value_parser = dimension())]
    pub by: Vec<Dimension>,
    /// Look only at passages that match this, for chars and words too.
    #[arg(long, value_name = "QUERY")]
    pub within: Option<String>,
    /// Which terms count where several share characters, as 经济 stands inside 数字经济.
    #[arg(long, value_name = "RULE", default_value = "once")]
    pub overlaps: Overlaps,
    /// How many rows of a group the table shows.
    #[arg(short = 'n', long, default_value_t = 10)]
    pub limit: usize,
    #[command(flatten)]
    pub csv: Csv,
    /// Begin with a line # that holds the hashes.
    #[arg(long, requires = "csv")]
    pub header: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Overlaps {
    /// In each group the first and longest, whatever other groups hold.
    Once,
    /// In all groups together the first and longest; of equals that of the group that comes first.
    Longest,
    /// Every term, wherever it stands.
    All,
}

/// Show which words and quoted terms one part of the text uses more or less than another.
///
/// A part is what a query matches, such as year:2025, place:湛江 or part:任务; without B, A is compared with all the rest.
/// Words are those of jieba's dictionary; numbers are left out; terms in “…” are counted where they are quoted. G2 is
/// the log-likelihood (Dunning 1993, in the form of Rayson and Garside 2000), how sure a difference is: above 6.63 by
/// chance for one word in 100, above 15.13 for one in 10,000. The log-ratio (Hardie 2014) is how large it is: 1 is
/// twice as often in A, -1 half as often; a word that one part has not at all is taken as half a time there, but never as more
/// than its share in the other. Look at the number of documents too: a word that one of thirty uses tells of
/// that one.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search keyness part:回顾 part:任务\n  gm-search keyness year:2025 year:2024 --documents 2 --csv"
)]
pub struct Keyness {
    /// What the one part matches.
    pub a: String,
    /// What the other matches; all the rest if it is not given.
    pub b: Option<String>,
    /// Leave out words that stand less often than this in both together.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub least: u64,
    /// Leave out words that stand in fewer documents of the part that uses them more.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub documents: u64,
    /// How many words to show on either side.
    #[arg(short = 'n', long, default_value_t = 20)]
    pub limit: usize,
    #[command(flatten)]
    pub csv: Csv,
}

/// Show which words stand near a query more often than elsewhere.
///
/// Words are those of jieba's dictionary; a window does not reach beyond its passage. G2 is the log-likelihood (Dunning 1993, in
/// the form of Rayson and Garside 2000) of the word's share near against its share elsewhere, how sure the bond is. logDice
/// (Rychlý 2008) is how typical the pair is, whatever the size of the corpus: at most 14, and 1 less is half as typical.
/// Elsewhere is what --within and the query's own filters let pass.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search collocates 产业\n  gm-search collocates '营商环境' --chars 20 --within part:任务 --sort dice"
)]
pub struct Collocates {
    /// What to look near.
    #[arg(required = true)]
    pub query: Vec<String>,
    /// How many words to the left and to the right are near.
    #[arg(long, value_name = "N", default_value_t = 5, conflicts_with = "chars")]
    pub window: usize,
    /// How many characters to the left and to the right are near, in place of words.
    #[arg(long, value_name = "N")]
    pub chars: Option<usize>,
    /// Look only at passages that match this, for the shares elsewhere too.
    #[arg(long, value_name = "QUERY")]
    pub within: Option<String>,
    /// Leave out words that stand near less often than this.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub least: u64,
    /// The order of the words.
    #[arg(long, value_name = "MEASURE", default_value = "g2")]
    pub sort: Bond,
    /// How many words to show.
    #[arg(short = 'n', long, default_value_t = 20)]
    pub limit: usize,
    #[command(flatten)]
    pub csv: Csv,
    /// Look for the query strictly as it is typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bond {
    /// The surest first.
    G2,
    /// The most typical first.
    Dice,
    /// The most frequent near the query first.
    Near,
}

/// List terms that the dictionary does not know, as lines for words.txt.
///
/// First what is quoted in “…” at least --quoted times; then words of the dictionary that stand together at least --least
/// times, tell of each other (pointwise mutual information of the weakest split, Church and Hanks 1990) and have free
/// neighbours on both sides (branching entropy, Jin and Tanaka-Ishii 2006). These and the column occurrences count where text is cut
/// at both ends of the term: `count` finds more. A line begins with the term; build reads no
/// further, what follows says why it is there. Take out what you do not want, save the rest as words.txt beside the index and
/// build again: then these words are not cut apart.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search newwords --limit 10\n  gm-search newwords --quoted 3 --limit 200 > words.txt"
)]
pub struct Newwords {
    /// Read only passages that match this.
    #[arg(long, value_name = "QUERY")]
    pub within: Option<String>,
    /// How often a term must be quoted.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub quoted: u64,
    /// How often a term that is not quoted must stand.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub least: u64,
    /// Bits that the parts of a term that is not quoted tell of each other; 0 is chance.
    #[arg(long, value_name = "BITS", default_value_t = 6.0, value_parser = super::finite::<f64>)]
    pub information: f64,
    /// Bits of choice on both its sides; 0 is always the same neighbour.
    #[arg(long, value_name = "BITS", default_value_t = 1.5, value_parser = super::finite::<f64>)]
    pub entropy: f64,
    /// How many terms to show.
    #[arg(short = 'n', long, default_value_t = 50)]
    pub limit: usize,
    #[command(flatten)]
    pub csv: Csv,
}

/// Show what reports promise and what they say was done: a row a figure, with its line.
///
/// The indicators are those of a list that --indicators adds to (its form is at the head of index/data/indicators.txt);
/// --any takes every named thing with a number and a unit. A headline indicator that the sentence with the targets leaves out
/// is told as absent; where no such sentence was found, nothing can be said.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search targets corpus/港门镇政府工作报告_2025.txt\n  gm-search targets --role target --indicator GDP --csv\n  gm-search targets place:广东 year:2020..2025 --compare"
)]
pub struct Targets {
    /// Files, documents of the index, or filters such as place:广东; by default all of the index.
    pub what: Vec<String>,
    /// Only targets, or only results.
    #[arg(long)]
    pub role: Option<Told>,
    /// Only this indicator, by any of its names; may be given several times.
    #[arg(short = 'i', long, value_name = "NAME")]
    pub indicator: Vec<String>,
    /// Only figures of this year.
    #[arg(long)]
    pub year: Option<u16>,
    /// Set each target beside what the next report of the place says was done.
    #[arg(long, conflicts_with = "role")]
    pub compare: bool,
    /// Take any named thing before a number with a unit.
    #[arg(long)]
    pub any: bool,
    /// More indicators, lines such as 茶叶产量: 总量; 吨 斤; 茶叶总产量; by default indicators.txt beside the index.
    #[arg(long, value_name = "FILE")]
    pub indicators: Option<PathBuf>,
    #[command(flatten)]
    pub csv: Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Told {
    /// What shall be reached.
    #[value(alias = "目标")]
    Target,
    /// What is said to have been reached.
    #[value(alias = "完成")]
    Done,
}

/// Show what a draft has in common with other documents, word for word.
///
/// Every run of --min characters or more counts, folded. Runs with no more than 12 characters between them are shown as one span:
/// what differs there is marked [-…-] for the draft and {+…+} for the other and told by `pieces` in --json; --csv gives the
/// other's text. Characters are counted in equal runs alone. Formulas (套话), runs that stand in many reports of the index, are
/// counted apart. Names of places that the draft is not of are listed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search dup corpus/港门镇政府工作报告_2025.txt --within\n  gm-search dup draft.docx\n  gm-search dup draft.docx other.docx --csv"
)]
pub struct Dup {
    /// The draft: a file, or a document of the index.
    #[arg(value_name = "DRAFT")]
    pub draft: String,
    /// One other document to compare with; by default all of the index.
    #[arg(value_name = "OTHER", conflicts_with = "within")]
    pub other: Option<String>,
    /// Compare with all documents of the index, which is the default.
    #[arg(long, conflicts_with_all = ["other", "within"])]
    pub corpus: bool,
    /// Show what stands in the draft itself more than once.
    #[arg(long)]
    pub within: bool,
    /// The shortest run that counts, in characters. Where runs overlap, what the longer ones leave of a shorter one is told
    /// alone, in fewer.
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub min: usize,
    /// How many documents to show, those with the most in common first.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5)]
    pub documents: usize,
    /// The draft's own place, by its name or from the province down: --place 湖南省,益阳市,安化县.
    #[arg(long)]
    pub place: Option<String>,
    /// Show every span, formulas too.
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub csv: Csv,
}

/// Check a quotation: does it stand in the documents word for word, nearly, or not?
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search cite 压实“港长制”“河长制”“林长制”\n  gm-search cite 压实“港长制”“河长制”“林长制” --format gb7714"
)]
pub struct Cite {
    /// The quotation.
    #[arg(required = true)]
    pub quote: Vec<String>,
    /// How many places to show.
    #[arg(short = 'n', long, default_value_t = 5)]
    pub limit: usize,
    /// Print references alone.
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["json", "jsonl"])]
    pub format: Option<Reference>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Reference {
    /// 《…》（date），heading，line.
    Text,
    /// GB/T 7714-2015.
    Gb7714,
    /// A BibTeX entry.
    Bibtex,
}

/// Set two reports side by side: figures, terms, and sentences new, gone and reworded.
///
/// --csv has the sentences, with old_text for what a reworded one was, under their heading in the later report, those that are gone
/// under that in the earlier one; and as rows of the kind heading the headings that are new (with no old_text), gone (with no text)
/// or another. Figures and terms are in --json.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search diff 全国_2024.txt 全国_2025.txt")]
pub struct Diff {
    /// The earlier report: a file, or a document of the index.
    pub old: String,
    /// The later one.
    pub new: String,
    /// Show every new and every gone sentence.
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub csv: Csv,
}

/// Find passages like one.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search similar '港门镇政府工作报告_2025.txt:31' --limit 3")]
pub struct Similar {
    /// The id of a passage, source:line, or a file.
    pub id: String,
    /// How many passages to show, 200 at most.
    #[arg(short = 'n', long, default_value_t = 10)]
    pub limit: usize,
}
