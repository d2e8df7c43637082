//! The words by which web pages tell what is what: elements, classes and ids, and what government sites write around a document.

/// Elements whose content is no markup; none of it is text of the page.
pub const RAW: [&str; 6] = ["script", "style", "noscript", "iframe", "title", "textarea"];
/// Elements that are not text of the page either.
pub const DROPPED: [&str; 11] =
    ["template", "svg", "select", "button", "object", "xml", "rt", "rp", "del", "s", "strike"];
/// Elements, classes and ids of furniture, unless it holds running text. What is not shown is `hidden`.
pub const FURNITURE: [&str; 27] = [
    "nav", "footer", "aside", "hidden", "share", "sharebox", "share-box", "bdshare", "bdsharebuttonbox", "print",
    "breadcrumb", "breadcrumbs", "crumb", "crumbs", "position", "dqwz", "navbar", "navigation", "menu", "submenu",
    "foot", "copyright", "sidebar", "related", "qrcode", "ewm", "toolbar",
];
/// Classes and ids in which government sites put the article.
pub const ARTICLES: [&str; 9] = [
    "ucap-content", "pages_content", "trs_editor", "trs_ueditor", "view", "zoom", "article-content", "article_con",
    "zoomcon",
];
/// What classes and ids end in of what stands over it.
pub const TITLES: [&str; 3] = ["title", "tit", "biaoti"];
pub const BLOCKS: [&str; 39] = [
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "header",
    "main", "blockquote", "pre", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "form", "fieldset",
    "hr", "br", "center", "address", "figure", "body", "aside", "footer", "nav",
];
/// Elements without an end.
pub const VOID: [&str; 9] = ["br", "hr", "img", "input", "meta", "link", "col", "area", "embed"];
/// What the table that describes a document says; blanks inside are layout.
pub const LABELS: [&str; 20] = [
    "索引号", "主题分类", "发文机关", "发文机构", "发文字号", "成文日期", "生成日期", "发文日期", "发布日期",
    "公开日期", "标题", "信息名称", "主题词", "公文种类", "发文单位", "发布机构", "公开机构", "组配分类", "文号",
    "有效性",
];
/// What it says too, and so may any other table: these count below one of those.
pub const COMMON_LABELS: [&str; 8] = ["名称", "主题", "分类", "体裁", "内容概述", "关键词", "公开形式", "公开范围"];
/// With what a short line begins that says where the reader is, what can be done with the page, or whose it is.
pub const SIGNPOSTS: [&str; 14] = [
    "版权所有", "今天是", "责任编辑：", "扫一扫在手机", "分享到：", "【字号", "【字体", "【打印", "【关闭", "【收藏",
    "打印本页", "关闭窗口", "关闭本页", "【返回",
];
/// What can be done with a page. A line of nothing else is no text; each stands before those that it begins with.
pub const DEEDS: [&str; 26] = [
    "扫一扫分享本页", "分享到", "打印文章", "打印此文", "关闭此页", "我要打印", "打印本页", "打印", "关闭窗口",
    "关闭本页", "关闭", "返回顶部", "返回列表", "返回首页", "返回上页", "返回", "收藏本页", "收藏", "分享", "字号",
    "字体", "上一页", "下一页", "首页", "尾页", "末页",
];
/// What stands between and behind them: how large letters are to be, and the numbers of pages.
pub const BETWEEN: &str = "大中小0123456789【】[]（）()|｜：/<>«»·";
/// What a line begins with that leads to another page, with a blank or a colon behind it.
pub const OTHER_PAGES: [&str; 4] = ["上一篇", "下一篇", "上一条", "下一条"];
/// The characters before 位置 in what tells where the reader is: 您当前所在的位置. One of the first four is among them.
pub const WHERE: &str = "您你当现前在所的";
/// What begins a part of a line that is for the reader of the page only.
pub const SERVICE: [&str; 16] = [
    "字体：", "字号：", "浏览次数：", "浏览量：", "浏览数：", "浏览：", "点击数：", "点击率：", "点击次数：",
    "点击量：", "访问量：", "访问次数：", "阅读次数：", "阅读量：", "设为首页", "加入收藏",
];
/// What a line begins with that tells of the page.
pub const ABOUT: [&str; 10] = [
    "发布时间", "发布日期", "发表时间", "更新时间", "来源：", "信息来源：", "文章来源：", "作者：", "时间：", "日期：",
];
/// With a number behind it, it is that of the site.
pub const NUMBERED: [&str; 2] = ["网站标识码", "公网安备"];
/// What the place of a note on a page is called, in part: `_ftn1`, `sdfootnote1sym`, `fn1`, `_edn1`.
pub const NOTES: [&str; 4] = ["ftn", "fn", "note", "edn"];
/// What stands before the day on which the page was published.
pub const PUBLISHED: [&str; 5] = ["发布时间", "发布日期", "发表时间", "发稿时间", "更新时间"];
/// Characters that show nothing: they say where a line may be broken.
pub const UNSEEN: [char; 8] =
    ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}'];
