//! The command line: types for clap and nothing else. What a command does is said in its file under `cmd/`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Full-text search for what Chinese governments say in public: exact, ranked, structured.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Example: gm-search query 典型村\n\nExit codes: 0 found or done, 1 nothing found, 2 something failed or some file could not be read."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Where the index is: by default the nearest .gm-search/ upwards from here.
    #[arg(long, global = true, value_name = "DIR", env = "GM_SEARCH_INDEX", hide_env_values = true)]
    pub index: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long, global = true, conflicts_with = "jsonl")]
    pub json: bool,
    /// Print one JSON object a line: a hit, a passage, a row.
    #[arg(long, global = true)]
    pub jsonl: bool,
    /// When to colour the output.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Say nothing but results and errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more about what is being done.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Makes the choice hold for everything that is printed.
    pub fn apply(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Build(Build),
    Query(Query),
    Count(Count),
    Kwic(Kwic),
    Trend(Trend),
    Panel(Panel),
    Keyness(Keyness),
    Collocates(Collocates),
    Newwords(Newwords),
    Show(Show),
    Outline(Outline),
    Targets(Targets),
    Dup(Dup),
    Cite(Cite),
    Diff(Diff),
    Similar(Similar),
    Status(Status),
    Verify(Verify),
    Remove(Remove),
    Eval(Eval),
    Serve(Serve),
    Mcp(Mcp),
    Completions(Completions),
    Man(Man),
}

/// Read files and folders into the index, or update it.
///
/// Unchanged files are skipped, changed ones replaced, and documents whose file has gone from the given folders are
/// removed. One bad file stops nothing: it is named, and the exit code is 2.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search build reports/ 港门镇_2025.txt")]
pub struct Build {
    /// Files and folders to read.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The place of all these documents, from the province down: --place 广东省,湛江市.
    #[arg(long, value_delimiter = ',')]
    pub place: Vec<String>,
    /// The year of all these documents.
    #[arg(long)]
    pub year: Option<u16>,
    /// The kind of all these documents.
    #[arg(long)]
    pub kind: Option<String>,
    /// Words that must not be cut apart, one a line; by default words.txt beside the index. They change ranks, never what
    /// can be found.
    #[arg(long, value_name = "FILE")]
    pub words: Option<PathBuf>,
}

