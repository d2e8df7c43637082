//! One program for all targets: libFuzzer's own `main`, with the target that `GM_FUZZ` names.

#![no_main]
// the rest of the program is not here
#![allow(dead_code, unused_imports)]

use std::sync::OnceLock;

#[path = "../../src/extract/mod.rs"]
mod extract;
#[path = "../../src/fail.rs"]
mod fail;
#[path = "../../src/sidecar.rs"]
mod sidecar;
#[path = "../../src/tame.rs"]
mod tame;
#[path = "../targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    static TARGET: OnceLock<targets::Target> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("GM_FUZZ").expect("GM_FUZZ names a target");
        targets::TARGETS.iter().find(|(own, _)| *own == name).expect("a target of that name").1
    });
    target(data);
});
