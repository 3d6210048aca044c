//! Repairs of what scraping did to texts: pure functions that return the changes, one file a repair.
//! Never knows a layout, a `Reading` or its provenance.

pub mod archive_words;
mod broken_words;
pub mod byline;
mod common_words;
pub mod dateline;
pub mod dates;
pub mod debris;
pub mod edits;
pub mod headings;
pub mod hyphens;
pub mod language;
pub mod line_breaks;
pub mod mojibake;
pub mod paragraphs;
pub mod quotation_marks;
pub mod running_heads;
pub mod sentences;
pub mod text_repairs;
mod windows_1252;
mod word_set;
