//! `backfile new`: creates an empty site.

use std::path::Path;

use serde_json::json;

use super::report::Done;
use crate::cli::{Global, New};
use crate::diagnostics::{Code, Diagnostic, Result};

const SETTINGS: &str = "\
# Every setting has a default; `backfile docs settings` lists all of them.

[site]
title = \"My archive\"
description = \"\"
language = \"en\"
# The address of the published website; feeds and the sitemap need it.
# base_url = \"https://example.org\"
";

const ABOUT: &str = "\
---
title: About us
# Remove this line when the text is yours.
draft: true
---

Describe here what the archive contains, where it came from, and how to reach you.
";

/// What git should not keep: everything else, `content/` and `topics.toml` too, belongs in the repository.
const IGNORED: &str = "\
/.backfile/
/public/
";

pub fn run(args: &New, _: &Global) -> Result<Done> {
    let dir = &args.dir;
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |e: std::io::Error| Diagnostic::io(&path, "create the site", &e)
    };
    std::fs::create_dir_all(dir).map_err(failed(dir))?;
    if std::fs::read_dir(dir)
        .map_err(failed(dir))?
        .next()
        .is_some()
    {
        return Err(Diagnostic::error(
            Code::FolderNotEmpty,
            dir.display().to_string(),
            "the folder is not empty",
        )
        .hint("name a folder that does not exist yet")
        .into());
    }
    for folder in ["raw", "content"] {
        let path = dir.join(folder);
        std::fs::create_dir(&path).map_err(failed(&path))?;
    }
    let files = [
        ("backfile.toml", SETTINGS),
        ("content/about.md", ABOUT),
        (".gitignore", IGNORED),
    ];
    for (name, text) in files {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(failed(&path))?;
    }
    let shown = dir.display();
    let lines = vec![
        format!("created {shown}"),
        format!("put your articles into {shown}/raw, then run: backfile build --site {shown}"),
    ];
    let json = json!({ "site": shown.to_string() });
    Ok(Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    })
}
