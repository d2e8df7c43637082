//! The laws that hold however an index came to be what it is: by which changes, in how many commits, by how many threads.

use std::collections::BTreeMap;

use gm_index::{Document, Index, Query, Tier, Total};

use crate::laws::{all, index_of, shared_reports};
use crate::support::{Random, report};

#[test]
fn law_9_and_11_any_sequence_of_changes_answers_as_a_fresh_build_and_loses_nothing() {
    let text = report();
    let lines: Vec<&str> = text.lines().collect();
    let directory = tempfile::tempdir().unwrap();
    let index = Index::create(directory.path()).unwrap();
    let mut random = Random(7);
    let mut model: BTreeMap<String, String> = BTreeMap::new();
    let mut merged = false;
    for round in 0..24 {
        let segments = index.status().unwrap().segments;
        let writer = index.writer().unwrap();
        for _ in 0..3 {
            let id = format!("文件{}", random.below(12));
            if random.below(4) == 0 {
                writer.remove(&id).unwrap();
                model.remove(&id);
            } else {
                let content: Vec<&str> = (0..random.below(6)).map(|_| lines[random.below(lines.len())]).collect();
                let document = Document::from_text(id.clone(), content.join("\n"));
                writer.add(&document).unwrap();
                match document.passages.is_empty() {
                    true => model.remove(&id),
                    false => model.insert(id, document.text),
                };
            }
        }
        if round % 5 == 4 {
            drop(writer); // forgotten: the index must be as before
            model = index
                .documents()
                .unwrap()
                .into_iter()
                .map(|entry| (entry.id.clone(), index.document(&entry.id).unwrap().unwrap().text))
                .collect();
            continue;
        }
        writer.commit().unwrap();
        merged |= index.status().unwrap().segments < segments;

        let reopened = Index::open(directory.path()).unwrap();
        let documents: Vec<(&str, &str)> = model.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        let fresh = index_of(&documents);
        for (id, text) in &model {
            assert_eq!(&reopened.document(id).unwrap().unwrap().text, text);
        }
        assert_eq!(reopened.documents().unwrap().len(), model.len());
        for _ in 0..30 {
            let run = random.substring(&text, 6);
            let Ok(query) = run.parse::<Query>() else { continue };
            let [updated, in_process, rebuilt] = [&reopened, &index, &fresh].map(|index| {
                let results = index.search(&query, all()).unwrap();
                let ids: Vec<String> = results.hits.iter().map(|hit| hit.id.clone()).collect();
                (results.total, results.hits.first().map(|hit| hit.tier), ids)
            });
            assert_eq!(updated, in_process, "`{run}`");
            let in_any_order = |(total, tier, mut ids): (Total, Option<Tier>, Vec<String>)| {
                // the mean length of passages counts deleted ones until their segment is merged
                if tier == Some(Tier::Some) {
                    ids.sort_unstable();
                }
                (total, tier, ids)
            };
            assert_eq!(in_any_order(updated), in_any_order(rebuilt), "`{run}`");
        }
    }
    assert!(merged, "help: no segments were merged, so merging was not tested; add more rounds");
}

#[test]
fn law_12_equal_passages_come_in_a_stable_order() {
    let documents: Vec<(String, String)> =
        (0..20).map(|n| (format!("{n}.txt"), "典型村。\n另一段。\n典型村。".to_string())).collect();
    let ids = |order: Vec<&(String, String)>| {
        let index = index_of(&order.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>());
        let results = index.search(&"典型村".parse().unwrap(), all()).unwrap();
        results.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(documents.iter().collect()), ids(documents.iter().rev().collect()));
}

