//! The generated articles in the formats of several programs.

use std::fmt::Write as _;
use std::path::Path;

use rayon::prelude::*;

use crate::archive::{Article, write_articles};

/// Writes the articles in the format of a program.
pub(crate) fn write(program: &str, size: u64, site: &Path) {
    let in_months = |summary: &'static str| {
        move |article: &Article| {
            let month = article.date.format("%Y/%m");
            let path = format!("content/articles/{month}/{}.md", slug(article));
            (path, yaml(article, summary))
        }
    };
    match program {
        "backfile" => write_articles(size, site, &in_months("summary")),
        "hugo" => write_articles(size, site, &in_months("description")),
        "blades" => write_articles(size, site, &|article| {
            (format!("content/{}.md", slug(article)), toml(article))
        }),
        other => panic!("no format for {other}"),
    }
    .expect("written");
}

/// Hugo lists the articles of a year if the year is a section.
pub(crate) fn write_sections(site: &Path) {
    let section = |folder: &str, title: &str| {
        let file = site.join("content").join(folder).join("_index.md");
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(file, format!("---\ntitle: \"{title}\"\n---\n")).expect("written");
    };
    section("", "A generated archive");
    section("articles", "Dates");
    (2003..2023).for_each(|year| section(&format!("articles/{year}"), &year.to_string()));
}

/// Short enough that no program shortens it.
pub(crate) fn slug(article: &Article) -> String {
    format!(
        "{}-{}",
        article.topics[0].to_lowercase().replace(' ', "-"),
        article.id()
    )
}

/// The first words of the text.
fn summary(article: &Article) -> &str {
    let text = &article.paragraphs[0];
    let end = text
        .char_indices()
        .nth(200)
        .map_or(text.len(), |(at, _)| at);
    text[..end]
        .rsplit_once(' ')
        .map_or(text, |(words, _)| words)
}

/// JSON strings are YAML and TOML strings too.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    quoted.join(", ")
}

/// The front matter of Backfile and Hugo, which have different names for the summary.
fn yaml(article: &Article, called: &str) -> String {
    let summary = quoted(summary(article));
    let mut out = format!(
        "---\nid: \"{}\"\ntitle: {}\ndate: {}\nslug: {}\n{called}: {summary}\nplace: {}\nauthors: [{}]\ntopics: [{}]\n---\n\n",
        article.id(),
        quoted(&article.title),
        article.date.format("%Y-%m-%dT%H:%M:%SZ"),
        slug(article),
        quoted(article.place),
        quoted(&article.author),
        list(&article.topics),
    );
    article.write_body(&mut out);
    out
}

fn toml(article: &Article) -> String {
    let mut out = format!(
        "+++\ntitle = {}\ndate = {}\nsummary = {}\npath = \"articles/{}/{}\"\nplace = {}\n[taxonomies]\nauthors = [{}]\ntopics = [{}]\nyear = [\"{}\"]\n+++\n\n",
        quoted(&article.title),
        article.date.format("%Y-%m-%dT%H:%M:%SZ"),
        quoted(summary(article)),
        article.date.format("%Y/%m"),
        slug(article),
        quoted(article.place),
        quoted(&article.author),
        list(&article.topics),
        article.date.format("%Y"),
    );
    article.write_body(&mut out);
    let _ = writeln!(out);
    out
}

/// Reads all sources, so that they are in the page cache for every program.
pub(crate) fn warm(site: &Path) {
    let files: Vec<_> = walkdir::WalkDir::new(site.join("content"))
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .collect();
    files.par_iter().for_each(|file| {
        let _ = std::fs::read(file.path());
    });
}
