//! Web pages (.html, .htm, .shtml, .xhtml) to text: the lines of the article, a line a table row. Where the page marks
//! its article, only that is read, below the title that stands over it. The table of a government page that describes
//! the document (索引号, 标题, 成文日期 …) gives title and date and is no text, and neither are struck words and the marks of notes.

use anyhow::Result;
use encoding_rs::{Encoding, WINDOWS_1252};
use gm_index::fold;

use super::page::{Known, Page, parse};
use super::{Extracted, Given, below};
use crate::fail::advised;

/// Where a declaration of the character set must stand.
const HEAD: usize = 4096;
/// What the name of a site ends in.
const SITES: [&str; 6] = ["网", "网站", "门户", "平台", "人民政府", "首页"];
/// With what the name of a page ends that names a document.
const KINDS: [&str; 8] = ["报告", "通知", "意见", "决定", "方案", "办法", "规划", "纲要"];
/// A name of a page with fewer characters is one of its column: 政府工作报告.
const SHORT_NAME: usize = 8;
/// Something over an article that the name of the page does not confirm is no title if it is shorter: 政务公开.
const SHORT_HEADING: usize = 6;
/// So many times a page is read again for what is left out in it.
const MOST_LOOKS: usize = 8;

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    let (text, encoding) = decode(bytes)?;
    let mut page = settled(&text)?;
    let names = names(&page.name);
    let is_marked = !page.article.is_empty();
    let heading = heading(&page, &names);
    let name = names.first().filter(|name| name.chars().count() >= 4);
    let says_all = |name: &&String| name.chars().count() >= SHORT_NAME && KINDS.iter().any(|kind| name.ends_with(kind));
    // where no article is marked, what stands over it is text
    let over = match &page.title {
        Some(title) => Some(title),
        None if heading.is_some() => heading.as_ref().filter(|_| is_marked),
        None => name.filter(says_all),
    };
    let text = if is_marked { std::mem::take(&mut page.article) } else { std::mem::take(&mut page.flow).finish() };
    if text.trim().is_empty() {
        return Err(advised("it has no text", "save the page with its text, for example with the browser"));
    }
    let text = match over {
        Some(title) => below(title, text),
        None => text,
    };
    let heading = heading.or_else(|| name.cloned());
    let given = Given { title: page.title, date: page.date, heading, published: page.published, ..Given::default() };
    Ok(Extracted { text, encoding, given, lacks: None })
}

/// A page without the marks that do not mean on it what they do elsewhere, and with the text that is in what they mark.
fn settled(text: &str) -> Result<Page> {
    let mut known = Known::default();
    let mut looks = 0;
    loop {
        let page = parse(text, &known)?;
        // what is left out in what was left out is found in the next reading
        let found = if looks < MOST_LOOKS { page.withheld_texts() } else { Vec::new() };
        if !found.is_empty() {
            looks += 1;
            known.texts.extend(found);
            continue;
        }
        let wrong = page.wrong_marks();
        if wrong.is_empty() {
            return Ok(page);
        }
        known.void.extend(wrong);
        // the elements may be counted otherwise now
        known.texts.clear();
    }
}

/// The parts of the name of a page that are not the name of its site: 港门镇政府工作报告-遂溪县人民政府网.
fn names(name: &str) -> Vec<String> {
    let name: Vec<char> = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| name.get(at)).is_some_and(char::is_ascii_digit);
    let mut parts = vec![String::new()];
    for (at, &char) in name.iter().enumerate() {
        // 2021-2025年 is one
        let within = digit(at.checked_sub(1)) && digit(Some(at + 1));
        match parts.last_mut() {
            Some(part) if within || !"-－–_＿|｜".contains(char) => part.push(char),
            _ => parts.push(String::new()),
        }
    }
    // what programs call a page without a name names nothing
    let is_name = |part: &&str| {
        !part.is_ascii() && !is_site(part) && !["无标题", "新建"].iter().any(|unnamed| part.starts_with(unnamed))
    };
    parts.iter().map(|part| part.trim()).filter(is_name).map(String::from).collect()
}

fn is_site(name: &str) -> bool {
    SITES.iter().any(|site| name.ends_with(site))
}