/// The segments of an index do not decide its answers.
#[test]
fn law_12_one_commit_and_many_give_the_same_answers() {
    let text = report();
    let paragraphs: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(String::from).collect();
    let ids: Vec<String> = (0..paragraphs.len()).map(|n| format!("{n:02}")).collect();
    let documents: Vec<(&str, &str)> = ids.iter().zip(&paragraphs).map(|(id, text)| (&**id, &**text)).collect();
    let one = index_of(&documents);
    let many = Index::in_memory().unwrap();
    for (id, text) in documents.iter().rev() {
        let writer = many.writer().unwrap();
        writer.add(&Document::from_text(*id, *text)).unwrap();
        writer.commit().unwrap();
    }
    assert!(many.status().unwrap().segments > 1);
    for query in ["典型村", "村", "百千万工程", "乡村 振兴", "发展 -经济", "港门镇办理了几件人大代表建议"]
    {
        let [a, b] = [&one, &many].map(|index| {
            let results = index.search(&query.parse().unwrap(), all()).unwrap();
            let hits = results.hits.iter().map(|hit| (hit.id.clone(), hit.tier, hit.score)).collect::<Vec<_>>();
            (results.total, hits)
        });
        assert_eq!(a, b, "{query}");
    }
}

/// Neither do they decide its order, nor what was removed, where the text is long enough for a filter.
#[test]
fn laws_9_and_12_hold_for_the_order_of_reports() {
    let Some((texts, one)) = shared_reports() else { return };
    let many = Index::in_memory().unwrap();
    for (round, part) in texts.chunks(texts.len().div_ceil(3)).enumerate() {
        let writer = many.writer().unwrap();
        part.iter().for_each(|(id, text)| writer.add(&Document::from_text(id, text)).unwrap());
        part.iter().for_each(|(id, text)| writer.add(&Document::from_text(format!("{id} {round}"), text)).unwrap());
        writer.commit().unwrap();
    }
    let writer = many.writer().unwrap();
    for (round, part) in texts.chunks(texts.len().div_ceil(3)).enumerate() {
        part.iter().for_each(|(id, _)| writer.remove(&format!("{id} {round}")).unwrap());
    }
    writer.commit().unwrap();
    let all_text: Vec<char> = texts.iter().flat_map(|(_, text)| text.chars()).collect();
    let mut random = Random(912);
    let mut found = 0;
    while found < 100 {
        let from = random.below(all_text.len() - 40);
        let piece = |at: usize| all_text[from + at..from + at + 2].iter().collect::<String>();
        let (a, b) = (piece(0), piece(2 + random.below(30)));
        if ![&a, &b].iter().all(|piece| piece.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))) {
            continue;
        }
        let query = format!("{a} {b}");
        let [one, many] = [&one, &many].map(|index| {
            let results = index.search(&query.parse().unwrap(), all()).unwrap();
            let hits = results.hits.iter().map(|hit| (hit.id.clone(), hit.tier, hit.score)).collect::<Vec<_>>();
            (results.total, hits)
        });
        if one.0.passages > 1 {
            assert_eq!(one, many, "{query}");
            found += 1;
        }
    }
}

/// Threads that add the same few documents at once leave each of them once, in its last state or another thread's.
#[test]
fn law_9_holds_for_many_threads() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::create(directory.path()).unwrap();
    for round in 0..6 {
        let writer = index.writer().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4u64 {
                let writer = &writer;
                scope.spawn(move || {
                    let mut random = Random(thread * 977 + round + 1);
                    for _ in 0..40 {
                        let id = format!("文件{}", random.below(9));
                        match random.below(5) {
                            0 => writer.remove(&id).unwrap(),
                            _ => writer.add(&Document::from_text(id, "典型村。\n港长制。")).unwrap(),
                        }
                    }
                });
            }
        });
        for id in 0..9 {
            writer.add(&Document::from_text(format!("文件{id}"), "典型村。")).unwrap();
        }
        writer.commit().unwrap();
        let reopened = Index::open(directory.path()).unwrap();
        let total = reopened.search(&"典型村".parse().unwrap(), all()).unwrap().total;
        assert_eq!((total.documents, total.passages), (9, 9), "round {round}");
        assert_eq!(reopened.search(&"港长制".parse().unwrap(), all()).unwrap().total.passages, 0, "round {round}");
    }
}

#[test]
fn an_index_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    let index = index_of(&[("a", "典型村")]);
    shared(&index);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(index.search(&"典型村".parse().unwrap(), all()).unwrap().total.passages, 1));
        }
    });
}