/// Find passages, the best first.
///
/// Blanks mean AND; OR, | and 或 mean OR; -x, NOT x and 非 x exclude; ( ) group; "…" “…” 「…」 keep a phrase whole; '…' is
/// strictly as typed; a NEAR/10 b wants both within 10 characters; /…/ is a regular expression; 句:(a b) and 段:(a b) want
/// all in one sentence or paragraph. Filters: place: level: year: date: part: heading: kind: title: speaker: session:
/// file:, and 地区: 级别: 年份: 日期: 部分: 文种: 标题:, with ranges such as year:2020..2025.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search query 港长制 林长制 --limit 3\n  gm-search query '部分:任务 (番薯 OR 瑶柱) -招商'\n  gm-search query '典型村 NEAR/20 红黑榜'"
)]
pub struct Query {
    /// What to look for; several words are joined with blanks.
    #[arg(required = true)]
    pub query: Vec<String>,
    /// Look for the query strictly as it is typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
    /// How many hits to show.
    #[arg(short = 'n', long, default_value_t = 10)]
    pub limit: usize,
    /// How many hits to leave out first.
    #[arg(long, default_value_t = 0)]
    pub offset: usize,
    /// The order of the hits.
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    pub sort: Sort,
    /// More synonyms, lines such as GDP=地区生产总值; by default synonyms.txt beside the index.
    #[arg(long, value_name = "FILE")]
    pub synonyms: Option<PathBuf>,
    /// Do not look for other names of what stands nowhere.
    #[arg(long, conflicts_with = "synonyms")]
    pub no_synonyms: bool,
    /// How many hits of one document may stand before those of others; 0 means any number.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub per_document: usize,
    /// Show passages with some of the words too, below those that hold the query as it was typed.
    #[arg(long)]
    pub weaker: bool,
    /// Say how the score of each hit came about.
    #[arg(long)]
    pub explain: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Sort {
    /// The best first.
    Relevance,
    /// The newest document first.
    Date,
    /// By place, from the province down.
    Place,
}

/// Count how often queries stand in the text, in all or by group.
///
/// Exact: every occurrence is counted, overlapping ones of one term too; terms joined by | share a place of the text only
/// once. NAME=QUERY counts a query under a name.
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
    /// Tell apart by these.
    #[arg(long, value_delimiter = ',')]
    pub by: Vec<By>,
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// Look for the queries strictly as they are typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum By {
    /// The place of the document.
    Place,
    /// Its year.
    Year,
    /// Its level of government.
    Level,
    /// What the passage does: 回顾 问题 要求 目标 任务 自身建设 名词解释 套语.
    Part,
    /// The document.
    Document,
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
    /// Set apart by these, each group under its own heading.
    #[arg(long, value_delimiter = ',')]
    pub by: Vec<By>,
    /// How many lines to show.
    #[arg(short = 'n', long)]
    pub limit: Option<usize>,
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// Look for the query strictly as it is typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KwicSort {
    /// The newest document first, then as in the document.
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
/// The year is the report's own: the one its title states, else that in which it was given, not the year it looks back on.
/// A year whose reports hold none counts as 0; a year without any report has no figure: it stays blank and breaks the line of
/// a picture. Panels are uneven, so --within keeps to some reports and --per puts the figures in proportion. NAME=QUERY shows a
/// query under a name. Pictures are SVG, which browsers, Word and WPS open; their text is shown in the viewer's own Chinese font.
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
    /// Look only at passages that match this, such as level:全国 or part:任务.
    #[arg(long, value_name = "QUERY")]
    pub within: Option<String>,
    /// Show figures in proportion to this; by default occurrences as they are.
    #[arg(long, value_name = "UNIT")]
    pub per: Option<Per>,
    /// Draw the lines into this file; its name ends in .svg.
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Print comma-separated values, a row for each query and year.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// Look for the queries strictly as they are typed, marks and all.
    #[arg(long)]
    pub fixed: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Axis {
    /// The year of the report.
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Per {
    /// The documents of the year.
    Document,
    /// Ten thousand characters of the year's text.
    #[value(name = "10k")]
    TenThousand,
}

/// Count groups of terms by place and year, with what makes the counts comparable.
///
/// A line of the term file is a group: NAME: TERM | TERM. A term is a phrase, kept whole; '…' is strictly as typed, /…/ a
/// regular expression. Lines that begin with # and empty ones are left out. Each group has a row for every place and year (or
/// whatever --by says) that has text, with 0 where it does not stand. Columns: occurrences; passages with one; chars and words
/// of all the text of the row; documents; term_chars, the characters of the occurrences; share_chars = term_chars / chars and
/// share_words = occurrences / words, from 0 to 1; first, the place of the first occurrence as show takes it.
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
    /// What rows are told apart by, beside the group.
    #[arg(long, value_delimiter = ',', default_value = "place,year")]
    pub by: Vec<By>,
    /// Look only at passages that match this, for chars and words too.
    #[arg(long, value_name = "QUERY")]
    pub within: Option<String>,
    /// Which terms count where several share characters, as 经济 stands inside 数字经济.
    #[arg(long, value_name = "RULE", default_value = "once")]
    pub overlaps: Overlaps,
    /// How many rows of a group the table shows.
    #[arg(short = 'n', long, default_value_t = 10)]
    pub limit: usize,
    /// Print comma-separated values: all rows.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
    /// Begin with a byte order mark, by which Excel knows UTF-8.
    #[arg(long, requires = "csv")]
    pub bom: bool,
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
/// A part is what a query matches, such as year:2025, place:湛江 or part:任务; without B, A is compared with all the rest. Words
/// are those of jieba's dictionary; numbers are left out; terms in “…” are counted where they are quoted. G2 is the
/// log-likelihood (Dunning 1993, in the form of Rayson and Garside 2000), how sure a difference is: above 6.63 by chance for one
/// word in 100, above 15.13 for one in 10,000. The log-ratio (Hardie 2014) is how large it is: 1 is twice as often in A, -1 half as
/// often. Look at the number of documents too: a word that one of thirty uses tells of that one.
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
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
}

/// Show which words stand near a query more often than elsewhere.
///
/// Words are those of jieba's dictionary; a window does not reach beyond its passage. G2 is the log-likelihood (Dunning 1993, in
/// the form of Rayson and Garside 2000) of the word's share near against its share elsewhere, how sure the bond is. logDice
/// (Rychlý 2008) is how typical the pair is, whatever the size of the corpus: at most 14, and 1 less is half as typical.
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
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
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
/// neighbours on both sides (branching entropy, Jin and Tanaka-Ishii 2006). A line begins with the term; build reads no
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
    #[arg(long, value_name = "BITS", default_value_t = 6.0)]
    pub information: f64,
    /// Bits of choice on both its sides; 0 is always the same neighbour.
    #[arg(long, value_name = "BITS", default_value_t = 1.5)]
    pub entropy: f64,
    /// How many terms to show.
    #[arg(short = 'n', long, default_value_t = 50)]
    pub limit: usize,
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
}

