//! What people's machines do to a build: it is killed, the disk is full, files go while they are read, two begin at once.
//! After each the index answers as before or as it should, is whole, and the next build goes on.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gm_index::{Document, Index, Options, Query};

use crate::support::{Random, Run, Sandbox, number, report};

/// What an index holds: the text of each document, by its source.
type Texts = BTreeMap<String, String>;

fn texts(index: &Index) -> Texts {
    let text = |id: &str| index.document(id).unwrap().unwrap().text;
    index.documents().unwrap().iter().map(|entry| (entry.meta.source.clone(), text(&entry.id))).collect()
}

/// What queries find, with the order and the scores of hits left out: these follow from how text lies in segments.
fn found(index: &Index) -> Vec<(u64, u64, Vec<String>)> {
    let ask = |text: &str| {
        let query: Query = text.parse().unwrap();
        let results = index.search(&query, Options { limit: usize::MAX, ..Options::default() }).unwrap();
        let mut hits: Vec<String> = results
            .hits
            .iter()
            .map(|hit| format!("{} {} {}", hit.document.meta.source, hit.line, hit.snippet.text))
            .collect();
        hits.sort();
        (results.total.passages, results.total.occurrences, hits)
    };
    ["典型村", "港长制", "\"聚焦“百千万工程”\"", "第 次", "year:2025 5%"].map(ask).into()
}

/// A folder of reports that changes, and the index of it.
struct Archive {
    sandbox: Sandbox,
    random: Random,
    /// What stands in the folder.
    folder: Texts,
    changes: usize,
}

impl Archive {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let mut archive = Archive { sandbox, random: Random(0x9e37_79b9_7f4a_7c15), folder: Texts::new(), changes: 0 };
        for at in 0..60 {
            archive.write(at);
        }
        assert_eq!(archive.sandbox.run(&["build", "folder"]).code, 0);
        archive
    }

    fn write(&mut self, at: usize) {
        self.changes += 1;
        // some are long, so that a build takes its time
        let rest = if at.is_multiple_of(6) { report() } else { "港长制。\n".repeat(at) };
        let text = format!("某镇第{at}号文件第{}次\n\n典型村{at}个。\n{rest}", self.changes);
        self.sandbox.write(&format!("folder/{at}.txt"), &text);
        self.folder.insert(format!("{at}.txt"), text);
    }

    /// Changes, adds and removes some files.
    fn change(&mut self) {
        for _ in 0..3 + self.random.below(12) {
            let at = self.random.below(80);
            match self.random.below(4) {
                0 if self.folder.remove(&format!("{at}.txt")).is_some() => {
                    std::fs::remove_file(self.sandbox.path().join(format!("folder/{at}.txt"))).unwrap();
                }
                _ => self.write(at),
            }
        }
    }

    fn index_path(&self) -> PathBuf {
        self.sandbox.path().join(".gm-search")
    }

    fn start(&self) -> Child {
        self.sandbox.command(&["build", "folder"]).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The index as it is now, which is whole.
    fn texts(&self, when: &str) -> Texts {
        let path = self.index_path();
        assert_eq!(Index::verify(&path).unwrap_or_else(|error| panic!("{when}: {error}")), [], "{when}");
        texts(&Index::open(&path).unwrap_or_else(|error| panic!("{when}: {error}")))
    }

    /// A build that nothing disturbs gives what a fresh one does, and leaves no file that nobody needs.
    fn assert_mended(&self, when: &str) -> Run {
        let run = self.sandbox.run(&["build", "folder"]);
        assert_eq!(run.code, 0, "{when}: {run:?}");
        assert_eq!(self.texts(when), self.folder, "{when}");
        let fresh = self.sandbox.path().join("fresh");
        let build = self.sandbox.run(&["build", "folder", "--index", fresh.to_str().unwrap()]);
        assert_eq!(build.code, 0, "{build:?}");
        let [now, fresh] = [&self.index_path(), &fresh].map(|path| found(&Index::open(path).unwrap()));
        assert_eq!(now, fresh, "{when}");
        std::fs::remove_dir_all(self.sandbox.path().join("fresh")).unwrap();
        let meta = std::fs::read_to_string(self.index_path().join("meta.json")).unwrap().replace('-', "");
        for name in names(&self.index_path()) {
            let known = ["meta.json", ".managed.json", ".tantivy-meta.lock", ".tantivy-writer.lock", ".gm-writer.lock"];
            let segment = name.split('.').next().unwrap();
            let is_needed = known.contains(&name.as_str()) || !segment.is_empty() && meta.contains(segment);
            assert!(is_needed, "{when}: `{name}` is left over");
        }
        run
    }
}

fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Law 10: whenever a build is killed, the index before it answers or the one after it. `GM_SEARCH_KILLS` says how often.
#[test]
fn law_10_a_killed_build_leaves_the_old_index_or_the_new_one() {
    let kills = number("GM_SEARCH_KILLS", 24);
    let mut archive = Archive::new();
    // how long it takes until the first file is written, and then
    let (mut until_files, mut from_files) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..3 {
        archive.change();
        let start = Instant::now();
        let mut child = archive.start();
        wait_for_files(&archive, &mut child);
        until_files = until_files.max(start.elapsed());
        let start = Instant::now();
        assert!(child.wait().unwrap().success());
        from_files = from_files.max(start.elapsed());
    }
    let mut committed = archive.folder.clone();
    let (mut old, mut new, mut late, mut told) = (0, 0, 0, 0);
    for round in 0..kills {
        archive.change();
        let mut child = archive.start();
        // by turns anywhere, and from the first file that is written until after the commit
        let span = match round % 2 {
            0 => until_files + from_files,
            _ => {
                wait_for_files(&archive, &mut child);
                from_files
            }
        };
        std::thread::sleep(span.mul_f64(archive.random.below(1000) as f64 / 950.0));
        late += child.try_wait().unwrap().is_some() as usize;
        child.kill().unwrap();
        child.wait().unwrap();
        let when = format!("kill {round}");
        let now = archive.texts(&when);
        assert!(now == committed || now == archive.folder, "{when}: half a state");
        *if now == committed { &mut old } else { &mut new } += 1;
        let count = archive.sandbox.json(&["count", "典型村"]);
        let texts = now.values().map(|text| text.matches("典型村").count() as u64).sum::<u64>();
        assert_eq!(count["occurrences"], texts, "{when}");
        committed = now;
        // by turns the next build goes on from here, or is killed too
        if round % 3 == 0 || round + 1 == kills {
            told += archive.assert_mended(&when).err.contains("was ended before it had finished") as usize;
            committed = archive.folder.clone();
        }
    }
    println!(
        "{kills} builds killed within {:?}, {late} of them too late: {old} left the index as it was, {new} as it should \
         be; none lost; {told} builds told of a killed one",
        until_files + from_files
    );
    assert!(old > 0 && told > 0);
}

/// Waits until a build writes the first file of its segment, or is done.
fn wait_for_files(archive: &Archive, child: &mut Child) {
    let before = names(&archive.index_path());
    let is_new = |name: &String| name.ends_with(".fieldnorm") && !before.contains(name);
    while !names(&archive.index_path()).iter().any(is_new) && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(200));
    }
}

