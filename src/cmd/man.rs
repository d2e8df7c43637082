//! `gm-search man`: the manual page in roff; with a folder, `gm-search.1` and one page a command in it, whose names go to
//! standard error.

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
    let Some(folder) = args.folder else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        std::io::stdout().lock().write_all(&page)?;
        return Ok(Outcome::Done);
    };
    fs_err::create_dir_all(&folder)?;
    let below: Vec<_> = command.get_subcommands().filter(|verb| verb.get_name() != "help").cloned().collect();
    for (name, command) in [("gm-search".to_string(), command)]
        .into_iter()
        .chain(below.into_iter().map(|verb| (format!("gm-search-{}", verb.get_name()), verb)))
    {
        let mut page = Vec::new();
        // clap wants a name for ever; there are a dozen of them
        let leaked: &'static str = name.clone().leak();
        Man::new(command.name(leaked)).render(&mut page)?;
        fs_err::write(folder.join(format!("{name}.1")), page)?;
        anstream::eprintln!("{}", folder.join(format!("{name}.1")).display());
    }
    Ok(Outcome::Done)
}
