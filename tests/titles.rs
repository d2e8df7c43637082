//! Questions that name a law by its title, on the shared laws: `cargo test --test all titles -- --nocapture` prints the figures.

use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use gm_index::{Document, Index, Options};
use serde_json::Value;

use crate::support::shared;

/// Of so many laws one is taken.
const EACH: usize = 8;

/// What a law is asked: the question, and what its answer begins with or holds.
fn questions(title: &str, text: &str) -> Vec<(String, String)> {
    let article = text.lines().filter(|line| line.starts_with('第')).filter_map(|line| line.split_once('条')).nth(5);
    let article = article.map(|(number, _)| format!("{number}条"));
    let of_article = article.map(|article| (format!("{title}{article}"), article));
    let in_force = text.contains("起施行").then(|| (format!("{title}什么时候施行"), "施行".to_string()));
    of_article.into_iter().chain(in_force).collect()
}

#[test]
fn a_law_that_is_named_answers_before_those_that_name_it() {
    let Some(laws) = shared("corpus/bulk/laws_cn.jsonl.gz") else { return };
    let lines = BufReader::new(GzDecoder::new(std::fs::File::open(laws).unwrap())).lines();
    let index = Index::in_memory().unwrap();
    let writer = index.writer().unwrap();
    let mut asked = Vec::new();
    for law in lines.step_by(EACH).map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()) {
        let [id, title, text] = ["id", "title", "text"].map(|field| law[field].as_str().unwrap());
        writer.add(&Document::from_text(id, text)).unwrap();
        let title = title.trim_start_matches("中华人民共和国");
        if title.chars().count() <= 16 && title.chars().all(|c| c.is_alphabetic()) {
            asked.extend(questions(title, text).into_iter().map(|question| (id.to_string(), question)));
        }
    }
    writer.commit().unwrap();
    let is_first = |(id, (question, answer)): &&(String, (String, String))| {
        let results = index.search(&question.parse().unwrap(), Options { limit: 1, ..Options::default() }).unwrap();
        results.hits.first().is_some_and(|hit| hit.document.id == *id && hit.snippet.text.contains(answer))
    };
    let first = asked.iter().filter(is_first).count();
    println!("{first} of {} questions are answered first by the law that they name", asked.len());
    assert!(asked.len() > 300 && first * 10 > asked.len() * 9, "help: {first} of {}", asked.len());
}
