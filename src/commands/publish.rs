//! `backfile publish`

use serde_json::{Value, json};

use super::report::{Done, count, open_cache, progress, tell};
use crate::cli::{Global, Host, Publish};
use crate::diagnostics::Result;
use crate::publish::{self, Observer, PublishOptions, PublishReport, workflows};
use crate::site::Site;

/// How many files of a dry run are listed without `-v`.
const SHOWN: usize = 20;

pub fn run(args: &Publish, global: &Global) -> Result<Done> {
    let site = Site::open(&global.site, None)?;
    if let Some(host) = args.init {
        return init(&site, host);
    }
    let options = PublishOptions {
        target: args.target.clone(),
        dry_run: args.dry_run,
        verify: args.verify,
        force: args.force,
        adopt: args.adopt,
        take_over: args.take_over,
        allow_problems: args.allow_problems,
        rollback: args.rollback,
    };
    let mut cache = open_cache(&site, global)?;
    let terminal = Terminal {
        bar: progress(global),
        is_quiet: global.quiet || global.json,
    };
    let report = publish::publish(&site, &mut cache, &options, &terminal);
    terminal.bar.finish_and_clear();
    Ok(done(report?, &options, global.verbose))
}

/// Shows the progress of a run on stderr.
struct Terminal {
    bar: indicatif::ProgressBar,
    is_quiet: bool,
}

impl Observer for Terminal {
    fn progress(&self, what: &str, done: usize, all: usize) {
        tell(&self.bar, what, done, all);
    }

    fn notice(&self, message: &str) {
        if !self.is_quiet {
            self.bar.suspend(|| eprintln!("{message}"));
        }
    }
}

fn done(report: PublishReport, options: &PublishOptions, all: bool) -> Done {
    let json = match json!(report) {
        Value::Object(mut json) => {
            json.insert("dry_run".into(), options.dry_run.into());
            json
        }
        _ => serde_json::Map::new(),
    };
    Done {
        lines: lines(&report, options, all),
        json,
        diagnostics: report.diagnostics,
        ..Done::default()
    }
}

fn lines(report: &PublishReport, options: &PublishOptions, all: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(planned) = &report.planned {
        let send = planned.send.iter().map(|path| format!("send    {path}"));
        let delete = planned.delete.iter().map(|path| format!("delete  {path}"));
        let mut planned: Vec<String> = send.chain(delete).collect();
        let more = planned.len().saturating_sub(SHOWN);
        if !all && more > 0 {
            planned.truncate(SHOWN);
            planned.push(format!("and {more} more; -v lists all of them"));
        }
        lines.extend(planned);
    }
    lines.push(summary(report, options));
    if report.waiting > 0 {
        let files = count(report.waiting, "file");
        lines.push(format!("{files} to be deleted later"));
    }
    if let Some(foreign) = report.foreign.filter(|foreign| *foreign > 0) {
        let files = count(foreign, "file");
        lines.push(format!("{files} there, not the website's, left alone"));
    }
    if let Some(version) = report.version.as_deref().filter(|_| !options.rollback) {
        lines.push(format!("readers see version {version}"));
    }
    lines.push(format!("{} is `{}`", report.to, report.target));
    lines
}

fn summary(report: &PublishReport, options: &PublishOptions) -> String {
    let files = count(report.files as usize, "file");
    if options.rollback {
        let version = report.version.as_deref().unwrap_or_default();
        return format!("readers see version {version} again, of {files}");
    }
    if report.sent + report.deleted == 0 {
        return format!("nothing to send: {files} as before");
    }
    let (sent, deleted) = match options.dry_run {
        true => ("would send", "would delete"),
        false => ("sent", "deleted"),
    };
    format!(
        "{sent} {} ({}), {deleted} {}, of {files}",
        count(report.sent, "file"),
        size(report.sent_bytes),
        report.deleted,
    )
}

/// Bytes in a unit that is easy to read.
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
        ..Done::default()
    })
}
