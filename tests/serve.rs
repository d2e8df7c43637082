//! `serve` as browsers and programs meet it: over HTTP, with nothing between.

mod page;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use gm_index::Dimension;
use serde_json::{Value, json};

use crate::support::{REPORT, Sandbox};

/// The program, listening on a port of its own.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    pub fn new(sandbox: &Sandbox, args: &[&str]) -> Server {
        let args = [&["serve", "--addr", "127.0.0.1:0"], args].concat();
        let mut child = sandbox.command(&args).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.find_map(|line| Some(line.ok()?.strip_prefix("listening on http://")?.to_string()));
        let address = line.expect("it says where it listens").trim_end_matches('/').to_string();
        std::thread::spawn(move || lines.count());
        Server { child, address }
    }

    /// Sends bytes and reads all that comes back.
    fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // a server that has seen enough may close before all is written
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The status, the head in lower case, and the body.
    fn get_with(&self, target: &str, headers: &str) -> (u16, String, String) {
        let host = &self.address;
        self.parts(&format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"))
    }

    fn parts(&self, request: &str) -> (u16, String, String) {
        let answer = self.raw(request);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP: {answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), body.to_string())
    }

    pub fn get(&self, target: &str) -> (u16, String, String) {
        self.get_with(target, "")
    }

    pub fn json(&self, target: &str) -> Value {
        let (status, head, body) = self.get(target);
        assert!(head.contains("json"), "{status} {head}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{target}: {error}: {body}"))
    }

    fn page(&self, target: &str) -> String {
        let (status, head, body) = self.get(target);
        assert!(status == 200 && head.contains("text/html"), "{target}: {status} {head}");
        body
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address with its fields encoded.
pub fn to(path: &str, fields: &[(&str, &str)]) -> String {
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[test]
fn answers_are_those_of_the_commands() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &[]);
    let timeless = |mut answer: Value| {
        answer["took_ms"] = json!(0);
        answer
    };
    for query in ["港长制", "典型村 -示范", "十五五", "gdp", "部分:任务 村", "xiangcunzhenxing"] {
        let ours = server.json(&to("/api/search", &[("q", query), ("limit", "5")]));
        assert_eq!(timeless(ours), timeless(sandbox.json(&["query", query, "--limit", "5"])), "{query}");
    }
    let ours = server.json(&to("/api/count", &[("q", "村"), ("by", "part,year")]));
    assert_eq!(ours, sandbox.json(&["count", "村", "--by", "part,year"]));
    let rows: Vec<Value> =
        sandbox.run(&["kwic", "村", "--jsonl"]).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ours = server.json(&to("/api/kwic", &[("q", "村"), ("offset", "7"), ("limit", "9")]));
    assert_eq!((ours["rows"].as_array().unwrap().as_slice(), &ours["total"]), (&rows[7..16], &json!(rows.len())));
    for sort in ["left", "right", "place", "year"] {
        let ours = server.json(&to("/api/kwic", &[("q", "村"), ("sort", sort), ("limit", "9")]));
        let theirs = sandbox.run(&["kwic", "村", "--jsonl", "--sort", sort]).out;
        let theirs = theirs.lines().take(9).map(|line| serde_json::from_str(line).unwrap());
        assert_eq!(ours["rows"].as_array().unwrap(), &theirs.collect::<Vec<Value>>(), "{sort}");
    }
    for quote in ["压实“港长制”“河长制”“林长制”", "压实“港长制”“河长制”“田长制”", "没有的话"]
    {
        assert_eq!(server.json(&to("/api/cite", &[("quote", quote)])), sandbox.json(&["cite", quote]), "{quote}");
    }
    let id = server.json(&to("/api/search", &[("q", "港长制")]))["hits"][0]["id"].as_str().unwrap().to_string();
    let document = id.split('#').next().unwrap();
    let of = |route: &str, id: &str| server.json(&format!("/api/{route}/{}", encoded(id)));
    assert_eq!(of("passages", &id), sandbox.json(&["show", &id, "-C", "0"]));
    assert_eq!(of("documents", document), sandbox.json(&["show", document]));
    assert_eq!(of("outline", REPORT), sandbox.json(&["outline", REPORT]));
}

