//! What the text of a query is counted in.

use gm_index::{Filter, Query, Scope};

/// What matches `within` and the filters of `query`: what these rule out can hold none of it, and is no measure of how much could.
pub fn narrowed(within: &Option<Query>, query: &Query) -> Option<Query> {
    all_of(within.iter().cloned().chain(filters(query, true)).collect())
}

fn all_of(mut parts: Vec<Query>) -> Option<Query> {
    if parts.len() < 2 { parts.pop() } else { Some(Query::And(parts)) }
}

/// What every passage that a query matches is by its filters alone; `None` if they ask nothing of some. What is asked of a passage
/// by its part or heading is left out unless `of_passages`.
fn filters(query: &Query, of_passages: bool) -> Option<Query> {
    let is_filter = |part: &Query| match part {
        Query::Filter(Filter::Part(_) | Filter::Heading(_)) => of_passages,
        _ => matches!(part, Query::And(_) | Query::Or(_) | Query::Not(_) | Query::Filter(_)),
    };
    if !query.any(&mut |part| !is_filter(part)) {
        return Some(query.clone());
    }
    let each = |parts: &[Query]| parts.iter().map(|part| filters(part, of_passages)).collect::<Vec<_>>();
    match query {
        Query::And(parts) => all_of(each(parts).into_iter().flatten().collect()),
        Query::Or(parts) => each(parts).into_iter().collect::<Option<Vec<_>>>().map(Query::Or),
        Query::Within(Scope::Sentence, part) => filters(part, of_passages),
        // its passages may have parts of their own
        Query::Within(Scope::Paragraph, part) => filters(part, false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_found_wherever_all_that_matches_passes_them() {
        for (query, expected) in [
            ("place:广东 经济", "place:广东"),
            ("place:广东 part:任务 -year:2020 经济", "place:广东 part:任务 NOT year:2020"),
            ("place:广东 经济|place:福建 经济", "place:广东 OR place:福建"),
            ("place:广东 经济|经济", ""),
            ("句:(level:省 part:任务 经济)", "level:省 part:任务"),
            ("段:(level:省 part:任务 经济)", "level:省"),
            ("-(place:广东 经济) 农业", ""),
            ("经济", ""),
        ] {
            let found = narrowed(&None, &query.parse().unwrap());
            assert_eq!(found.map_or(String::new(), |query| query.to_string()), expected, "{query}");
        }
        let both = narrowed(&Some("year:2025".parse().unwrap()), &"place:广东 经济".parse().unwrap());
        assert_eq!(both.unwrap().to_string(), "year:2025 place:广东");
    }
}
