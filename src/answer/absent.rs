//! What a query that found nothing asks of documents that the index does not have: what is not here is not unsaid.

use gm_index::{Filter, Index, Query, Result, place_chain};

/// The name of a province has no more characters.
const LONGEST_NAME: usize = 8;

/// The filters of a query of which each alone holds nothing, with the province that a text in it begins with if no document is of
/// it. Cost: a count for each.
pub fn absent(index: &Index, query: &Query) -> Result<Vec<Query>> {
    let parts = match query {
        Query::And(parts) => parts.as_slice(),
        part => std::slice::from_ref(part),
    };
    let mut absent = Vec::new();
    for part in parts {
        let asked = match part {
            Query::Filter(_) => Some(part.clone()),
            Query::Text(text) => province(text).map(|province| Query::Filter(Filter::Place(province))),
            _ => None,
        };
        if let Some(asked) = asked.filter(|asked| !absent.contains(asked))
            && index.count(&asked, &[])?.passages == 0
        {
            absent.push(asked);
        }
    }
    Ok(absent)
}

/// The province whose name a text begins with.
fn province(text: &str) -> Option<String> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST_NAME).skip(1);
    let mut chains = ends.filter_map(|end| place_chain(&text[..end]));
    chains.find_map(|chain| <[String; 1]>::try_from(chain).ok()).map(|[province]| province)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_province_stands_at_the_beginning() {
        for (text, name) in [
            ("山东低空经济", Some("山东省")),
            ("内蒙古自治区", Some("内蒙古自治区")),
            ("湛江港口", None),
            ("中国经济", None),
            ("低空经济", None),
        ] {
            assert_eq!(province(text).as_deref(), name, "{text}");
        }
    }
}