#[test]
fn a_second_build_is_told_who_writes_and_a_killed_one_holds_nothing() {
    let mut archive = Archive::new();
    let note = archive.index_path().join(".gm-writer.json");
    for _ in 0..20 {
        archive.change();
        let mut child = archive.start();
        let id = child.id().to_string();
        let holds = || std::fs::read_to_string(&note).is_ok_and(|note| note.contains(&id));
        while !holds() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        signal("STOP", &id);
        if !holds() || child.try_wait().unwrap().is_some() {
            signal("CONT", &id);
            child.wait().unwrap();
            continue;
        }
        let run = archive.sandbox.run(&["build", "folder"]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(&format!("cannot open the index for writing: process {id} on `")), "{run:?}");
        assert!(run.err.contains("has been writing to this index for ") && run.err.contains("\nhint: wait"), "{run:?}");
        assert_eq!(archive.sandbox.run(&["remove", "0.txt"]).code, 2);
        assert_eq!(archive.sandbox.run(&["query", "典型村"]).code, 0);
        child.kill().unwrap();
        child.wait().unwrap();
        let run = archive.assert_mended("after the kill");
        let told = format!("an earlier run (process {id} on `");
        assert!(run.err.contains(&told) && run.err.contains("was ended before it had finished"), "{run:?}");
        assert!(!archive.assert_mended("again").err.contains("was ended"));
        return;
    }
    panic!("help: no build was met while it wrote");
}

#[test]
fn a_writer_goes_on_from_what_others_have_committed_since_its_index_was_opened() {
    let sandbox = Sandbox::new();
    let index = Index::create(sandbox.path().join("index")).unwrap();
    let other = Index::open(sandbox.path().join("index")).unwrap();
    let add = |index: &Index, id: &str, note: Option<&str>| {
        let mut writer = index.writer().unwrap();
        writer.add(&Document::from_text(id, "典型村")).unwrap();
        if let Some(note) = note {
            writer.set_note(note);
        }
        writer.commit().unwrap();
    };
    add(&other, "theirs", Some("theirs"));
    add(&index, "ours", None);
    assert_eq!((index.note().as_str(), texts(&index).len()), ("theirs", 2));
    let managed = std::fs::read_to_string(sandbox.path().join("index/.managed.json")).unwrap();
    for name in names(&sandbox.path().join("index")).iter().filter(|name| !name.starts_with('.')) {
        assert!(managed.contains(name.as_str()), "`{name}` would never be tidied away");
    }
}

fn signal(name: &str, id: &str) {
    assert!(Command::new("kill").args(["-s", name, id]).status().unwrap().success());
}

/// A limit for the size of files stands for a full disk: it needs no rights.
#[test]
fn a_build_that_may_not_write_any_more_says_so_and_the_next_goes_on() {
    let mut archive = Archive::new();
    let mut failed = 0;
    for round in 0..40 {
        let blocks = round * round / 3;
        let before = archive.texts("before");
        archive.change();
        // without the trap the limit is a signal that kills
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" build folder");
        let run = through(&archive.sandbox, &["sh", "-c", &script]);
        let now = archive.texts("after");
        if run.code == 0 {
            assert_eq!(now, archive.folder);
            continue;
        }
        failed += 1;
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("error: cannot ") && run.err.contains("File too large"), "{run:?}");
        assert_eq!(now, before, "{run:?}");
        if round % 5 == 0 {
            archive.assert_mended(&format!("{blocks} blocks"));
        }
    }
    println!("{failed} of 40 builds were stopped by the limit");
    assert!((10..40).contains(&failed));
    archive.assert_mended("at the end");
}

#[test]
fn a_full_disk_is_told_and_the_index_stays() {
    let archive = Archive::new();
    let script = "mkdir disk; mount -t tmpfs -o size=1500k none disk || exit 77; export GM_SEARCH_INDEX=disk/index
        \"$0\" build folder -q || exit 3
        \"$0\" count 典型村 --json >before
        head -c 100m /dev/zero >disk/filled 2>/dev/null
        cp -r folder more; \"$0\" build folder more 2>err; echo $? >code
        \"$0\" count 典型村 --json >after; \"$0\" verify >verified
        rm disk/filled; \"$0\" build folder more -q || exit 4
        \"$0\" count 典型村 --json >at_last; \"$0\" verify >>verified || exit 5";
    let run = through(&archive.sandbox, &["unshare", "-rm", "sh", "-c", script]);
    if run.code == 77 || run.err.contains("unshare") {
        println!("SKIPPED: nothing can be mounted here, so a disk that is full cannot be made: {}", run.err);
        return;
    }
    assert_eq!(run.code, 0, "{run:?}");
    let read = |name: &str| std::fs::read_to_string(archive.sandbox.path().join(name)).unwrap();
    let occurrences = |name: &str| {
        let answer: serde_json::Value = serde_json::from_str(&read(name)).unwrap();
        answer["occurrences"].as_u64().unwrap()
    };
    assert_eq!(read("code"), "2\n", "{}", read("err"));
    assert!(read("err").contains("No space left on device") && read("err").contains("hint: "), "{}", read("err"));
    assert_eq!(occurrences("after"), occurrences("before"));
    assert_eq!(occurrences("at_last"), 2 * occurrences("before"));
    assert_eq!(read("verified").matches("is whole").count(), 2);
}

