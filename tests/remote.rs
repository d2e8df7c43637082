//! An index in an engine, beside one here: three nodes of OpenSearch that `.ci/cluster` starts. Without `GM_SEARCH_CLUSTER`, the
//! addresses of the nodes with commas between, this says that it is skipped.

mod failures;
mod guarded;

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::serve::{Server, to};
use crate::support::{Random, Sandbox, number, root, shared};

/// How many documents of the laws are taken, besides all reports.
const LAWS: u64 = 2_000;

/// The addresses of the nodes, if a cluster is there.
fn nodes() -> Option<Vec<String>> {
    match std::env::var("GM_SEARCH_CLUSTER") {
        Ok(nodes) => Some(nodes.split(',').map(String::from).collect()),
        Err(_) => {
            println!(
                "SKIPPED: GM_SEARCH_CLUSTER names no nodes, so an index in an engine is not tested; `.ci/cluster` does it"
            );
            None
        }
    }
}

/// An index in the cluster that goes with the test.
struct Remote {
    nodes: Vec<String>,
    name: String,
}

impl Remote {
    fn new(name: &str) -> Option<Remote> {
        let remote = Remote { nodes: nodes()?, name: format!("gm-test-{name}-{}", std::process::id()) };
        Some(remote)
    }

    fn address(&self) -> String {
        format!("{}/{}", self.nodes.join(","), self.name)
    }

    fn delete(&self) {
        self.ask("DELETE", &format!("{}-*", self.name), "");
    }

    /// Waits until a load has begun to bring passages.
    fn wait_for_passages(&self) {
        let path = format!("{}-*/_stats/indexing", self.name);
        let is_begun = (0..600).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            // the lock and the documents of a first batch are fewer
            self.ask("GET", &path, "")["_all"]["primaries"]["indexing"]["index_total"].as_u64().unwrap_or(0) > 200
        });
        assert!(is_begun, "no passages come to {}", self.name);
    }

    /// Waits until the engine has done what a killed loader had sent, for which the next one waits three minutes.
    fn wait_for_rest(&self) {
        let is_idle = || {
            let tasks = self.ask("GET", "_tasks?actions=indices:data/write/bulk*&group_by=none", "");
            tasks["tasks"].as_array().expect("a list of tasks").is_empty()
        };
        let mut idle = 0;
        for _ in 0..600 {
            std::thread::sleep(Duration::from_millis(100));
            idle = if is_idle() { idle + 1 } else { 0 };
            // a request may have been read and not begun
            if idle == 5 {
                return;
            }
        }
        panic!("the engine does not come to rest");
    }

    /// The lock of a loader that said something at a time for the last time.
    fn leave_lock(&self, seen: u64) {
        let entry = format!("{{\"what\":\"loader\",\"entry\":{{\"process\":1,\"since\":1,\"seen\":{seen}}}}}");
        let documents = self.documents();
        self.ask("PUT", &format!("{documents}/_doc/.loader?refresh=true"), &entry);
    }

    /// The index of documents, whether it can be read yet or not.
    fn documents(&self) -> String {
        let there = self.ask("GET", &format!("{}-documents-*", self.name), "");
        there.as_object().and_then(|there| there.keys().next()).expect("an index of documents").clone()
    }

    /// What a node answers, whatever it is; of the first that does.
    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let answer = self.nodes.iter().find_map(|node| {
            let mut stream = TcpStream::connect(node.strip_prefix("http://")?).ok()?;
            stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
            let head = format!(
                "{method} /{path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(body.as_bytes()).ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).ok()?;
            Some(answer)
        });
        let answer = answer.expect("a node answers");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or(Value::Null)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.delete();
        }
    }
}

/// Does something with the nodes: `kill 2`, `restart 2`, `wait green`.
fn cluster(args: &[&str]) {
    let done = Command::new(root().join("tests/cluster/cluster")).args(args).output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The reports and some laws, as a folder to build from and as text to take queries from.
fn corpus(sandbox: &Sandbox) -> Option<(String, String)> {
    let (reports, laws) = (shared("corpus/reports")?, shared("corpus/bulk/laws_cn.jsonl.gz")?);
    let mut lines = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(laws).unwrap()).read_to_string(&mut lines).unwrap();
    let count = number("GM_SEARCH_LAWS", LAWS) as usize;
    let some: Vec<&str> = lines.lines().take(count).collect();
    sandbox.write("all/laws.jsonl", some.join("\n"));
    let copied = Command::new("cp").arg("-r").arg(reports).arg(sandbox.path().join("all/reports")).status().unwrap();
    assert!(copied.success());
    let text: Vec<String> = some
        .iter()
        .step_by(7)
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?["text"].as_str().map(String::from))
        .collect();
    let report = crate::support::report();
    Some(("all".to_string(), report + &text.join("\n")))
}

