//! `backfile build`: one build, one step of a build in parts, or builds after every change.

use serde_json::json;

use super::report::{Done, count, open_cache, print_outcome, progress, tell};
use crate::build::shards::{self, Exchange, StepSummary};
use crate::build::{self, BuildReport, Explanation, Options};
use crate::cli::{Build, Global, Parts};
use crate::diagnostics::Result;
use crate::preview;
use crate::site::Site;

pub fn run(args: &Build, global: &Global) -> Result<Done> {
    let site = Site::open(&global.site, args.out.as_deref())?;
    let options = Options {
        verify: args.verify,
        explain: args.explain.clone(),
        frozen: args.frozen,
    };
    if args.watch {
        watch(args, global)?;
        return Ok(Done::default());
    }
    if let Some(done) = part(&site, &args.parts, global)? {
        return Ok(done);
    }
    let mut cache = open_cache(&site, global)?;
    let bar = progress(global);
    let report = build::build(site.clone(), &mut cache, &options, &|what, done, all| {
        tell(&bar, what, done, all);
    });
    bar.finish_and_clear();
    let done = done(&site, report?, global);
    Ok(match args.allow_problems {
        true => done.allowing_problems(),
        false => done,
    })
}

/// One step of a build in parts; `None` if the arguments name no step.
fn part(site: &Site, args: &Parts, global: &Global) -> Result<Option<Done>> {
    if args.shard.is_none() && !args.merge && !args.finish {
        return Ok(None);
    }
    let folder = || site.cache().join("parts").to_string_lossy().into_owned();
    let exchange = Exchange::open(&args.meet.clone().unwrap_or_else(folder))?;
    let bar = progress(global);
    let told = |what: &str, done: usize, all: usize| tell(&bar, what, done, all);
    let step = match args {
        Parts {
            shard: Some(part),
            render: true,
            ..
        } => shards::render(site.clone(), *part, &exchange, &told)?,
        Parts {
            shard: Some(part), ..
        } => shards::read(site, *part, &exchange)?,
        Parts { merge: true, .. } => shards::merge(site, &exchange)?,
        Parts { finish: true, .. } => {
            let mut cache = open_cache(site, global)?;
            let report = shards::finish(site.clone(), &mut cache, &exchange, &told)?;
            bar.finish_and_clear();
            return Ok(Some(done(site, report, global)));
        }
        _ => return Ok(None),
    };
    bar.finish_and_clear();
    let StepSummary { files, pages } = step;
    let line = match (args.shard, args.render) {
        (Some(part), true) => format!(
            "part {part}: rendered {} of {}",
            count(pages, "page"),
            count(files, "file")
        ),
        (Some(part), false) => format!("part {part}: read {}", count(files, "file")),
        (None, _) => format!("merged {}", count(files, "file")),
    };
    let json = json!({ "files": files, "pages": pages, "meet": exchange.to_string() });
    Ok(Some(Done {
        lines: vec![line],
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    }))
}

/// Builds, and builds again after every change, until the process ends.
fn watch(args: &Build, global: &Global) -> Result<()> {
    let note = |message: &str| {
        if !global.quiet {
            eprintln!("{message}");
        }
    };
    preview::follow_with_builds(
        &global.site,
        args.out.as_deref(),
        args.poll,
        &note,
        |site, report| {
            print_outcome(report.map(|report| done(site, report, global)), global);
        },
    )
}

fn done(site: &Site, report: BuildReport, global: &Global) -> Done {
    let mut lines = summary(&report);
    if let Some(explained) = &report.explained {
        lines.extend(explanation(explained, global.verbose));
    }
    if site.settings.base_url.is_none() {
        lines.push(
            "without `base_url` in backfile.toml there is no sitemap and no canonical link"
                .to_owned(),
        );
    }
    lines.push(format!("open {}", site.out().join("index.html").display()));
    let json = json!({
        "imported": report.imported.json(),
        "proposed_topics": report.proposed,
        "articles": report.articles,
        "topics": report.topics,
        "authors": report.authors,
        "drafts": report.drafts,
        "pages": report.pages,
        "read": report.read,
        "rendered": report.rendered,
        "written": report.output.written,
        "removed": report.output.removed,
        "explained": report.explained,
        "out": site.out().display().to_string(),
    });
    Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: report.diagnostics,
        ..Done::default()
    }
}

/// What was imported, what the website holds, and what was done for it.
fn summary(report: &BuildReport) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(report.imported.line());
    if let Some(number) = report.proposed {
        lines.push(format!(
            "proposed {} in topics.toml, which is yours to edit",
            count(number, "topic")
        ));
    }
    let drafts = match report.drafts {
        0 => String::new(),
        drafts => format!(", {} left out", count(drafts, "draft")),
    };
    lines.push(format!(
        "{} from {}: {}, {}{drafts}",
        count(report.pages, "page"),
        count(report.articles, "article"),
        count(report.topics, "topic"),
        count(report.authors, "author"),
    ));
    lines.push(format!(
        "read {}, rendered {}, wrote {}, removed {}",
        count(report.read, "file"),
        count(report.rendered, "page"),
        report.output.written,
        report.output.removed
    ));
    lines
}

/// How many characters of a value are shown without `--verbose`.
const SHOWN: usize = 60;

fn explanation(explained: &Explanation, whole: bool) -> Vec<String> {
    let Explanation {
        path,
        kind,
        is_rendered,
        why,
        inputs,
    } = explained;
    let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
    let verb = if *is_rendered {
        "was rendered"
    } else {
        "was not rendered"
    };
    let mut lines = vec![format!("{path}{kind} {verb}: {why}")];
    lines.extend(inputs.iter().map(|input| {
        let mark = if input.differs { '*' } else { ' ' };
        let is_long = !whole && input.value.chars().count() > SHOWN;
        let value: String = input
            .value
            .chars()
            .take(if whole { usize::MAX } else { SHOWN })
            .collect();
        format!(
            "{mark} {}: {value}{}",
            input.name,
            if is_long { " …" } else { "" }
        )
    }));
    lines
}
