//! `backfile build`

use serde_json::json;

use super::report::{Done, count, progress};
use crate::cli::{Build, Global};
use crate::diagnostics::Result;
use crate::site::Site;
use crate::{build, import, topics};

pub fn run(args: &Build, global: &Global) -> Result<Done> {
    let site = Site::open(&global.site, args.out.as_deref())?;
    let imported = import::import(&site, &import::Options::default())?;
    let proposed = topics::propose_if_none(&site)?;
    let edition = build::read(&site)?;
    let bar = progress(global, "writing pages");
    let made = build::publish_to_folder(&site, edition, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let made = made?;

    let mut lines = Vec::new();
    lines.extend(imported.line());
    if let Some(number) = proposed {
        lines.push(format!(
            "proposed {} in topics.toml, which is yours to edit",
            count(number, "topic")
        ));
    }
    let drafts = if made.drafts > 0 {
        format!(", {} left out", count(made.drafts, "draft"))
    } else {
        String::new()
    };
    lines.push(format!(
        "made {} from {}: {}, {}{drafts}",
        count(made.rendered, "page"),
        count(made.articles, "article"),
        count(made.topics, "topic"),
        count(made.authors, "author"),
    ));
    lines.push(format!(
        "wrote {}, removed {}",
        count(made.output.written, "file"),
        made.output.removed
    ));
    if site.settings.base_url.is_none() {
        lines.push(
            "without `base_url` in backfile.toml there is no sitemap and no canonical link"
                .to_owned(),
        );
    }
    lines.push(format!("open {}", site.out().join("index.html").display()));
    let json = json!({
        "imported": imported.json(),
        "proposed_topics": proposed,
        "articles": made.articles,
        "topics": made.topics,
        "authors": made.authors,
        "drafts": made.drafts,
        "read": made.read,
        "rendered": made.rendered,
        "written": made.output.written,
        "removed": made.output.removed,
        "out": site.out().display().to_string(),
    });
    let mut diagnostics = imported.diagnostics;
    diagnostics.extend(made.diagnostics);
    Ok(Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics,
    })
}
