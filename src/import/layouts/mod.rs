//! The formats of raw records, one file or folder per layout.
//! Knows how to recognise and read them; never knows what the site already contains.

use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;
use crate::settings::Repairs;

mod decoded_record;
mod feed;
mod fields;
pub mod html_page;
mod html_text;
mod json;
mod json_feed;
mod keyed_record;
mod label_block;
mod labels;
mod listed;
mod mail;
mod markdown;
mod mediawiki;
mod movable_type;
mod news;
mod plain_record;
mod several_texts;
mod sgml;
mod table;
mod titled_text;
mod vocabulary;
mod wordpress;
mod xml_records;

pub(crate) use fields::FieldNames;
pub(crate) use several_texts::may_be_several;

/// A file, or a chunk of one, with more records is refused.
const MOST_RECORDS: usize = 200_000;

/// What to do about a file whose source wrote it badly.
const HINT_EXPORT: &str = "export it again, or put it in `ignore` under `[import]`";

/// One raw file, decoded; or a chunk of one that is too large to be read at once.
#[derive(Debug, Clone, Copy)]
pub struct RawText<'a> {
    /// Below `raw/`, with `/` between folders.
    pub path: &'a str,
    pub text: &'a str,
    /// What `text` was decoded from: a message declares the encoding of each of its parts.
    pub bytes: &'a [u8],
    /// The beginning of the file if this is a later chunk of it, else empty.
    pub head: &'a str,
    /// Whether the file continues after this chunk.
    pub goes_on: bool,
    /// The metadata that a web archive has of a page.
    pub capture: Option<&'a Capture>,
    pub fields: &'a FieldNames,
    pub repairs: &'a Repairs,
}

/// Where a page was fetched, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    pub url: String,
    /// As the web archive has it: `2021-07-13T11:47:00Z`.
    pub at: String,
}

impl<'a> RawText<'a> {
    /// A file that is read at once, with the default settings.
    pub fn new(path: &'a str, text: &'a str) -> Self {
        static FIELDS: FieldNames = FieldNames::NONE;
        Self {
            path,
            text,
            bytes: text.as_bytes(),
            head: "",
            goes_on: false,
            capture: None,
            fields: &FIELDS,
            repairs: &Repairs::ALL,
        }
    }

    /// An empty reading with the repairs of this file.
    pub fn reading(&self) -> Reading {
        Reading {
            repairs: *self.repairs,
            ..Reading::default()
        }
    }

    /// A problem with this file.
    fn problem(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::problem(code, format!("raw/{}", self.path), message)
    }

    /// A warning about this file.
    fn warning(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(code, format!("raw/{}", self.path), message)
    }

    /// The problem that the file has more records than are read. `noun` is what the format calls them.
    fn too_many(&self, noun: &str) -> Diagnostic {
        let message = format!("it has more than {MOST_RECORDS} {noun}");
        let problem = self.problem(Code::SizeExceeded, message);
        problem.hint("divide it, or put it in `ignore` under `[import]`")
    }

    /// A reading that reports an error of syntax at a byte; the records before it are kept.
    ///
    /// # Errors
    /// The problem itself if there are none (`is_first`).
    fn broken_off(
        &self,
        at: usize,
        message: String,
        noun: &str,
        is_first: bool,
    ) -> Result<Reading, Diagnostic> {
        let message = match is_first {
            true => message,
            false => format!("{message}; the {noun} before that are read"),
        };
        let problem = self.problem(Code::FileMalformed, message);
        let problem = problem.at_byte(self.text, at).hint(HINT_EXPORT);
        if is_first {
            return Err(problem);
        }
        Ok(Reading {
            problem: Some(problem),
            ..self.reading()
        })
    }

    /// A reading of a record that is not an article, with the reason.
    fn skipped(&self, reading: Reading, message: &str) -> Reading {
        let warning = self.warning(Code::RecordSkipped, message);
        Reading {
            span: reading.span,
            problem: Some(warning.hint("it stays in the raw file")),
            ..self.reading()
        }
    }
}

/// A format of raw records. To add one, write it in a file of its own and add it to [`LAYOUTS`].
pub trait Layout: Sync {
    /// The name in the front matter's `raw.layout`.
    fn name(&self) -> &'static str;

    /// What people call the records of this layout, in the plural: "MARC records". Layouts may share one.
    fn title(&self) -> &'static str;

    /// Whether the text is in this layout, by its content alone.
    fn recognises(&self, raw: &RawText<'_>) -> bool;

    /// The records of the file, in its order.
    ///
    /// # Errors
    /// A diagnostic with the line of the error; the file then gives no article.
    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic>;

    /// Where a chunk of a large file may end: the byte of the text after its last record that is certainly complete.
    /// `None` if files of this layout are read at once, or no record ends in the text.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let _ = raw;
        None
    }
}

/// The layout that recognises a text.
pub fn recognise(raw: &RawText<'_>) -> Option<&'static dyn Layout> {
    LAYOUTS
        .iter()
        .find(|layout| layout.recognises(raw))
        .copied()
}

/// What people call the records of a layout, given its name. A name of another version of the program is its own title.
pub fn title_of(name: &str) -> &str {
    match LAYOUTS.iter().find(|layout| layout.name() == name) {
        Some(layout) => layout.title(),
        None if name.is_empty() => "Other records",
        None => name,
    }
}

/// Every layout. The first that recognises a file reads it, so each precedes those that would accept its files too:
/// an application's format precedes the general one that it is written in (WordPress before feeds, ninjs and JSON Feed
/// before JSON), and formats with a syntax precede those that are only habits of plain text (label blocks, titled texts).
pub static LAYOUTS: &[&dyn Layout] = &[
    &wordpress::WordPress,
    &news::Nitf,
    &news::NewsMl,
    &news::Ninjs,
    &mediawiki::MediaWiki,
    &feed::Feed,
    &json_feed::JsonFeed,
    &sgml::Sgml,
    &json::Json,
    &movable_type::MovableType,
    &mail::Mail,
    &table::Table,
    &markdown::Markdown,
    &html_page::HtmlPage,
    &several_texts::SeveralTexts,
    &label_block::LabelBlock,
    &titled_text::TitledText,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_the_layouts_in_their_order() {
        let docs = include_str!("../../../docs/import.md");
        let table = docs.split_once("| layout |").expect("a table").1;
        let rows = table.lines().skip(2).take_while(|row| row.starts_with('|'));
        let cells = rows.map(|row| {
            let cell = |at| row.split('|').nth(at).unwrap_or_default().trim();
            (cell(1).trim_matches('`'), cell(2))
        });
        let listed: Vec<(&str, &str)> = cells.collect();
        let known: Vec<(&str, &str)> = LAYOUTS.iter().map(|l| (l.name(), l.title())).collect();
        assert_eq!(listed, known);
    }
}