#[test]
fn facets_add_up_to_what_a_search_finds() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("corpus/b.txt", "某县政府工作报告\n\n各位代表：\n一、2023年工作回顾\n建设典型村。典型村增多。\n");
    let server = Server::new(&sandbox, &[]);
    sandbox.run(&["build", "corpus"]);
    wait_for(|| server.json("/healthz")["documents"] == 2);
    for query in ["典型村", "gdp", "典型村 港长制", "乡村振兴和典型村的建设情况如何", "十五五", "part:任务"]
    {
        let facets = server.json(&to("/api/facets", &[("q", query)]));
        let total = &server.json(&to("/api/search", &[("q", query)]))["total"];
        assert_eq!((&facets["passages"], &facets["documents"]), (&total["passages"], &total["documents"]), "{query}");
        let sum: u64 = facets["year"].as_array().unwrap().iter().map(|year| year["passages"].as_u64().unwrap()).sum();
        assert!(sum <= facets["passages"].as_u64().unwrap(), "{facets}");
    }
    let facets = server.json(&to("/api/facets", &[("q", "典型村")]));
    for facet in facets["place"].as_array().unwrap() {
        let narrow = format!("典型村 地区:{}", facet["value"].as_str().unwrap());
        assert_eq!(
            server.json(&to("/api/search", &[("q", &narrow)]))["total"]["passages"],
            facet["passages"],
            "{narrow}"
        );
    }
    // nothing is near what stands, if not there
    let page = server.page(&to("/", &[("q", "典型村"), ("year", "1999")]));
    assert!(page.contains("不限范围则有") && !page.contains("相近而确有的"), "{page}");
    let page = server.page(&to("/", &[("q", "港掌制"), ("year", "1999"), ("part", "none")]));
    assert!(page.contains(&format!("\"{}\"", to("/", &[("q", "港长制")]))), "{page}");
    for facet in facets["kind"].as_array().unwrap() {
        let narrow = format!("典型村 文种:“{}”", facet["value"].as_str().unwrap());
        assert_eq!(server.json(&to("/api/search", &[("q", &narrow)]))["total"]["passages"], facet["passages"]);
    }
}

