//! Follows a website as readers and robots do: every page that it links to must be there.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

/// The address of the websites here, as [`crate::archive::Archive::with_address`] says it.
const ADDRESS: &str = "https://example.org/archive/";

/// What stands before a link, and what ends it.
const LINKS: [(&str, char); 7] = [
    ("href=\"", '"'),
    ("src=\"", '"'),
    ("href='", '\''),
    ("src='", '\''),
    ("; url=", '"'),
    ("<loc>", '<'),
    ("<link>", '<'),
];

/// Where strangers begin.
const ENTRANCES: [&str; 3] = ["index.html", "sitemap.xml", "404.html"];

/// The links of a website that lead to no file of it, as `page → file`.
pub(crate) fn broken_links(website: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut broken = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    if !website.contains_key("index.html") {
        broken.push("index.html is not there".to_owned());
    }
    open.extend(ENTRANCES.map(str::to_owned));
    while let Some(page) = open.pop() {
        let is_read = [".html", ".xml"]
            .iter()
            .any(|ending| page.ends_with(ending));
        let Some(bytes) = website.get(&page).filter(|_| is_read) else {
            continue;
        };
        for to in links(&page, &String::from_utf8_lossy(bytes)) {
            if !website.contains_key(&to) {
                broken.push(format!("{page} → {to}"));
            } else if seen.insert(to.clone()) {
                open.push(to);
            }
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

/// The files of the same website that a page links to.
fn links(page: &str, text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (before, end) in LINKS {
        for rest in text.split(before).skip(1) {
            let link = rest.split(end).next().unwrap_or_default();
            found.extend(file_of(page, link));
        }
    }
    found
}

/// The file that a link names; None where it leads elsewhere.
fn file_of(page: &str, link: &str) -> Option<String> {
    let link = link.replace("&amp;", "&");
    let path = link.split(['#', '?']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
    let from_root = path
        .strip_prefix(ADDRESS)
        .or_else(|| path.strip_prefix("/archive/"));
    let is_elsewhere = path.contains(':') || path.starts_with("//");
    let (mut parts, path): (Vec<&str>, &str) = match from_root {
        Some(path) => (Vec::new(), path),
        None if is_elsewhere || path.is_empty() => return None,
        None => {
            let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
            (
                folder.split('/').filter(|part| !part.is_empty()).collect(),
                &path,
            )
        }
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let is_folder = path.is_empty() || path.ends_with('/') || path.ends_with('.');
    if is_folder {
        parts.push("index.html");
    }
    Some(parts.join("/"))
}

#[test]
fn it_finds_all_broken_links_and_no_others() {
    let website = [
        (
            "index.html",
            "<a href=\"a/b.html#c\">b</a> <a href=\"a/none.html\">?</a> <a href=\"https://elsewhere.example/x\">x</a>",
        ),
        (
            "a/b.html",
            "<link href=\"../style.css\"><img src=\"b%20c.png\"><a href=\"./\">a</a> <a href=\"#top\">^</a>",
        ),
        ("a/hidden.html", "<a href=\"nobody-comes-here.html\">?</a>"),
        (
            "sitemap.xml",
            "<loc>https://example.org/archive/a/lost.html</loc>",
        ),
        ("style.css", ""),
        ("a/b c.png", ""),
    ];
    let website = website.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    assert_eq!(
        broken_links(&website.into()),
        [
            "a/b.html → a/index.html",
            "index.html → a/none.html",
            "sitemap.xml → a/lost.html"
        ]
    );
}
