//! JSON: one article, an array of them, an array within an object, or one object after another, as JSON lines have it.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fields::FieldNames;
use super::record::{self, Entry, Problems};
use super::{Layout, RawText};
use crate::diagnostics::Diagnostic;
use crate::import::reading::Reading;

pub struct Json;

/// A record with more keys is none.
const MOST_KEYS: usize = 1_000;

/// How deep in objects and arrays articles are looked for.
const DEEPEST_ARTICLE: usize = 4;

/// What is nested deeper in a field is kept as JSON text.
const DEEPEST_VALUE: usize = 8;

/// How many records decide whether these are articles.
const LOOKED_AT: usize = 20;

impl Layout for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    /// Articles among the first objects.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let mut seen = 0;
        let mut any = false;
        if raw.text.trim_start().starts_with(['{', '[']) {
            let torn = Walk::of(raw.text, raw.fields, &mut |found| {
                seen += 1;
                any |= matches!(found, Found::Article(..));
                !any && seen < LOOKED_AT
            })
            .all();
            // A record that was cut off before its end is JSON too.
            any |= torn.is_err_and(|torn| {
                let head = raw.text.get(..torn.at).unwrap_or(raw.text);
                torn.is_end && head.contains("\":") && seen < LOOKED_AT
            });
        }
        any
    }

    /// Where an object begins a line, as far to the right as the first one did. What is within an object stands
    /// further to the right, and no text holds a line break.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let first = raw.text.find('{')?;
        let before = raw.text.get(..first)?;
        let indent = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let indent = indent.trim_start_matches(['[', ',', '\u{feff}']);
        let is_list = before
            .trim_matches(['[', ',', '\u{feff}'])
            .trim()
            .is_empty();
        let next = format!("\n{indent}{{");
        is_list
            .then(|| raw.text.rfind(&next))
            .flatten()
            .map(|at| at + 1)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut readings = Vec::new();
        let mut problems = Problems::default();
        let torn = Walk::of(raw.text, raw.fields, &mut |found| {
            match found {
                Found::Article(at, entries) => match record::read(raw, entries, at.clone()) {
                    Ok(reading) => readings.push(reading),
                    Err(why) => problems.add(why, at.start),
                },
                Found::Other(at) => {
                    problems.add("a record has neither a title nor a text", at.start)
                }
                Found::TooLarge(at) => {
                    problems.add(
                        &format!("a record has more than {MOST_KEYS} keys"),
                        at.start,
                    );
                }
                Found::Torn(torn) => {
                    let what = format!("a line is no whole JSON: {}", torn.what);
                    problems.add(&what, torn.at);
                }
            }
            true
        })
        .piece(raw)
        .all();
        if let Err(torn) = torn {
            let what = format!(
                "the JSON breaks off here, and what follows is left out: {}",
                torn.what
            );
            problems.add(&what, torn.at);
        }
        record::set_records(&mut readings);
        readings.extend(problems.readings(raw));
        Ok(readings)
    }
}

/// What a walk comes upon.
enum Found {
    Article(Range<usize>, Vec<Entry>),
    Other(Range<usize>),
    TooLarge(Range<usize>),
    /// A line among others.
    Torn(Torn),
}

/// Where JSON is none, and why.
struct Torn {
    at: usize,
    what: String,
    /// Whether the text ended too early.
    is_end: bool,
}

/// Goes through a text from one record to the next.
struct Walk<'a, 'f> {
    text: &'a str,
    fields: &'f FieldNames,
    at: usize,
    /// Whether to go on.
    each: &'f mut dyn FnMut(Found) -> bool,
    stopped: bool,
    articles: usize,
    /// Whether a list that began in an earlier piece may end here.
    ends_list: bool,
    goes_on: bool,
}

impl<'a, 'f> Walk<'a, 'f> {
    fn of(text: &'a str, fields: &'f FieldNames, each: &'f mut dyn FnMut(Found) -> bool) -> Self {
        Self {
            text,
            fields,
            at: 0,
            each,
            stopped: false,
            articles: 0,
            ends_list: false,
            goes_on: false,
        }
    }

    /// The text may be a piece of a longer list.
    fn piece(self, raw: &RawText<'_>) -> Self {
        Self {
            ends_list: raw
                .head
                .trim_start_matches('\u{feff}')
                .trim_start()
                .starts_with('['),
            goes_on: raw.goes_on,
            ..self
        }
    }

