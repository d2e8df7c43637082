//! An engine behind TLS and a password.

use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Remote;
use crate::support::Sandbox;

/// nginx before a node, with TLS and a password.
struct Guarded {
    server: std::process::Child,
    port: u16,
}

impl Guarded {
    fn before(node: &str, sandbox: &Sandbox) -> Option<Guarded> {
        let has = |program: &str| {
            Command::new(program).arg("-v").stderr(Stdio::null()).stdout(Stdio::null()).status().is_ok()
        };
        if !has("nginx") || !has("openssl") {
            println!(
                "SKIPPED: nginx and openssl are not there, so TLS and passwords are not tested; `.ci/tools cluster` installs them"
            );
            return None;
        }
        let openssl = |line: &str| {
            let run = Command::new("openssl").args(line.split(' ')).current_dir(sandbox.path()).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        };
        sandbox.write("leaf.cnf", "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority");
        openssl("req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=localhost");
        openssl(
            "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out leaf.pem -days 2 -extfile leaf.cnf",
        );
        sandbox.write("users", "reader:{PLAIN}right\n");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = sandbox.path().display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
            .collect();
        sandbox.write(
            "nginx.conf",
            format!(
                "daemon off;\npid {folder}/nginx.pid;\nuser root;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\
                server {{\nlisten 127.0.0.1:{port} ssl;\nssl_certificate {folder}/leaf.pem;\n\
                ssl_certificate_key {folder}/leaf.key;\nclient_max_body_size 1m;\nauth_basic guarded;\n\
                auth_basic_user_file {folder}/users;\nlocation / {{ proxy_pass {node}; }}\n}}\n}}\n"
            ),
        );
        let config = sandbox.path().join("nginx.conf");
        let log = std::fs::File::create(sandbox.path().join("nginx.log")).unwrap();
        let server = Command::new("nginx").args(["-e", "stderr", "-c"]).arg(config).stderr(log).spawn().unwrap();
        let guarded = Guarded { server, port };
        let is_up = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(is_up, "nginx: {}", std::fs::read_to_string(sandbox.path().join("nginx.log")).unwrap());
        Some(guarded)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // its workers go with it
        let _ = Command::new("kill").arg(self.server.id().to_string()).status();
        let _ = self.server.wait();
    }
}

#[test]
fn secrets_go_over_tls_and_to_nobody_else() {
    let Some(remote) = Remote::new("guarded") else { return };
    let sandbox = Sandbox::with_corpus();
    let Some(guarded) = Guarded::before(&remote.nodes[0], &sandbox) else { return };
    let address = format!("https://localhost:{}/{}", guarded.port, remote.name);
    sandbox.write("right", "reader:right\n");
    sandbox.write("wrong", "reader:wrong\n");
    sandbox.write("neither", "right\n");
    let run = |args: &[&str]| sandbox.run(&[&["--remote", &address], args].concat());
    let known = ["--remote-ca", "ca.pem", "--remote-auth"];
    // the proxy takes a megabyte: what is larger is halved
    let built = run(&[&known[..], &["right", "build", "corpus"]].concat());
    assert_eq!(built.code, 0, "{}", built.err);
    let found = run(&[&known[..], &["right", "query", "典型村"]].concat());
    assert!(found.code == 0 && found.out.contains("3 passages, 4 occurrences in 1 document"), "{found:?}");
    for (args, said) in [
        (&["--remote-ca", "ca.pem", "query", "村"][..], "401"),
        (&["--remote-ca", "ca.pem", "--remote-auth", "wrong", "query", "村"], "401"),
        (&["--remote-ca", "ca.pem", "--remote-auth", "neither", "query", "村"], "neither `user:password`"),
        (&["--remote-auth", "right", "query", "村"], "certificate"),
        (&["--remote-ca", "right", "--remote-auth", "right", "query", "村"], "--remote-ca"),
    ] {
        let refused = run(args);
        assert!(refused.code == 2 && refused.err.contains(said), "{args:?}: {}", refused.err);
        assert!(!refused.err.contains("reader:"), "{}", refused.err);
    }
    let open = sandbox.run(&["--remote", "http://example.org:9200/x", "--remote-auth", "right", "query", "村"]);
    assert!(open.code == 2 && open.err.contains("use https://"), "{}", open.err);
}