/// Runs something that runs the program: the last of `args` calls it `$0`.
fn through(sandbox: &Sandbox, args: &[&str]) -> Run {
    let program = sandbox.command(&[]);
    let mut command = Command::new(args[0]);
    command.args(&args[1..]).arg(program.get_program()).current_dir(sandbox.path()).env_remove("GM_SEARCH_INDEX");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Run { code: output.status.code().unwrap_or(-1), out, err }
}

#[test]
fn files_that_go_or_change_while_they_are_read_are_told_and_nothing_is_lost() {
    let mut archive = Archive::new();
    let folder = archive.sandbox.path().join("folder");
    let (mut told, mut rounds) = (0, 0);
    while told == 0 || rounds < 6 {
        rounds += 1;
        assert!(rounds < 60, "help: no file has gone between its listing and its reading");
        for at in 0..80 {
            archive.write(at);
        }
        let before = archive.texts("before");
        let (going, kept): (Vec<usize>, Vec<usize>) = (0..80).partition(|at| at % 3 == 1);
        let child = archive.sandbox.command(&["build", "folder"]).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(archive.random.below(60) as u64));
        for at in &going {
            std::fs::remove_file(folder.join(format!("{at}.txt"))).unwrap();
        }
        // others are written anew, at once or bit by bit
        let written: Vec<usize> = kept.iter().copied().filter(|at| at % 3 == 2).collect();
        for &at in &written {
            archive.write(at);
        }
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let now = archive.texts("after");
        for at in kept.iter().filter(|at| !written.contains(at)) {
            let name = format!("{at}.txt");
            assert_eq!(now.get(&name), archive.folder.get(&name), "{err}");
        }
        for at in &going {
            let name = format!("{at}.txt");
            // read before it went, or still as it was before, which is told, or gone before it was listed
            let is_read = now.get(&name) == archive.folder.get(&name);
            let is_as_before = now.get(&name) == before.get(&name);
            assert!(is_read || is_as_before || !now.contains_key(&name), "{name}: {err}");
            archive.folder.remove(&name);
        }
        told += (output.status.code() == Some(2) && err.contains("No such file")) as usize;
        assert!(matches!(output.status.code(), Some(0 | 2)), "{err}");
        archive.assert_mended("after files have gone");
    }
}