    /// One value after another, commas between them or not. A broken line is passed over as long as that takes no
    /// more time than the text is long.
    fn all(&mut self) -> Result<(), Torn> {
        let (mut wasted, mut lines) = (0, 0);
        while let Some(next) = self.peek() {
            if self.stopped {
                break;
            }
            let (start, articles) = (self.at, self.articles);
            let walked = match next {
                b',' => {
                    self.at += 1;
                    Ok(())
                }
                b']' if std::mem::take(&mut self.ends_list) => {
                    self.at += 1;
                    Ok(())
                }
                b'[' => self.array(0),
                b'{' => self.object(0, false).map(|()| lines += 1),
                _ => Err(self.torn("neither an object nor an array begins here")),
            };
            let Err(torn) = walked else { continue };
            wasted += torn.at.saturating_sub(start) + 1;
            // What gave articles before it broke was no line.
            let is_line = self.articles == articles && (lines > 0 || is_line(self.text, start));
            let next = self.text[start..].find("\n{").map(|at| start + at + 1);
            match next.filter(|_| is_line && wasted <= self.text.len()) {
                Some(next) => {
                    self.found(Found::Torn(torn));
                    self.at = next;
                }
                None => return Err(torn),
            }
        }
        Ok(())
    }

    fn found(&mut self, found: Found) {
        self.articles += usize::from(matches!(found, Found::Article(..)));
        self.stopped |= !(self.each)(found);
    }

    /// An array of records.
    fn array(&mut self, depth: usize) -> Result<(), Torn> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'{') => self.object(depth + 1, true)?,
                Some(_) => {
                    self.value::<IgnoredAny>()?;
                }
                None if depth == 0 && self.goes_on => return Ok(()),
                None => return Err(self.end()),
            }
            if self.stopped {
                return Ok(());
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {}
                Some(_) => return Err(self.torn("a comma or `]` is missing")),
                None if depth == 0 && self.goes_on => return Ok(()),
                None => return Err(self.end()),
            }
        }
    }

    /// A record, or an object that holds records; `listed` where it stands among others.
    fn object(&mut self, depth: usize, listed: bool) -> Result<(), Torn> {
        let before = self.at;
        let read = self.value::<Members<'a>>();
        let (at, members) = match read {
            Ok((at, Members(Some(members)))) => (at, members),
            Ok((at, Members(None))) => {
                self.found(Found::TooLarge(at));
                return Ok(());
            }
            // The records before the tear are whole.
            Err(torn) if depth <= 1 && !listed => {
                self.at = before;
                return match torn_list(&self.text[before..]) {
                    true => self.container(depth),
                    false => Err(torn),
                };
            }
            Err(torn) => return Err(torn),
        };
        let entries = entries(self.text, self.fields, &members);
        let holds_records = depth < DEEPEST_ARTICLE
            && members
                .iter()
                .any(|(_, raw)| is_list_of_articles(raw.get(), self.fields));
        if record::has_body(&entries) || (!holds_records && record::is_article(&entries)) {
            self.found(Found::Article(at, entries));
            return Ok(());
        }
        if depth < DEEPEST_ARTICLE
            && members
                .iter()
                .any(|(_, raw)| raw.get().starts_with(['{', '[']))
        {
            let mut any = false;
            let end = {
                let each = &mut *self.each;
                let mut only_articles = |found: Found| {
                    let is_article = matches!(found, Found::Article(..));
                    any |= is_article;
                    !is_article || each(found)
                };
                let mut inner = Walk {
                    at: before,
                    ..Walk::of(self.text, self.fields, &mut only_articles)
                };
                inner.container(depth).map(|()| inner.stopped)
            };
            self.stopped |= end?;
            if any {
                return Ok(());
            }
        }
        match listed && (record::has_title(&entries)) {
            true => self.found(Found::Article(at, entries)),
            false => self.found(Found::Other(at)),
        }
        Ok(())
    }

    /// The records among an object's members.
    fn container(&mut self, depth: usize) -> Result<(), Torn> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
                None => return Err(self.end()),
            }
            self.value::<String>()?;
            if self.peek() != Some(b':') {
                return Err(self.torn("a colon is missing"));
            }
            self.at += 1;
            match self.peek() {
                Some(b'[') if depth < DEEPEST_ARTICLE => self.array(depth)?,
                Some(b'{') if depth < DEEPEST_ARTICLE => self.object(depth + 1, false)?,
                Some(_) => {
                    self.value::<IgnoredAny>()?;
                }
                None => return Err(self.end()),
            }
            if self.stopped {
                return Ok(());
            }
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text.as_bytes().get(self.at).copied()
    }

    fn value<T: Deserialize<'a>>(&mut self) -> Result<(Range<usize>, T), Torn> {
        let start = self.at;
        let mut values = serde_json::Deserializer::from_str(&self.text[start..]).into_iter::<T>();
        match values.next() {
            Some(Ok(value)) => {
                self.at = start + values.byte_offset();
                Ok((start..self.at, value))
            }
            Some(Err(error)) => Err(self.broken(start, &error)),
            None => Err(self.end()),
        }
    }

    fn broken(&self, start: usize, error: &serde_json::Error) -> Torn {
        let rest = &self.text[start..];
        let lines = rest.split_inclusive('\n');
        let line_at: usize = lines
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum();
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default();
        Torn {
            at: (start + line_at + error.column().saturating_sub(1)).min(self.text.len()),
            what: what.to_owned(),
            is_end: error.is_eof(),
        }
    }

    fn torn(&self, what: &str) -> Torn {
        Torn {
            at: self.at,
            what: what.to_owned(),
            is_end: false,
        }
    }

    fn end(&self) -> Torn {
        Torn {
            is_end: true,
            ..self.torn("the file ends too early")
        }
    }
}

