//! What the tools are asked and what they answer, as models see it.

use gm_index::{Concordance, Counts, Standing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchTool {
    /// What to look for, in the query language of the instructions: 港长制, or 典型村 year:2020..2025.
    pub query: String,
    /// How many results to give, up to 20; 10 by default.
    #[schemars(range(min = 0, max = 20))]
    pub limit: Option<usize>,
    /// How many results to leave out first.
    #[schemars(range(min = 0, max = 10000))]
    pub offset: Option<usize>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FetchTool {
    /// The id of a result of search or of a place of cite, or of its document; or a source and a line: 港门镇_2025.txt:12.
    pub id: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountTool {
    /// What to count.
    pub query: String,
    /// What to tell apart by, joined with commas: province, place, year, level, part, document.
    pub by: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KwicTool {
    /// What to look for.
    pub query: String,
    /// Characters of context on either side, up to 200; 30 by default.
    #[schemars(range(min = 0, max = 200))]
    pub width: Option<usize>,
    /// How many rows to give, up to 50; 20 by default.
    #[schemars(range(min = 0, max = 50))]
    pub limit: Option<usize>,
    /// How many rows to leave out first.
    #[schemars(range(min = 0, max = 1000000))]
    pub offset: Option<usize>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutlineTool {
    /// The id of a document or passage.
    pub id: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CiteTool {
    /// The sentence, as it is to be quoted.
    pub quote: String,
}

/// What `cite` finds.
#[derive(Serialize, JsonSchema)]
pub struct Citations {
    /// `exact`, `near` or `none`.
    pub found: Standing,
    pub places: Vec<QuotedPlace>,
    /// How many documents hold it word for word; 0 if it is only near.
    pub total: usize,
    /// Whether more documents than these hold it, or something like it.
    pub has_more: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct QuotedPlace {
    /// For `fetch`: the passage with what stands around it.
    pub id: String,
    pub standing: Standing,
    /// What the report says there.
    pub text: String,
    pub citation: String,
    /// The same after GB/T 7714.
    pub gb7714: String,
}

/// What `search` finds.
#[derive(Serialize, JsonSchema)]
pub struct Found {
    pub results: Vec<FoundPassage>,
    /// Passages that match exactly, by other names or with all words; results beyond may hold some of the words.
    pub total: u64,
    /// If nothing was found: real terms of the reports near the query, with how often they stand.
    pub suggestions: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct FoundPassage {
    pub id: String,
    pub title: String,
    pub url: String,
    /// The passage's own text; of a long one the part around the match.
    pub text: String,
    /// 精确, 同义词, 全部词 or 部分词: how well it matches.
    pub tier: &'static str,
    pub citation: String,
}

/// What `fetch` gives.
#[derive(Serialize, JsonSchema)]
pub struct Fetched {
    pub id: String,
    pub title: String,
    pub text: String,
    pub url: String,
    pub metadata: Metadata,
}

#[derive(Serialize, JsonSchema)]
pub struct Metadata {
    /// Of the text; without a line for a whole document.
    pub citation: String,
    /// The place chain, joined with `/`; null where it is not known.
    pub place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    pub source: String,
    /// Whether the text was too long and ends early; its passages can be fetched one by one.
    pub is_cut: bool,
    /// The passages before and behind the one that was asked for; none for a whole document.
    pub around: Vec<Neighbour>,
}

/// A passage beside the one that was asked for.
#[derive(Serialize, JsonSchema)]
pub struct Neighbour {
    pub id: String,
    pub text: String,
    pub citation: String,
}

/// What `count` gives.
#[derive(Serialize, JsonSchema)]
pub struct Counted {
    #[serde(flatten)]
    pub counts: Counts,
    /// How many groups were left out, those with the fewest occurrences.
    pub groups_left_out: usize,
}

/// What `kwic` gives.
#[derive(Serialize, JsonSchema)]
pub struct Rows {
    /// How many rows there are in all.
    pub total: usize,
    pub rows: Vec<Row>,
}

#[derive(Serialize, JsonSchema)]
pub struct Row {
    #[serde(flatten)]
    pub row: Concordance,
    pub citation: String,
}
