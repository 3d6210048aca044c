//! The few templates whose words are part of the text, or that have the date and place of a page.
//! What other templates show is known to their wiki alone.

use super::scan::scan;
use super::sentence_templates;
use crate::import::repair::dates::{self, ReadDate};

/// What a template means for an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WikiTemplate<'a> {
    /// Words within a sentence.
    Inline(Vec<&'a str>),
    /// Wikitext within a sentence that is not written in one piece: `1/2` of `{{frac|1|2}}`.
    Made(String),
    /// A quotation, and its named values, which are not shown.
    Quote(Vec<&'a str>, Vec<&'a str>),
    /// An article of another publication that is a source of this one.
    Source {
        url: &'a str,
        words: Vec<&'a str>,
    },
    Date(String),
    /// Wikinews: when and where.
    Byline {
        date: String,
        place: &'a str,
    },
    Unknown,
}

/// Names in lower case of templates with the date of publication, in several languages.
const DATES: &[&str] = &[
    "date",
    "datum",
    "data",
    "fecha",
    "дата",
    "dato",
    "päivämäärä",
];

const QUOTES: &[&str] = &[
    "quote",
    "cquote",
    "blockquote",
    "bquote",
    "zitat",
    "cita",
    "citation bloc",
];

/// Reads the text between the braces.
pub(crate) fn read(inner: &str) -> WikiTemplate<'_> {
    let mut values = arguments(inner).into_iter();
    let name = values.next().unwrap_or_default().trim();
    let written = name.replace('_', " ");
    let name = written.to_lowercase();
    let (named, plain): (Vec<&str>, Vec<&str>) = values.partition(|value| key(value).is_some());
    let plain: Vec<&str> = plain.into_iter().map(str::trim).collect();
    let of = |wanted: &str| {
        let pairs = named.iter().filter_map(|value| key(value));
        let mut values = pairs.filter(|(key, _)| key.eq_ignore_ascii_case(wanted));
        values.next().map_or("", |(_, value)| value)
    };
    if DATES.contains(&name.as_str()) && !plain.is_empty() {
        return WikiTemplate::Date(plain.join(" "));
    }
    match name.as_str() {
        "byline" if !of("date").is_empty() => WikiTemplate::Byline {
            date: of("date").to_owned(),
            place: of("location"),
        },
        // `{{w|London|the city}}`: an article of Wikipedia.
        "w" => match plain.iter().take(2).rfind(|value| !value.is_empty()) {
            Some(shown) => WikiTemplate::Inline(vec![shown]),
            None => WikiTemplate::Unknown,
        },
        "source" | "quelle" if !of("title").is_empty() || !of("titel").is_empty() => {
            let words = ["title", "titel", "author", "autor", "pub", "date", "datum"];
            let words = words.iter().map(|key| of(key));
            WikiTemplate::Source {
                url: of("url"),
                words: words.filter(|word| !word.is_empty()).collect(),
            }
        }
        name if QUOTES.contains(&name) && plain.iter().any(|value| !value.is_empty()) => {
            WikiTemplate::Quote(plain, named)
        }
        _ => match sentence_templates::words(&written, &plain) {
            Some(words) => WikiTemplate::Made(words),
            None => WikiTemplate::Unknown,
        },
    }
}

/// The name and the values of a template, separated by bars that are not within another template or link.
pub(crate) fn arguments(inner: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut from = 0;
    let end = inner.len()..inner.len();
    for range in scan(inner).into_iter().map(|span| span.range).chain([end]) {
        let between = inner.get(from..range.start).unwrap_or_default();
        for bar in memchr::memchr_iter(b'|', between.as_bytes()) {
            parts.push(&inner[start..from + bar]);
            start = from + bar + 1;
        }
        from = range.end;
    }
    parts.push(&inner[start..]);
    parts
}

/// Splits `key=value`; `None` for a value that merely contains an equals sign.
fn key(value: &str) -> Option<(&str, &str)> {
    let (key, value) = value.split_once('=')?;
    let key = key.trim();
    let is_key = !key.is_empty()
        && key.len() <= 40
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'));
    is_key.then(|| (key, value.trim()))
}

/// A date as wikis write it: parts of it may be links.
pub(crate) fn date(text: &str) -> Option<ReadDate> {
    dates::read(text.replace(['[', ']', '|'], " ").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_templates_are_read() {
        for (inner, expected) in [
            ("w|London|the city", WikiTemplate::Inline(vec!["the city"])),
            ("w|London|lang=de", WikiTemplate::Inline(vec!["London"])),
            ("lang|fr|le port", WikiTemplate::Made("le port".to_owned())),
            ("lang-fr|le port", WikiTemplate::Made("le port".to_owned())),
            ("convert|12|km|mi", WikiTemplate::Made("12 km".to_owned())),
            (
                "Date|January 5, 2012",
                WikiTemplate::Date("January 5, 2012".to_owned()),
            ),
            (
                "source|url=https://q.example|title=A [[b|c]]|pub=The Quay",
                WikiTemplate::Source {
                    url: "https://q.example",
                    words: vec!["A [[b|c]]", "The Quay"],
                },
            ),
            (
                "quote|It sails.|author=Ida",
                WikiTemplate::Quote(vec!["It sails."], vec!["author=Ida"]),
            ),
            ("Infobox ship|name=Aurora", WikiTemplate::Unknown),
            ("w", WikiTemplate::Unknown),
            ("", WikiTemplate::Unknown),
        ] {
            assert_eq!(read(inner), expected, "{inner}");
        }
    }

    #[test]
    fn dates_of_other_languages_read() {
        for text in [
            "January 5, 2012",
            "5. Januar 2012",
            "5 de enero de 2012",
            "5 janvier 2012",
            "5 января 2012 г.",
            "2012-01-05",
            "05.01.2012",
            "[[5 January]] [[2012]]",
        ] {
            let read = date(text).expect(text);
            assert_eq!(read.date.to_string(), "2012-01-05", "{text}");
        }
        assert_eq!(date("soon"), None);
    }
}
