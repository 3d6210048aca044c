//! Front matter that Hugo, Jekyll, Eleventy, Pelican and Zola read as Backfile does: dates are instants with seconds, and
//! no key of a record has a name by which one of them takes a command.

use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::model::front_matter_keys::KeySpec;
use crate::model::{Date, FrontMatter};

/// The address of the record, which other programs would take for that of the page if it were named `url`.
const SOURCE_ADDRESS: &str = "source_url";

/// Keys that decide how one of these programs builds a page, in lower case: values of a record are not meant so.
const COMMANDS: &[&str] = &[
    "_build",
    "build",
    "cascade",
    "collections",
    "content",
    "eleventy",
    "eleventycomputed",
    "eleventyexcludefromcollections",
    "eleventynavigation",
    "expirydate",
    "headless",
    "insert_anchor_links",
    "iscjklanguage",
    "kind",
    "layout",
    "markup",
    "menu",
    "menus",
    "outputs",
    "page",
    "page_template",
    "pagination",
    "params",
    "path",
    "permalink",
    "pkg",
    "publishdate",
    "render",
    "resources",
    "save_as",
    "sitemap",
    "template",
    "templateengineoverride",
    "translationkey",
    "type",
    "unpublishdate",
    "weight",
];

/// Keys whose values these programs read as dates, in lower case.
const DATES: &[&str] = &["lastmod", "modified", "pubdate", "published", "updated"];

/// Front matter in which every value of `front` is kept, and which other programs read. Times without an offset get that of
/// `zone`, the site's.
pub(super) fn portable(mut front: FrontMatter, zone: Tz) -> FrontMatter {
    front.date = front.date.map(|date| date.with_offset_in(zone));
    let mut free = Map::new();
    for (key, value) in front.extra {
        let (mut name, value) = renamed(key, value, zone);
        while free.contains_key(&name) {
            name.push_str("_text");
        }
        free.insert(name, value);
    }
    front.extra = free;
    front
}

/// A key of a record under a name that no program reads in another way, and its value. `date` becomes `date_text`.
fn renamed(key: String, value: Value, zone: Tz) -> (String, Value) {
    let lower = key.to_lowercase();
    if lower == "url" && value.is_string() {
        return (SOURCE_ADDRESS.to_owned(), value);
    }
    let is_date = DATES.contains(&lower.as_str());
    let date = value.as_str().and_then(|text| text.parse::<Date>().ok());
    // There is one `date_precision`: any other date that is known in part stays a text.
    if let Some(date) = date.filter(|date| is_date && date.precision().is_none()) {
        return (key, date.with_offset_in(zone).in_full().into());
    }
    let is_ours = KeySpec::named(&key).is_some() || key.is_empty();
    // Hugo reads keys in any case, and ours among them.
    let is_read = COMMANDS.contains(&lower.as_str()) || KeySpec::named(&lower).is_some();
    match is_ours || is_read || is_date && !value.is_boolean() {
        true => (format!("{key}_text"), value),
        false => (key, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(extra: Value, zone: Tz) -> Value {
        let front = FrontMatter {
            extra: extra.as_object().cloned().unwrap_or_default(),
            ..FrontMatter::default()
        };
        Value::Object(portable(front, zone).extra)
    }

    #[test]
    fn every_value_is_kept_under_a_name_that_commands_nothing() {
        let given = serde_json::json!({
            "url": "https://q.example/1", "Layout": "post", "title": "x", "Date": "soon",
            "permalink": "/a/", "hero": false, "url_text": "y", "modified": "2020-01-02 03:04",
            "published": "last week", "updated": "2019-05", "": 1, "_text": 2,
        });
        let expected = serde_json::json!({
            "source_url": "https://q.example/1", "Layout_text": "post", "title_text": "x", "Date_text": "soon",
            "permalink_text": "/a/", "hero": false, "url_text": "y", "modified": "2020-01-02T03:04:00+01:00",
            "published_text": "last week", "updated_text": "2019-05", "_text": 1, "_text_text": 2,
        });
        assert_eq!(keys(given, Tz::Europe__Berlin), expected);
    }
}
