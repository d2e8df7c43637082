//! Lines as they stand on pages to paragraphs: wrapped lines are joined, page numbers go.

/// Lines that begin further right than the others open paragraphs where one in so many does.
const INDENTED: usize = 20;

/// A line of a page. Measures are in points.
pub struct Line {
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub size: f64,
}

/// The text of `pages`, a line a paragraph.
pub fn paragraphs(mut pages: Vec<Vec<Line>>) -> String {
    for page in &mut pages {
        page.retain(|line| !line.text.trim().is_empty());
        if page.last().is_some_and(|line| is_page_number(&line.text)) {
            page.pop();
        }
        if page.first().is_some_and(|line| is_page_number(&line.text)) {
            page.remove(0);
        }
    }
    let lines: Vec<Line> = pages.into_iter().flatten().collect();
    let (left, right) = (common(&lines, |line| line.left), common(&lines, |line| line.right));
    let indented = |line: &Line| line.text.starts_with('\u{3000}') || line.left > left + line.size * 0.9;
    let indents = lines.iter().filter(|line| indented(line)).count() * INDENTED > lines.len();
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    for line in &lines {
        let goes_on = before.is_some_and(|before| {
            let ended = before.text.trim_end().ends_with(['。', '！', '？', '：', '”']);
            // a number or a word that did not fit leaves its line short
            let missing = if ended { 1.8 } else { 6.0 };
            let full = before.right > right - before.size * missing && right - left > before.size * 10.0;
            // no paragraph begins with a mark that closes
            let closes = line.text.starts_with(['，', '。', '、', '；', '：', '）', '”', '》']);
            closes || full && !indented(line) && !opens(&line.text) && (!ended || indents)
        });
        if before.is_some() && !goes_on {
            text.push('\n');
        }
        let words = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
        if goes_on && words(text.chars().next_back()) && words(line.text.chars().next()) && !text.ends_with(is_digit) {
            text.push(' ');
        }
        text.push_str(line.text.trim_end());
        before = Some(line);
    }
    text
}

fn is_digit(char: char) -> bool {
    char.is_ascii_digit()
}

/// The measure that most lines share, to the nearest ten points.
fn common(lines: &[Line], of: impl Fn(&Line) -> f64) -> f64 {
    let mut measures: Vec<i64> = lines.iter().map(|line| (of(line) / 10.0) as i64).collect();
    measures.sort_unstable();
    let most = measures.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or(0, |same| same[0]);
    let same: Vec<f64> = lines.iter().map(&of).filter(|measure| (measure / 10.0) as i64 == most).collect();
    same.iter().sum::<f64>() / same.len().max(1) as f64
}

/// —1—, - 1 -, 第1页, 第 1 页 共 9 页, 1/9 or a number alone.
fn is_page_number(line: &str) -> bool {
    let bare: String = line.chars().filter(|char| !char.is_whitespace()).collect();
    let inner = bare.trim_matches(['—', '-', '–', '－', '―', '·', '第', '页']);
    !inner.is_empty()
        && inner.split(['/', '页', '共', '第', '，', ',']).all(|n| n.len() <= 4 && n.chars().all(is_digit))
        && inner.contains(is_digit)
}

/// Whether a line begins as paragraphs do: 一、 （一） 1. 1、 第一条 ①.
fn opens(line: &str) -> bool {
    let line = line.trim_start();
    let han = |char: char| "一二三四五六七八九十百〇".contains(char);
    if line.starts_with(han) {
        return line.trim_start_matches(han).starts_with('、');
    }
    if let Some(inner) = line.strip_prefix(['（', '(']) {
        let rest = inner.trim_start_matches(han).trim_start_matches(is_digit);
        return rest.len() < inner.len() && rest.starts_with(['）', ')']);
    }
    if let Some(inner) = line.strip_prefix('第') {
        let rest = inner.trim_start_matches(han);
        return rest.len() < inner.len() && rest.starts_with(['章', '节', '条', '编', '，', '、']);
    }
    let rest = line.trim_start_matches(is_digit);
    let dotted = rest.len() < line.len() && rest.starts_with(['.', '．', '、']);
    dotted && !rest.chars().nth(1).is_some_and(is_digit) || line.starts_with(|char| ('①'..='⑳').contains(&char))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, left: f64, right: f64) -> Line {
        Line { text: text.into(), left, right, size: 10.0 }
    }

    #[test]
    fn wrapped_lines_are_joined_and_page_numbers_go() {
        let first = vec![
            line("一、回顾", 20.0, 60.0),
            line("去年增长", 0.0, 150.0),
            line("5.1%，今年", 0.0, 150.0),
            line("— 1 —", 45.0, 55.0),
        ];
        let second =
            vec![line("第 2 页 共 9 页", 45.0, 55.0), line("更多。", 0.0, 30.0), line("（二）目标", 0.0, 50.0)];
        assert_eq!(paragraphs(vec![first, second]), "一、回顾\n去年增长5.1%，今年更多。\n（二）目标");
    }

    #[test]
    fn openings() {
        for line in ["一、甲", "（十二）甲", "1.甲", "12、甲", "第一，甲", "第三章 甲", "①甲"] {
            assert!(opens(line), "{line}");
        }
        for line in ["1.5亿元", "一是甲", "（含甲）", "2025年", "第一产业"] {
            assert!(!opens(line), "{line}");
        }
    }
}
