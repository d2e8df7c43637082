use crate::support::Sandbox;

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = sandbox.run(&["completions", shell]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains("kwic") && run.out.contains("gm-search"), "{shell}");
    }
    let bash = sandbox.run(&["completions", "bash"]).out;
    // each state that is entered has its branch
    for entered in bash.lines().filter_map(|line| line.trim().strip_prefix("cmd=\"")?.strip_suffix('"')) {
        assert!(entered.is_empty() || bash.contains(&format!("{entered})\n")), "{entered}");
    }
    assert_eq!(sandbox.run(&["completions", "tcsh"]).code, 2);
}
