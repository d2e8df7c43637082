//! The plan of the house: a file of the library, and a room of the program, uses only what stands before it, and none of the
//! library talks to people.

use std::path::{Path, PathBuf};

use crate::support::root;

#[test]
fn dependencies_point_one_way() {
    let sources = root().join("index/src");
    let order = files(&sources);
    let place = |name: &str| order.iter().position(|file| file == name);
    let mut files = 0;
    for path in rust_files(&sources) {
        let name = path.strip_prefix(&sources).unwrap().with_extension("");
        let name = name.to_str().unwrap();
        let own = place(name).unwrap_or_else(|| {
            panic!("help: give `{name}` its place in the map of CONTRIBUTING.md, above those who use it");
        });
        files += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        for (line, room, within) in uses(&text) {
            let used = place(&format!("{room}/{within}")).or_else(|| place(room));
            assert!(
                used.is_some_and(|used| used < own),
                "{name}.rs:{line}: `{name}` uses `{room}::{within}`, which stands above it\nhelp: move the code or the wall"
            );
        }
        for (at, line) in text.lines().enumerate() {
            let is_doc = line.trim_start().starts_with("//");
            for word in ["println!", "eprintln!", "print!", "std::env::args", "std::net", "clap", "tokio"] {
                // a test tells how much it has tested
                assert!(
                    is_doc || name == "faults" || !line.contains(word),
                    "{name}.rs:{}: the library has `{word}`",
                    at + 1
                );
            }
        }
    }
    assert_eq!(files, order.len(), "help: the map of CONTRIBUTING.md names a file that is gone, or one twice");

    // what holds for the files then holds for their folders
    let mut rooms: Vec<&str> = order.iter().map(|name| name.split('/').next().unwrap()).collect();
    rooms.dedup();
    let mut left: Vec<&str> = Vec::new();
    for room in rooms {
        assert!(!left.contains(&room), "help: the files of `{room}` stand together in the map of CONTRIBUTING.md");
        left.push(room);
    }
}

#[test]
fn rooms_of_the_program_point_one_way() {
    let sources = root().join("src");
    let rooms: Vec<String> =
        map("| room | holds |").into_iter().map(|room| room.trim_end_matches('/').to_string()).collect();
    let place = |room: &str| rooms.iter().position(|own| own == room);
    for path in rust_files(&sources) {
        let name = path.strip_prefix(&sources).unwrap();
        let own = name.with_extension("");
        let room = own.iter().next().unwrap().to_str().unwrap();
        let own = place(room).unwrap_or_else(|| {
            panic!("help: give `{room}` its place in the rooms of CONTRIBUTING.md, behind those that it uses");
        });
        for (line, used, _) in uses(&std::fs::read_to_string(&path).unwrap()) {
            assert!(
                place(used).is_some_and(|used| used <= own),
                "{}:{line}: `{room}` uses `{used}`, which stands above it\nhelp: move the code or the wall",
                name.display()
            );
        }
    }
    for room in &rooms {
        let is_there = ["rs", ""].iter().any(|extension| sources.join(room).with_extension(extension).exists());
        assert!(is_there, "help: CONTRIBUTING.md names the room `{room}`, which is gone");
    }
}

/// The fuzzer has a lock file of its own, with which `fuzz/run` builds.
#[test]
fn the_fuzzer_has_what_the_library_needs() {
    let read = |path: &str| -> toml::Table {
        std::fs::read_to_string(root().join(path)).unwrap().parse().unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let (library, lock) = (read("index/Cargo.toml"), read("fuzz/Cargo.lock"));
    let packages = lock["package"].as_array().unwrap();
    let own = packages.iter().find(|package| package["name"].as_str() == Some("gm-index")).unwrap();
    let locked: Vec<&str> = own["dependencies"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
    let needed = library["dependencies"].as_table().unwrap().iter();
    for (name, _) in needed.filter(|(_, how)| how.get("optional").is_none()) {
        let is_locked = locked.iter().any(|locked| locked.split(' ').next() == Some(name));
        assert!(is_locked, "help: `cargo metadata --manifest-path fuzz/Cargo.toml` adds {name} to fuzz/Cargo.lock");
    }
}

/// What a file uses of its crate by its path from the root: the line, the room, and what is next in the path. Only in its tests
/// may it use anything by another.
fn uses(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let own = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    for other in ["crate::{", "super::super::"] {
        assert!(!own.contains(other), "help: write `crate::room::name` for `{other}` in\n{own}");
    }
    let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let used = code.flat_map(|(at, line)| line.split("crate::").skip(1).map(move |used| (at + 1, used)));
    let named = used.map(|(line, used)| {
        let end = used.find(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_' | ':')).unwrap_or(used.len());
        let mut names = used[..end].split("::");
        (line, names.next().unwrap_or_default(), names.next().unwrap_or_default())
    });
    named.filter(|(_, room, _)| !room.is_empty())
}

/// The names in the first column of the table in CONTRIBUTING.md that begins with `head`.
fn map(head: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let rows = text.lines().skip_while(|line| *line != head).skip(2).take_while(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2));
    names.map(String::from).collect()
}

/// The files of the library from the ground up, as the map has them: a folder, then what is in it; its own file comes
/// first, unless it is named among them.
fn files(sources: &Path) -> Vec<String> {
    let map = map("| file | turns |");
    let mut folder = "";
    let mut files = Vec::new();
    for name in &map {
        if let Some(name) = name.strip_suffix('/') {
            folder = name;
            let is_named = map.iter().any(|other| other == folder);
            files.extend((!is_named).then(|| folder.to_string()));
        } else if !folder.is_empty() && sources.join(folder).join(name).with_extension("rs").exists() {
            files.push(format!("{folder}/{name}"));
        } else {
            files.push(name.to_string());
        }
    }
    files.push("lib".to_string());
    files
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] }).collect()
}