/// Show a passage with what stands around it, or a whole document.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search show '港门镇政府工作报告_2025.txt:31'")]
pub struct Show {
    /// The id of a passage or document, its source, or source:line.
    pub id: String,
    /// How many passages to show before and after.
    #[arg(short = 'C', long, default_value_t = 1)]
    pub context: u32,
}

/// Show the sections of a report and what its title block says.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search outline corpus/港门镇政府工作报告_2025.txt")]
pub struct Outline {
    /// A file, or the id or source of a document in the index.
    pub document: String,
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
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
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
/// Every run of --min characters or more counts, folded. Formulas (套话), runs that stand in many reports of the index, are
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
    /// The shortest run that counts, in characters.
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub min: usize,
    /// How many documents to show, those with the most in common first.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5)]
    pub documents: usize,
    /// The draft's own place, from the province down: --place 湖南省,益阳市,安化县.
    #[arg(long, value_delimiter = ',')]
    pub place: Vec<String>,
    /// Show every span, formulas too.
    #[arg(long)]
    pub all: bool,
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
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
    #[arg(long, value_name = "FORMAT")]
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
    /// Print comma-separated values.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub csv: bool,
}

/// Find passages like one.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search similar '港门镇政府工作报告_2025.txt:31' --limit 3")]
pub struct Similar {
    /// The id of a passage, source:line, or a file.
    pub id: String,
    /// How many passages to show.
    #[arg(short = 'n', long, default_value_t = 10)]
    pub limit: usize,
}

/// Show what the index holds, and what has changed since it was built.
#[derive(Debug, Args)]
pub struct Status {}

/// Read every file of the index back and prove it whole.
///
/// Checksums first, then words against text, lengths against words, ids against documents. Exit code 2 if anything is damaged.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gm-search verify")]
pub struct Verify {}

/// Take documents out of the index.
///
/// The files stay as they are: `build` on their folder adds them again.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gm-search remove 港门镇政府工作报告_2025.txt")]
pub struct Remove {
    /// Ids of documents, or their sources, as `query` prints them.
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
}