#[test]
fn a_wrong_question_is_a_problem_with_its_column() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &[]);
    let (status, head, body) = server.get(&to("/api/search", &[("q", "典型村 foo:bar")]));
    assert!(status == 400 && head.contains("application/problem+json"), "{head}");
    let problem: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&problem["status"], &problem["column"]), (&json!(400), &json!(4)));
    for (target, wanted) in [
        ("/api/search", 400),
        ("/api/search?q=a&limit=9999", 400),
        ("/api/search?q=a&colour=red", 400),
        ("/api/search?q=", 400),
        ("/api/count?q=a&by=colour", 400),
        ("/api/count?q=a&by=year,", 400),
        ("/api/count?q=a&by=,", 400),
        ("/api/kwic?q=a&offset=1000001", 400),
        ("/api/cite?quote=%20", 400),
        ("/api/trend?q=1,2,3,4,5,6,7,8,9", 400),
        ("/api/trend?q=year:2025", 400),
        ("/api/passages/none", 404),
        ("/api/nothing", 404),
        ("/api", 404),
        ("/api/", 404),
        ("/nothing", 404),
        ("/d/nothing", 404),
        ("/d/%FF", 400),
        ("/?q=%B9%E3", 400),
        ("/api/search?q=%B9%E3", 400),
        ("/api/outline/%B9%E3", 400),
        ("/api/search?q=%E5%B9%BF%zz%", 200),
        ("/?q=a&q=b", 400),
    ] {
        let (status, head, body) = server.get(target);
        assert_eq!(status, wanted, "{target}");
        assert_eq!(head.contains("problem+json"), target.starts_with("/api") && status != 200, "{target}: {body}");
    }
    assert!(server.get("/api/trend?q=1,2,3,4,5,6,7,8,9").2.contains("`q` has 9 queries"));
    let host = &server.address;
    let (status, ..) =
        server.parts(&format!("DELETE /api/search HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert_eq!(status, 405);
    let (status, head, page) = server.parts(&format!("DELETE / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert!(status == 405 && head.contains("text/html") && page.contains("不能这样访问"), "{head}");
    let wrong = |query: &str| to("/", &[("q", query)]);
    for (target, told) in [
        ("/?q=a&q=b".to_string(), "写了两次"),
        ("/d/nothing".to_string(), "库里没有这份文件"),
        ("/?q=%B9%E3".to_string(), "不是 UTF-8 编码"),
        ("/nothing".to_string(), "没有这个地址"),
        (wrong("部分:成绩"), "可用的有：回顾、"),
        (wrong("级别:村"), "可用的有：全国、"),
        (wrong("year:abc"), "四位数字"),
        (wrong("date:abc"), "2025-04-08"),
        (wrong("num:abc"), "300万元"),
        (wrong("a NEAR/5 year:2025"), "NEAR 两边"),
        (wrong("年份:2025..2020"), "起止写反了"),
    ] {
        let (_, head, page) = server.get(&target);
        assert!(head.contains("text/html") && page.contains(told), "{target}: {page}");
        assert!(!page.contains("lang=\"en\""), "it is said once: {page}");
    }
    assert!(server.get("/d/%FF").2.contains("请求有误"));
    let page = server.get(&to("/", &[("q", "典型村 foo:bar")]));
    assert!(page.0 == 400 && page.2.contains("典型村 <mark>foo:bar</mark>"), "{}", page.2);
    let page = server.get(&to("/", &[("q", "yaer:2025 典型村")])).2;
    assert!(
        page.contains("<mark>yaer:2025</mark> 典型村") && page.contains("没有“yaer”这样的范围。是不是 year:？"),
        "{page}"
    );
}

#[test]
fn more_rows_than_memory_should_hold_are_not_sorted() {
    let sandbox = Sandbox::new();
    sandbox.write("corpus/a.txt", "村里修路。\n".repeat(25_001));
    let server = Server::new(&sandbox, &[]);
    let kwic = |sort: &str| server.get(&to("/api/kwic", &[("q", "/[村里修路]/"), ("limit", "1"), ("sort", sort)])).0;
    assert_eq!(["document", "left", "right"].map(kwic), [200, 400, 400]);
    let (status, _, page) = server.get(&to("/", &[("q", "/[村里修路]/"), ("tab", "kwic"), ("sort", "right")]));
    assert!(status == 400 && page.contains("出现之处太多") && page.contains(">按文件排序</a>"), "{page}");
    assert_eq!(server.json(&to("/api/kwic", &[("q", "村"), ("sort", "left"), ("limit", "1")]))["total"], 25_001);
}

#[test]
fn strangers_stay_outside() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let refused = sandbox.run(&["serve", "--addr", "0.0.0.0:0"]);
    assert!(
        refused.code == 2 && refused.err.contains("--token-file") && refused.err.contains("--public"),
        "{}",
        refused.err
    );
    sandbox.write("short", "abc");
    assert_eq!(sandbox.run(&["serve", "--token-file", "short"]).code, 2);
    sandbox.write("token", "0123456789abcdefghij\n");
    let server = Server::new(&sandbox, &["--token-file", "token"]);
    let search = "/api/search?q=a";
    assert_eq!((server.get(search).0, server.get("/healthz").0), (401, 200));
    assert_eq!(server.get_with(search, "Authorization: Bearer 0123456789abcdefghij\r\n").0, 200);
    assert_eq!(server.get_with("/", "Authorization: Basic OjAxMjM0NTY3ODlhYmNkZWZnaGlq\r\n").0, 200);
    assert_eq!(server.get_with(search, "Authorization: Bearer 0123456789abcdefghik\r\n").0, 401);
    let (status, ..) = server.parts("GET /healthz HTTP/1.1\r\nHost: reports.example.com\r\nConnection: close\r\n\r\n");
    assert_eq!(status, 421, "a name that a stranger can point here");
    for (request, told) in [
        (format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address), "需要口令"),
        ("GET / HTTP/1.1\r\nHost: reports.example.com\r\nConnection: close\r\n\r\n".to_string(), "只供本机"),
    ] {
        let (_, head, page) = server.parts(&request);
        assert!(head.contains("text/html") && page.contains(told), "{head}");
    }
    let public = Server::new(&sandbox, &["--public", "--rate", "2"]);
    let statuses: Vec<u16> = (0..20).map(|_| public.get("/healthz").0).collect();
    assert!(statuses[..8].iter().all(|&status| status == 200) && statuses.contains(&429), "{statuses:?}");
    let pages: Vec<(u16, String, String)> = (0..20).map(|_| public.get("/")).collect();
    let (_, head, page) = pages.iter().find(|(status, ..)| *status == 429).expect("too many");
    assert!(head.contains("text/html") && head.contains("retry-after") && page.contains("访问太频繁"), "{head}");
}

fn wait_for(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "waited in vain");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_a_build_commits_is_found_at_once() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &[]);
    let found = |query: &str| server.json(&to("/api/count", &[("q", query)]))["occurrences"].as_u64().unwrap();
    assert_eq!(found("龙眼"), 0);
    for round in 1..4 {
        sandbox.write(&format!("corpus/{round}.txt"), "某镇政府工作报告\n\n种植龙眼。\n");
        assert_eq!(sandbox.run(&["build", "corpus"]).code, 0);
        wait_for(|| found("龙眼") == round);
    }
    assert!(server.page("/").contains("收有 4 份文件"));
}

