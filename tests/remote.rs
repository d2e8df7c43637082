//! An index in an engine, beside one here: three nodes of OpenSearch that `.ci/cluster` starts. Without `GM_SEARCH_CLUSTER`, the
//! addresses of the nodes with commas between, this says that it is skipped.

mod guarded;

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// The program loading a folder, in the background.
fn loading(sandbox: &Sandbox, address: &str, folder: &str) -> std::process::Child {
    sandbox.command(&["--remote", address, "build", folder]).stderr(Stdio::piped()).spawn().unwrap()
}

fn finished(child: std::process::Child) -> (bool, String) {
    let output = child.wait_with_output().unwrap();
    (matches!(output.status.code(), Some(0 | 2)), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// How many documents and passages there are, here and there, and how often a word stands.
fn sizes(sandbox: &Sandbox, args: &[&str]) -> [Value; 3] {
    let status = sandbox.json(&[args, &["status"]].concat());
    let count = sandbox.json(&[args, &["count", "发展"]].concat());
    [status["documents"].clone(), status["passages"].clone(), count["occurrences"].clone()]
}

#[test]
fn a_node_that_is_killed_loses_nothing() {
    let Some(remote) = Remote::new("kill") else { return };
    let sandbox = Sandbox::new();
    let Some((folder, _)) = corpus(&sandbox) else { return };
    sandbox.run(&["build", &folder]);
    let child = loading(&sandbox, &remote.address(), &folder);
    remote.wait_for_passages();
    cluster(&["wait", "green"]);
    cluster(&["kill", "2"]);
    let (is_done, said) = finished(child);
    assert!(is_done && said.contains(" documents and "), "{said}");
    let args = ["--remote", &remote.address()];
    let expected = sizes(&sandbox, &[]);
    assert_eq!(sizes(&sandbox, &args), expected, "with a node down: {said}");
    cluster(&["restart", "2"]);
    cluster(&["wait", "green"]);
    assert_eq!(sizes(&sandbox, &args), expected, "with the node back");
    // while it is asked: an answer is whole or none
    let expected = sandbox.json(&["count", "发展"]);
    let (mut whole, mut refused) = (0, 0);
    for round in 0..24 {
        if round == 6 {
            cluster(&["kill", "3"]);
        }
        let run = sandbox.run(&["--remote", &remote.address(), "count", "发展", "--json"]);
        match run.code {
            0 => {
                let counts: Value = serde_json::from_str(&run.out).unwrap();
                assert_eq!(counts, expected);
                whole += 1;
            }
            code => {
                assert!(code == 2 && run.out.is_empty() && run.err.starts_with("error: "), "{run:?}");
                refused += 1;
            }
        }
    }
    println!("a node killed among 24 queries: {whole} answers, all whole, {refused} refused");
    assert!(whole >= 18);
    cluster(&["restart", "3"]);
    cluster(&["wait", "green"]);
}

#[test]
fn what_a_killed_loader_left_is_no_part_of_the_next_load() {
    let Some(remote) = Remote::new("left") else { return };
    let sandbox = Sandbox::new();
    let Some((folder, _)) = corpus(&sandbox) else { return };
    let args = ["--remote", &remote.address()];
    let mut child = loading(&sandbox, &remote.address(), &folder);
    remote.wait_for_passages();
    child.kill().unwrap();
    child.wait().unwrap();
    remote.wait_for_rest();
    remote.leave_lock(1);
    // of what was on its way, some is gone and some is shorter
    let laws = std::fs::read_to_string(sandbox.path().join("all/laws.jsonl")).unwrap();
    let half: String = laws.lines().step_by(2).map(|line| format!("{line}\n")).collect();
    sandbox.write("all/laws.jsonl", half);
    let reports = walkdir::WalkDir::new(sandbox.path().join("all/reports")).sort_by_file_name().into_iter().flatten();
    let texts = reports.filter(|report| report.path().extension().is_some_and(|ending| ending == "txt"));
    for (number, report) in texts.enumerate() {
        match number % 3 {
            0 => std::fs::remove_file(report.path()).unwrap(),
            1 => std::fs::write(report.path(), "某镇政府工作报告\n\n一、回顾\n发展。\n").unwrap(),
            _ => {}
        }
    }
    sandbox.run(&["build", &folder]);
    let next = sandbox.run(&[&args[..], &["build", &folder]].concat());
    assert!(next.err.contains("an earlier run (process 1"), "{}", next.err);
    assert_eq!(sizes(&sandbox, &args), sizes(&sandbox, &[]), "{}", next.err);
    // one that was on its way when its file was as it is now is read again
    let documents = remote.documents();
    let found = remote.ask("GET", &format!("{documents}/_search?q=what:document&size=1000"), "");
    let is_plain = |entry: &&Value| entry["_id"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_hexdigit());
    let entry = found["hits"]["hits"].as_array().unwrap().iter().find(is_plain).expect("a report");
    let mut source = entry["_source"].clone();
    let mut stamp: Value = serde_json::from_str(source["entry"]["stamp"].as_str().unwrap()).unwrap();
    stamp["content"] = "".into();
    source["entry"]["stamp"] = stamp.to_string().into();
    let path = format!("{documents}/_doc/{}?refresh=true", entry["_id"].as_str().unwrap());
    assert_eq!(remote.ask("PUT", &path, &source.to_string())["result"], "updated");
    let again = sandbox.run(&[&args[..], &["build", &folder]].concat());
    assert!(again.err.contains(" changed, 0 removed, ") && !again.err.contains(" 0 changed"), "{}", again.err);
    assert_eq!(sizes(&sandbox, &args), sizes(&sandbox, &[]));
}

/// A way to a node that can be cut.
struct Way {
    address: String,
    cut: Arc<AtomicBool>,
}

impl Way {
    fn to(node: &str) -> Way {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let cut = Arc::new(AtomicBool::new(false));
        let (is_cut, node) = (cut.clone(), node.strip_prefix("http://").unwrap().to_string());
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (is_cut, node) = (is_cut.clone(), node.clone());
                std::thread::spawn(move || {
                    let Ok(server) = TcpStream::connect(&node) else { return };
                    let pipe = |mut from: TcpStream, mut to: TcpStream, is_cut: Arc<AtomicBool>| {
                        let mut buffer = [0; 1 << 14];
                        while let Ok(count) = from.read(&mut buffer) {
                            if count == 0 || is_cut.load(Ordering::Relaxed) || to.write_all(&buffer[..count]).is_err() {
                                break;
                            }
                        }
                        let _ = from.shutdown(Shutdown::Both);
                        let _ = to.shutdown(Shutdown::Both);
                    };
                    let (back, forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                    let other = is_cut.clone();
                    std::thread::spawn(move || pipe(back, forth, other));
                    pipe(client, server, is_cut);
                });
            }
        });
        Way { address, cut }
    }
}

