//! What may go wrong while an index is loaded: a node or the loader is killed, the network is cut, a disk is full.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::{Remote, cluster, corpus};
use crate::support::Sandbox;

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
