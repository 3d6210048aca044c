//! The pattern of articles' paths, such as `{year}/{month}/{day}/{slug}.html`.

use std::str::FromStr;

use crate::model::path::{is_publishable, join};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::model::{Date, Period};

/// A pattern for paths below the site's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Permalink {
    segments: Vec<PermalinkSegment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
enum PermalinkSegment {
    Text(String),
    Year,
    Month,
    Day,
    Slug,
    Id,
}

impl Default for Permalink {
    fn default() -> Self {
        use PermalinkSegment::{Day, Month, Slug, Text, Year};
        let slash = || Text("/".to_owned());
        Self {
            segments: vec![
                Year,
                slash(),
                Month,
                slash(),
                Day,
                slash(),
                Slug,
                Text(".html".to_owned()),
            ],
        }
    }
}

impl Permalink {
    /// The path of an article. Folders for unknown parts of the date are left out; without a date, the year is `undated`.
    pub fn path(&self, date: Option<Date>, slug: &str, id: &str) -> String {
        let mut path = String::with_capacity(slug.len() + 24);
        for segment in &self.segments {
            match segment {
                PermalinkSegment::Text(text)
                    if text.starts_with('/') && (path.is_empty() || path.ends_with('/')) =>
                {
                    path.push_str(text.trim_start_matches('/'));
                }
                PermalinkSegment::Text(text) => path.push_str(text),
                PermalinkSegment::Year => path.push_str(
                    &date.map_or("undated".to_owned(), |d| Period::Year(d.year()).folder()),
                ),
                PermalinkSegment::Month => push_number(&mut path, date.and_then(Date::month)),
                PermalinkSegment::Day => push_number(&mut path, date.and_then(Date::day)),
                PermalinkSegment::Slug => path.push_str(slug),
                // An id may contain anything, so a path contains its slug.
                PermalinkSegment::Id => path.push_str(&slug_of(id)),
            }
        }
        path
    }
}

fn slug_of(id: &str) -> String {
    crate::model::slug::slug(id)
        .unwrap_or_else(|| blake3::hash(id.as_bytes()).to_hex()[..12].to_owned())
}

fn push_number(path: &mut String, number: Option<u32>) {
    if let Some(number) = number {
        path.push_str(&format!("{number:02}"));
    }
}

impl FromStr for Permalink {
    type Err = String;

    fn from_str(pattern: &str) -> Result<Self, String> {
        let mut segments = Vec::new();
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            let close = rest[open..].find('}').ok_or("a `{` is not closed")? + open;
            if open > 0 {
                segments.push(PermalinkSegment::Text(rest[..open].to_owned()));
            }
            segments.push(match &rest[open + 1..close] {
                "year" => PermalinkSegment::Year,
                "month" => PermalinkSegment::Month,
                "day" => PermalinkSegment::Day,
                "slug" => PermalinkSegment::Slug,
                "id" => PermalinkSegment::Id,
                other => {
                    return Err(format!(
                        "`{{{other}}}` is not one of year, month, day, slug, id"
                    ));
                }
            });
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            segments.push(PermalinkSegment::Text(rest.to_owned()));
        }
        let names_article = segments
            .iter()
            .any(|s| matches!(s, PermalinkSegment::Slug | PermalinkSegment::Id));
        if !names_article {
            return Err("it does not identify an article: use {slug} or {id}".to_owned());
        }
        if !pattern.ends_with(".html") {
            return Err("it must end in `.html`: pages are files".to_owned());
        }
        if pattern.starts_with('/') || pattern.split('/').any(|part| part == ".." || part == ".") {
            return Err("it must stay below the site's root".to_owned());
        }
        Ok(Self { segments })
    }
}

/// The path at which the redirect for an older path is published, as servers look for it: without percent-encoding, and
/// `index.html` if the older path is a folder. `None` if it cannot be published: an address of another website, one with a query, which
/// no file has, or one with characters that a disk cannot hold.
pub fn alias_path(alias: &str) -> Option<Box<str>> {
    let alias = alias.trim();
    let is_refused = |c: char| matches!(c, '?' | '#' | ':' | '<' | '>' | '"' | '|' | '*');
    let decoded = percent_decode_str(alias).decode_utf8().ok()?;
    if alias.starts_with("//") || alias.contains(['?', '#']) || decoded.contains(is_refused) {
        return None;
    }
    let path = decoded.trim_start_matches('/');
    let is_folder =
        path.is_empty() || path.ends_with('/') || !path.rsplit('/').next()?.contains('.');
    let path = join("", path)?;
    let path = match (path.is_empty(), is_folder) {
        (true, _) => return None,
        (false, true) => format!("{path}/index.html"),
        (false, false) => path,
    };
    is_publishable(&path).then(|| path.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_parts_of_a_date_are_left_out() {
        let path = |date: &str| Permalink::default().path(date.parse().ok(), "flood", "7");
        assert_eq!(path("2021-07-13T11:47"), "2021/07/13/flood.html");
        assert_eq!(path("2021-07"), "2021/07/flood.html");
        assert_eq!(path("1923"), "1923/flood.html");
        assert_eq!(path(""), "undated/flood.html");
    }

    #[test]
    fn a_site_may_have_its_own_pattern() {
        let pattern: Permalink = "news/{id}-{slug}.html".parse().unwrap();
        assert_eq!(pattern.path(None, "flood", "7"), "news/7-flood.html");
        assert_eq!(pattern.path(None, "flood", "../../x"), "news/x-flood.html");
        for bad in [
            "{year}.html",
            "{slug}",
            "../{slug}.html",
            "{slug}/{x}.html",
            "/{slug}.html",
        ] {
            assert!(bad.parse::<Permalink>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_alias_is_a_path_below_the_root() {
        for (alias, path) in [
            ("/2015/old-name/", Some("2015/old-name/index.html")),
            ("/2015/old-name", Some("2015/old-name/index.html")),
            ("/old/%C3%A9t%C3%A9.html", Some("old/été.html")),
            ("old.html?x=1", None),
            ("/old.html#part", None),
            ("/old%3Fx.html", None),
            ("https://old.example/a.html", None),
            ("//old.example/a.html", None),
            ("javascript:alert(1)", None),
            ("/a\"b.html", None),
            ("/%ff.html", None),
            ("/../../etc/passwd", None),
            (".htaccess", None),
            ("a\0b.html", None),
            ("/", None),
        ] {
            assert_eq!(alias_path(alias).as_deref(), path, "{alias}");
        }
    }
}
