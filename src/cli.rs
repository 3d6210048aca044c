//! The command line: commands, arguments and their help texts. Never does anything.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::model::BuildPart;

/// Turns a folder of raw articles into a browsable website.
///
/// Put articles into a folder `raw/`, run `backfile build`, open `public/index.html`.
#[derive(Debug, Parser)]
#[command(
    name = "backfile",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0: done; 1: done, but some content has problems, which are listed; 2: not done."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The folder of the site; the current folder by default.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    pub site: PathBuf,

    /// Print the result as one JSON object on stdout, for scripts.
    #[arg(long, global = true)]
    pub json: bool,

    /// Show only problems.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Show all diagnostics, not only the first 20.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create an empty site to start from.
    New(New),
    /// Convert raw records to Markdown: raw/ → content/.
    Import(Import),
    /// List topics, propose new ones, or explain the topics of an article.
    Topics(Topics),
    /// Import what is new and build the website: content/ → public/.
    Build(Build),
    /// Preview the website on this computer, updated whenever you save a file.
    Serve(Serve),
    /// Check the website: links, file names, feeds, lost addresses, limits of hosts.
    Check(Check),
    /// Send what changed to the server.
    Publish(Publish),
    /// Print the documentation.
    Docs(Docs),
}

#[derive(Debug, Args)]
pub struct Docs {
    /// The page; without it, all pages are listed.
    pub page: Option<String>,
}

#[derive(Debug, Args)]
pub struct New {
    /// The folder to create; if it exists, it must be empty.
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
If a raw record has changed, its article is written again, unless a person has edited it. Then both are
kept until you choose one, with --take raw or --take mine.")]
pub struct Import {
    /// Files or folders below raw/ to import; all of raw/ by default.
    pub paths: Vec<PathBuf>,

    /// If a record has changed and its article was edited, use the record or keep the edit.
    #[arg(long, value_name = "WHICH", value_enum, requires = "paths")]
    pub take: Option<Take>,

    /// Remove the articles of all records that no longer exist, however many they are.
    #[arg(long)]
    pub prune: bool,

    /// Import all records again, for example after an update of the program; edited articles are kept.
    #[arg(long)]
    pub again: bool,

    /// Report on the whole archive: how many fields were read, inferred or missing, what was removed or
    /// refused, and where every word went.
    #[arg(long)]
    pub report: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Take {
    /// Use the record as it is now; the edit is lost.
    Raw,
    /// Keep the article as it was edited.
    Mine,
}

#[derive(Debug, Args)]
pub struct Topics {
    #[command(subcommand)]
    pub command: Option<TopicsCommand>,
}

#[derive(Debug, Subcommand)]
pub enum TopicsCommand {
    /// Propose topics from the archive and add them to topics.toml; existing topics are not changed.
    Discover,
    /// Learn rules for topics that articles name in their front matter and that have no rule, and write them to topics.toml.
    Learn,
    /// List the topics that a person should look at first: fragments, overlaps, those of very many or very few articles.
    Review,
    /// Explain why an article has its topics.
    Explain {
        /// The article's id, its file, or its path on the website.
        article: String,
    },
}

#[derive(Debug, Args)]
pub struct Build {
    /// Write the website to this folder; public/ by default.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Keep running, and build again after every change.
    #[arg(long, conflicts_with_all = ["verify", "explain"])]
    pub watch: bool,

    /// With --watch: check the files every second, for network disks that do not report changes.
    #[arg(long, requires = "watch")]
    pub poll: bool,

    /// Read all files of the website again, for example after a power cut, and repair those that differ.
    #[arg(long)]
    pub verify: bool,

    /// Import nothing and propose no topics: end with status 2 if there is anything to import, for builds whose
    /// content/ and topics.toml come from a repository.
    #[arg(long, conflicts_with_all = ["watch"])]
    pub frozen: bool,

    /// End with status 0 although some content has problems; they are listed and counted.
    #[arg(long)]
    pub allow_problems: bool,

    /// Explain why a page was or was not rendered, and list its inputs.
    #[arg(long, value_name = "URL")]
    pub explain: Option<String>,

