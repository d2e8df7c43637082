//! What all pages share: the frame, the box, marked text, and how things are said in Chinese.

use std::borrow::Cow;

use gm_index::{DocumentInfo, Level, Role, Snippet, Suggestion, Why, field_in_chinese, unsaid_place};
use maud::{DOCTYPE, Markup, html};

use super::{VERSION, facets, tabs};
use crate::serve::asked::{Tab, View};
use crate::serve::problem::Problem;
use crate::terms::apart;

/// A whole page. `title` stands before the name of the site.
pub fn frame(title: &str, view: &View, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { @if !title.is_empty() { (title) " - " } "工作报告检索" }
                link rel="stylesheet" href={ "/page.css?v=" (*VERSION) };
                link rel="icon" href="data:,";
                script src={ "/page.js?v=" (*VERSION) } defer {}
            }
            body {
                a.skip href="#main" { "跳到正文" }
                header.top {
                    a.name href="/" { "工作报告检索" }
                    (search_box(view, title.is_empty() && !view.is_narrowed()))
                }
                (body)
                footer { p { "原文检索，逐字核对。" a href="/openapi.json" { "接口说明" } } }
            }
        }
    }
}

/// The box, in which typing begins on the front page. What the search is narrowed by goes with it.
fn search_box(view: &View, is_front: bool) -> Markup {
    html! {
        form.search role="search" action="/" method="get" {
            div.field {
                input #q type="search" name="q" value=(view.q) aria-label="检索词" autocomplete="off" spellcheck="false"
                    enterkeyhint="search" maxlength="4000" autofocus[is_front]
                    placeholder="词语、句子或拼音，如 港长制、bqwgc";
                ul #suggestions role="listbox" aria-label="检索词建议" hidden {}
            }
            @for (name, value) in view.fields() {
                @if !matches!(name, "q" | "page" | "weaker") { input type="hidden" name=(name) value=(value); }
            }
            button type="submit" { "检索" }
        }
    }
}

/// Text with its matches marked.
pub fn marked(snippet: &Snippet) -> Markup {
    html! {
        @for (piece, is_match) in snippet.pieces() {
            @if is_match { mark { (piece) } } @else { (piece) }
        }
    }
}

/// A document's title, with its year if the title does not say it.
pub fn title(document: &DocumentInfo) -> String {
    let title = document.title();
    match document.meta.year {
        Some(year) if !title.contains(&year.to_string()) => format!("{title}（{year}年）"),
        _ => title.to_string(),
    }
}

/// Where a document is from, if its title does not say it.
pub fn place(document: &DocumentInfo) -> Markup {
    html! { @if let Some(place) = unsaid_place(document) { span.faint { (place) } } }
}

/// Why the index suggests a term, for people.
fn why(why: &Why) -> Cow<'static, str> {
    Cow::Borrowed(match why {
        Why::Differs => "差一个字",
        Why::Less => "少一个字",
        Why::More => "多一个字",
        Why::Swapped => "两字颠倒",
        Why::Part => "其中的词",
        Why::Words => "各词都有，但不相连",
        Why::Any => "满足其中一个值即可",
        Why::Reports => "在该地区、年份、标题或报告人的文件里",
        Why::Pinyin => "拼音",
        Why::Initials => "拼音首字母",
        Why::Sound => "同音",
        Why::Begins => "以此开头",
        Why::NameOf(name) => return format!("“{name}”的别称").into(),
    })
}

/// Terms that do stand in the index, as links to searches for them in all of it: there they are counted.
pub fn suggestions(view: &View, suggestions: &[Suggestion]) -> Markup {
    html! {
        ul.near {
            @for suggestion in suggestions {
                li {
                    @let text = in_chinese(&suggestion.text);
                    a href=(view.link(|view| { facets::clear(view); view.q = text.clone(); })) { (text) }
                    " " span.faint { (suggestion.occurrences) "处　" (why(&suggestion.why)) }
                }
            }
        }
    }
}

/// A query whose filters go by their Chinese names, as the page teaches them.
pub fn in_chinese(query: &str) -> String {
    let named = |part: &str| {
        let field = part.trim_start_matches('(');
        let chinese = field.split_once(':').and_then(|(name, value)| Some((field_in_chinese(name)?, value)));
        let before = &part[..part.len() - field.len()];
        chinese.map_or_else(|| part.to_string(), |(name, value)| format!("{before}{name}:{value}"))
    };
    apart(query, &[' ']).into_iter().map(named).collect::<Vec<_>>().join(" ")
}

