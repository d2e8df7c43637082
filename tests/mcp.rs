//! `mcp` as a client meets it: the client of the `rmcp` crate, over the program's own standard input and output.
#![cfg(unix)]

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};

use rmcp::model::CallToolRequestParams;
use rmcp::service::RunningService;
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

use crate::support::{REPORT, Sandbox};

/// A client with the program at the other end.
struct Client {
    service: RunningService<RoleClient, ()>,
    child: Child,
}

impl Client {
    async fn new(sandbox: &Sandbox, args: &[&str]) -> Client {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let end = |stream: &UnixStream| Stdio::from(OwnedFd::from(stream.try_clone().unwrap()));
        let mut command = sandbox.command(&[&["mcp"], args].concat());
        let child = command.stdin(end(&theirs)).stdout(end(&theirs)).stderr(Stdio::null()).spawn().unwrap();
        drop((theirs, command));
        ours.set_nonblocking(true).unwrap();
        let stream = tokio::net::UnixStream::from_std(ours).unwrap();
        let service = ().serve(stream.into_split()).await.unwrap();
        Client { service, child }
    }

    /// What a tool answers: whether it is an error, its text, its structure.
    async fn call(&self, name: &'static str, arguments: Value) -> (bool, String, Value) {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        let result = self.service.call_tool(CallToolRequestParams::new(name).with_arguments(arguments)).await.unwrap();
        let result = serde_json::to_value(result).unwrap();
        let content = result["content"].as_array().unwrap();
        assert_eq!(content.len(), 1, "one text item: {result}");
        let text = content[0]["text"].as_str().unwrap().to_string();
        (result["isError"] == true, text, result["structuredContent"].clone())
    }

    /// The same for one that answers; its text must say what its structure does.
    async fn ask(&self, name: &'static str, arguments: Value) -> Value {
        let (is_error, text, structure) = self.call(name, arguments).await;
        assert!(!is_error, "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), structure);
        structure
    }

    async fn close(mut self) {
        self.service.cancel().await.unwrap();
        assert!(self.child.wait().unwrap().success(), "a client that closes its end is no failure");
    }
}

fn run(test: impl AsyncFnOnce()) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test());
}

/// Of more groups than are told, the largest are, though they come last and all others are equal.
#[test]
fn the_largest_groups_are_told() {
    run(async || {
        let sandbox = Sandbox::with_corpus();
        for n in 0..250 {
            let text = if n < 240 { "没有。" } else { "典型村，典型村。" };
            sandbox.write(&format!("corpus/{n:03}.txt"), text);
        }
        sandbox.run(&["build", "corpus"]);
        let client = Client::new(&sandbox, &[]).await;
        let counted = client.ask("count", json!({"query": "典型村 file:txt", "by": "document"})).await;
        let groups = counted["groups"].as_array().unwrap();
        let sum: u64 = groups.iter().map(|group| group["occurrences"].as_u64().unwrap()).sum();
        assert_eq!((groups.len(), counted["groups_left_out"].as_u64()), (200, Some(51)), "{counted}");
        assert_eq!(counted["occurrences"].as_u64(), Some(sum));
        client.close().await;
    });
}

#[test]
fn tools_are_told_with_hints_and_schemas() {
    run(async || {
        let sandbox = Sandbox::with_corpus();
        let client = Client::new(&sandbox, &[]).await;
        let told = serde_json::to_value(client.service.peer_info().unwrap()).unwrap().to_string();
        assert!(told.contains("untrusted") && told.contains("gm-search"), "{told}");
        let tools = serde_json::to_value(client.service.list_all_tools().await.unwrap()).unwrap();
        let text = tools.to_string();
        assert!(!text.contains("[`") && !text.contains("`None`"), "what rustdoc alone can read");
        let names: Vec<&str> = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["search", "fetch", "count", "kwic", "cite", "outline"]);
        assert_eq!(tools[3]["inputSchema"]["properties"]["limit"]["maximum"], 50);
        for tool in tools.as_array().unwrap() {
            assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
            assert_eq!(tool["annotations"]["openWorldHint"], false, "{tool}");
            assert_eq!(
                (&tool["inputSchema"]["type"], &tool["outputSchema"]["type"]),
                (&json!("object"), &json!("object"))
            );
        }
        client.close().await;
    });
}

#[test]
fn a_search_leads_to_text_with_its_citation() {
    run(async || {
        let sandbox = Sandbox::with_corpus();
        let client = Client::new(&sandbox, &["--url", "http://127.0.0.1:8080/"]).await;
        let found = client.ask("search", json!({"query": "港长制"})).await;
        assert_eq!(found["total"], 2);
        let first = &found["results"][0];
        assert!(first["title"].as_str().unwrap().starts_with("港门镇政府工作报告 2025 › "), "{first}");
        assert!(first["url"].as_str().unwrap().starts_with("http://127.0.0.1:8080/d/"), "{first}");
        assert!(first["text"].as_str().unwrap().contains("港长制"), "{first}");
        let citation = first["citation"].as_str().unwrap();
        assert!(
            citation.starts_with("《港门镇政府工作报告》（2025年4月8日，") && citation.ends_with("行"),
            "{citation}"
        );
        let fetched = client.ask("fetch", json!({"id": first["id"]})).await;
        assert!(fetched["text"].as_str().unwrap().contains("港长制"));
        assert_eq!(fetched["metadata"]["citation"], first["citation"]);
        // what stands around has citations of its own
        let around = fetched["metadata"]["around"].as_array().unwrap();
        assert_eq!(around.len(), 4);
        for passage in around {
            let own = client.ask("fetch", json!({"id": passage["id"]})).await;
            assert_eq!((&own["text"], &own["metadata"]["citation"]), (&passage["text"], &passage["citation"]));
        }
        let rows = client.ask("kwic", json!({"query": "港长制"})).await;
        assert_eq!(rows["rows"][0]["citation"], first["citation"]);
        let id = first["id"].as_str().unwrap().split('#').next().unwrap();
        let whole = client.ask("fetch", json!({"id": id})).await;
        assert_eq!((&whole["metadata"]["source"], &whole["metadata"]["is_cut"]), (&json!(REPORT), &json!(false)));
        assert!(whole["text"].as_str().unwrap().chars().count() > 9_000);
        assert!(!whole["metadata"]["citation"].as_str().unwrap().ends_with("行"), "{whole}");
        client.close().await;
    });
}