/// Queries of all kinds, made of what stands in a text.
fn queries(text: &str, count: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_control()).collect();
    let mut random = Random(11);
    let is_plain = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let mut piece = |least: usize, more: usize| loop {
        let (at, length) = (random.below(chars.len() - 60), least + random.below(more));
        if chars[at..at + length].iter().all(is_plain) {
            return chars[at..at + length].iter().collect::<String>();
        }
    };
    let mut queries = Vec::new();
    for round in 0..count {
        queries.push(match round % 15 {
            0 => piece(2, 2),
            1 => piece(3, 4),
            2 => piece(6, 8),
            3 => format!("{} {}", piece(2, 2), piece(2, 2)),
            4 => format!("{} {} {}", piece(2, 1), piece(2, 1), piece(2, 1)),
            5 => format!("{} OR {}", piece(2, 3), piece(3, 3)),
            6 => format!("{} -{}", piece(2, 1), piece(1, 1)),
            7 => format!("{} year:2020..2026", piece(2, 1)),
            8 => format!("{} part:{}", piece(2, 1), ["目标", "任务", "回顾"][round / 15 % 3]),
            9 => format!("{} NEAR/12 {}", piece(2, 1), piece(2, 1)),
            10 => format!("{}有哪些{}", piece(2, 2), piece(2, 2)),
            11 => format!("“{}”", piece(2, 5)),
            12 => format!("{}{}", piece(4, 3), piece(4, 3)),
            13 => ["營商環境", "鄉村振興", "發展", "經濟", "法律責任", "國務院", "縣級"][round / 15 % 7].to_string(),
            _ => format!("句:({} {})", piece(2, 1), piece(1, 1)),
        });
    }
    queries
}

/// Ids with scores, in order.
fn ranked(results: &Value) -> Vec<(String, f64)> {
    let hits = results["hits"].as_array().unwrap_or_else(|| panic!("no hits in {results}"));
    hits.iter().map(|hit| (hit["id"].as_str().unwrap().to_string(), hit["score"].as_f64().unwrap())).collect()
}

/// By how much the scores of the same passages differ at most, as a share.
fn apart(ours: &[(String, f64)], theirs: &[(String, f64)]) -> f64 {
    let of = |id: &String| theirs.iter().find(|(other, _)| other == id).map(|(_, score)| *score);
    let differences = ours.iter().filter_map(|(id, score)| Some((score - of(id)?).abs() / of(id)?.abs().max(0.1)));
    differences.fold(0.0, f64::max)
}

#[test]
fn an_engine_answers_as_an_index_here() {
    let Some(remote) = Remote::new("parity") else { return };
    let sandbox = Sandbox::new();
    let Some((folder, text)) = corpus(&sandbox) else { return };
    let local = sandbox.run(&["build", &folder]);
    let start = Instant::now();
    let loaded = sandbox.run(&["--remote", &remote.address(), "build", &folder]);
    println!("loaded in {:.1} s: {}", start.elapsed().as_secs_f64(), loaded.err.lines().next().unwrap_or_default());
    assert_eq!(loaded.code, local.code, "{}\n{}", loaded.err, local.err);
    let (here, there) = (Server::new(&sandbox, &[]), Server::new(&sandbox, &["--remote", &remote.address()]));
    let count = number("GM_SEARCH_QUERIES", 300) as usize;
    let (mut in_order, mut close, mut found, mut shared) = (0, 0, 0, 0);
    for query in queries(&text, count) {
        let ask = |server: &Server| server.json(&to("/api/search", &[("q", &query), ("limit", "10")]));
        let (ours, theirs) = (ask(&there), ask(&here));
        assert_eq!(ours["total"], theirs["total"], "{query}");
        let tier = |results: &Value| results["hits"][0]["tier"].clone();
        assert_eq!(tier(&ours), tier(&theirs), "{query}");
        let (ours, theirs) = (ranked(&ours), ranked(&theirs));
        assert_eq!(ours.len(), theirs.len(), "{query}");
        let ids = |list: &[(String, f64)]| list.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        let known: HashSet<String> = ids(&theirs).into_iter().collect();
        found += theirs.len();
        shared += ids(&ours).iter().filter(|id| known.contains(*id)).count();
        in_order += (ids(&ours) == ids(&theirs)) as usize;
        close += (apart(&ours, &theirs) <= 0.01) as usize;
        assert!(apart(&ours, &theirs) < 0.1, "{query}\n{ours:?}\n{theirs:?}");
    }
    println!(
        "{count} queries: total and tier the same for all; of {found} hits on first pages {shared} on both, {in_order} pages in \
         the same order, {close} with all scores within 1 %"
    );
    // an index here estimates from a sample how common a pair of characters is, where the engine counts
    assert!(in_order * 100 >= count * 85 && shared * 100 >= found * 97, "the first pages differ");
    for query in ["港长制", "段:(生态 滩涂)", "/[0-9]+吨/", "num:1万..5万"] {
        let run = |args: &[&str]| sandbox.run(&[args, &["--remote", &remote.address()]].concat()).out;
        let local = |args: &[&str]| sandbox.run(args).out;
        for args in [
            &["count", query][..],
            &["kwic", query, "--sort", "left"],
            &["count", query, "--by", "place,year", "--csv"],
        ] {
            assert_eq!(run(args), local(args), "{args:?}");
        }
    }
}

