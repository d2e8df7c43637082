//! Long work in parts, one for each processor.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread;

use crate::cancel;

/// How many threads can run at once. Not asked again: on Linux it takes as long as a query.
static PROCESSORS: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));

/// Does work on neighbouring items, and gives the results in their order: one thread for each processor, if each has items that
/// weigh `least` together, else this one alone. A thread takes some 30 µs to begin and to end.
pub(crate) fn shared<T: Sync, R: Send>(
    items: &[T],
    weight: impl Fn(&T) -> usize,
    least: usize,
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    let all: usize = items.iter().map(&weight).sum();
    let count = if all < 2 * least { 1 } else { (all / least).min(*PROCESSORS) };
    if count == 1 {
        return vec![work(items)];
    }
    let (mut parts, mut start, mut sum) = (Vec::with_capacity(count), 0, 0);
    for (at, item) in items.iter().enumerate() {
        sum += weight(item);
        if parts.len() + 1 < count && sum * count >= all * (parts.len() + 1) {
            parts.push(&items[start..=at]);
            start = at + 1;
        }
    }
    parts.push(&items[start..]);
    let (work, cancel) = (&work, &cancel::current());
    thread::scope(|scope| {
        let start = |part| {
            let work = move || cancel::under(cancel, || work(part));
            thread::Builder::new().spawn_scoped(scope, work).map_err(|_| part)
        };
        let threads: Vec<_> = parts.iter().skip(1).copied().map(start).collect();
        let own = work(parts[0]);
        let others = threads.into_iter().map(|thread| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // where no more threads can be had
            Err(part) => work(part),
        });
        std::iter::once(own).chain(others).collect()
    })
}

/// So many bytes are scanned in twice the time in which a thread begins and ends.
const SCANNED_APART: usize = if cfg!(test) { 64 } else { 1 << 20 };

/// Scans stretches of whole paragraphs of a code, as [`shared`] does work: where there is much to scan, long ones are
/// given in pieces, of whole paragraphs too.
pub(crate) fn scanned<R: Send>(
    text: &[u8],
    stretches: &[Range<usize>],
    scan: impl Fn(&[Range<usize>]) -> R + Sync,
) -> Vec<R> {
    if stretches.iter().map(Range::len).sum::<usize>() < 2 * SCANNED_APART {
        return vec![scan(stretches)];
    }
    let mut pieces = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let mut rest = stretch.clone();
        // what a damaged filter tells may lie outside
        while rest.len() > SCANNED_APART
            && let Some(text) = text.get(rest.start + SCANNED_APART / 4..rest.end)
            && let Some(end) = memchr::memchr(b'\n', text)
        {
            let end = rest.start + SCANNED_APART / 4 + end;
            pieces.push(rest.start..end);
            rest.start = end;
        }
        pieces.push(rest);
    }
    shared(&pieces, Range::len, SCANNED_APART, scan)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cancel::Cancel;

    #[test]
    fn what_ends_a_thread_ends_those_that_share_its_work() {
        let cancel = Cancel::default();
        let goes_on = || cancel.over(|| shared(&[0; 64], |_| 1, 1, |_| cancel::go_on().is_ok()));
        assert!(goes_on().into_iter().all(|goes_on| goes_on));
        cancel.cancel();
        assert!(!goes_on().into_iter().any(|goes_on| goes_on) && cancel::go_on().is_ok());
    }

    proptest! {
        #[test]
        fn every_item_is_worked_on_once_and_in_order(items in proptest::collection::vec(0usize..4, 0..40), least in 1usize..60) {
            let parts = shared(&items, |item| *item, least, <[usize]>::to_vec);
            prop_assert!(parts.len() <= *PROCESSORS);
            prop_assert_eq!(parts.concat(), items);
        }

        #[test]
        fn every_paragraph_is_scanned_once_and_in_order(text in "[a\n]{0,400}", start in 0usize..9) {
            let stretch = start.min(text.len())..text.len();
            let scanned = |stretch: &Range<usize>| scanned(text.as_bytes(), std::slice::from_ref(stretch), <[Range<usize>]>::to_vec).concat();
            let parts = scanned(&stretch);
            prop_assert_eq!(parts.iter().map(|part| &text[part.clone()]).collect::<String>(), &text[stretch]);
            prop_assert!(parts.iter().skip(1).all(|part| text[part.start..].starts_with('\n')));
            // damage is handed on
            let behind = text.len()..text.len() + 300;
            prop_assert_eq!(scanned(&behind), [behind]);
        }
    }
}