/// What stands over the article: what the name of the page confirms, or its first heading, or what is next to the article.
fn heading(page: &Page, names: &[String]) -> Option<String> {
    let bare = |text: &str| fold(text).text;
    let names: Vec<String> = names.iter().map(|name| bare(name)).filter(|name| name.chars().count() >= 4).collect();
    let headings = || page.headings.iter().filter(|heading| !is_site(&heading.text));
    let is_confirmed = |text: &str| {
        let text = bare(text);
        !text.is_empty() && names.iter().any(|name| name.contains(&text) || text.contains(name))
    };
    let confirmed = headings().filter(|heading| is_confirmed(&heading.text)).max_by_key(|heading| heading.text.len());
    let next = || headings().rfind(|heading| heading.text.chars().count() >= SHORT_HEADING);
    let found = confirmed
        .or_else(|| headings().find(|heading| heading.is_first))
        .or_else(|| next().filter(|_| !page.article.is_empty()))?;
    Some(found.text.clone())
}

/// A byte order mark decides, then UTF-8 if it is that, whatever the page says, then what the page says, then what the bytes look
/// like.
fn decode(bytes: &[u8]) -> Result<(String, &'static str)> {
    let speaks_for_itself = Encoding::for_bom(bytes).is_some() || super::plain::is_utf8(bytes);
    let declared = if speaks_for_itself { None } else { declared(bytes) };
    let Some(encoding) = declared else { return super::plain::decode(bytes) };
    let (text, _, damaged) = encoding.decode(bytes);
    // a few stray bytes are common on old pages
    let strange = text.chars().filter(|&char| char == '\u{fffd}').count();
    if damaged && strange * 100 > text.chars().count() || text.contains('\0') {
        return super::plain::decode(bytes);
    }
    Ok((text.into_owned(), encoding.name()))
}

