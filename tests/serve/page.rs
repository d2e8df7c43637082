//! The page as browsers meet it.

use serde_json::json;

use super::{Server, encoded, to};
use crate::support::Sandbox;

#[test]
fn the_page_finds_opens_and_tells_what_there_is() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &[]);
    let page = server.page(&to("/", &[("q", "港长制")]));
    assert!(page.contains("找到 2 段、2 处，出自 1 份文件"), "{page}");
    assert_eq!(page.matches("<mark>港长制</mark>").count(), 2);
    assert!(page.contains("（三）厚植生态底色") && page.contains(">精确<") && page.contains("引文"));
    // a link keeps the search, and the report marks it
    let link = page.split("<a href=\"/d/").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let report = server.page(&format!("/d/{}", link.split('#').next().unwrap()));
    assert_eq!(report.matches("<mark id=\"m").count(), 2);
    assert!(
        report.contains("id=\"outline\"") && report.contains(&format!("id=\"{}\"", link.split('#').nth(1).unwrap()))
    );
    let kwic = server.page(&to("/", &[("q", "典型村"), ("tab", "kwic")]));
    assert_eq!(kwic.matches("<mark>典型村</mark>").count(), 4);
    let nothing = server.page(&to("/", &[("q", "港掌制")]));
    assert!(
        nothing.contains("没有“港掌制”") && nothing.contains(">港长制</a>") && nothing.contains("同音"),
        "{nothing}"
    );
    let swapped = server.page(&to("/", &[("q", "乡振村兴")]));
    assert!(swapped.contains(">乡村振兴</a>") && swapped.contains("处　两字颠倒"), "{swapped}");
    let weaker = |query: &str| server.page(&to("/", &[("q", query)])).contains("看只含其中一些词的段落");
    assert!(weaker("典型村港长制") && !weaker("龘靐齉爨"), "only where there are some");
    let narrow = server
        .page(&to("/", &[("q", "典型村"), ("part", "回顾"), ("place", "广东省/湛江市"), ("from", "2020"), ("to", "")]));
    assert!(narrow.contains("找到 2 段、2 处"), "{narrow}");
    for tab in ["", "kwic"] {
        let beyond = |number: &str| server.page(&to("/", &[("q", "的"), ("tab", tab), ("page", number)]));
        let page = beyond("500");
        let last = page.split("回到最后一页（第 ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(page.contains("没有更多了") && !page.contains("下一页"), "{page}");
        let page = beyond(last);
        assert!(page.contains(&format!("第 {last} 页")) && !page.contains("没有更多了"), "{page}");
        assert!(!page.contains("下一页"), "{page}");
    }
    assert!(server.page(&to("/", &[("q", "港掌制"), ("page", "3")])).contains("没有“港掌制”"));
    let elsewhere = server.page(&to("/", &[("q", "典型村"), ("year", "1999")]));
    assert!(elsewhere.contains("此范围内没有") && elsewhere.contains("不限范围则有 3 段"), "{elsewhere}");
    // what the words have elsewhere is told by all tabs
    for tab in ["kwic", "trend"] {
        let told = |fields: &[(&str, &str)]| server.page(&to("/", &[&[("tab", tab)], fields].concat()));
        let page = told(&[("q", "典型村港长制"), ("weaker", "1")]);
        assert!(page.contains("逐字出现之处") && page.contains("没有段落含全部的词，看最接近的"), "{page}");
        assert!(told(&[("q", "港门镇红黑榜")]).contains("按其中的词或别称找到 "), "{tab}");
        assert!(told(&[("q", "典型村"), ("year", "1999")]).contains("不限范围则有 3 段"), "{tab}");
        assert!(told(&[("q", "bqwgc")]).contains(">百千万工程</a>"), "{tab}");
    }
    let size = page.len() + server.get("/page.css").2.len() + server.get("/page.js").2.len();
    assert!(size < 100_000, "the page is {size} bytes, all told");
}

#[test]
fn a_report_of_the_nation_says_so_wherever_it_is_named() {
    let sandbox = Sandbox::new();
    let head = "政府工作报告\n——2024年3月5日在第十四届全国人民代表大会第二次会议上\n国务院总理 李强\n";
    sandbox.write("corpus/a.txt", format!("{head}\n各位代表：\n\n一、2023年工作回顾\n赤字率拟按3%安排。\n"));
    let server = Server::new(&sandbox, &[]);
    let page = server.page(&to("/", &[("q", "赤字率拟按3%安排")]));
    assert!(page.contains("全国《政府工作报告》（2024年3月5日") && page.contains(">全国</span>"), "{page}");
    assert!(server.page("/").contains("<span>全国</span>"));
    let id = page.split("href=\"/d/").nth(1).unwrap().split(['?', '#', '"']).next().unwrap();
    assert!(server.page(&format!("/d/{id}")).contains("<span>全国</span>"));
}

