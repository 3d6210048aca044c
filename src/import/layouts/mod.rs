//! The ways in which raw records are written down, one file a layout.
//! Knows how to recognise and read them; never knows what the site already holds.

use crate::diagnostics::Diagnostic;
use crate::import::reading::Reading;
use crate::settings::Repairs;

mod entries;
mod feed;
mod fields;
pub mod html_page;
mod inline;
mod json;
mod json_feed;
mod label_block;
mod labels;
mod mail;
mod markdown;
mod mediawiki;
mod news;
mod record;
mod sgml;
mod table;
mod text;
mod titled_text;
mod wordpress;
mod xml;

pub use fields::FieldNames;

/// One raw file, decoded; or a piece of one that is too large to be read whole.
#[derive(Debug, Clone, Copy)]
pub struct RawText<'a> {
    /// Below `raw/`, with `/` between folders.
    pub path: &'a str,
    pub text: &'a str,
    /// What `text` was decoded from: mail says of each of its parts in which encoding it is.
    pub bytes: &'a [u8],
    /// The beginning of the file, where this is a later piece of it; else empty.
    pub head: &'a str,
    /// Whether the file goes on behind this piece.
    pub goes_on: bool,
    /// What a web archive says of a page.
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
    /// A file that is read whole, with the settings that hold where nothing is set.
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

    /// What a layout fills.
    pub fn reading(&self) -> Reading {
        Reading {
            repairs: *self.repairs,
            ..Reading::default()
        }
    }
}

/// A way in which raw records are written down.
pub trait Layout: Sync {
    /// The name that front matter carries in `raw.layout`.
    fn name(&self) -> &'static str;

    /// Whether the text is written in this layout, by its content alone.
    fn recognises(&self, raw: &RawText<'_>) -> bool;

    /// The records in the file, in its order.
    ///
    /// # Errors
    /// A diagnostic that names the line which does not fit; the file then gives no article.
    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic>;

    /// How a file of many records may be cut into pieces: the byte of the text after its last record that is whole for
    /// certain. None where a file of this layout is read whole, or no record ends in the text.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let _ = raw;
        None
    }
}

/// The layout that a text is in.
pub fn recognise(raw: &RawText<'_>) -> Option<&'static dyn Layout> {
    LAYOUTS
        .iter()
        .find(|layout| layout.recognises(raw))
        .copied()
}

/// Every layout; the first that recognises a file reads it.
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
    &mail::Mail,
    &table::Table,
    &markdown::Markdown,
    &html_page::HtmlPage,
    &label_block::LabelBlock,
    &titled_text::TitledText,
];
