//! `backfile publish`

use serde_json::{Value, json};

use super::report::{Done, count, open_cache, progress, tell};
use crate::cli::{Global, Host, Publish};
use crate::diagnostics::Result;
use crate::publish::{self, Options, Report, Tell, workflows};
use crate::site::Site;

pub fn run(args: &Publish, global: &Global) -> Result<Done> {
    let site = Site::open(&global.site, None)?;
    if let Some(host) = args.init {
        return init(&site, host);
    }
    let options = Options {
        target: args.target.clone(),
        dry_run: args.dry_run,
        verify: args.verify,
        force: args.force,
        take_over: args.take_over,
        allow_problems: args.allow_problems,
        rollback: args.rollback,
    };
    let mut cache = open_cache(&site, global)?;
    let teller = Teller {
        bar: progress(global),
        is_quiet: global.quiet || global.json,
    };
    let report = publish::publish(&site, &mut cache, &options, &teller);
    teller.bar.finish_and_clear();
    Ok(done(report?, &options))
}

struct Teller {
    bar: indicatif::ProgressBar,
    is_quiet: bool,
}

impl Tell for Teller {
    fn progress(&self, what: &str, done: usize, all: usize) {
        tell(&self.bar, what, done, all);
    }

    fn note(&self, words: &str) {
        if !self.is_quiet {
            self.bar.suspend(|| eprintln!("{words}"));
        }
    }
}

fn done(report: Report, options: &Options) -> Done {
    let mut lines = Vec::new();
    if let Some(would) = &report.would {
        let send = would.send.iter().map(|path| format!("send    {path}"));
        let delete = would.delete.iter().map(|path| format!("delete  {path}"));
        lines.extend(send.chain(delete));
    }
    let would = if options.dry_run {
        "would send"
    } else {
        "sent"
    };
    let deleted = if options.dry_run {
        "would delete"
    } else {
        "deleted"
    };
    if options.rollback {
        let version = report.version.as_deref().unwrap_or_default();
        lines.push(format!(
            "readers see version {version} again, of {}",
            count(report.files as usize, "file")
        ));
    } else if report.sent + report.deleted == 0 {
        lines.push(format!(
            "nothing to send: {} as before",
            count(report.files as usize, "file")
        ));
    } else {
        lines.push(format!(
            "{would} {} ({}), {deleted} {}, of {}",
            count(report.sent, "file"),
            size(report.sent_bytes),
            report.deleted,
            count(report.files as usize, "file"),
        ));
    }
    if report.waiting > 0 {
        lines.push(format!(
            "{} to be deleted later",
            count(report.waiting, "file")
        ));
    }
    if let Some(foreign) = report.foreign.filter(|foreign| *foreign > 0) {
        lines.push(format!(
            "{} there, not the website's, left alone",
            count(foreign, "file")
        ));
    }
    if let Some(version) = report.version.as_deref().filter(|_| !options.rollback) {
        lines.push(format!("readers see version {version}"));
    }
    lines.push(format!("{} is `{}`", report.to, report.target));
    let json = match json!(report) {
        Value::Object(mut json) => {
            json.insert("dry_run".into(), options.dry_run.into());
            json
        }
        _ => serde_json::Map::new(),
    };
    Done {
        lines,
        json,
        diagnostics: report.diagnostics,
    }
}

/// Bytes as people say them.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

fn init(site: &Site, host: Host) -> Result<Done> {
    let host = match host {
        Host::Github => workflows::GITHUB,
        Host::Gitlab => workflows::GITLAB,
        Host::Forgejo => workflows::FORGEJO,
    };
    let lines = workflows::write(site, &host)?;
    let json = json!({ "wrote": host.file });
    Ok(Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
    })
}