/// What went wrong, for people, where that can be told in a sentence.
fn said(problem: &Problem) -> Option<String> {
    let detail = problem.detail.as_str();
    let has = |part: &str| detail.contains(part);
    let sentence = match problem.status().as_u16() {
        401 => "请用管理员给的口令登录。",
        408 => "文稿传得太慢，没有收完。",
        413 => "文稿不能大于 10 MB。",
        421 => "请在这台机器上用 http://127.0.0.1 访问。",
        429 => "请过一会儿再试。",
        503 => "请稍后再试，或用更长的词、加上范围。",
        _ if has("a PDF is not read") => "这里不读 PDF，请改用 docx 或文字格式。",
        403 => "这台服务器没有开放文稿核对。要用请以 --uploads 启动。",
        _ if has("(Word 97)") || has("it is encrypted") => {
            "这里读不了 doc、wps 和加了密的文件：请用 Word 或 WPS 另存为 docx（去掉密码）。"
        }
        _ if has("format is not known") || has("format cannot be read") => "读不了这种格式的文件。",
        _ if has("holds many documents") => "一次只能核对一份文件。",
        _ if has("holds no text") => "文件里没有文字。",
        _ if has("no document was sent") => "请先选择文件。",
        _ if has("cannot read `") => "文件读不出来：可能已经损坏，或格式与扩展名不符。",
        _ if has("there is no such address") => "没有这个地址。",
        _ if has("is not asked in this way") => "这个地址不能这样用，请从首页进入。",
        _ if has("there is no document") => "库里没有这份文件。",
        _ if has("the address is not UTF-8") => "地址不是 UTF-8 编码，请在这里重新输入要检索的词。",
        _ if has("duplicate field") => "地址里有一项写了两次。",
        _ if has("is no part of a report") => {
            return Some(format!("没有这样的部分。可用的有：{}。", Role::ALL.map(Role::name).join("、")));
        }
        _ if has("is no level") => {
            return Some(format!("没有这样的级别。可用的有：{}。", Level::ALL.map(Level::name).join("、")));
        }
        _ if has("no single place goes by `") => {
            let place = detail.split('`').nth(1).unwrap_or_default();
            return Some(format!("“{place}”不是一个确定的地名：请从省写起，如 湖南省 益阳市 安化县。"));
        }
        _ if has("runs backwards") => "起止写反了：小的或早的在前，如 2020..2025。",
        _ if has("this parenthesis holds no values") => {
            "括号里没有可用的值：写作 年份:(2024|2025)，以括号开头的值请加引号。"
        }
        _ if has("the query is empty") => "没有写要检索的词。",
        _ if has("parts") && has("the query has more than") => "检索式的项太多：请分几次检索；正则表达式最多 10 个。",
        _ if has("is no year") => "年份要写四位数字，如 2025；一段时间写 2020..2025。",
        _ if has("is no date") => "日期写作 2025-04-08、2025-04 或 2025；一段时间写 2025-01..2025-06。",
        _ if has("is no amount") => "数量写作 5%、300万元、-2% 或 12个；范围写 100万元..500万元、100万元.. 或 ..3个。",
        _ if has("says nothing") => "冒号后面没有写出内容。",
        _ if has("NEAR stands between") => "NEAR 两边各要一个词，或一段加引号的话。",
        _ if has("the query has more than") => "检索式太长，请分几次检索。",
        _ if has("is no regular expression") => "正则表达式写得不对。",
        _ if has("/` is too large") => "正则表达式太大：请少用重复，并用 . 或 [^。] 代替 \\w。",
        _ if has("there is no field") => {
            let quoted = |text: &str| text.split('`').nth(1).map(String::from);
            let name = quoted(detail).unwrap_or_default();
            let near = problem.hint.as_deref().filter(|hint| hint.starts_with("did you mean")).and_then(quoted);
            let near = near.map_or(String::new(), |field| format!("是不是 {field}？"));
            return Some(format!("没有“{name}”这样的范围。{near}冒号若是原文，请加引号。"));
        }
        _ if has("queries, and 8 at most") => "一次最多比较 8 个词，连同检索词在内。",
        _ if has("cannot be put in this order") => "出现之处太多，不能按前后文排序：请缩小范围，或按文件排序。",
        _ => return None,
    };
    Some(sentence.to_string())
}

