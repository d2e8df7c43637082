//! What stands beside what: NEAR, and filters within a sentence or paragraph, each against a slow and obvious oracle.

use gm_index::{Document, Index, Query, Synonyms};

use crate::laws::{all, answer, index_of};
use crate::support::Random;

/// Random sentences, several to a paragraph, so long that passages are cut within them.
fn paragraphs(random: &mut Random) -> Vec<String> {
    let words = ["甲", "乙", "丙", "天地", "玄黄"];
    let mut sentence = || -> String {
        let count = 1 + random.below(12);
        (0..count).map(|_| words[random.below(words.len())]).chain(["。"]).collect()
    };
    [3, 80, 1, 150, 40].map(|count| (0..count).map(|_| sentence()).collect()).to_vec()
}

/// How many places of one or the other have one of the other beside them with at most `distance` characters between.
fn near(text: &str, a: &str, b: &str, distance: usize) -> usize {
    let text: Vec<char> = text.chars().collect();
    let places = |word: &str| -> Vec<(usize, usize)> {
        let word: Vec<char> = word.chars().collect();
        (0..text.len()).filter(|&at| text[at..].starts_with(&word)).map(|at| (at, at + word.len())).collect()
    };
    let is_near = |x: (usize, usize), y: (usize, usize)| {
        let gap = |x: (usize, usize), y: (usize, usize)| y.0.checked_sub(x.1).is_some_and(|gap| gap <= distance);
        gap(x, y) || gap(y, x)
    };
    let (a, b) = (places(a), places(b));
    let mut found: Vec<_> = a.iter().filter(|x| b.iter().any(|y| is_near(**x, *y))).collect();
    found.extend(b.iter().filter(|y| a.iter().any(|x| is_near(*x, **y))));
    found.sort_by_key(|place| (place.0, std::cmp::Reverse(place.1)));
    let mut end = 0;
    found.retain(|place| {
        let is_free = place.0 >= end;
        end = if is_free { place.1 } else { end };
        is_free
    });
    found.len()
}

#[test]
fn law_2_near_counts_each_place_once_though_passages_are_cut_between() {
    let mut random = Random(18);
    let mut across = 0;
    for _ in 0..6 {
        let paragraphs = paragraphs(&mut random);
        let index = index_of(&[("a", &paragraphs.join("\n"))]);
        let document = index.document("a").unwrap().unwrap();
        assert!(document.passages.len() > paragraphs.len(), "help: no paragraph is cut");
        let pairs =
            [("天地", "玄黄"), ("天地", "天地"), ("甲", "甲乙"), ("地玄", "乙"), ("。天", "乙"), ("丙丙丙", "甲甲")];
        for ((a, b), distance) in pairs.into_iter().flat_map(|pair| [0, 1, 7, 60].map(|distance| (pair, distance))) {
            let count =
                |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| near(text, a, b, distance)).sum::<usize>();
            let expected = count(&mut paragraphs.iter().map(String::as_str));
            let query: Query = format!("{a} NEAR/{distance} {b}").parse().unwrap();
            let counts = index.count(&query, &[]).unwrap();
            assert_eq!(counts.occurrences, expected as u64, "{query}");
            let results = index.search(&query, all()).unwrap();
            assert_eq!(results.total.occurrences, expected as u64, "{query}");
            let passages = document.passages.iter().map(|passage| &document.text[passage.range.clone()]);
            across += expected - count(&mut passages.into_iter()).min(expected);
        }
    }
    assert!(across > 50, "help: {across} places have their neighbour in another passage");
}

#[test]
fn filters_within_a_sentence_or_paragraph_are_those_beside_it() {
    let mut random = Random(19);
    let [a, b] = [(); 2].map(|()| paragraphs(&mut random).join("\n"));
    let index = index_of(&[("a", &a), ("b", &b)]);
    let answer = |query: &str| answer(&index, &query.parse().unwrap());
    for scope in ["句", "段"] {
        for (within, beside) in [
            ("(丙丙 file:a)", "(丙丙) file:a"),
            ("(丙丙 -file:a)", "(丙丙) -file:a"),
            ("(丙丙 OR file:a)", "(丙丙) OR file:a"),
            ("(file:b)", " file:b"),
            ("(-丙丙 丙 file:b)", "(-丙丙 丙) file:b"),
        ] {
            let beside = if beside.starts_with(' ') { beside.trim().to_string() } else { format!("{scope}:{beside}") };
            let (inner, outer) = (answer(&format!("{scope}:{within}")), answer(&beside));
            assert!(outer.0.passages > 0, "{beside}");
            assert_eq!(
                (inner.0.passages, inner.0.documents),
                (outer.0.passages, outer.0.documents),
                "{scope}:{within}"
            );
        }
    }
    // what need not stand at all is true of any sentence without it
    let none = answer("句:(-丙)").0.passages;
    assert!(none > answer("-丙").0.passages, "{none}");
}

/// A sentence is of each passage that it reaches into, but found where something of it stands.
#[test]
fn a_passage_with_nothing_of_the_sentence_is_not_found() {
    let [one, two] = ["甲乙丙丁戊己".repeat(7), "子丑寅卯辰巳".repeat(8)];
    let index = index_of(&[("a", &format!("展览结束。{one}\n{two}\n展开工作，建设{two}\n好了。\n"))]);
    let found = |query: &str| answer(&index, &query.parse().unwrap()).0.passages;
    assert_eq!(["段:(展 建设)", "句:(展 建设)", "句:(展 OR -未)"].map(found), [2, 1, 4]);
}

/// A search that adds weaker answers finds a document by some of its words; there these are marked.
#[test]
fn a_document_found_by_some_words_has_them_marked() {
    let index = Index::in_memory().unwrap();
    let writer = index.writer().unwrap();
    for (id, text) in [("a", "脱贫攻坚有成果。"), ("b", "脱贫攻坚与乡村振兴。"), ("c", "海洋经济。")]
    {
        writer.add(&Document::from_text(id, text)).unwrap();
    }
    writer.commit().unwrap();
    let query: Query = "脱贫攻坚 乡村振兴".parse().unwrap();
    let marked = |id: &str| {
        let (document, marks) = index.marked(id, &query, &Synonyms::default()).unwrap().unwrap();
        marks.into_iter().map(|mark| document.text[mark].to_string()).collect::<String>()
    };
    assert_eq!([marked("a"), marked("b"), marked("c")], ["脱贫攻坚", "脱贫攻坚乡村振兴", ""]);
}
