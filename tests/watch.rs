use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::Sandbox;

/// So long something is waited for, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// A watch that runs.
struct Watch {
    child: Child,
    lines: Receiver<String>,
    /// Lines that nothing has waited for yet: the two streams come in any order.
    heard: RefCell<Vec<String>>,
}

impl Watch {
    fn new(sandbox: &Sandbox, args: &[&str]) -> Watch {
        let args = [&["watch"], args].concat();
        let mut child = sandbox.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        for lines in [BufReader::new(Box::new(out) as Box<dyn std::io::Read + Send>), BufReader::new(Box::new(err))] {
            let sender = sender.clone();
            std::thread::spawn(move || lines.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        }
        Watch { child, lines, heard: RefCell::default() }
    }

    /// Waits for a line that holds this.
    fn says(&self, what: &str) {
        let mut heard = self.heard.borrow_mut();
        loop {
            if let Some(at) = heard.iter().position(|line| line.contains(what)) {
                heard.remove(at);
                return;
            }
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => heard.push(line),
                Err(error) => panic!("`{what}` was not said ({error}), but {heard:?}"),
            }
        }
    }

    /// Tells it to stop, and gives its exit code.
    fn stop(mut self) -> Option<i32> {
        std::process::Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

#[cfg(unix)]
#[test]
fn changes_are_taken_in_and_a_signal_ends_it() {
    for way in [&["r"][..], &["r", "--poll", "1"]] {
        let sandbox = Sandbox::new();
        sandbox.write("r/a.txt", "甲村");
        let watch = Watch::new(&sandbox, way);
        watch.says("1 document: 1 added");
        watch.says("watching");
        sandbox.write("r/sub/b.txt", "乙村");
        watch.says("2 documents: 1 added");
        sandbox.write("r/a.txt", "甲村，丙村");
        watch.says("1 changed");
        std::fs::remove_file(sandbox.path().join("r/sub/b.txt")).unwrap();
        watch.says("1 document: 0 added, 0 changed, 1 removed");
        assert_eq!(sandbox.json(&["query", "丙村"])["total"]["documents"], 1);
        assert_eq!(watch.stop(), Some(0));
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_away_and_a_lock_are_waited_for() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "甲村");
    sandbox.run(&["build", "r"]);
    let watch = Watch::new(&sandbox, &["r"]);
    watch.says("watching");
    let (there, away) = (sandbox.path().join("r"), sandbox.path().join("away"));
    std::fs::rename(&there, &away).unwrap();
    watch.says("is not there");
    assert_eq!(sandbox.json(&["query", "甲村"])["total"]["documents"], 1);
    sandbox.write("away/b.txt", "乙村");
    std::fs::rename(&away, &there).unwrap();
    watch.says("2 documents: 1 added");

    let index = gm_index::Index::open(sandbox.path().join(".gm-search")).unwrap();
    let writer = index.writer().unwrap();
    sandbox.write("r/c.txt", "丙村");
    watch.says("trying again");
    drop(writer);
    watch.says("3 documents: 1 added");
    assert_eq!(watch.stop(), Some(0));
}

#[test]
fn what_is_wrong_from_the_start_is_said_at_once() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["watch", "missing"]);
    assert!(run.code == 2 && run.err.contains("cannot read `missing`"), "{run:?}");
    assert_eq!(sandbox.run(&["watch"]).code, 2);
}
