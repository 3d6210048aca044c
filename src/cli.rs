//! The command line: what a person may say.

use crate::model::Part;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Turns a folder of raw articles into a browsable website.
///
/// Put articles into a folder `raw/`, run `backfile build`, open `public/index.html`.
#[derive(Debug, Parser)]
#[command(
    name = "backfile",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 done; 1 done, but some content has problems, each listed; 2 not done."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub global: Global,
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The site's folder.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    pub site: PathBuf,

    /// Print one JSON object on stdout, for scripts.
    #[arg(long, global = true)]
    pub json: bool,

    /// Say only what is wrong.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// List every diagnostic, however many.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a site to start from.
    New(New),
    /// Turn raw records into Markdown: raw/ → content/.
    Import(Import),
    /// List topics; propose them anew; say why an article has the topics it has.
    Topics(Topics),
    /// Import what is new and make the website: content/ → public/.
    Build(Build),
    /// Show the website on this computer; it follows every change as you save.
    Serve(Serve),
    /// Look for what is wrong with the website: links, names, feeds, lost addresses, limits of hosts.
    Check(Check),
    /// Send what changed to where readers are.
    Publish(Publish),
}

#[derive(Debug, Args)]
pub struct New {
    /// The folder to make; it must not be there, or be empty.
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
An article whose raw record changed is written again, unless a person edited it: then both are kept
until you say which one holds, with --take raw or --take mine.")]
pub struct Import {
    /// Files or folders below raw/; all of it where none is named.
    pub paths: Vec<PathBuf>,

    /// Where a record changed and its article was edited: let the record win, or the edit.
    #[arg(long, value_name = "WHICH", value_enum, requires = "paths")]
    pub take: Option<Take>,

    /// Remove the articles of vanished records, however many.
    #[arg(long)]
    pub prune: bool,

    /// Import everything again, as after a new version of the program; edited articles stay.
    #[arg(long)]
    pub again: bool,

    /// Say what was found in the whole archive: read, inferred, missing, set aside, refused, and where every word went.
    #[arg(long)]
    pub report: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Take {
    /// The record, as it is now; the edit is lost.
    Raw,
    /// The article, as it was edited.
    Mine,
}

#[derive(Debug, Args)]
pub struct Topics {
    #[command(subcommand)]
    pub command: Option<TopicsCommand>,
}

#[derive(Debug, Subcommand)]
pub enum TopicsCommand {
    /// Propose topics from the archive and write them to topics.toml; those that are there stay as they are.
    Discover,
    /// Say why an article has the topics it has.
    Explain {
        /// Its id, its file or its path on the website.
        article: String,
    },
}

#[derive(Debug, Args)]
pub struct Build {
    /// Where the website goes.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Go on, and build again after every change.
    #[arg(long, conflicts_with_all = ["verify", "explain"])]
    pub watch: bool,

    /// With --watch: look at the files every second, for disks that do not tell of changes.
    #[arg(long, requires = "watch")]
    pub poll: bool,

    /// Read the whole website again, as after a power cut, and mend what differs.
    #[arg(long)]
    pub verify: bool,

    /// Say why a page was, or was not, rendered, and list what it is made from.
    #[arg(long, value_name = "URL")]
    pub explain: Option<String>,

    #[command(flatten)]
    pub parts: Parts,
}

/// A build in parts, on many machines.
#[derive(Debug, Args)]
#[command(next_help_heading = "In parts, on many machines")]
pub struct Parts {
    /// Read the articles of a part, the third of eight as 3/8; the first of four steps.
    #[arg(long, value_name = "I/N", conflicts_with_all = ["watch", "verify", "explain", "merge", "finish"])]
    pub shard: Option<Part>,

    /// Put together what all parts read; the second step.
    #[arg(long, conflicts_with_all = ["watch", "verify", "explain", "finish", "render"])]
    pub merge: bool,

    /// With --shard: render the articles of the part; the third step.
    #[arg(long, requires = "shard")]
    pub render: bool,

    /// Make the website of what all parts left; the fourth step.
    #[arg(long, conflicts_with_all = ["watch", "verify", "explain"])]
    pub finish: bool,

    /// Where the parts meet: a folder that every machine reaches, or an address such as s3://bucket/prefix;
    /// .backfile/parts where none is named.
    #[arg(long, value_name = "PLACE")]
    pub meet: Option<String>,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// The port on 127.0.0.1; the next free one where it is taken.
    #[arg(long, default_value_t = 4321)]
    pub port: u16,

    /// Listen on this address, and answer to whoever can reach it, instead of only to this computer.
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<IpAddr>,

    /// Look at the files every second, for disks that do not tell of changes.
    #[arg(long)]
    pub poll: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
It checks the website as the last build left it. docs/checking.md says what it looks at.")]
pub struct Check {
    /// Ask other websites too whether what pages link to is still there; 2,000 addresses, or with -v all.
    #[arg(long)]
    pub external: bool,

    /// Add addresses of articles that were lost since they were published to the articles' `aliases`.
    #[arg(long)]
    pub fix: bool,

    /// Whose limits to check; those of the hosts in backfile.toml where none is named.
    #[arg(long, value_name = "HOST", value_parser = ["github", "gitlab", "cloudflare", "netlify", "s3"])]
    pub host: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Targets are named in backfile.toml:

  [publish.live]
  to = \"s3://bucket/prefix\"

Others are file:///srv/www, gs://, az://, sftp://user@host/path, rsync://user@host/path,
git+ssh://git@host/repository.git#branch, site.tar.zst and site.zip. Passwords and keys come from the
environment, or from the files of ssh, git and the cloud's own tools. docs/publishing.md has a recipe for each host.

It may be cut off at any moment: readers see pages that work, and running it again goes on.")]
pub struct Publish {
    /// The target, by its name in backfile.toml; may be left out where there is one.
    pub target: Option<String>,

    /// Say what would be sent and deleted, and do nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Compare with what is really there, not only with what was last published.
    #[arg(long)]
    pub verify: bool,

    /// Delete, however large a share of what is there.
    #[arg(long)]
    pub force: bool,

    /// Go on where a publisher on another machine was cut off.
    #[arg(long)]
    pub take_over: bool,

    /// Publish although the build or `check` found problems.
    #[arg(long)]
    pub allow_problems: bool,

    /// Let readers see the version before the current one again.
    #[arg(long, conflicts_with_all = ["verify", "force", "allow_problems"])]
    pub rollback: bool,

    /// Write the file with which a host builds and publishes the site by itself, and do nothing else.
    #[arg(long, value_name = "HOST", value_enum, conflicts_with_all = ["target", "dry_run", "verify", "force", "take_over", "rollback"])]
    pub init: Option<Host>,
}

/// A host that runs workflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Host {
    Github,
    Gitlab,
    Forgejo,
}
