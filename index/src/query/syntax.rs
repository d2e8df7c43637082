//! Reads a [`Query`] from text: strict where a script could be wrong (an unknown field, a year that is none, a broken
//! regular expression are errors with their column), forgiving where a person pastes (whatever fits no rule is text).
//!
//! ```text
//! query  = and { ("OR" | "|" | "或") and }
//! and    = unary { ["AND" | "&&"] unary }
//! unary  = ("NOT" | "非" | "-" before a non-digit) unary | near
//! near   = atom [ "NEAR/" n atom ]
//! atom   = "(" query ")" | quoted | 'fixed' | /regex/ | field ":" values | text
//! values = value | "(" value { ("OR" | "|" | "或") value } ")"
//! ```

use std::collections::HashSet;
use std::str::FromStr;

use crate::error::{Error, Kind};
use crate::query::bare::bare;
use crate::query::cursor::{BARS, CLOSING, Cursor, MINUS, OPENING, Operator};
use crate::query::fields::{Name, holding, looks_like_field, named, unknown};
use crate::query::quotes::{QUOTES, and_sign, enclosed, whole};
use crate::query::{Query, compiled, one_or};

/// Groups nested deeper than this are text.
const DEEPEST: usize = 50;

/// A query with more parts than this is refused: it would cost seconds, and nobody types it.
const MOST_PARTS: usize = 2_000;

/// A regular expression takes as much time and memory as this many other parts, if it is made to.
const REGEX_PARTS: usize = 200;

impl FromStr for Query {
    type Err = Error;

    /// Fails on blanks alone, an unknown field, a value that its field cannot have, a broken regular expression, and more
    /// than 2,000 parts, of which a regular expression counts for 200 and one may take 1 MB. [`Error::column`] says where.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.trim().is_empty() {
            return Err(Error::new(Kind::Query, "the query is empty").with_hint("give the words to look for"));
        }
        let next = Cursor { text, at: 0, depth: 0 };
        let mut parser = Parser { next, nested: 0, parts: 0, no_groups: HashSet::new() };
        let query = parser.query()?;
        match query {
            Some(query) if parser.next.rest().trim().is_empty() => Ok(query),
            // a closing parenthesis too many, or operators alone
            _ => Ok(Query::Phrase(whole(text.trim()))),
        }
    }
}

struct Parser<'t> {
    /// What comes next in the text.
    next: Cursor<'t>,
    /// How many parentheses are open, and what else holds a part: negations, scopes. Reading, printing and answering a query call
    /// themselves so often.
    nested: usize,
    parts: usize,
    /// Where a parenthesis was found to open no group. What is behind it is read once as its inside and once as what follows;
    /// without this, twice as often for each that stands before it.
    no_groups: HashSet<usize>,
}

