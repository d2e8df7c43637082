//! The command line: types for clap. Some of them are what the API is asked as well.

mod study;

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use study::*;

/// Full-text search for what Chinese governments say in public: exact, ranked, structured.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Example: gm-search query 典型村\n\nExit codes: 0 found or done, 1 nothing found, 2 something failed or some file could not be read."
)]
pub struct Cli<C: Subcommand = Command> {
    /// What to do.
    #[command(subcommand)]
    pub command: C,
    #[command(flatten)]
    pub global: Global,
}

/// What can be given to every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Where the index is: by default the nearest .gm-search/ upwards from here.
    #[arg(long, global = true, value_name = "DIR", env = "GM_SEARCH_INDEX", hide_env_values = true)]
    pub index: Option<PathBuf>,
    /// An index in an OpenSearch or Elasticsearch cluster instead: https://host:9200/NAME, or several nodes with commas between.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "GM_SEARCH_REMOTE",
        hide_env_values = true,
        conflicts_with = "index"
    )]
    pub remote: Option<String>,
    /// A file with what the cluster knows you by: `user:password`, or `ApiKey …` or `Bearer …`.
    #[arg(long, global = true, value_name = "FILE", env = "GM_SEARCH_REMOTE_AUTH", hide_env_values = true)]
    pub remote_auth: Option<PathBuf>,
    /// A file with the certificate that the cluster's own is signed by (PEM), instead of the usual authorities.
    #[arg(long, global = true, value_name = "FILE", env = "GM_SEARCH_REMOTE_CA", hide_env_values = true)]
    pub remote_ca: Option<PathBuf>,
    /// Print one JSON object; an array of them for several queries of count and sets of eval; kwic prints one a line.
    #[arg(long, global = true, conflicts_with = "jsonl")]
    pub json: bool,
    /// Print one JSON object a line: a hit of query and similar, a line of kwic, a query or row of count, a row of
    /// panel, a query of trend, a word of keyness, collocates and newwords, a passage of show, a report of targets, a
    /// set of eval; one in all of the others.
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

impl Cli {
    /// Reads the command line of this process, or ends it with help or a message. To describe all commands takes as
    /// long as half a query, so a line that is a query is read by the description of that alone.
    pub fn read() -> Cli {
        if std::env::args_os().any(|arg| arg == "query")
            && let Ok(matches) = Cli::<Often>::described().try_get_matches()
            && let Ok(Cli { command: Often::Query(query), global }) = Cli::from_arg_matches(&matches)
        {
            return Cli { command: Command::Query(query), global };
        }
        let mut described = Cli::<Command>::described();
        let matches = described.get_matches_mut();
        Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut described).exit())
    }
}

impl<C: Subcommand> Cli<C> {
    /// What clap knows of the command line. A variable that is empty is as good as none, as scripts have it; the flag itself must
    /// have a value.
    fn described() -> clap::Command {
        Self::command().mut_args(|arg| {
            let value = arg.get_env().and_then(std::env::var_os);
            if value.is_some_and(|value| value.is_empty()) { arg.env(None::<&'static str>) } else { arg }
        })
    }
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

/// The commands that are run most, as they are in [`Command`].
#[derive(Debug, Subcommand)]
enum Often {
    Query(Query),
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
    Doctor(Doctor),
    Watch(Watch),
    Remove(Remove),
    Eval(Eval),
    Serve(Serve),
    Mcp(Mcp),
    Completions(Completions),
    Man(Man),
}

/// Read files and folders into the index, or update it.
///
/// Unchanged files are skipped, changed ones replaced, renamed ones keep their ids, and documents whose file has gone from the
/// given folders are removed. One bad file stops nothing: it is named, and the exit code is 2. Without PATH, everything that
/// was built before is read again as it was given then, and --place, --year, --kind, --words and --follow cannot be given; with
/// PATH, those that are not given hold for it no longer. An index of an older format is built again from its own folders.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gm-search build corpus\n  gm-search build")]
pub struct Build {
    /// Files and folders to read.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The place of all these documents, from the province down: --place 广东省,湛江市.
    #[arg(long, value_delimiter = ',', requires = "paths")]
    pub place: Vec<String>,
    /// The year of all these documents.
    #[arg(long, requires = "paths", value_parser = clap::value_parser!(u16).range(1000..=9999))]
    pub year: Option<u16>,
    /// The kind of all these documents.
    #[arg(long, requires = "paths")]
    pub kind: Option<String>,
    /// Words that must not be cut apart, one a line; by default words.txt beside the index. They change ranks, never what
    /// can be found.
    #[arg(long, value_name = "FILE", requires = "paths")]
    pub words: Option<PathBuf>,
    /// Keep documents whose file has gone.
    #[arg(long)]
    pub no_prune: bool,
    /// Read what symbolic links lead to outside of the given folders; inside they are always followed.
    #[arg(long, requires = "paths")]
    pub follow: bool,
    /// With --remote, of a new index: into how many parts it is divided. By default one for each node, up to three.
    #[arg(long, requires = "remote", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub shards: Option<u32>,
    /// With --remote, of a new index: how many copies of each part there are beside the first. By default one, if there is a
    /// second node.
    #[arg(long, requires = "remote", value_parser = clap::value_parser!(u32).range(0..=10))]
    pub replicas: Option<u32>,
}

/// Keep the index current while files change, until Ctrl-C.
///
/// Builds first, then again whenever files below the given folders have changed and were left alone for a second, or after
/// ten seconds of change. Prints a line for each update. A folder that is not there for a while keeps its documents; an index
/// that another process writes to is waited for. Told to stop, it ends after the update that it is at, with exit code 0.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gm-search watch corpus\n  gm-search watch --poll 30 /mnt/reports")]
pub struct Watch {
    #[command(flatten)]
    pub build: Build,
    /// Look at the files every so many seconds, where the system does not tell of changes: on network drives, mostly.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub poll: Option<u64>,
}

/// Find passages, the best first.
///
/// Blanks and && mean AND; OR, | and 或 mean OR and bind weaker, so that a|b c is a, or b with c; -x, NOT x and 非 x
/// exclude (and, or, not are operators too); ( ) group; "…" “…” 「…」 keep a phrase whole; '…' is strictly as typed; a
/// NEAR/10 b wants both within 10 characters; /…/ is a regular expression over a passage as it is written, width and
/// case and all; 句:(a b) and 段:(a b) want all in one sentence (； ends one) or paragraph; num:100万元..500万元 and num:5%..
/// find numbers by value, however written, but without a unit those in characters only with 百 千 万 亿. Filters: place:
/// level: year: date: part: heading: kind: title: speaker: session: file:, and 地区: (地方:) 级别: 年份: 日期: 部分: 章节: 文种: 标题:
/// 报告人: 会议: 文件: (数量: is num:), with ranges such as year:2020..2025 and date:2024.., and several values as in
/// place:(广东|福建).
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gm-search query 港长制 林长制 --limit 3\n  gm-search query '部分:任务 (番薯 OR 瑶柱) -招商'\n  gm-search query '典型村 NEAR/20 红黑榜'\n  gm-search query '句:(投资 num:1000万元..1亿元)'"
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

#[derive(Clone, Copy, Debug, Default, ValueEnum, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The best first.
    #[default]
    Relevance,
    /// The newest document first.
    Date,
    /// By place, from the province down.
    Place,
}

impl From<Sort> for gm_index::Sort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Relevance => gm_index::Sort::Relevance,
            Sort::Date => gm_index::Sort::Date,
            Sort::Place => gm_index::Sort::Place,
        }
    }
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

