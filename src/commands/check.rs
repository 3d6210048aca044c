//! `backfile check`

use serde_json::{Value, json};

use super::report::{Done, count, open_cache, progress, tell};
use crate::check::{self, AddedAlias, CheckOptions, CheckReport, ExternalCheck};
use crate::cli::{Check, Global};
use crate::diagnostics::Result;
use crate::publish::{self, Observer};
use crate::site::Site;

/// How many added aliases are listed without `-v`.
const SHOWN: usize = 20;

pub fn run(args: &Check, global: &Global) -> Result<Done> {
    let site = Site::open(&global.site, None)?;
    let options = CheckOptions {
        external: args.external,
        all: global.verbose,
        fix: args.fix,
        host: args.host.clone(),
    };
    let mut cache = open_cache(&site, global)?;
    let bar = progress(global);
    let unknown = publish::recall(&site, &NoObserver);
    let report = check::run(&site, &mut cache, &options, &|what, done, all| {
        tell(&bar, what, done, all);
    });
    bar.finish_and_clear();
    let mut report = report?;
    report.warnings += unknown.len();
    report.diagnostics.extend(unknown);
    Ok(done(report, global))
}

/// Reading what was published takes a few requests, and shows nothing.
struct NoObserver;

impl Observer for NoObserver {
    fn progress(&self, _: &str, _: usize, _: usize) {}
    fn notice(&self, _: &str) {}
}

fn done(report: CheckReport, global: &Global) -> Done {
    let mut lines = fixed(&report, global.verbose);
    lines.extend(report.external.as_ref().map(external));
    let found = match (report.problems, report.warnings) {
        (0, 0) => "nothing is wrong".to_owned(),
        (problems, 0) => count(problems, "problem"),
        (0, warnings) => count(warnings, "warning"),
        (problems, warnings) => format!(
            "{}, {}",
            count(problems, "problem"),
            count(warnings, "warning")
        ),
    };
    let checked = format!(
        "{} and {}",
        count(report.pages, "page"),
        count(report.links, "link")
    );
    lines.push(format!("checked {checked}: {found}"));
    let json = match json!(report) {
        Value::Object(json) => json,
        _ => serde_json::Map::new(),
    };
    Done {
        lines,
        json,
        diagnostics: report.diagnostics,
        ..Done::default()
    }
}

fn fixed(report: &CheckReport, all: bool) -> Vec<String> {
    let fixed = report.fixed.iter();
    let shown = if all { report.fixed.len() } else { SHOWN };
    let line =
        |fixed: &AddedAlias| format!("{}: `{}` is among its aliases", fixed.file, fixed.alias);
    let mut lines: Vec<String> = fixed.take(shown).map(line).collect();
    if report.fixed.len() > shown {
        lines.push(format!(
            "and {} more; -v lists all of them",
            report.fixed.len() - shown
        ));
    }
    if !report.fixed.is_empty() {
        lines.push("`backfile build` makes a redirect of each".to_owned());
    }
    lines
}

fn external(checked: &ExternalCheck) -> String {
    let ExternalCheck {
        links,
        hosts,
        gone,
        unsure,
    } = checked;
    let (links, hosts) = (count(*links, "link"), count(*hosts, "host"));
    format!("asked {hosts} about {links}: {gone} gone, {unsure} unsure")
}