    #[command(flatten)]
    pub parts: Parts,
}

/// A build in parts, on several machines.
#[derive(Debug, Args)]
#[command(next_help_heading = "Building in parts, on several machines")]
pub struct Parts {
    /// Step 1: read the articles of one part; 3/8 is the third of eight.
    #[arg(long, value_name = "I/N", conflicts_with_all = ["watch", "verify", "explain", "merge", "finish"])]
    pub shard: Option<BuildPart>,

    /// Step 2: merge what all parts have read.
    #[arg(long, conflicts_with_all = ["watch", "verify", "explain", "finish", "render"])]
    pub merge: bool,

    /// Step 3, with --shard: render the articles of the part.
    #[arg(long, requires = "shard")]
    pub render: bool,

    /// Step 4: write the website from what all parts have rendered.
    #[arg(long, conflicts_with_all = ["watch", "verify", "explain"])]
    pub finish: bool,

    /// Where parts exchange data: a folder that all machines share, or an address such as s3://bucket/prefix;
    /// .backfile/parts by default.
    #[arg(long, value_name = "PLACE")]
    pub meet: Option<String>,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// The port on 127.0.0.1; if it is taken, the next free one is used.
    #[arg(long, default_value_t = 4321)]
    pub port: u16,

    /// Listen on this address instead of 127.0.0.1; everyone who can reach it can see the site.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub host: Option<IpAddr>,

    /// Check the files every second, for network disks that do not report changes.
    #[arg(long)]
    pub poll: bool,
}

/// An address to listen on.
fn address(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(std::net::Ipv4Addr::LOCALHOST.into()),
        text => text.parse().map_err(|_| {
            "write an address of this computer, such as 192.168.1.20, or 0.0.0.0 for all of them".to_owned()
        }),
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Checks the website as the last build wrote it. `backfile docs checking` lists all checks.")]
pub struct Check {
    /// Also check links to other websites: up to 2,000 addresses, with --verbose all.
    #[arg(long)]
    pub external: bool,

    /// Where a published article has a new address, add the old one to its `aliases`.
    #[arg(long)]
    pub fix: bool,

    /// Check the limits of this host; by default, of the hosts in backfile.toml.
    #[arg(long, value_name = "HOST", value_parser = ["github", "gitlab", "cloudflare", "netlify", "s3"])]
    pub host: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Targets are named in backfile.toml:

  [publish.live]
  to = \"s3://bucket/prefix\"

Other addresses are file:///srv/www, gs://, az://, sftp://user@host/path, rsync://user@host/path,
git+ssh://git@host/repository.git#branch, site.tar.zst and site.zip. Passwords and keys are read from the
environment, or from the files of ssh, git and the cloud's own tools. `backfile docs publishing` has a recipe for each host.

Publishing may be interrupted at any moment: the published site works, and the next run continues.")]
pub struct Publish {
    /// The name of the target in backfile.toml; may be left out if there is only one.
    pub target: Option<String>,

    /// List what would be sent and deleted, and change nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Compare with the files that are on the server, not only with the record of what was last published.
    #[arg(long)]
    pub verify: bool,

    /// Allow to delete a large share of the published files.
    #[arg(long)]
    pub force: bool,

    /// Publish to a place that holds files Backfile did not put there: those of the same names are
    /// replaced, all others stay.
    #[arg(long)]
    pub adopt: bool,

    /// Do not wait for another publisher that seems to be at work: without this, it is taken for ended
    /// after 35 seconds without a sign of life.
    #[arg(long)]
    pub take_over: bool,

    /// Publish even if the build or `check` found problems.
    #[arg(long)]
    pub allow_problems: bool,

    /// Publish the previous version again.
    #[arg(long, conflicts_with_all = ["verify", "force", "allow_problems"])]
    pub rollback: bool,

    /// Write the workflow file with which a host builds and publishes the site automatically, and do nothing else.
    #[arg(long, value_name = "HOST", value_enum, conflicts_with_all = ["target", "dry_run", "verify", "force", "take_over", "rollback"])]
    pub init: Option<Host>,
}

/// A host that runs workflows, for which `publish --init` writes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Host {
    Github,
    Gitlab,
    Forgejo,
}
