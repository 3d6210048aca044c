//! What a layout read from one raw record, before the site gives it an identity.
//! Knows the values and how a layout fills them; never how a body becomes Markdown.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;
use serde_json::map::Entry;

use super::provenance::Provenance;
use super::recurrence::{PageTraits, SiteRecurrence};
use super::repair::dates::DayMonthEvidence;
use super::repair::{dateline, language};
use crate::diagnostics::Diagnostic;
use crate::model::publicity;
use crate::model::{Date, FrontMatter, WordCounts};
use crate::settings::Repairs;

/// One raw record as a layout read it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The record's own id within a file of many; `None` where the file is one record.
    pub record: Option<String>,
    /// The bytes of the decoded text that are this record; its digest is taken over them.
    pub span: Range<usize>,
    /// All that was read or inferred. `slug` and `raw` stay empty; `id` is empty where the record has none;
    /// `inferred` names the fields that were inferred, `removed` holds the words that were removed as page debris.
    pub front: FrontMatter,
    pub body: Body,
    /// The other reading of `front.date`, where day and month could be exchanged.
    pub other_date: Option<Date>,
    /// What the record's own numeric dates show about the order of day and month in this archive.
    pub evidence: DayMonthEvidence,
    /// The last part of a page's title, which may be the name of its site.
    pub site_name: Option<String>,
    /// What other pages of its site may have too, where the record is a page.
    pub traits: Option<PageTraits>,
    /// What recurs on the pages of its site, where the body is to be found.
    pub recurring: Option<Arc<SiteRecurrence>>,
    /// How many texts were removed because they recur.
    pub recurred: usize,
    /// Where each word of the record went (law 3).
    pub account: Provenance,
    /// The repairs that are enabled.
    pub repairs: Repairs,
    /// Why the record gives no article, although other records of its file do.
    pub problem: Option<Diagnostic>,
}

/// The body of a record. Only records whose article is written have their body converted to Markdown: the conversion
/// took a quarter of an import, and identifying records does not need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Plain text: its bytes in the record, or in the text that the account decoded from the record.
    Prose(Range<usize>),
    /// Markdown, in which text from strangers is escaped so that it reads as it was written.
    Markdown(String),
    /// The record is an HTML page in which the body is still to be found.
    Page,
}

impl Default for Body {
    fn default() -> Self {
        Self::Markdown(String::new())
    }
}

impl Body {
    /// The Markdown; empty where the body is not converted yet.
    pub fn markdown(&self) -> &str {
        match self {
            Self::Markdown(text) => text,
            Self::Prose(_) | Self::Page => "",
        }
    }

    /// As [`Body::markdown`].
    pub fn into_markdown(self) -> String {
        match self {
            Self::Markdown(text) => text,
            Self::Prose(_) | Self::Page => String::new(),
        }
    }
}

impl Reading {
    /// A reading of what gives no article, with the reason.
    pub fn problem(problem: Diagnostic) -> Self {
        Self {
            problem: Some(problem),
            ..Self::default()
        }
    }

    /// The body, if it is plain text. `file` is the text of the file.
    pub fn prose<'a>(&'a self, file: &'a str) -> Option<&'a str> {
        let Body::Prose(of) = &self.body else {
            return None;
        };
        match &self.account.decoded {
            Some(decoded) => decoded.body.get(of.clone()),
            None => file.get(self.span.clone()).unwrap_or(file).get(of.clone()),
        }
    }

    /// Adds a name to the fields that were inferred.
    pub fn infer(&mut self, field: &str) {
        if !self.front.inferred.iter().any(|name| name == field) {
            self.front.inferred.push(field.to_owned());
        }
    }

    /// Keeps a value that belongs to no known field. A repeated key becomes a list.
    pub fn keep(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let value = value.into();
        match self.front.extra.entry(key) {
            Entry::Vacant(free) => {
                free.insert(value);
            }
            Entry::Occupied(mut taken) => match taken.get_mut() {
                Value::Array(values) => values.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            },
        }
    }

    /// The key under which the record says that it was withdrawn.
    pub fn withdrawal(&self) -> Option<&String> {
        let says = |(key, value): &(&String, &Value)| {
            publicity::is_withdrawal(key) && publicity::withdrawal(value).is_some()
        };
        self.front.extra.iter().find(says).map(|(key, _)| key)
    }

    /// Sets the language, unless it is set already or `text` is not a language tag. Returns whether it was set.
    pub fn set_language(&mut self, text: &str) -> bool {
        let tag = language::tag(text).filter(|_| self.front.lang.is_none());
        let is_set = tag.is_some();
        self.front.lang = self.front.lang.take().or(tag);
        is_set
    }

    /// Takes place and source from the dateline at the beginning of `text`, where the record names none itself.
    pub fn set_dateline(&mut self, text: &str) {
        if self.repairs.datelines
            && let Some(found) = dateline::read(text)
        {
            let front = &mut self.front;
            front.place = front.place.take().or(found.place);
            front.source = front.source.take().or(found.agency);
        }
    }

    /// Checks that every word of `record` is accounted for. The body must be Markdown.
    ///
    /// # Errors
    /// The first word that is not accounted for, in a sentence for people.
    pub fn verify(&self, record: &str) -> Result<WordCounts, String> {
        let (body, removed) = (self.body.markdown(), &self.front.removed);
        self.account.verify(record, body, removed)
    }
}
