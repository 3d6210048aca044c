//! Statistics of the import of an archive: articles, their layouts, which fields were read or inferred, and how the words of
//! the records were used. Articles are added and removed one by one.

use std::collections::BTreeMap;

use super::article::{FrontMatter, RawReference};
use super::card::{ArticleEntry, Mention};
use super::word_counts::WordCounts;

/// A field that import looks for in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedField {
    Title,
    Date,
    Authors,
    Topics,
    Place,
    Source,
    Language,
    Summary,
    Body,
    Paragraphs,
    Headings,
}

impl CountedField {
    pub const ALL: [Self; 11] = [
        Self::Title,
        Self::Date,
        Self::Authors,
        Self::Topics,
        Self::Place,
        Self::Source,
        Self::Language,
        Self::Summary,
        Self::Body,
        Self::Paragraphs,
        Self::Headings,
    ];

    /// The name in front matter, also in its `inferred`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Date => "date",
            Self::Authors => "authors",
            Self::Topics => "topics",
            Self::Place => "place",
            Self::Source => "source",
            Self::Language => "lang",
            Self::Summary => "summary",
            Self::Body => "body",
            Self::Paragraphs => "paragraphs",
            Self::Headings => "headings",
        }
    }
}

/// How one article got a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldFinding {
    /// It is in the record, or a person wrote it.
    Found,
    Inferred,
    /// A date whose order of day and month is not known.
    Ambiguous,
    Missing,
    /// It is not known, or the field does not apply.
    NotApplicable,
}

/// In how many articles a field was found, inferred, ambiguous or missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct FieldCounts {
    pub found: usize,
    pub inferred: usize,
    pub ambiguous: usize,
    pub missing: usize,
}

impl FieldCounts {
    fn of(&mut self, finding: FieldFinding) -> Option<&mut usize> {
        match finding {
            FieldFinding::Found => Some(&mut self.found),
            FieldFinding::Inferred => Some(&mut self.inferred),
            FieldFinding::Ambiguous => Some(&mut self.ambiguous),
            FieldFinding::Missing => Some(&mut self.missing),
            FieldFinding::NotApplicable => None,
        }
    }
}

/// What the statistics have to know of one imported article.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub raw: &'a RawReference,
    /// In the order of [`CountedField::ALL`].
    pub findings: [FieldFinding; CountedField::ALL.len()],
}

impl<'a> Facts<'a> {
    /// Of an article of the Library, which does not know where summaries and headings come from; `None` if the article was not
    /// imported.
    pub fn of_entry(entry: &'a ArticleEntry) -> Option<Self> {
        let own = &entry.own;
        let raw = own.raw.as_deref()?;
        let is_own = |mention: &Mention| !matches!(mention, Mention::Defined(_, Some(_)));
        let has = |field| match field {
            CountedField::Title => Some(!entry.title.is_empty()),
            CountedField::Date => Some(entry.date.is_some()),
            CountedField::Authors => Some(!entry.authors.is_empty()),
            CountedField::Topics => Some(entry.topics.iter().any(is_own)),
            CountedField::Place => Some(entry.place.is_some()),
            CountedField::Source => Some(entry.source.is_some()),
            CountedField::Language => Some(own.lang.is_some()),
            CountedField::Paragraphs => Some(true),
            CountedField::Summary | CountedField::Body | CountedField::Headings => None,
        };
        Some(Self::new(raw, &own.inferred, has))
    }

    /// Of an article as it is in its file; `None` if it was not imported.
    pub fn of_article(front: &'a FrontMatter, body: &str) -> Option<Self> {
        let raw = front.raw.as_ref()?;
        let has_body = !body.trim().is_empty();
        let is_heading = |line: &str| line.starts_with('#');
        let has = |field| match field {
            CountedField::Title => Some(!front.title.is_empty()),
            CountedField::Date => Some(front.date.is_some()),
            CountedField::Authors => Some(!front.authors.is_empty()),
            CountedField::Topics => Some(!front.topics.is_empty()),
            CountedField::Place => Some(front.place.is_some()),
            CountedField::Source => Some(front.source.is_some()),
            CountedField::Language => Some(front.lang.is_some()),
            CountedField::Summary => Some(front.summary.is_some()),
            CountedField::Body => Some(has_body),
            CountedField::Paragraphs => has_body.then_some(true),
            // A text without headings is complete.
            CountedField::Headings => body.lines().any(is_heading).then_some(true),
        };
        Some(Self::new(raw, &front.inferred, has))
    }

