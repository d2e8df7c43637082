//! Counts requests for `/metrics`, in Prometheus's text format: by route and status, with their time.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::fail::lock;

/// Upper bounds of the times that are told apart, in seconds.
const BOUNDS: [f64; 8] = [0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, f64::INFINITY];

#[derive(Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(String, u16), u64>>,
    /// How many took no longer than each bound and longer than the one before.
    times: [AtomicU64; BOUNDS.len()],
    microseconds: AtomicU64,
    at_work: AtomicI64,
    left: AtomicU64,
    reloads: AtomicU64,
}

/// A request at work. Dropped before it is answered, its client has left.
pub struct Begun<'m>(Option<&'m Metrics>);

impl Metrics {
    pub fn begin(&self) -> Begun<'_> {
        self.at_work.fetch_add(1, Relaxed);
        Begun(Some(self))
    }

    pub fn reloaded(&self) {
        self.reloads.fetch_add(1, Relaxed);
    }

    /// As Prometheus reads it; `gauges` are told beside.
    pub fn print(&self, gauges: &[(&str, u64)]) -> String {
        let mut out = String::new();
        let mut line = |text: std::fmt::Arguments<'_>| {
            let _ = writeln!(out, "{text}");
        };
        line(format_args!("# TYPE gm_search_requests_total counter"));
        for ((route, status), count) in lock(&self.requests).iter() {
            line(format_args!("gm_search_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}"));
        }
        line(format_args!("# TYPE gm_search_request_seconds histogram"));
        let mut sum = 0;
        for (bound, count) in BOUNDS.iter().zip(&self.times) {
            sum += count.load(Relaxed);
            let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_string() };
            line(format_args!("gm_search_request_seconds_bucket{{le=\"{bound}\"}} {sum}"));
        }
        line(format_args!("gm_search_request_seconds_sum {}", self.microseconds.load(Relaxed) as f64 / 1e6));
        line(format_args!("gm_search_request_seconds_count {sum}"));
        for (name, value) in [("clients_left_total", &self.left), ("reloads_total", &self.reloads)] {
            line(format_args!("# TYPE gm_search_{name} counter\ngm_search_{name} {}", value.load(Relaxed)));
        }
        let at_work = self.at_work.load(Relaxed).max(0) as u64;
        for (name, value) in [("requests_at_work", at_work)].iter().chain(gauges) {
            line(format_args!("# TYPE gm_search_{name} gauge\ngm_search_{name} {value}"));
        }
        out
    }
}

impl Begun<'_> {
    pub fn answered(mut self, route: &str, status: u16, time: Duration) {
        let Some(metrics) = self.0.take() else { return };
        metrics.at_work.fetch_sub(1, Relaxed);
        let seconds = time.as_secs_f64();
        let bound = BOUNDS.iter().position(|&bound| seconds <= bound).unwrap_or(BOUNDS.len() - 1);
        metrics.times[bound].fetch_add(1, Relaxed);
        metrics.microseconds.fetch_add(time.as_micros() as u64, Relaxed);
        let mut requests = lock(&metrics.requests);
        *requests.entry((route.to_string(), status)).or_default() += 1;
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let Some(metrics) = self.0 {
            metrics.at_work.fetch_sub(1, Relaxed);
            metrics.left.fetch_add(1, Relaxed);
        }
    }
}
