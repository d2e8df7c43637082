//! `gm-search man`: the manual page in roff, or that of a command; with a folder, `gm-search.1` and one page a command in it,
//! whose names go to standard error.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;
use clap_mangen::Man;

use crate::Outcome;
use crate::cli::{self, Cli, Command};

pub fn run(args: cli::Man) -> Result<Outcome> {
    // the terminal's width is no concern of a manual page
    let mut command = Cli::<Command>::command().term_width(0).name("gm-search");
    command.build();
    let below: Vec<_> = command.get_subcommands().filter(|verb| verb.get_name() != "help").cloned().collect();
    let named = args.folder.as_ref().and_then(|name| below.iter().find(|verb| name.as_os_str() == verb.get_name()));
    let folder = match (args.folder.as_ref(), named) {
        (Some(folder), None) => folder,
        (_, verb) => {
            let (name, command) = verb.map_or_else(|| ("gm-search".to_string(), command.clone()), paged);
            std::io::stdout().lock().write_all(&page(name, command)?)?;
            return Ok(Outcome::Done);
        }
    };
    fs_err::create_dir_all(folder)?;
    for (name, command) in [("gm-search".to_string(), command)].into_iter().chain(below.iter().map(paged)) {
        let file = folder.join(format!("{name}.1"));
        fs_err::write(&file, page(name, command)?)?;
        anstream::eprintln!("{}", file.display());
    }
    Ok(Outcome::Done)
}

/// A command with the name of its page.
fn paged(verb: &clap::Command) -> (String, clap::Command) {
    (format!("gm-search-{}", verb.get_name()), verb.clone())
}

fn page(name: String, command: clap::Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    // clap wants a name for ever; there are a dozen of them
    let leaked: &'static str = name.leak();
    Man::new(command.name(leaked)).render(&mut page)?;
    Ok(page)
}