/// The encoding that a `<meta>` of a page names, outside of comments.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let mut rest = head.as_str();
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let (tag, behind) = rest.split_at(rest.find(end).map_or(rest.len(), |at| at + end.len()));
        rest = behind;
        let named = tag.strip_prefix("<meta").and_then(|meta| meta.split_once("charset=")).map(|(_, label)| label);
        let label = named
            .and_then(|label| label.trim_start_matches(['"', '\'', ' ']).split(['"', '\'', ' ', '>', ';', '/']).next());
        // what a program wrote that knew no better is said of no page in Chinese
        if let Some(encoding) = label.and_then(|label| Encoding::for_label(label.as_bytes()))
            && encoding != WINDOWS_1252
        {
            return Some(encoding);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use gm_index::Document;

    use super::*;

    fn text(page: &str) -> String {
        read(page.as_bytes()).unwrap().text
    }

    fn document(page: &str) -> Document {
        let read = read(page.as_bytes()).unwrap();
        let mut document = Document::from_text("a.html", read.text);
        read.given.write(&mut document.meta);
        document
    }

    #[test]
    fn what_only_looks_like_an_article_or_like_furniture_loses_nothing() {
        for page in [
            "<span class='view'>浏览次数：3</span><h1>题</h1><p>正文</p>",
            "字体：<a class='zoom'>大</a><p>正文</p>",
            "<p class='share'>分享<div>正文</div></p><p>结尾</p>",
            "<script charset='gb2312' src='a.js'></script><!-- charset=gb2312 --><meta charset='utf-8'><p>正文</p>",
            "<meta charset='gb2312'><p>正文</p>",
            "<pre>题\n正文\n尾</pre>",
        ] {
            let text = read(page.as_bytes()).unwrap().text;
            assert!(text.contains("正文"), "{page}: {text}");
        }
        assert_eq!(
            read("<pre>题\r\n正文</pre>尾".as_bytes()).unwrap().text.lines().collect::<Vec<_>>(),
            ["题", "正文", "尾"]
        );
        let (gbk, ..) = encoding_rs::GBK.encode("<meta charset='utf-8'><p>港门镇政府工作报告</p>");
        assert!(read(&gbk).unwrap().text.contains("港门镇政府工作报告"));
    }

    #[test]
    fn blocks_blanks_and_furniture() {
        let page = "<title>题</title><script>a<b</script><div class='nav'>首页<div>x</div></div><p>国务\n院&nbsp;1\n 2<br>乙</p>
            <li>丙<style>p{}</style><table><tr><td>甲<td>乙</tr><tr><td>丙</table>";
        assert_eq!(text(page), "国务院 1 2\n乙\n丙\n甲\t乙\n丙");
        assert_eq!(text("<div class=nav>甲<p>乙"), "甲\n乙");
    }

    #[test]
    fn the_describing_table_gives_title_and_date() {
        let page = "<table><tr><td><b>标　　题：</b></td><td>关于某事的通知</td></tr><tr><td>索 引 号：</td><td>1</td>
            <td>成文日期：</td><td>2018年12月8日</td></tr></table>";
        for article in ["<p>正文</p>", "<h1>另</h1>旁<div><div id='UCAP-CONTENT'><div>正文</div></div>旁</div>"]
        {
            let read = read(format!("{page}{article}").as_bytes()).unwrap();
            assert_eq!(read.text, "关于某事的通知\n\n正文");
            assert_eq!(read.given.title.unwrap(), "关于某事的通知");
            assert_eq!(read.given.date.unwrap(), "2018-12-08");
        }
    }

    #[test]
    fn labels_stand_in_the_cell_of_their_values_or_before_it() {
        let table = "<table><tr><td><b>索引号：</b>1144</td><td>发布机构：港门镇</td></tr><tr><td>名称：</td><td>工作报告</td></tr>
            <tr><td>文号：</td><td>1号</td><td>生成日期：</td><td>2025-01-02</td></tr></table>";
        let read = read(format!("{table}<table><tr><td>名称：</td><td>村道</td></tr></table>").as_bytes()).unwrap();
        assert_eq!(read.text, "工作报告\n\n名称：\t村道", "any table has a 名称");
        assert_eq!(
            (read.given.title.as_deref(), read.given.published.as_deref()),
            (Some("工作报告"), Some("2025-01-02"))
        );
        let article = "正文。".repeat(500);
        assert_eq!(
            text(&format!("<table><tr><td>发布日期：2025-01-02<p>{article}</td></tr></table>")).lines().count(),
            2
        );
    }

    #[test]
    fn what_stands_over_an_article_is_its_title() {
        let speech = "<p>各位代表：</p><p>现在，我代表镇政府作工作报告。</p>";
        let report = "2025年港门镇政府工作报告";
        let article = format!("<div class='TRS_Editor'>{speech}</div>");
        let around = |over: &str| format!("<title>政府工作报告</title>{over}<p>来源：镇政府</p>{article}");
        let logo = format!("<h1><a href='/'>{report}专题</a></h1><h1>遂溪县人民政府门户网站</h1>");
        for page in [
            around(&format!("<h1>{report}</h1>")),
            around(&format!("{logo}<h2>{report}</h2>")),
            around(
                "<div class='title'>政务公开</div><div class='zw-title'><p>2025年港门镇<br>政府工作报告</p></div><p class='subtitle'>——在镇人民代表大会上",
            ),
            format!("<meta name='ArticleTitle' content='{report}'>{article}"),
            format!("<title>遂溪县人民政府网 - {report}_政务公开</title>{article}"),
            format!("<title>{report}-遂溪县人民政府网</title><p>{speech}</p>"),
            format!("<h1>遂溪县人民政府</h1><div id='zoom'><p>{report}</p>{speech}</div>"),
        ] {
            let document = document(&page);
            let lines: Vec<&str> = document.text.lines().filter(|line| !line.is_empty()).collect();
            assert_eq!(lines, [report, "各位代表：", "现在，我代表镇政府作工作报告。"], "{page}");
            let (meta, place) = (&document.meta, document.meta.place.join("/"));
            assert_eq!((meta.title.as_str(), meta.year), (report, Some(2025)), "{page}");
            assert_eq!(place, "广东省/湛江市/遂溪县/港门镇", "{page}");
        }
        let none = document("<title>春季造林-新闻_遂溪县人民政府</title><p>昨天，栽树。</p>");
        assert_eq!((none.meta.title.as_str(), none.text.as_str()), ("春季造林", "昨天，栽树。"));
    }

    #[test]
    fn a_day_on_the_web_is_the_date_of_a_text_without_one() {
        let page = |text: &str| {
            let page = "<meta name='PubDate' content='2025-03-20 10:00'><h1>2025年港门镇政府工作报告</h1>";
            document(&format!("{page}<div id='zoom'>{text}<p>各位代表：</div>")).meta.date.unwrap()
        };
        let notice = document("<meta name='PubDate' content='2025-03-20 10:00'><h1>关于防汛的通知</h1><p>各镇：</p>");
        assert_eq!(notice.meta.year, Some(2025));
        assert_eq!(page("<p>——2025年1月8日在港门镇第十八届人民代表大会第八次会议上"), "2025-01-08");
        assert_eq!(page(""), "2025-03-20");
    }

    #[test]
    fn marks_hold_where_they_mark_a_fair_share_of_the_text() {
        let speech = "<p>各位代表：</p><p>现在，我代表镇政府作工作报告。</p>".repeat(9);
        let plain = text(&speech);
        for page in [
            format!("<div class='view'>已看：123</div><div class='content'>{speech}</div>"),
            format!("<span id='view'>123</span>{speech}"),
            format!("<p class='zoom'>大 中 小</p>{speech}"),
            format!("<div class='zoom'>大</div><div class='TRS_Editor'>{speech}</div>"),
            format!("<div id='print'><div class='content'>{speech}</div></div>"),
            format!("<div id='print'><div id='zoom'>{speech}</div></div><p>主办：镇政府"),
            format!("<body style='display: none'>{speech}"),
            format!("<div class='nav'>首页</div>{speech}<div class='share'>"),
        ] {
            let text = text(&page);
            assert!(text.contains(&plain) && text.len() < plain.len() + 40, "{page}: {text}");
        }
    }

    #[test]
    fn what_serves_the_reader_of_a_page_is_no_text() {
        let page = "<ul class='menu'><li>首页</ul><ul><li><a href=x>乡镇</a></ul><p>当前位置：首页 &gt; 政务公开</p><h1>通知</h1>
            <p>发布时间 : 2025-02-20 来源：镇政府 【字体：大 中 小】</p><p>各村要高度重视。</p><p>网站浏览次数达5万次</p>
            <div style='display:none'>微信</div><p hidden>扫码<div>尾</div><p>版权所有：镇政府 网站标识码：44</p>";
        let read = read(page.as_bytes()).unwrap();
        assert_eq!(read.text, "通知\n各村要高度重视。\n网站浏览次数达5万次\n尾");
        assert_eq!(read.given.published.as_deref(), Some("2025-02-20"));
        let around = "<p>上一篇：<a href=1>2016年重点项目表</a></p><p>责任编辑：张三<p>扫一扫在手机打开当前页<p>分享到：</p><p>【<a>打印</a>】【关闭】
            <p>【字号 大 中 小】<p>来源：本网浏览次数：1<p>粤ICP备1号 粤公网安备 440802号</p><p>文：甲 [ 字体： 大 ]</p>";
        assert_eq!(text(&format!("<p>正文{around}")), "正文");
        let table = "<p>——政府网站访问量：达1200万人次<p>附件：公网安备管理情况表<table><tr><td>政府网站标识码<td>44<tr><td>访问量：<td>12</table>";
        assert_eq!(
            text(table),
            "——政府网站访问量：达1200万人次\n附件：公网安备管理情况表\n政府网站标识码\t44\n访问量：\t12"
        );
        assert_eq!(text("<ul><li><a href=x>一号通知</a><li><a href=y>二号通知</a></ul>"), "一号通知\n二号通知");
    }

    #[test]
    fn what_is_withheld_and_is_text_stays() {
        let part = |at: usize| {
            format!(
                "<p>第{at}部分</p><p>全县第{at}项工作取得新的进展，各项指标好于预期，群众的获得感不断增强，成绩来之不易。</p>"
            )
        };
        let (first, second, third) = (part(1), part(2), part(3));
        let whole = text(&[first.as_str(), &second, &third].concat());
        let hidden = |text: &str| format!("<div style='display: none'>{text}</div>");
        for page in [
            format!("{first}{}{}", hidden(&second), hidden(&third)),
            format!("<div id=zoom>{first}{}</div>{}", hidden(&format!("{second}{}", hidden(&third))), hidden("分享。")),
            // the same for a small screen
            format!("{}{first}{second}{third}{}", hidden(&first), hidden(&[first.as_str(), &third].concat())),
            format!("{first}<div class=related>{second}<aside>{third}</aside></div><footer>版权归本站所有。</footer>"),
            format!("<div id=zoom>{first}<div class=print>{second}{third}</div></div>{}", hidden(&part(4))),
            format!(
                "{first}{second}{third}{}",
                hidden("<script>var a='旧的。'.repeat(99);</script><a href=x>很长的链接。</a>")
            ),
        ] {
            assert_eq!(text(&page), whole, "{page}");
        }
        let more = format!("{first}{second}{}", hidden(&[first.as_str(), &second, &third].concat()));
        assert!(text(&more).contains(&text(&third)), "the whole behind its beginning");
        let article = "<article><p>正文。</p><aside>三区三线：指三个区。</aside><footer><a href=x>下一篇。</a></footer></article>";
        assert_eq!(text(article), "正文。\n三区三线：指三个区。");
    }

    #[test]
    fn lists_lines_and_scripts_are_as_a_browser_shows_them() {
        for (page, shown) in [
            ("<ol><li>抓道路<li>抓桥梁</ol><ol start=3 type=a><li>甲</ol>", "1.抓道路\n2.抓桥梁\nc.甲"),
            (
                "<ol><li>1.道路<li>（二）桥<ul><li>梁</ul><li>三、路<li><a href=x>更多的道路和桥梁还在后面</a></ol>",
                "1.道路\n（二）桥\n梁\n三、路\n更多的道路和桥梁还在后面",
            ),
            ("<ol style='list-style: none'><li>甲</ol>", "甲"),
            ("甲<button><sup>1</sup></button>2", "甲2"),
            ("<p>面积10<sup>4</sup>平方米，见附件<a href=#x>1</a>", "面积10⁴平方米，见附件1"),
            (
                "<p>甲<sup><a href=#1>1</a></sup>乙<a href=#_ftn2><span>[2]</span></a>丙<a href=#s><sup>3</sup></a>丁<sup>[4]</sup>
                戊<a href='#_edn1'><sup>i</sup></a>。<p><a name=_ftn2 href='#_ftnref2'>[2]</a> 注<p><a href=#fnref3>3</a>\n 释",
                "甲乙丙丁戊。\n[2] 注\n[3] 释",
            ),
            ("<p>增长<del>5%</del><ins>6%</ins>，<s>旧</s>新<p><strike>未闭合。", "增长6%，新\n未闭合。"),
            ("<div style='white-space: pre-wrap'>一\n二</div>三\n四", "一\n二\n三四"),
            ("<script src='a.js' /><script>var a=1;</script><p>正文", "正文"),
            ("<html xmlns='http://www.w3.org/1999/xhtml'><script src='a.js' /><p>正文</p>", "正文"),
            ("<ruby>港<rp>(</rp><rt>gang</rt><rp>)</rp></ruby>门&shy;镇", "港门镇"),
        ] {
            assert_eq!(text(page), shown, "{page}");
        }
    }

    #[test]
    fn character_sets() {
        let page = b"<meta http-equiv=x content='text/html; charset=gb2312'><p>\xb8\xdb\xc3\xc5</p>";
        let read_page = read(page).unwrap();
        assert_eq!((read_page.text.as_str(), read_page.encoding), ("港门", "GBK"));
        let latin = read(b"<meta charset=iso-8859-1><p>\xb8\xdb\xc3\xc5").unwrap();
        assert_eq!(latin.text, "港门");
        let undeclared = read(b"<p>\xb8\xdb\xc3\xc5").unwrap();
        assert_eq!((undeclared.text.as_str(), undeclared.encoding), ("港门", "gb18030"));
    }
}