impl Parser<'_> {
    fn query(&mut self) -> Result<Option<Query>, Error> {
        let mut parts = Vec::new();
        while let Some(part) = self.and()? {
            match part {
                Query::Or(more) => parts.extend(more),
                part => parts.push(part),
            }
            let before = self.next.at;
            if self.next.operator() != Some(Operator::Or) || self.next.ends() {
                self.next.at = before;
                break;
            }
        }
        Ok(one_or(parts, Query::Or))
    }

    fn and(&mut self) -> Result<Option<Query>, Error> {
        let mut parts = Vec::new();
        loop {
            self.next.blanks();
            let before = self.next.at;
            match self.next.operator() {
                // an operator without a right side is text
                Some(Operator::Or) if !parts.is_empty() && !self.next.ends() => {
                    self.next.at = before;
                    break;
                }
                Some(Operator::And) if !parts.is_empty() && !self.next.ends() => {}
                Some(Operator::Not) => self.next.at = before,
                Some(_) => {
                    let word = self.next.text[before..self.next.at].trim();
                    parts.push(Query::Phrase(whole(word)));
                    continue;
                }
                None => {}
            }
            let Some(part) = self.unary()? else { break };
            match part {
                Query::And(more) => parts.extend(more),
                part => parts.push(part),
            }
        }
        Ok(one_or(parts, Query::And))
    }

    fn unary(&mut self) -> Result<Option<Query>, Error> {
        self.next.blanks();
        let before = self.next.at;
        let is_not = match self.next.operator() {
            Some(Operator::Not) => true,
            Some(_) => {
                self.next.at = before;
                false
            }
            None => {
                let can_be_negated = |c: char| !c.is_numeric() && !c.is_whitespace() && !MINUS.contains(&c);
                let behind = self.next.rest().strip_prefix(MINUS);
                let negates = behind.is_some_and(|behind| behind.starts_with(can_be_negated));
                if negates {
                    self.next.step();
                }
                negates
            }
        };
        if is_not {
            self.nested += 1;
            let query = if self.nested > DEEPEST { Ok(None) } else { self.unary() };
            self.nested -= 1;
            if let Some(query) = query? {
                return Ok(Some(match query {
                    Query::Not(query) => *query,
                    query => Query::Not(Box::new(query)),
                }));
            }
            self.next.at = before;
        }
        self.near()
    }

    fn near(&mut self) -> Result<Option<Query>, Error> {
        let Some(left) = self.atom()? else { return Ok(None) };
        let before = self.next.at;
        let is_literal =
            |query: &Query| matches!(query, Query::Text(_) | Query::Phrase(_) | Query::Fixed(_) | Query::Amount(_));
        let Some(Operator::Near(distance)) = self.next.operator().filter(|_| !self.next.ends()) else {
            self.next.at = before;
            return Ok(Some(left));
        };
        let Some(right) = self.atom()? else {
            self.next.at = before;
            return Ok(Some(left));
        };
        self.next.blanks();
        let behind = self.next.at;
        let goes_on = matches!(self.next.operator(), Some(Operator::Near(_))) && !self.next.ends();
        self.next.at = behind;
        if goes_on || !is_literal(&left) || !is_literal(&right) {
            let at = before + self.next.text[before..].len() - self.next.text[before..].trim_start().len();
            let error = self.next.error(at, "NEAR stands between two words or quotes".to_string());
            return Err(error.with_hint("write (a NEAR/5 c) OR (b NEAR/5 c), or put it in quotes if it is text"));
        }
        Ok(Some(Query::Near(Box::new(left), Box::new(right), distance)))
    }

    fn atom(&mut self) -> Result<Option<Query>, Error> {
        self.next.blanks();
        if self.next.ends() || self.next.joins() {
            return Ok(None);
        }
        self.begin_part()?;
        if let Some(query) = self.group()? {
            return Ok(Some(query));
        }
        if let Some((inner, len)) = enclosed(self.next.rest(), &QUOTES) {
            self.next.at += len;
            return Ok(Some(Query::Phrase(whole(inner))));
        }
        if let Some((inner, len)) = enclosed(self.next.rest(), &[('\'', '\'')]) {
            self.next.at += len;
            return Ok(Some(Query::Fixed(inner.replace("''", "'"))));
        }
        if let Some((inner, len)) = enclosed(self.next.rest(), &[('/', '/')]) {
            compiled(inner).map_err(|error| error.at_column(self.next.column(self.next.at)))?;
            self.next.at += len;
            self.parts += REGEX_PARTS;
            return Ok(Some(Query::Regex(inner.to_string())));
        }
        match self.field()? {
            Some(query) => Ok(Some(query)),
            None => {
                let word = self.next.word();
                self.next.at += word.len();
                Ok(Some(bare(word)))
            }
        }
    }

    fn begin_part(&mut self) -> Result<(), Error> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            let message = format!("the query has more than {MOST_PARTS} parts");
            return Err(self
                .next
                .error(self.next.at, message)
                .with_hint("split it, or put a long text in quotes; a regular expression counts for 200"));
        }
        Ok(())
    }

    /// A parenthesis that opens here and closes before a blank, an operator or the end.
    fn group(&mut self) -> Result<Option<Query>, Error> {
        let before = self.next.at;
        if !self.next.rest().starts_with(OPENING) || self.nested >= DEEPEST || self.no_groups.contains(&before) {
            return Ok(None);
        }
        self.next.step();
        let parts = self.parts;
        self.next.depth += 1;
        self.nested += 1;
        let inner = self.query();
        self.next.depth -= 1;
        self.nested -= 1;
        if let Some(query) = inner?
            && self.next.takes_closing()
        {
            return Ok(Some(query));
        }
        self.no_groups.insert(before);
        self.next.at = before;
        self.parts = parts;
        Ok(None)
    }

    fn field(&mut self) -> Result<Option<Query>, Error> {
        let start = self.next.at;
        let rest = self.next.rest();
        let Some(colon) = rest.find([':', '：', ' ', '　']).filter(|&at| rest[at..].starts_with([':', '：'])) else {
            return Ok(None);
        };
        let (name, known) = (&rest[..colon], named(&rest[..colon]));
        let behind = colon + rest[colon..].chars().next().map_or(1, char::len_utf8);
        // http://
        let may_begin_so = matches!(known, Some(Name::Scope(_)));
        let ends = |c: char| c.is_whitespace() || BARS.contains(&c) || c == '/' && !may_begin_so;
        if rest[behind..].starts_with(ends)
            || and_sign(&rest[behind..]) > 0
            || self.next.depth > 0 && rest[behind..].starts_with(CLOSING)
            || rest.len() == behind
        {
            return Ok(None);
        }
        let Some(known) = known else {
            return match looks_like_field(name) {
                true => Err(unknown(name).at_column(self.next.column(start))),
                false => Ok(None),
            };
        };
        self.next.at = start + behind;
        match known {
            Name::Scope(scope) => {
                let inner = self.scoped()?;
                if inner.is_none() {
                    self.next.at = start;
                }
                Ok(inner.map(|inner| Query::Within(scope, Box::new(inner))))
            }
            Name::Field(field) => {
                let values = self.values()?.into_iter();
                let part = |(at, value): (usize, String)| {
                    holding(field, &value).map_err(|error| error.at_column(self.next.column(at)))
                };
                Ok(one_or(values.map(part).collect::<Result<_, _>>()?, Query::Or))
            }
        }
    }

    /// What stands behind the name of a scope.
    fn scoped(&mut self) -> Result<Option<Query>, Error> {
        // a parenthesis behind it counts itself
        let holds = !self.next.rest().starts_with(OPENING) as usize;
        self.nested += holds;
        let inner = if self.nested > DEEPEST { Ok(None) } else { self.atom() };
        self.nested -= holds;
        inner
    }

    /// The value of a field, or those in a parenthesis, any of which it can have; each with where it stands.
    fn values(&mut self) -> Result<Vec<(usize, String)>, Error> {
        let start = self.next.at;
        if !self.next.rest().starts_with(OPENING) {
            return Ok(vec![self.next.value()]);
        }
        self.next.step();
        self.next.depth += 1;
        let mut values = Vec::new();
        while self.nested < DEEPEST && !self.next.ends() {
            self.begin_part()?;
            values.push(self.next.value());
            let before = self.next.at;
            if self.next.operator() != Some(Operator::Or) {
                self.next.at = before;
                break;
            }
        }
        let ends = self.next.ends();
        self.next.depth -= 1;
        let are_values = ends && !values.is_empty() && values.iter().all(|(_, value)| !value.is_empty());
        if are_values && self.next.takes_closing() {
            return Ok(values);
        }
        self.next.at = start;
        let value = self.next.value();
        // （试行）办法 is a value as any
        if value.1.matches(OPENING).count() == value.1.matches(CLOSING).count() && values.len() == 1 {
            return Ok(vec![value]);
        }
        let error = self.next.error(start, "this parenthesis holds no values".to_string());
        Err(error.with_hint("write year:(2024|2025), or put a value that begins with a parenthesis in quotes"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape(text: &str) -> String {
        format!("{:?}", text.parse::<Query>().unwrap()).replace("Text", "").replace("Phrase", "P").replace('\\', "")
    }

    #[test]
    fn the_language() {
        for (text, expected) in [
            ("典型村", r#"("典型村")"#),
            ("  积分制　红黑榜 ", r#"And([("积分制"), ("红黑榜")])"#),
            ("\"营商环境\"", r#"P("营商环境")"#),
            ("“1+2+5” 思路", r#"And([P("1+2+5"), ("思路")])"#),
            ("「三資」", r#"P("三資")"#),
            ("“三资”交易", r#"("三资”交易")"#),
            ("“三资", r#"("三资")"#),
            ("“三资”交易 OR “红黑榜”", r#"Or([("三资”交易"), P("红黑榜")])"#),
            ("“百千万”工程 -“典型村”", r#"And([("百千万”工程"), Not(P("典型村"))])"#),
            ("“推进“三资”交易”", r#"P("推进“三资”交易")"#),
            ("番薯 or 瑶柱", r#"Or([("番薯"), ("瑶柱")])"#),
            ("a near/10 b", r#"Near(("a"), ("b"), 10)"#),
            ("a NEAR/4294967295 b", r#"Near(("a"), ("b"), 10000)"#),
            ("a NEAR/4294967296 b", r#"Near(("a"), ("b"), 10000)"#),
            ("year:二〇二〇..二零二五年", "Filter(Year(2020..=2025))"),
            ("番薯 OR 瑶柱", r#"Or([("番薯"), ("瑶柱")])"#),
            ("番薯|瑶柱", r#"Or([("番薯"), ("瑶柱")])"#),
            ("a 或 b c", r#"Or([("a"), And([("b"), ("c")])])"#),
            ("(a OR b) c", r#"And([Or([("a"), ("b")]), ("c")])"#),
            ("（a或b） c", r#"And([("a或b"), ("c")])"#),
            ("招商 NOT 乡贤", r#"And([("招商"), Not(("乡贤"))])"#),
            ("招商 非 乡贤", r#"And([("招商"), Not(("乡贤"))])"#),
            ("招商 -乡贤", r#"And([("招商"), Not(("乡贤"))])"#),
            ("0-6岁", r#"("0-6岁")"#),
            ("-6岁", r#"("-6岁")"#),
            ("河长制 AND 林长制", r#"And([("河长制"), ("林长制")])"#),
            ("党员干部+妇联", r#"("党员干部+妇联")"#),
            ("a NEAR/10 b", r#"Near(("a"), ("b"), 10)"#),
            ("'“三资”'", r#"Fixed("“三资”")"#),
            ("'it''s'", r#"Fixed("it's")"#),
            ("'it's'", r#"("it's")"#),
            (r"/a\/ b/", r#"Regex("a/ b")"#),
            (r"/a\\/", r#"Regex("a")"#),
            ("互联网+", r#"("互联网+")"#),
            ("+86 C++ | 5+2", r#"Or([And([("+86"), ("C++")]), ("5+2")])"#),
            ("“人工智能+” -＋", r#"And([P("人工智能+"), Not(("＋"))])"#),
            ("/[0-9]+万元/", r#"Regex("[0-9]+万元")"#),
            ("句:(a b)", r#"Within(Sentence, And([("a"), ("b")]))"#),
            ("part:问题 人才", r#"And([Filter(Part(Problems)), ("人才")])"#),
            ("年份：2020..2025", r#"Filter(Year(2020..=2025))"#),
            ("年份：２０２０..２０２５", r#"Filter(Year(2020..=2025))"#),
            ("year:2020|part:问题", r#"Or([Filter(Year(2020..=2020)), Filter(Part(Problems))])"#),
            ("year:(2025|2026) a", "And([Or([Filter(Year(2025..=2025)), Filter(Year(2026..=2026))]), (\"a\")])"),
            ("地方：（广东 或 “福建”）", r#"Or([Filter(Place("广东")), Filter(Place("福建"))])"#),
            ("(part:(目标 | 任务) OR a)", r#"Or([Filter(Part(Targets)), Filter(Part(Tasks)), ("a")])"#),
            ("title:(试行)", r#"Filter(Title("试行"))"#),
            ("title:(试行)办法", r#"Filter(Title("(试行)办法"))"#),
            ("(title:办法(试行)|a)", r#"Or([Filter(Title("办法(试行)")), ("a")])"#),
            ("date:2024..", r#"Filter(Date("2024", ""))"#),
            ("date:..2024-05", r#"Filter(Date("", "2024-05"))"#),
            ("date:2025-04", r#"Filter(Date("2025-04", "2025-04"))"#),
            ("date:2025年4月..2025/6/30", r#"Filter(Date("2025-04", "2025-06-30"))"#),
            ("date:2025-04..2025", r#"Filter(Date("2025-04", "2025"))"#),
            ("level:乡镇", "Filter(Level(Town))"),
            (
                "数量：100..500万元 a",
                r#"And([Amount(Amounts { from: Some(Decimal(1000000000000)), to: Some(Decimal(5000000000000)), unit: "元", text: "100..500万元" }), ("a")])"#,
            ),
            ("level:镇", "Filter(Level(Town))"),
            ("級別：鎮", "Filter(Level(Town))"),
            ("部分：任務", "Filter(Part(Tasks))"),
            ("地區：廣東", r#"Filter(Place("廣東"))"#),
            ("ＹＥＡＲ：２０２０ ＯＲ a", r#"Or([Filter(Year(2020..=2020)), ("a")])"#),
            ("a ｎｅａｒ／５ b", r#"Near(("a"), ("b"), 5)"#),
            ("《地区》：广东", r#"("《地区》：广东")"#),
            ("a “or” b", r#"And([("a"), P("or"), ("b")])"#),
            ("经济&&发展", r#"And([("经济"), ("发展")])"#),
            ("(a|b)&&\"c\"＆＆/d/&&'e'", r#"And([Or([("a"), ("b")]), P("c"), Regex("d"), Fixed("e")])"#),
            ("place:广东&&a", r#"And([Filter(Place("广东")), ("a")])"#),
            ("AT&T R&D", r#"And([("AT&T"), ("R&D")])"#),
            ("a&&", r#"And([("a"), P("&&")])"#),
            ("（一）聚力产业", r#"P("（一）聚力产业")"#),
            ("生产总值（GDP）是多少", r#"("生产总值（GDP）是多少")"#),
            ("(a(b)c) d(e", r#"And([("a(b)c"), P("d(e")])"#),
            ("主要预期目标：增长5%", r#"("主要预期目标：增长5%")"#),
            ("GDP:指", r#"("GDP:指")"#),
            ("http://a.b", r#"P("http://a.b")"#),
            ("OR", r#"P("OR")"#),
            ("a OR", r#"And([("a"), P("OR")])"#),
            ("((((", r#"P("((((")"#),
            ("a)", r#"("a")"#),
            ("|", r#"P("|")"#),
            ("NOT NOT a", r#"("a")"#),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn mistakes_have_a_column() {
        for (text, column, message) in [
            ("典型村 foo:bar", 4, "no field `foo`"),
            ("year:二〇二", 5, "no year"),
            ("date:2025-13", 5, "no date"),
            ("date:2025-02-29", 5, "no date"),
            ("date:2025-06..2025-03", 5, "backwards"),
            ("date:..", 5, "no date"),
            ("year:2025..2020", 5, "backwards"),
            ("a place:(广东 福建)", 8, "no values"),
            ("a place:(广东|", 8, "no values"),
            ("place:(广东|福建)省", 6, "no values"),
            ("year:(2025|26)", 11, "no year"),
            ("a part:问提", 7, "no part"),
            ("a num:许多", 6, "no amount"),
            ("a /(/", 2, "no regular expression"),
            (r"a /\w{99}/", 2, "is too large"),
            ("   ", 0, "empty"),
            ("(a|b) NEAR/5 c", 6, "NEAR"),
            ("a NEAR/5 /b/", 2, "NEAR"),
            ("a NEAR/5 b NEAR/5 c", 2, "NEAR"),
            ("a title:“”", 8, "nothing"),
            ("a place:、", 8, "nothing"),
        ] {
            let error = text.parse::<Query>().unwrap_err();
            assert!(error.to_string().contains(message), "{text}: {error}");
            assert_eq!(error.column().unwrap_or(0), column, "{text}");
        }
    }

    #[test]
    fn hostile_queries_are_answered_or_refused() {
        for text in [
            "(".repeat(100_000),
            "a ".repeat(100_000),
            "-".repeat(10_000),
            "NOT ".repeat(10_000),
            "a|".repeat(1_500),
            format!("year:({})", "2025|".repeat(1_500)),
            "year:(".repeat(3_000),
            "(a ".repeat(3_000),
            "\0".to_string(),
        ] {
            let _ = text.parse::<Query>();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn a_query_prints_back_to_itself(source in r#"([一-三ab5"“”「」『』 　()（）|'/:&-]|&&|OR |NOT |非 | NEAR/3 |句:|year:2020|place:一|year:\(2020|num:|[.%]){1,10}"#) {
            let Ok(query) = source.parse::<Query>() else { return Ok(()) };
            let printed = query.to_string();
            prop_assert_eq!(printed.parse::<Query>().unwrap(), query, "{}", printed);
        }
    }

    /// However a query is nested, it is read, printed and asked in time and within a small stack.
    #[test]
    fn depth_costs_neither_time_nor_stack() {
        let deep =
            ["句:".repeat(1990) + "a", "句:(-a (b|(".repeat(24) + "c" + &")))".repeat(24), "非 ".repeat(1000) + "a"];
        for text in deep {
            let query: Query = text.parse().unwrap();
            assert_eq!(query.to_string().parse::<Query>().unwrap(), query);
            query.needs_text();
        }
        let query: Query = ("NOT ".repeat(51) + "发展").parse().unwrap();
        assert_eq!(query.to_string(), "\"NOT\" 发展");
        // a parenthesis too many is forgiven behind a negated word as well
        assert_eq!("镇 -番薯)".parse::<Query>().unwrap(), "镇 -番薯".parse().unwrap());
    }
}
