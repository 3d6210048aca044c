//! Finds the records in a text of JSON, also where the JSON is broken. Knows which objects are articles by their keys.

use std::ops::Range;

use serde::de::{Deserialize, IgnoredAny};
use serde_json::value::RawValue;

use super::value::{Members, entries};
use crate::import::layouts::RawText;
use crate::import::layouts::fields::FieldNames;
use crate::import::layouts::keyed_record::{self, KeyedValue};
use crate::model::publicity::{Publicity, SignReader};

/// How deep in objects and arrays articles are searched for.
const DEEPEST_ARTICLE: usize = 4;

/// Lists of a broken object that are searched for records.
const MOST_LISTS: usize = 20;

/// Members of an object that hold no articles when others do: pictures, people, comments, settings.
const NOT_ARTICLES: &[&str] = &[
    "renditions",
    "images",
    "image",
    "media",
    "photos",
    "pictures",
    "thumbnails",
    "videos",
    "video",
    "audio",
    "files",
    "attachments",
    "enclosures",
    "assets",
    "links",
    "related",
    "relatedlinks",
    "associations",
    "authors",
    "author",
    "users",
    "people",
    "contributors",
    "roles",
    "tags",
    "categories",
    "comments",
    "replies",
    "reactions",
    "settings",
    "options",
    "templates",
    "theme",
    "themes",
    "plugins",
    "integrations",
    "webhooks",
    "menus",
    "navigation",
    "revisions",
    "versions",
    "postsmeta",
    "poststags",
    "postsauthors",
    "rolesusers",
    "customthemesettings",
    "schemas",
    "_embedded",
    "_links",
    "seo",
    "opengraph",
    "translations",
];

/// What a scan finds.
pub(crate) enum ScannedItem {
    Article(Range<usize>, Vec<KeyedValue>),
    Other(Range<usize>),
    /// A list of records that are not articles: its key, and how many.
    LeftOut(Range<usize>, String, usize),
    TooLarge(Range<usize>),
    /// A line of JSON lines.
    Broken(JsonError),
}

/// A syntax error: its offset in bytes and its reason.
pub(crate) struct JsonError {
    pub at: usize,
    pub reason: String,
    /// Whether the text ends too early.
    pub is_end: bool,
}

/// Scans a text from one record to the next.
pub(crate) struct RecordScanner<'a, 'f> {
    text: &'a str,
    fields: &'f FieldNames,
    at: usize,
    /// Returns whether to continue.
    each: &'f mut dyn FnMut(ScannedItem) -> bool,
    stopped: bool,
    articles: usize,
    /// The objects of the open list that are not articles by their fields. They are reported, or imported if they have a
    /// text, where the list has articles too.
    others: Vec<(Range<usize>, Vec<KeyedValue>)>,
    /// What the objects around say: that what they contain is not public.
    inherited: Vec<KeyedValue>,
    /// Whether members with names of other things are left out.
    only_lists_of_articles: bool,
    /// Whether a list that began in an earlier chunk may end here.
    ends_list: bool,
    goes_on: bool,
}

impl<'a, 'f> RecordScanner<'a, 'f> {
    pub(crate) fn of(
        text: &'a str,
        fields: &'f FieldNames,
        each: &'f mut dyn FnMut(ScannedItem) -> bool,
    ) -> Self {
        Self {
            text,
            fields,
            at: 0,
            each,
            stopped: false,
            articles: 0,
            others: Vec::new(),
            inherited: Vec::new(),
            only_lists_of_articles: false,
            ends_list: false,
            goes_on: false,
        }
    }