#[test]
fn a_build_again_is_an_update() {
    let Some(remote) = Remote::new("update") else { return };
    let sandbox = Sandbox::with_corpus();
    let build = || sandbox.run(&["--remote", &remote.address(), "build", "corpus"]);
    let nothing = sandbox.run(&["--remote", &remote.address(), "query", "村"]);
    assert!(nothing.code == 2 && nothing.err.contains("there is no index at"), "{}", nothing.err);
    sandbox.write("corpus/b.txt", "某镇政府工作报告\n\n一、回顾\n压实湖长制。\n\n巡护。\n\n清理。\n");
    sandbox.write("corpus/c.txt", "某县政府工作报告\n\n一、回顾\n压实河长制。\n");
    assert!(build().err.contains("3 added, 0 changed, 0 removed, 0 unchanged"));
    let count = |query: &str| sandbox.json(&["--remote", &remote.address(), "count", query])["occurrences"].clone();
    assert_eq!([count("湖长制"), count("河长制"), count("清理。")], [1, 3, 1]);
    assert!(build().err.contains("0 added, 0 changed, 0 removed, 3 unchanged"));
    // shorter by two passages, renamed, gone
    sandbox.write("corpus/b.txt", "某镇政府工作报告\n\n一、回顾\n压实田长制。\n");
    std::fs::rename(sandbox.path().join("corpus/c.txt"), sandbox.path().join("corpus/d.txt")).unwrap();
    let updated = build();
    assert!(updated.err.contains("0 added, 1 changed, 1 renamed, 0 removed, 1 unchanged"), "{}", updated.err);
    assert_eq!([count("湖长制"), count("田长制"), count("清理。"), count("河长制")], [0, 1, 0, 3]);
    let outlined = sandbox.run(&["--remote", &remote.address(), "outline", "d.txt"]);
    assert!(outlined.code == 0 && outlined.out.contains("一、回顾"), "{outlined:?}");
    let shown = sandbox.run(&["--remote", &remote.address(), "show", "d.txt"]);
    assert!(shown.code == 0 && shown.out.contains("压实河长制"), "{shown:?}");
    std::fs::remove_file(sandbox.path().join("corpus/d.txt")).unwrap();
    assert!(build().err.contains("0 added, 0 changed, 1 removed, 2 unchanged"));
    assert_eq!(count("河长制"), 2);
    let status = sandbox.json(&["--remote", &remote.address(), "status"]);
    assert_eq!(status["documents"], 2);
    // words of the user's make all of it anew, and readers see the old one until then
    sandbox.write("words.txt", "港长制\n");
    assert!(build().err.contains("2 changed"));
}

#[test]
fn a_loader_keeps_others_out_and_is_forgotten_when_it_is_gone() {
    let Some(remote) = Remote::new("lock") else { return };
    let sandbox = Sandbox::with_corpus();
    let build = || sandbox.run(&["--remote", &remote.address(), "build", "corpus"]);
    assert_eq!(build().code, 0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    remote.leave_lock(now);
    let refused = build();
    assert!(refused.code == 2 && refused.err.contains("is being loaded by process 1 since"), "{}", refused.err);
    remote.leave_lock(now - 1_000);
    let next = build();
    assert!(next.code == 0 && next.err.contains("an earlier run (process 1"), "{}", next.err);
    assert_eq!(build().code, 0);
}

#[test]
fn addresses_and_commands_that_cannot_be_are_told() {
    let sandbox = Sandbox::with_corpus();
    for (address, said) in [
        ("host:9200", "begins with http:// or https://"),
        ("ftp://host/x", "begins with http:// or https://"),
        ("http://user:secret@host:9200/x", "secrets go in a file"),
        ("http://host:9200/Größe", "small letters"),
        ("http://127.0.0.1:9/x", "no answer from"),
    ] {
        let run = sandbox.run(&["--remote", address, "query", "村"]);
        assert!(run.code == 2 && run.err.contains(said), "{address}: {}", run.err);
    }
    let verify = sandbox.run(&["--remote", "http://127.0.0.1:9/x", "verify"]);
    assert!(verify.code == 2 && verify.err.contains("leave out --remote"), "{}", verify.err);
}