/// The same in sentences; what cannot be told in Chinese is told as programs are.
pub fn told(problem: &Problem) -> Markup {
    match said(problem) {
        Some(said) => html! { p { (said) } },
        None => html! { p.faint lang="en" { (problem.detail) @if let Some(hint) = &problem.hint { "; " (hint) } } },
    }
}

/// What went wrong, in a few words.
pub fn head(view: &View, problem: &Problem) -> &'static str {
    match problem.status().as_u16() {
        400 if problem.query.is_none() => "请求有误",
        400 if problem.query.as_deref() != Some(&view.q) => "对比的词有误",
        400 => "检索式有误",
        401 => "需要口令",
        403 => "这台服务器不收文稿",
        404 => "没有这一页",
        405 => "不能这样访问",
        413 => "文稿太大",
        421 => "这台服务器只供本机使用",
        429 => "访问太频繁",
        503 => "现在太忙，或检索用时过长",
        _ => "检索未能完成",
    }
}

/// What went wrong, where in which query, and what can be typed.
pub fn problem(view: &View, problem: &Problem) -> Markup {
    let query = problem.query.as_deref().unwrap_or(&view.q);
    let head = head(view, problem);
    let chars: Vec<char> = query.chars().collect();
    let fault = problem.column.filter(|&column| column <= chars.len());
    // a fault is of one word; what stands behind it is not to blame
    let end = |column: usize| {
        chars[column..].iter().position(|c| c.is_whitespace()).map_or(chars.len(), |length| column + length)
    };
    let body = html! {
        main #main.alone {
            h1 { (head) }
            (told(problem))
            @if let Some(column) = fault {
                p.query { (chars[..column].iter().collect::<String>()) mark { (chars[column..end(column)].iter().collect::<String>()) }
                    (chars[end(column)..].iter().collect::<String>()) }
                p { "错在标出之处。可以这样写：" }
                ul {
                    li { code { "典型村 港长制" } "　两者都有；" code { "典型村|示范村" } "　有其一；" code { "招商 -引资" } "　有前无后" }
                    li { code { "“三资”交易中心" } "　" code { "村 NEAR/10 振兴" } "　" code { "/\\d+亿元/" } }
                    li { "范围：" code { "地区:遂溪 年份:2020..2025 部分:任务 文种:政府工作报告 级别:镇 标题:… 章节:…" } }
                }
            }
            @if view.tab() == Tab::Trend && !view.with.is_empty() { (tabs::compare(view)) }
            @if view.tab() == Tab::Kwic && !view.sort.is_empty() && problem.query.is_none() { p { a href=(view.link(|view| view.sort.clear())) { "按文件排序" } } }
            p { a href="/" { "回到首页" } }
        }
    };
    frame(head, view, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::answers::parse;

    #[test]
    fn every_fault_of_a_query_is_told_in_chinese() {
        let many = "/a/ ".repeat(11);
        let long = "村".repeat(5_000);
        for query in [
            "年份:2025..2020",
            "日期:2025-02..2025-01",
            "地区:()",
            "年份:x",
            "日期:x",
            "级别:x",
            "部分:x",
            "数量:x",
            "数量:3%..1%",
            "数量:3元..5人",
            "地区:“”",
            "foo:bar",
            "/(/",
            r"/\w{99}/",
            "a NEAR/5 year:2025",
            "",
            &many,
            &long,
        ] {
            let problem = parse(query).expect_err(query);
            assert!(said(&problem).is_some(), "{query}: {}", problem.detail);
        }
    }

    #[test]
    fn filters_are_shown_by_their_chinese_names() {
        assert_eq!(in_chinese("耕地 year:2020..2026 place:浙江"), "耕地 年份:2020..2026 地区:浙江");
        assert_eq!(in_chinese("施行 (title:甲法 OR title:乙法)"), "施行 (标题:甲法 OR 标题:乙法)");
        assert_eq!(in_chinese("“a place:浙江” a:b"), "“a place:浙江” a:b");
    }
}