    /// The text may be a chunk of a longer list.
    pub(crate) fn chunk(self, raw: &RawText<'_>) -> Self {
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

    /// Scans one value after another, with or without commas between them. A broken line is skipped as long as the
    /// bytes read in vain are no more than the text has.
    ///
    /// # Errors
    /// The first syntax error that is not within a line of its own.
    pub(crate) fn all(&mut self) -> Result<(), JsonError> {
        let (mut wasted, mut lines) = (0, 0);
        while let Some(next) = self.peek() {
            if self.stopped {
                break;
            }
            let (start, articles) = (self.at, self.articles);
            let scanned = match next {
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
                _ => Err(self.error("neither an object nor an array begins here")),
            };
            let Err(error) = scanned else { continue };
            wasted += error.at.saturating_sub(start) + 1;
            // What gave articles before the error was not a line.
            let is_line = self.articles == articles && (lines > 0 || is_line(self.text, start));
            let next = self.text[start..].find("\n{").map(|at| start + at + 1);
            match next.filter(|_| is_line && wasted <= self.text.len()) {
                Some(next) => {
                    self.found(ScannedItem::Broken(error));
                    self.at = next;
                }
                None => return Err(error),
            }
        }
        Ok(())
    }

    fn found(&mut self, item: ScannedItem) {
        self.articles += usize::from(matches!(item, ScannedItem::Article(..)));
        self.stopped |= !(self.each)(item);
    }

    fn found_article(&mut self, at: Range<usize>, mut entries: Vec<KeyedValue>) {
        let inherited = self.inherited.iter().map(|sign| KeyedValue {
            at: at.start..at.start,
            ..sign.clone()
        });
        entries.extend(inherited);
        self.found(ScannedItem::Article(at, entries));
    }

    /// An array of records.
    fn array(&mut self, depth: usize) -> Result<(), JsonError> {
        let outer = std::mem::take(&mut self.others);
        let before = self.articles;
        let scanned = self.members_of_array(depth);
        let others = std::mem::replace(&mut self.others, outer);
        let has_articles = self.articles > before;
        for (at, entries) in others {
            if has_articles && keyed_record::has_any_text(&entries) {
                self.found_article(at, entries);
            } else if has_articles || depth == 0 {
                self.found(ScannedItem::Other(at));
            }
        }
        scanned
    }

    fn members_of_array(&mut self, depth: usize) -> Result<(), JsonError> {
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
                Some(_) => return Err(self.error("a comma or `]` is missing")),
                None if depth == 0 && self.goes_on => return Ok(()),
                None => return Err(self.end()),
            }
        }
    }

    /// A record, or an object that contains records; `listed` if it is a member of a list.
    fn object(&mut self, depth: usize, listed: bool) -> Result<(), JsonError> {
        let before = self.at;
        let read = self.value::<Members<'a>>();
        let (at, members) = match read {
            Ok((at, Members(Some(members)))) => (at, members),
            Ok((at, Members(None))) => {
                self.found(ScannedItem::TooLarge(at));
                return Ok(());
            }
            // The records before the error are complete.
            Err(error) if depth <= 1 && !listed => {
                self.at = before;
                return match has_list_of_objects(&self.text[before..]) {
                    true => self.container(depth),
                    false => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        let entries = entries(self.text, self.fields, &members);
        let holds_records = depth < DEEPEST_ARTICLE
            && members
                .iter()
                .any(|(_, raw)| is_list_of_articles(raw.get(), self.fields));
        if keyed_record::has_body(&entries)
            || (!holds_records && keyed_record::is_article(&entries))
        {
            self.found_article(at, entries);
            return Ok(());
        }
        let is_container = members
            .iter()
            .any(|(_, raw)| raw.get().starts_with(['{', '[']));
        if is_container
            && depth < DEEPEST_ARTICLE
            && (self.members(before, depth, &entries, true)?
                || self.members(before, depth, &entries, false)?)
        {
            return Ok(());
        }
        match listed {
            true if keyed_record::has_title(&entries) => self.found_article(at, entries),
            true => self.others.push((at, entries)),
            false if depth == 0 => self.found(ScannedItem::Other(at)),
            // An object within an object, such as a picture.
            false => {}
        }
        Ok(())
    }

    /// Scans the members of the object at a byte for articles; whether there are any. `only_lists_of_articles` leaves out
    /// members whose names are those of other things.
    fn members(
        &mut self,
        at: usize,
        depth: usize,
        entries: &[KeyedValue],
        only_lists_of_articles: bool,
    ) -> Result<bool, JsonError> {
        let mut found: Vec<ScannedItem> = Vec::new();
        let mut any = false;
        let each = &mut *self.each;
        // What is left out is told only beside articles.
        let mut pass = |item: ScannedItem| {
            if !any && !matches!(item, ScannedItem::Article(..)) {
                found.push(item);
                return true;
            }
            any = true;
            found.drain(..).all(&mut *each) && each(item)
        };
        let mut inner = RecordScanner {
            at,
            inherited: self.inherited.clone(),
            only_lists_of_articles,
            ..RecordScanner::of(self.text, self.fields, &mut pass)
        };
        inner.inherited.extend(signs(entries));
        let scanned = inner.container(depth);
        self.stopped |= inner.stopped;
        self.articles += inner.articles;
        scanned.map(|()| any)
    }

    /// The records among an object's members.
    fn container(&mut self, depth: usize) -> Result<(), JsonError> {
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
            let (_, key) = self.value::<String>()?;
            if self.peek() != Some(b':') {
                return Err(self.error("a colon is missing"));
            }
            self.at += 1;
            let is_other = self.only_lists_of_articles && is_not_articles(&key);
            match self.peek() {
                Some(b'[') if is_other => self.leave_out(key)?,
                Some(_) if is_other => {
                    self.value::<IgnoredAny>()?;
                }
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

    /// Passes over a list of what is not articles, and reports it if it has objects.
    fn leave_out(&mut self, key: String) -> Result<(), JsonError> {
        let (at, values) = self.value::<Vec<&RawValue>>()?;
        let objects = values.iter().filter(|v| v.get().starts_with('{')).count();
        if objects > 0 {
            self.found(ScannedItem::LeftOut(at, key, objects));
        }
        Ok(())
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text.as_bytes().get(self.at).copied()
    }

    fn value<T: Deserialize<'a>>(&mut self) -> Result<(Range<usize>, T), JsonError> {
        let start = self.at;
        let mut values = serde_json::Deserializer::from_str(&self.text[start..]).into_iter::<T>();
        match values.next() {
            Some(Ok(value)) => {
                self.at = start + values.byte_offset();
                Ok((start..self.at, value))
            }
            Some(Err(error)) => Err(self.parse_error(start, &error)),
            None => Err(self.end()),
        }
    }

    fn parse_error(&self, start: usize, error: &serde_json::Error) -> JsonError {
        let rest = &self.text[start..];
        let lines = rest.split_inclusive('\n');
        let line_at: usize = lines
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum();
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        JsonError {
            at: (start + line_at + error.column().saturating_sub(1)).min(self.text.len()),
            reason: reason.to_owned(),
            is_end: error.is_eof(),
        }
    }

    fn error(&self, reason: &str) -> JsonError {
        JsonError {
            at: self.at,
            reason: reason.to_owned(),
            is_end: false,
        }
    }

    fn end(&self) -> JsonError {
        JsonError {
            is_end: true,
            ..self.error("the file ends too early")
        }
    }
}

fn is_not_articles(key: &str) -> bool {
    let key: String = key.chars().filter(|c| *c != '_' && *c != '-').collect();
    let key = key.to_lowercase();
    NOT_ARTICLES
        .iter()
        .any(|name| name.trim_start_matches('_') == key)
}

/// The members of an object that say that what it contains is not public.
fn signs(entries: &[KeyedValue]) -> impl Iterator<Item = KeyedValue> {
    let is_sign = |e: &&KeyedValue| {
        let says = SignReader::default().read(&e.key, &e.value);
        says == Some(Publicity::HeldBack)
    };
    entries.iter().filter(is_sign).cloned()
}

/// Whether the text here is JSON lines: the object is followed by another at the beginning of the next line.
fn is_line(text: &str, start: usize) -> bool {
    let mut lines = text[start..].lines();
    let mut begins = || lines.next().is_some_and(|line| line.starts_with("{\""));
    begins() && begins()
}

/// Whether an incomplete object contains a list of objects.
fn has_list_of_objects(text: &str) -> bool {
    text.match_indices('[').take(MOST_LISTS).any(|(at, _)| {
        text[at + 1..].trim_start().starts_with('{') && text[..at].trim_end().ends_with(':')
    })
}

/// Whether a value is a list whose first member is an article with a text.
fn is_list_of_articles(raw: &str, fields: &FieldNames) -> bool {
    let Some(list) = raw.strip_prefix('[').map(str::trim_start) else {
        return false;
    };
    if !list.starts_with('{') {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(list).into_iter::<Members<'_>>();
    match values.next() {
        Some(Ok(Members(Some(members)))) => {
            keyed_record::has_text(&entries(list, fields, &members))
        }
        _ => false,
    }
}