/// A document of JSON Lines has an id of its own, with whatever sign.
#[test]
fn addresses_name_documents_whose_ids_hold_a_number_sign() {
    run(async || {
        let sandbox = Sandbox::with_corpus();
        sandbox.write("corpus/a.jsonl", r#"{"id": "rep#2024", "text": "压实林长制。"}"#);
        sandbox.run(&["build", "corpus"]);
        let client = Client::new(&sandbox, &[]).await;
        let found = client.ask("search", json!({"query": "林长制"})).await;
        assert_eq!(found["results"][0]["url"], "gm-search:rep%232024#p0");
        assert_eq!(client.ask("fetch", json!({"id": "rep#2024"})).await["metadata"]["place"], Value::Null);
        for (id, url) in [("rep#2024", "gm-search:rep%232024"), ("rep#2024#0", "gm-search:rep%232024#p0")] {
            assert_eq!(client.ask("fetch", json!({"id": id})).await["url"], url);
        }
        client.close().await;
    });
}

#[test]
fn counts_rows_and_outlines_are_those_of_the_commands() {
    run(async || {
        let sandbox = Sandbox::with_corpus();
        let client = Client::new(&sandbox, &[]).await;
        let counted = client.ask("count", json!({"query": "典型村", "by": "part"})).await;
        let expected = sandbox.json(&["count", "典型村", "--by", "part"]);
        assert_eq!((&counted["occurrences"], &counted["groups"]), (&expected["occurrences"], &expected["groups"]));
        let rows = client.ask("kwic", json!({"query": "村", "limit": 50})).await;
        assert_eq!(rows["rows"].as_array().unwrap().len(), 50);
        assert_eq!(rows["total"], sandbox.json(&["count", "村"])["occurrences"]);
        assert!(rows["rows"][0]["citation"].as_str().unwrap().starts_with("《港门镇政府工作报告》"));
        let cited = client.ask("cite", json!({"quote": "压实“港长制”“河长制”"})).await;
        assert_eq!(cited["found"], "exact");
        assert!(cited["places"][0]["citation"].as_str().unwrap().starts_with("《港门镇政府工作报告》"), "{cited}");
        assert_eq!((&cited["total"], &cited["has_more"]), (&json!(1), &json!(false)));
        let fetched = client.ask("fetch", json!({"id": cited["places"][0]["id"]})).await;
        assert!(fetched["text"].as_str().unwrap().contains("压实“港长制”“河长制”"), "{fetched}");
        let outline = client.ask("outline", json!({"id": REPORT})).await;
        assert_eq!(outline, sandbox.json(&["outline", REPORT]));
        client.close().await;
    });
}

#[test]
fn what_is_wrong_is_told_in_words() {
    run(async || {
        let sandbox = Sandbox::with_corpus();
        let client = Client::new(&sandbox, &[]).await;
        for (tool, arguments, part) in [
            ("search", json!({"query": "foo:bar"}), "there is no field `foo` (at character 0)"),
            ("search", json!({}), "missing field `query`"),
            ("fetch", json!({"id": "nothing"}), "there is no document or passage `nothing`"),
            ("cite", json!({"quote": " “”"}), "the quotation is empty"),
            ("cite", json!({"quote": "港".repeat(4001)}), "more than 4000 characters"),
            ("kwic", json!({"query": "村", "limit": 500}), "`limit` is 500, and 50 at most"),
            ("search", json!({"query": "村", "limit": 21}), "`limit` is 21, and 20 at most"),
            ("count", json!({"query": "村", "by": "colour"}), "`colour` is nothing to count by"),
        ] {
            let (is_error, text, _) = client.call(tool, arguments).await;
            assert!(is_error && text.contains(part) && !text.contains("%23"), "{tool}: {text}");
        }
        let nothing = client.ask("search", json!({"query": "港掌制"})).await;
        assert_eq!((&nothing["total"], &nothing["results"]), (&json!(0), &json!([])));
        assert!(nothing["suggestions"][0].as_str().unwrap().starts_with("港长制 (2)"), "{nothing}");
        client.close().await;
    });
}

#[test]
fn a_build_is_seen_by_the_next_question() {
    run(async || {
        let sandbox = Sandbox::with_corpus();
        let client = Client::new(&sandbox, &[]).await;
        assert_eq!(client.ask("count", json!({"query": "龙眼"})).await["occurrences"], 0);
        sandbox.write("corpus/new.txt", "某镇政府工作报告\n\n种植龙眼。\n");
        assert_eq!(sandbox.run(&["build", "corpus"]).code, 0);
        assert_eq!(client.ask("count", json!({"query": "龙眼"})).await["occurrences"], 1);
        client.close().await;
    });
}