#[test]
fn what_narrows_a_search_is_said_and_can_be_let_go() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("corpus/b.txt", "建设典型村。\n");
    let server = Server::new(&sandbox, &[]);
    let page = |fields: &[(&str, &str)]| server.page(&to("/", fields));
    let narrow = page(&[("q", "典型村"), ("place", "广东省/湛江市"), ("part", "回顾"), ("year", "2020..")]);
    let within = narrow.split("<nav class=\"within\"").nth(1).unwrap().split("</nav>").next().unwrap();
    for said in ["广东省 湛江市<", "2020 年起<", "回顾<"] {
        assert!(within.contains(said), "{within}");
    }
    assert_eq!((within.matches("place=").count(), within.matches("<a ").count()), (2, 3), "each is let go alone");
    assert!(narrow.contains("检索：典型村</p>"), "{narrow}");
    assert!(page(&[("part", "任务")]).contains("href=\"#filters\"") && !page(&[]).contains("\"within\""));
    // of a text that does not say where and when it is from
    let all = page(&[("q", "典型村")]);
    assert_eq!(all.matches("不明 <span class=\"count\">1</span>").count(), 5, "{all}");
    let trend = page(&[("q", "典型村"), ("tab", "trend")]);
    assert!(trend.contains(">当年字数<") && trend.contains(">份数<") && !trend.contains("不止一份文件"), "{trend}");
    assert!(page(&[("q", "典型村"), ("tab", "trend"), ("part", "任务")]).contains(">范围内字数<"));
    let trend = page(&[("q", "典型村"), ("tab", "trend"), ("with", "典型村 地区:广州")]);
    assert!(trend.contains(">2025<") && !trend.contains(">份数<"), "each word has its own sizes: {trend}");
    assert!(page(&[("q", "年份:2025")]).contains(" 段，出自 1 份文件"));
    for tab in ["kwic", "trend"] {
        assert!(page(&[("q", "年份:2025"), ("tab", tab)]).contains("只有范围或排除"), "{tab}");
        assert!(page(&[("q", "番薯干 OR 年份:1900"), ("tab", tab)]).contains("逐字出现之处"), "{tab}");
    }
}

#[test]
fn no_document_and_no_query_becomes_markup() {
    let sandbox = Sandbox::new();
    let hostile = "\"'><hostile x=1 onload=alert(1)>&lt;/mark></title></script>{{7*7}}";
    let text = format!(
        "{hostile}政府工作报告\n——2025年1月2日在{hostile}会议上\n{hostile}\n\n一、{hostile}回顾\n（一）{hostile}\n港长制{hostile}港长制javascript:alert(1)\n"
    );
    sandbox.write("corpus/<hostile>&\"'.txt", &text);
    let line = json!({"id": hostile, "title": hostile, "text": format!("港长制{hostile}"), "place": [hostile], "year": 2024, "kind": hostile, "source": "javascript:alert(1)"});
    sandbox.write("corpus/lines.jsonl", line.to_string() + "\n");
    let server = Server::new(&sandbox, &[]);
    let mut targets = vec![
        to("/", &[]),
        format!("/d/{}", encoded(hostile)),
        to(&format!("/d/{}", encoded(hostile)), &[("q", "港长制")]),
    ];
    let ids = server.json(&to("/api/search", &[("q", "港长制")]));
    let ids = ids["hits"].as_array().unwrap().iter().map(|hit| hit["document"]["id"].as_str().unwrap().to_string());
    targets.extend(ids.map(|id| to(&format!("/d/{}", encoded(&id)), &[("q", hostile), ("place", hostile)])));
    for tab in ["", "kwic", "trend"] {
        for query in ["港长制", hostile, "hostile", "foo:<hostile>", "/<hostile/"] {
            let fields = ["place", "year", "part", "kind", "level", "sort", "page", "with", "weaker", "from"];
            targets.push(to("/", &[("tab", tab), ("q", query)]));
            targets.extend(fields.map(|field| to("/", &[("tab", tab), ("q", query), (field, hostile)])));
        }
    }
    for target in targets {
        let (_, head, body) = server.get(&target);
        assert!(head.contains("text/html"), "{target}: {head}");
        for markup in ["<hostile", "\"'>", "=\"javascript:", "<script>", " style=", " onload=alert(1)>"] {
            assert!(!body.contains(markup), "{target} has `{markup}`:\n{body}");
        }
        assert_eq!(body.matches("</script>").count(), 1, "{target}");
        assert_eq!(body.matches("</title>").count(), body.matches("<title>").count(), "{target}");
    }
}

#[test]
fn browsers_are_told_what_a_page_may_do() {
    let sandbox = Sandbox::with_corpus();
    let server = Server::new(&sandbox, &[]);
    for target in
        ["/", "/api/search?q=a", "/page.js", "/nothing", "/api/nothing", "/healthz", "/openapi.json", "/metrics"]
    {
        let (_, head, _) = server.get(target);
        assert!(
            head.contains("content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';"),
            "{head}"
        );
        assert!(
            !head.contains("unsafe-inline") && head.contains("nosniff") && head.contains("frame-ancestors 'none'"),
            "{head}"
        );
    }
}