/// Whether the object that begins here was to end with its line.
fn is_line(text: &str, start: usize) -> bool {
    let mut lines = text[start..].lines();
    let mut begins = || lines.next().is_some_and(|line| line.starts_with("{\""));
    begins() && begins()
}

/// Whether a torn object has a list of objects in it.
fn torn_list(text: &str) -> bool {
    text.match_indices('[').take(LOOKED_AT).any(|(at, _)| {
        text[at + 1..].trim_start().starts_with('{') && text[..at].trim_end().ends_with(':')
    })
}

/// Whether a value is a list whose first member is an article.
fn is_list_of_articles(raw: &str, fields: &FieldNames) -> bool {
    let Some(list) = raw.strip_prefix('[').map(str::trim_start) else {
        return false;
    };
    if !list.starts_with('{') {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(list).into_iter::<Members<'_>>();
    match values.next() {
        Some(Ok(Members(Some(members)))) => record::is_article(&entries(list, fields, &members)),
        _ => false,
    }
}

/// The members of an object in their order, a key that comes twice among them; None where there are too many.
struct Members<'a>(Option<Vec<(String, &'a RawValue)>>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while members.len() < MOST_KEYS {
                    match map.next_entry::<String, &'de RawValue>()? {
                        Some(member) => members.push(member),
                        None => return Ok(Members(Some(members))),
                    }
                }
                let mut more = false;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    more = true;
                }
                Ok(Members((!more).then_some(members)))
            }
        }
        deserializer.deserialize_map(Of)
    }
}

/// Members with their fields and their places in `text`, which they were read from.
fn entries(text: &str, fields: &FieldNames, members: &[(String, &RawValue)]) -> Vec<Entry> {
    let entry = |(key, raw): &(String, &RawValue)| {
        let raw = raw.get();
        let start = (raw.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        Entry {
            key: key.clone(),
            field: fields.field(key),
            value: value(raw, 0),
            at: start..start + raw.len(),
        }
    };
    members.iter().map(entry).collect()
}

/// A value as it is written: numbers that would lose a digit, and what is nested too deeply, as text.
fn value(raw: &str, depth: usize) -> Value {
    let as_text = || Value::String(raw.to_owned());
    match raw.as_bytes().first() {
        Some(b'"') => Value::String(string(raw)),
        Some(b'{' | b'[') if depth >= DEEPEST_VALUE => as_text(),
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(raw) {
            Ok(values) => values.iter().map(|v| value(v.get(), depth + 1)).collect(),
            Err(_) => as_text(),
        },
        Some(b'{') => match serde_json::from_str::<Members<'_>>(raw) {
            Ok(Members(Some(members))) => {
                let mut made = serde_json::Map::new();
                for (mut key, raw) in members {
                    while made.contains_key(&key) {
                        key.push_str("_again");
                    }
                    made.insert(key, value(raw.get(), depth + 1));
                }
                Value::Object(made)
            }
            _ => as_text(),
        },
        _ => match serde_json::from_str::<Value>(raw) {
            Ok(Value::Number(number)) if number.to_string() != raw => as_text(),
            Ok(value) => value,
            Err(_) => as_text(),
        },
    }
}

/// A string, also one that was cut in the middle of a letter beyond U+FFFF.
fn string(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_else(|_| {
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('\\') {
            out.push_str(&rest[..at]);
            let length = escape_length(&rest[at..]);
            match rest.get(at..at + length) {
                Some(escape)
                    if serde_json::from_str::<String>(&format!("\"{escape}\"")).is_ok() =>
                {
                    out.push_str(escape);
                }
                _ => out.push('\u{fffd}'),
            }
            rest = rest.get(at + length..).unwrap_or_default();
        }
        out.push_str(rest);
        serde_json::from_str(&out).unwrap_or_else(|_| raw.trim_matches('"').to_owned())
    })
}

/// How many bytes the escape takes that a text begins with; two of them where they make one letter.
fn escape_length(text: &str) -> usize {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
        (Some(_), _) => 6,
        (None, _) => 2,
    }
}