    fn new(
        raw: &'a RawReference,
        inferred: &[String],
        has: impl Fn(CountedField) -> Option<bool>,
    ) -> Self {
        let findings = CountedField::ALL.map(|field| match has(field) {
            None => FieldFinding::NotApplicable,
            Some(false) => FieldFinding::Missing,
            Some(true) if inferred.iter().any(|name| name == field.key()) => FieldFinding::Inferred,
            Some(true) => FieldFinding::Found,
        });
        Self { raw, findings }
    }
}

/// Statistics of imported articles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportStats {
    pub articles: usize,
    /// How many articles were read in each layout.
    pub layouts: BTreeMap<Box<str>, usize>,
    /// In the order of [`CountedField::ALL`].
    fields: [FieldCounts; CountedField::ALL.len()],
    /// Of the articles whose words were counted.
    pub words: WordCounts,
    /// Articles without a count of words, as an older version of the program imported them.
    pub uncounted: usize,
}

impl ImportStats {
    pub fn add(&mut self, facts: &Facts<'_>) {
        self.articles += 1;
        let layout = facts.raw.layout.as_str();
        match self.layouts.get_mut(layout) {
            Some(count) => *count += 1,
            None => {
                self.layouts.insert(layout.into(), 1);
            }
        }
        for (field, finding) in self.fields.iter_mut().zip(facts.findings) {
            if let Some(count) = field.of(finding) {
                *count += 1;
            }
        }
        match facts.raw.words {
            Some(words) => self.words.add(words),
            None => self.uncounted += 1,
        }
    }

    /// Removes an article that was added.
    pub fn remove(&mut self, facts: &Facts<'_>) {
        self.articles -= 1;
        let layout = facts.raw.layout.as_str();
        if let Some(count) = self.layouts.get_mut(layout) {
            *count -= 1;
            if *count == 0 {
                self.layouts.remove(layout);
            }
        }
        for (field, finding) in self.fields.iter_mut().zip(facts.findings) {
            if let Some(count) = field.of(finding) {
                *count -= 1;
            }
        }
        match facts.raw.words {
            Some(words) => self.words.remove(words),
            None => self.uncounted -= 1,
        }
    }

    /// Adds other statistics.
    pub fn merge(&mut self, other: Self) {
        self.articles += other.articles;
        for (layout, count) in other.layouts {
            *self.layouts.entry(layout).or_default() += count;
        }
        for (field, more) in self.fields.iter_mut().zip(other.fields) {
            field.found += more.found;
            field.inferred += more.inferred;
            field.ambiguous += more.ambiguous;
            field.missing += more.missing;
        }
        self.words.add(other.words);
        self.uncounted += other.uncounted;
    }

    pub fn field(&self, field: CountedField) -> FieldCounts {
        self.fields[field as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front(layout: &str, words: Option<&str>, inferred: &[&str]) -> FrontMatter {
        FrontMatter {
            title: "One".into(),
            inferred: inferred.iter().map(|name| (*name).to_owned()).collect(),
            raw: Some(RawReference {
                layout: layout.into(),
                words: words.and_then(|words| words.parse().ok()),
                ..RawReference::default()
            }),
            ..FrontMatter::default()
        }
    }

    #[test]
    fn articles_that_are_removed_again_leave_no_trace() {
        let fronts = [
            front("JSON", Some("1 2 3 4"), &["title", "date"]),
            front("table", None, &["paragraphs"]),
        ];
        let facts = fronts
            .each_ref()
            .map(|f| Facts::of_article(f, "Text.\n\n## Head\n"));
        let mut stats = ImportStats::default();
        for facts in facts.iter().flatten() {
            stats.add(facts);
        }
        assert_eq!(
            (stats.articles, stats.uncounted, stats.words.sum()),
            (2, 1, 10)
        );
        let of = |field| {
            let FieldCounts {
                found,
                inferred,
                missing,
                ..
            } = stats.field(field);
            (found, inferred, missing)
        };
        assert_eq!(of(CountedField::Title), (1, 1, 0));
        assert_eq!(of(CountedField::Date), (0, 0, 2));
        assert_eq!(of(CountedField::Paragraphs), (1, 1, 0));
        assert_eq!(of(CountedField::Headings), (2, 0, 0));
        for facts in facts.iter().flatten() {
            stats.remove(facts);
        }
        assert_eq!(stats, ImportStats::default());
    }

    #[test]
    fn fields_are_counted_where_they_stand() {
        for (at, field) in CountedField::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, at);
        }
    }
}