/// Show what the index holds, and what has changed since it was built.
#[derive(Debug, Args)]
pub struct Status {}

/// Read every file of the index back and prove it whole.
///
/// Checksums first, then words against text, lengths against words, ids against documents. Exit code 2 if anything is damaged.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gm-search verify")]
pub struct Verify {}

/// Tell what is amiss with the index and its files, and what to do about it.
///
/// Looks for files that have changed, gone, come or were skipped; folders that are not there; documents that are there twice,
/// or have no place, year or title; another list of words, format or analyzer; damage, and what killed builds left. Exit code
/// 0 if nothing is to be done, 1 if something is, 2 if it cannot look.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gm-search doctor")]
pub struct Doctor {
    /// Name everything, not only the first few of each kind.
    #[arg(long)]
    pub all: bool,
}

/// Take documents out of the index, or all that was read from a folder.
///
/// The files stay as they are: `build` on their folder adds them again.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gm-search remove 港门镇政府工作报告_2025.txt")]
pub struct Remove {
    /// Ids of documents, or their sources, as `query` prints them; or a folder that was given to build.
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

/// A number that is one: `nan` and `inf` can be parsed, and nothing compares with them.
fn finite<F: std::str::FromStr + Into<f64> + Copy>(text: &str) -> Result<F, String> {
    let number = text.parse().ok().filter(|&number: &F| number.into().is_finite());
    number.ok_or_else(|| format!("`{text}` is no number"))
}

fn weight(text: &str) -> Result<(String, f32), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=NUMBER")?;
    Ok((name.to_string(), finite(value)?))
}

/// Serve a search page for browsers, and a JSON API for programs.
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
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub addr: std::net::SocketAddr,
    /// A file with the token that clients must send as `Authorization: Bearer TOKEN`, or as the password in a browser.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Let anyone ask who can reach the address.
    #[arg(long)]
    pub public: bool,
    /// Requests a second for each client on average, where others than this machine may ask; each may hold an eighth of the
    /// connections then. 0 means any number of both.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub rate: u32,
    /// Seconds that an answer may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// More synonyms, lines such as GDP=地区生产总值; by default synonyms.txt beside the index.
    #[arg(long, value_name = "FILE")]
    pub synonyms: Option<PathBuf>,
    /// Let clients send a document: to the page /check, and to /api/outline, /api/dup and /api/similar. It is never stored.
    #[arg(long)]
    pub uploads: bool,
}

/// Let a language model search, read and quote the reports, by the Model Context Protocol over standard input and output.
///
/// The tools are search and fetch, as ChatGPT's connectors ask for them, and count, kwic, cite and outline; all only read.
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
    /// The folder, or a command, whose page is printed.
    pub folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ranking {
    /// What query does: candidates by words, ordered by the evidence of their text.
    Evidence,
    /// BM25 over words alone.
    Words,
    /// BM25 over pairs of characters alone.
    Pairs,
}

/// An address with a port; a name such as localhost stands for the first that it has, before those of IPv6.
fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    let found: Vec<_> = std::net::ToSocketAddrs::to_socket_addrs(text).map_err(|error| error.to_string())?.collect();
    let first = found.iter().find(|address| address.is_ipv4()).or(found.first());
    first.copied().ok_or_else(|| "it names no address; 127.0.0.1:8080 is one".to_string())
}
