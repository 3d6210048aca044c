//! The ways in which raw records are written down, one file a layout.
//! Knows how to recognise and read them; never knows what the site already holds.

use crate::diagnostics::Diagnostic;
use crate::import::reading::Reading;

mod entries;
mod feed;
mod fields;
pub mod html_page;
mod inline;
mod json;
mod json_feed;
mod label_block;
mod labels;
mod markdown;
mod record;
mod sgml;
mod table;
mod text;
mod titled_text;
mod wordpress;
mod xml;

/// One raw file, decoded.
#[derive(Debug, Clone, Copy)]
pub struct RawText<'a> {
    /// Below `raw/`, with `/` between folders.
    pub path: &'a str,
    pub text: &'a str,
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
}

/// Every layout; the first that recognises a file reads it.
pub static LAYOUTS: &[&dyn Layout] = &[
    &wordpress::WordPress,
    &feed::Feed,
    &json_feed::JsonFeed,
    &sgml::Sgml,
    &json::Json,
    &table::Table,
    &markdown::Markdown,
    &html_page::HtmlPage,
    &label_block::LabelBlock,
    &titled_text::TitledText,
];