/// Runs a script with the program as `$0`, as somebody who may not do everything.
fn as_nobody(sandbox: &Sandbox, script: &str) -> Run {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    match is_root {
        true => through(sandbox, &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", script]),
        false => through(sandbox, &["sh", "-c", script]),
    }
}

/// One builds, others read: a server that runs as a user of its own, a folder of the network.
#[test]
fn an_index_is_read_where_one_may_not_write() {
    let sandbox = Sandbox::with_corpus();
    let all = |mode| {
        for name in ["", ".gm-search"] {
            std::fs::set_permissions(sandbox.path().join(name), PermissionsExt::from_mode(mode)).unwrap();
        }
    };
    assert_eq!(sandbox.run(&["build", "corpus"]).code, 0);
    sandbox.write("corpus/b.txt", "典型村");
    assert_eq!(sandbox.run(&["build", "corpus"]).code, 0, "what a second build replaces counts too");
    sandbox.write("plain", "");
    let plain = sandbox.path().join("plain");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    for entry in std::fs::read_dir(sandbox.path().join(".gm-search")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), mode(&plain), "{}", path.display());
    }
    all(0o555);
    let may_write = as_nobody(&sandbox, "touch .gm-search/file");
    if may_write.code == 0 || as_nobody(&sandbox, "exec \"$0\" --version").code != 0 {
        println!("SKIPPED: this user writes everywhere and nobody else can run the program: {}", may_write.err);
        return all(0o755);
    }
    // the lock of readers is not there in an index that was only just made, or may not be opened
    let lock = sandbox.path().join(".gm-search/.tantivy-meta.lock");
    for is_locked in [true, false] {
        if !is_locked {
            std::fs::remove_file(&lock).unwrap();
        }
        for script in ["query 典型村", "count 典型村", "status", "verify", "show b.txt"] {
            let run = as_nobody(&sandbox, &format!("exec \"$0\" {script}"));
            assert_eq!(run.code, 0, "{script}: {run:?}");
        }
    }
    let build = as_nobody(&sandbox, "exec \"$0\" build corpus");
    assert!(build.code == 2 && build.err.contains("Permission denied"), "{build:?}");
    all(0o755);
}

#[test]
fn what_lies_in_a_folder_that_cannot_be_read_now_stays() {
    let sandbox = Sandbox::new();
    for name in ["reports/open.txt", "reports/closed/a.txt", "reports/closed/deep/b.txt", "reports/locked.txt"] {
        sandbox.write(name, "典型村");
    }
    let mode = |name: &str, mode: u32| {
        std::fs::set_permissions(sandbox.path().join(name), PermissionsExt::from_mode(mode)).unwrap();
    };
    // whoever may read everything asks somebody who may not to build
    mode("", 0o777);
    let build = || as_nobody(&sandbox, "\"$0\" build reports --json");
    let first = build();
    if first.code != 0 {
        println!("SKIPPED: this user reads everything and nobody else can run the program: {}", first.err);
        return;
    }
    mode("reports/closed", 0);
    mode("reports/locked.txt", 0);
    let second = build();
    mode("reports/closed", 0o755);
    mode("reports/locked.txt", 0o644);
    assert_eq!(second.code, 2, "{second:?}");
    assert!(second.err.contains("closed`: ") && second.err.contains("locked.txt`: "), "{second:?}");
    let summary: serde_json::Value = serde_json::from_str(&second.out).unwrap();
    assert_eq!((&summary["removed"], &summary["documents"]), (&0.into(), &4.into()), "{second:?}");
    std::fs::remove_dir_all(sandbox.path().join("reports/closed")).unwrap();
    let third = build();
    let summary: serde_json::Value = serde_json::from_str(&third.out).unwrap();
    assert_eq!((&summary["removed"], &summary["documents"]), (&2.into(), &2.into()), "{third:?}");
}

/// What cannot be written is told as that, and what was asked for as what it is.
#[test]
#[cfg(target_os = "linux")]
fn failures_say_what_was_tried_and_what_to_do() {
    let sandbox = Sandbox::with_corpus();
    assert_eq!(sandbox.run(&["build", "corpus"]).code, 0);
    for args in
        [&["query", "典型村"][..], &["query", "典型村", "--json"], &["count", "典型村", "--by", "part", "--csv"]]
    {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let ended = sandbox.command(args).stdout(full).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.code() == Some(2) && told.contains("cannot write the results: No space left"), "{told}");
    }
    for args in [&["build", "nothing"][..], &["panel", "--terms", "nothing"], &["trend", "村", "--plot", "no/t.svg"]] {
        let run = sandbox.run(args);
        assert!(run.code == 2 && run.err.contains("hint: see that the path is spelt right"), "{run:?}");
    }
}