#[test]
fn a_network_that_is_cut_is_waited_for() {
    let Some(remote) = Remote::new("cut") else { return };
    let sandbox = Sandbox::new();
    let Some((folder, _)) = corpus(&sandbox) else { return };
    sandbox.run(&["build", &folder]);
    let way = Way::to(&remote.nodes[0]);
    let address = format!("{}/{}", way.address, remote.name);
    let child = loading(&sandbox, &address, &folder);
    std::thread::sleep(Duration::from_millis(1500));
    way.cut.store(true, Ordering::Relaxed);
    std::thread::sleep(Duration::from_secs(20));
    way.cut.store(false, Ordering::Relaxed);
    let (is_done, said) = finished(child);
    assert!(is_done && said.contains(" documents and "), "{said}");
    assert_eq!(sizes(&sandbox, &["--remote", &address]), sizes(&sandbox, &[]));
    way.cut.store(true, Ordering::Relaxed);
    let run = sandbox.run(&["--remote", &address, "query", "发展"]);
    assert!(run.code == 2 && run.out.is_empty() && run.err.contains("no answer from"), "{run:?}");
}

/// Disks that the engine takes for full, until this goes.
struct FullDisk<'r>(&'r Remote);

impl FullDisk<'_> {
    fn of(remote: &Remote) -> FullDisk<'_> {
        let full = FullDisk(remote);
        full.set("true", "\"1%\"");
        full
    }

    fn set(&self, is_watched: &str, watermark: &str) {
        let settings = format!(
            "{{\"persistent\":{{\"cluster.routing.allocation.disk.threshold_enabled\":{is_watched},
            \"cluster.routing.allocation.disk.watermark.low\":{watermark},
            \"cluster.routing.allocation.disk.watermark.high\":{watermark},
            \"cluster.routing.allocation.disk.watermark.flood_stage\":{watermark},
            \"cluster.blocks.create_index\":null}}}}"
        );
        assert_eq!(self.0.ask("PUT", "_cluster/settings", &settings)["acknowledged"], true);
    }
}

impl Drop for FullDisk<'_> {
    fn drop(&mut self) {
        self.set("null", "null");
        self.0.ask("PUT", "_all/_settings", "{\"index.blocks.read_only_allow_delete\":null}");
    }
}

#[test]
fn a_full_disk_stops_a_load_and_it_goes_on() {
    let Some(remote) = Remote::new("disk") else { return };
    let sandbox = Sandbox::new();
    let Some((folder, _)) = corpus(&sandbox) else { return };
    sandbox.run(&["build", &folder]);
    let args = ["--remote", &remote.address()];
    assert_eq!(
        sandbox.run(&[&args[..], &["build", "all/reports"]].concat()).code,
        sandbox.run(&["build", "all/reports"]).code
    );
    let full = FullDisk::of(&remote);
    // the engine looks at its disks every ten seconds, and blocks the index then
    let blocked = (0..60).any(|_| {
        std::thread::sleep(Duration::from_secs(1));
        remote.ask("GET", &format!("{}/_settings", remote.name), "").to_string().contains("read_only_allow_delete")
    });
    assert!(blocked, "the engine noticed no full disk");
    let stopped = sandbox.run(&[&args[..], &["build", &folder]].concat());
    assert!(stopped.code == 2 && stopped.err.contains("make room in the engine"), "{}", stopped.err);
    drop(full);
    let done = sandbox.run(&[&args[..], &["build", &folder]].concat());
    assert!(done.err.contains(" documents and "), "{}", done.err);
    assert_eq!(sizes(&sandbox, &args), sizes(&sandbox, &[]));
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