#[test]
fn large_headers_and_documents_are_refused() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &["--uploads"]);
    let padding = "x".repeat(10 << 20);
    let answer = server.raw(&format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: {padding}\r\n\r\n"));
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{:?}", answer.get(..100));
    let long = to("/api/search", &[("q", &"村".repeat(5_000))]);
    assert_eq!(server.get(&long).0, 400);
    let host = &server.address;
    let post = |path: &str, name: &str, body: &str| {
        let target = to(path, &[("name", name)]);
        let length = body.len();
        server.parts(&format!(
            "POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    };
    let send = |name: &str, body: &str| post("/api/outline", name, body);
    let sent = |path: &str, body: &str| {
        let (status, _, body) = post(path, "a.txt", body);
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let report = crate::support::report();
    let (status, _, body) = send("a.txt", &report);
    let outline: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &outline["sections"][0]["title"]), (200, &json!("2024年工作回顾")));
    // without its title block it is a draft of nobody knows whom
    let draft: String = report.lines().skip(13).map(|line| format!("{line}\n")).collect();
    let (status, copies) = sent("/api/dup", &draft);
    assert_eq!((status, copies["documents"][0]["share"].as_f64()), (200, Some(1.0)), "{copies}");
    let (status, alike) = sent("/api/similar", "打造和美乡村，推广积分制和红黑榜治理模式");
    assert_eq!(status, 200);
    assert!(alike["hits"][0]["text"].as_str().unwrap().contains("红黑榜"), "{alike}");
    let form = |what: &str, name: &str, text: &str| {
        let part =
            |head: &str, value: &str| format!("--0\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n");
        let body = part("name=\"what\"", what)
            + &part("name=\"place\"", "湖南省 益阳市 安化县")
            + &part(&format!("name=\"file\"; filename=\"{name}\""), text)
            + "--0--\r\n";
        let head = format!(
            "POST /check HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=0"
        );
        let (status, _, page) = server.parts(&format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
        (status, page)
    };
    let (status, page) = form("dup", "草稿.txt", &format!("安化县政府工作报告\n\n{draft}\n<b>平乐</b>发展得好。\n"));
    assert!(status == 200 && page.contains("<strong>平乐</strong>") && page.contains("对方第 "), "{page}");
    assert!(!page.contains("<b>平乐"), "what is sent is escaped");
    assert!(page.contains("<summary>其余<"), "a long span is folded");
    let similar = form("similar", "a.txt", "红黑榜").1;
    assert!(similar.contains("相近段落</h2>") && !similar.contains("class=\"tier"), "{similar}");
    let similar = form("similar", "a.txt", "推广积分制，推广“积分制+红黑榜”模式").1;
    assert!(similar.contains("文稿开头的 19 字") && similar.contains("<mark>推广“积分制+红黑榜</mark>”"), "{similar}");
    // a draft of nowhere is not taken for one
    let dup = |place: &str| {
        let target = to("/api/dup", &[("name", "a.txt"), ("place", place)]);
        let head =
            format!("POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}", report.len());
        let (status, _, body) = server.parts(&format!("{head}\r\n\r\n{report}"));
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let own = dup("").1["places"].clone();
    for place in ["广东省湛江市遂溪县港门镇", "广东省，湛江市、遂溪县,港门镇", "广东 湛江/遂溪县　港门"]
    {
        assert_eq!(dup(place).1["places"], own, "{place}");
    }
    for place in ["火星", "朝阳区"] {
        let (status, problem) = dup(place);
        let told = problem["detail"].as_str().unwrap();
        assert!(status == 400 && told.contains("no single place goes by"), "{problem}");
    }
    assert!(form("outline", "a.txt", &report).1.contains("2024年工作回顾"));
    for (name, text, told) in [
        ("", "", "请先选择文件"),
        ("a.pdf", "a", "这里不读 PDF"),
        ("a.xyz", "a", "读不了这种格式"),
        ("a.doc", "a", "另存为 docx（去掉密码）"),
        ("a.txt", "", "文件里没有文字"),
    ] {
        let page = form("dup", name, text).1;
        assert!(page.contains(told) && page.contains("value=\"湖南省 益阳市 安化县\""), "{name}: {page}");
    }
    let (_, _, problem) = send("a.exe", "a");
    assert!(problem.contains(".docx") && !problem.contains(".pdf") && !problem.contains(".jsonl"), "{problem}");
    let (status, head, page) = server
        .parts(&format!("POST /check HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 1\r\n\r\na"));
    assert!(status == 400 && head.contains("text/html") && page.contains("请求有误"), "{page}");
    assert_eq!((form("dup", "", "").0, form("dup", "a.xyz", "a").0, server.get("/check").0), (400, 400, 200));
    assert_eq!((send("a.xyz", "a").0, send("a.pdf", "a").0, send("a.docx", "no zip").0), (400, 400, 400));
    assert_eq!(send("a.txt", &"a".repeat((10 << 20) + 1)).0, 413);
    let head = format!("POST /api/outline?name=a.txt HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    let parts = |rest: &str| server.parts(&format!("{head}{rest}")).0;
    assert_eq!(parts("Content-Length: 100000000\r\n\r\na"), 413, "without waiting for the rest");
    assert_eq!(parts("Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400, "what is broken is not too long");
    let server = Server::new(&sandbox, &[]);
    let host = &server.address;
    let (status, ..) = server.parts(&format!(
        "POST /api/outline?name=a.txt HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 1\r\n\r\na"
    ));
    assert_eq!(status, 403, "unless it was started with --uploads");
    assert_eq!(server.get("/check").0, 403);
    assert!(!server.get("/").2.contains("/check"));
}

#[test]
fn documents_are_received_a_few_at_a_time() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &["--uploads"]);
    let send = |body: &str| {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let head = format!("POST /api/outline?name=a.txt HTTP/1.1\r\nHost: {}\r\nConnection: close", server.address);
        stream.write_all(format!("{head}\r\nContent-Length: 2\r\n\r\n{body}").as_bytes()).unwrap();
        stream
    };
    let mut held: Vec<TcpStream> = (0..8).map(|_| send("a")).collect();
    std::thread::sleep(Duration::from_millis(300));
    let mut next = send("ab");
    next.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(next.read(&mut [0]).is_err(), "it waits");
    held[0].write_all(b"b").unwrap();
    next.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = [0; 12];
    next.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[test]
fn the_description_is_of_what_there_is() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &[]);
    let described = server.json("/openapi.json");
    for (path, methods) in described["paths"].as_object().unwrap() {
        let target = path.replace("{id}", &encoded(&format!("{REPORT}:31")));
        let Some(get) = methods.get("get") else { continue };
        let wants_query = get["parameters"].as_array().unwrap().iter().any(|field| field["name"] == "q");
        let target = if wants_query { to(&target, &[("q", "村")]) } else { target };
        let target = if path == "/api/cite" { to(&target, &[("quote", "港长制")]) } else { target };
        let (status, ..) = server.get(&target);
        assert_eq!(status, 200, "{path}");
    }
    let params = described["paths"]["/api/search"]["get"]["parameters"].as_array().unwrap();
    assert!(params.iter().any(|field| field["name"] == "q" && field["schema"]["maxLength"] == 4000), "{params:?}");
    let params = described["paths"]["/api/count"]["get"]["parameters"].as_array().unwrap();
    let pattern = params.iter().find(|field| field["name"] == "by").unwrap()["schema"]["pattern"].to_string();
    let names = Dimension::ALL.map(Dimension::name);
    for name in names {
        assert!(pattern.contains(&format!("({name}|")) || pattern.contains(&format!("|{name}")), "{name}: {pattern}");
    }
    let count = |by: &str| server.json(&to("/api/count", &[("q", "村"), ("by", by)]));
    assert_eq!(count(&names.join(","))["occurrences"], count("province")["occurrences"]);
    assert_eq!(count("year,part,year"), count("year,part"));
    let text = described.to_string();
    assert!(!text.contains("[`") && !text.contains("`None`"), "what rustdoc alone can read");
    // every reference leads somewhere
    for name in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(described["components"]["schemas"].get(name).is_some(), "{name}");
    }
    assert!(server.get("/metrics").2.contains("gm_search_requests_total{route=\"/openapi.json\",status=\"200\"} 1"));
}

#[cfg(unix)]
#[test]
fn told_to_stop_it_finishes_and_goes() {
    let sandbox = Sandbox::with_corpus();
    let mut server = Server::new(&sandbox, &[]);
    let mut open = TcpStream::connect(&server.address).unwrap();
    open.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).as_bytes()).unwrap();
    let mut answer = [0; 15];
    open.read_exact(&mut answer).unwrap();
    let id = server.child.id().to_string();
    assert!(std::process::Command::new("kill").arg(&id).status().unwrap().success());
    assert!(server.child.wait().unwrap().success());
}
