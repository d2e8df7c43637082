//! How the program is linked.

/// Where the GNU C library loads it, the program stands at a fixed address: at any other, 55,000 pointers in its tables have to
/// be corrected each time that it starts, and the pages they are on copied, which takes longer than to find a word in
/// 4 MB. Its stack, its heap and its libraries lie at random addresses all the same.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |part: &str| std::env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    // a program that has its libraries within is linked in another way
    let has_libraries = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !has_libraries {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
