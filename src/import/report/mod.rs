//! What import found in the whole archive, in numbers: what was read, inferred, removed, repaired and refused.
//! Reads the articles in `content/` and what is known of `raw/`; writes nothing.

mod phrases;
mod refused;

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;
use serde_json::{Map, Value, json};

pub use self::phrases::Phrases;
pub use self::refused::Refused;
use super::Imported;
use super::copies::{self, Copies, WrittenArticle};
use super::records::{RawRecords, RecordKey};
use super::repair::dates::DateOrder;
use super::repair::edits;
use crate::diagnostics::Result;
use crate::files::{self, Source};
use crate::front_matter;
use crate::model::ImportStats;
use crate::model::import_stats::{CountedField, Facts, FieldFinding};
use crate::site::Site;

/// How many files are read before their numbers are added up.
const CHUNK: usize = 4_096;

/// The most phrases and reasons that are listed; the others are only counted.
const NAMED: usize = 8;

/// What import found in an archive.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// By layout.
    pub layouts: BTreeMap<String, ImportStats>,
    /// Of all layouts.
    pub all: ImportStats,
    /// Articles that a person changed since.
    pub edited: usize,
    pub removed: Phrases,
    pub repaired: Phrases,
    pub refused: Refused,
    pub copies: Copies,
}

/// The report on the archive as it is after an import. `records` are all that `raw/` holds.
///
/// # Errors
/// Where `content/` cannot be listed. A file that cannot be read is in no number: it is a diagnostic elsewhere.
pub fn of(site: &Site, records: &RawRecords, imported: &Imported) -> Result<ImportReport> {
    let is_undecided = records.evidence.order() == DateOrder::Undecided;
    let ambiguous = records.records.iter();
    let ambiguous = ambiguous.filter(|record| is_undecided && record.other_date.is_some());
    let ambiguous: HashSet<&RecordKey> = ambiguous.map(|record| &record.key).collect();
    let sources = files::list(&site.content())?;
    let mut report = ImportReport {
        refused: Refused::of(&records.diagnostics, &imported.diagnostics),
        ..ImportReport::default()
    };
    let mut articles: Vec<WrittenArticle> = Vec::new();
    for chunk in sources.chunks(CHUNK) {
        let read = chunk
            .par_iter()
            .filter_map(|source| read(source, &ambiguous));
        for (part, article) in read.collect::<Vec<_>>() {
            report.join(part);
            articles.push(article);
        }
        report.removed.prune();
        report.repaired.prune();
    }
    articles.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    report.copies = copies::find(&articles, &[]);
    Ok(report)
}

/// The numbers of one article; `None` where the file is not an imported article.
fn read(
    source: &Source,
    ambiguous: &HashSet<&RecordKey>,
) -> Option<(ImportReport, WrittenArticle)> {
    let is_markdown = [".md", ".markdown"]
        .iter()
        .any(|end| source.file.ends_with(end));
    let text = is_markdown.then(|| std::fs::read_to_string(&source.path).ok())??;
    let article = front_matter::read(&source.file, &text).ok()?;
    let front = article.front;
    let raw = front.raw.as_ref()?;
    let key = RecordKey {
        path: raw.path.clone(),
        record: raw.record.clone(),
    };
    let mut facts = Facts::of_article(&front, &article.body)?;
    let date = &mut facts.findings[CountedField::Date as usize];
    if *date == FieldFinding::Inferred && ambiguous.contains(&key) {
        *date = FieldFinding::Ambiguous;
    }
    let mut all = ImportStats::default();
    all.add(&facts);
    let (repaired, unlisted) = edits::listed(&front.repaired);
    let report = ImportReport {
        layouts: BTreeMap::from([(raw.layout.clone(), all.clone())]),
        all,
        edited: usize::from(!front_matter::is_sealed(&text, &raw.written)),
        removed: Phrases::of(&front.removed, 0),
        repaired: Phrases::of(repaired, unlisted),
        ..ImportReport::default()
    };
    let written = WrittenArticle {
        is_held_back: front.draft,
        recurred: 0,
        file: source.file.clone(),
        key,
        blake3: raw.blake3.clone(),
        sketch: raw.sketch.clone(),
    };
    Some((report, written))
}

impl ImportReport {
    fn join(&mut self, other: Self) {
        for (layout, tally) in other.layouts {
            self.layouts.entry(layout).or_default().merge(tally);
        }
        self.all.merge(other.all);
        self.edited += other.edited;
        self.removed.join(other.removed);
        self.repaired.join(other.repaired);
    }

    /// The report for scripts.
    pub fn json(&self) -> Value {
        let fields = |tally: &ImportStats| {
            let fields =
                CountedField::ALL.map(|field| (field.key().to_owned(), json!(tally.field(field))));
            fields.into_iter().collect::<Map<_, _>>()
        };
        let layouts = self.layouts.iter().map(|(layout, tally)| {
            json!({ "layout": layout, "articles": tally.articles, "fields": fields(tally) })
        });
        let words = &self.all.words;
        json!({
            "articles": self.all.articles,
            "edited": self.edited,
            "layouts": layouts.collect::<Vec<_>>(),
            "fields": fields(&self.all),
            "words": {
                "label": words.label, "field": words.field, "body": words.body, "removed": words.removed,
                "sum": words.sum(),
                // A record of which a word would be lost gives no article: it is among the refused.
                "unaccounted": 0,
                "articles_without_count": self.all.uncounted,
            },
            "removed": self.removed.json(),
            "repaired": self.repaired.json(),
            "quarantined": self.refused.json(),
            "copies": self.copies.json(),
        })
    }
}