/// Measure how well queries are answered on judged sets.
///
/// A set is a folder in BEIR's layout (corpus.jsonl or .jsonl.gz, queries.jsonl, qrels.tsv), or three files. Figures are
/// nDCG@10, MRR@10, Recall@10 and Recall@100, as trec_eval counts them: a table for folders, JSON for three files or with
/// --json.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search eval sets/* --ranking pairs --run pairs/\n  gm-search eval sets/* --against pairs/"
)]
pub struct Eval {
    /// Folders of sets.
    #[arg(value_name = "FOLDER", required_unless_present = "corpus")]
    pub folders: Vec<PathBuf>,
    /// Passages: JSON Lines, plain or gzipped.
    #[arg(long, value_name = "FILE", conflicts_with = "folders", requires_all = ["queries", "qrels"])]
    pub corpus: Option<PathBuf>,
    /// Queries: JSON Lines.
    #[arg(long, value_name = "FILE", requires = "corpus")]
    pub queries: Option<PathBuf>,
    /// Judgments: query, passage and grade, separated by tabs.
    #[arg(long, value_name = "FILE", requires = "corpus")]
    pub qrels: Option<PathBuf>,
    /// What orders the passages.
    #[arg(long, value_name = "RANKING", default_value = "evidence")]
    pub ranking: Ranking,
    /// Write the first 100 passages of each query as a TREC run: a file, or for folders a folder with a file for each.
    #[arg(long, value_name = "OUT")]
    pub run: Option<PathBuf>,
    /// Compare with this run by a paired bootstrap over nDCG@10: a file, or for folders a folder as --run writes it.
    #[arg(long, value_name = "RUN")]
    pub against: Option<PathBuf>,
    /// Another weight for a part of the score: --weight run=0.5. Names are those that query --explain prints.
    #[arg(long, value_name = "NAME=NUMBER", value_parser = weight)]
    pub weight: Vec<(String, f32)>,
}

fn weight(text: &str) -> Result<(String, f32), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=NUMBER")?;
    Ok((name.to_string(), value.parse().map_err(|_| format!("`{value}` is no number"))?))
}

/// Open a search page in the browser, and a JSON API for programs.
///
/// Only this machine can ask, unless --addr names another address; then others need the token of --token-file, or --public
/// lets anyone ask, at a bounded rate. What a build commits is answered from half a second later. /openapi.json describes
/// the API, /healthz and /metrics are for those who watch over it. Ctrl-C stops it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search serve\n  gm-search serve --addr 0.0.0.0:8080 --token-file token.txt\n  curl 'http://127.0.0.1:8080/api/search?q=典型村'"
)]
pub struct Serve {
    /// The address to listen on; port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub addr: std::net::SocketAddr,
    /// A file with the token that clients must send as `Authorization: Bearer TOKEN`, or as the password in a browser.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Let anyone ask who can reach the address.
    #[arg(long)]
    pub public: bool,
    /// Requests a second for each client on average, where others than this machine may ask; 0 means any number.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub rate: u32,
    /// Seconds that an answer may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// More synonyms, lines such as GDP=地区生产总值; by default synonyms.txt beside the index.
    #[arg(long, value_name = "FILE")]
    pub synonyms: Option<PathBuf>,
    /// Let clients send a document to /api/outline to see its sections; it is never stored.
    #[arg(long)]
    pub uploads: bool,
}

/// Let a language model search, read and quote the reports, by the Model Context Protocol over standard input and output.
///
/// The tools are search and fetch, as ChatGPT's connectors ask for them, and count, kwic and outline; all of them only read.
#[derive(Debug, Args)]
#[command(
    after_help = "Example, in the settings of a client:\n  {\"command\": \"gm-search\", \"args\": [\"--index\", \"/srv/reports/.gm-search\", \"mcp\"]}"
)]
pub struct Mcp {
    /// The address of a `gm-search serve` over the same index, for links to what is quoted.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// More synonyms, lines such as GDP=地区生产总值; by default synonyms.txt beside the index.
    #[arg(long, value_name = "FILE")]
    pub synonyms: Option<PathBuf>,
}

/// Print a script that completes commands and options in a shell.
#[derive(Debug, Args)]
#[command(after_help = "Example: gm-search completions bash > ~/.local/share/bash-completion/completions/gm-search")]
pub struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// Print the manual page, or write one for each command into a folder.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gm-search man | man -l -\n  gm-search man ~/.local/share/man/man1")]
pub struct Man {
    /// The folder.
    pub folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ranking {
    /// What query does: candidates by words, ordered by the evidence of their text.
    Evidence,
    /// BM25 over words alone.
    Words,
    /// BM25 over pairs of characters alone.
    Pairs,
}
