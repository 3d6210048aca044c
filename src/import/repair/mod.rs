//! Repairs: pure functions that put right what scraping did to a text, one file a repair.

pub mod byline;
pub mod dateline;
pub mod dates;
pub mod debris;
pub mod edits;
pub mod headings;
pub mod hyphens;
pub mod language;
pub mod letters;
pub mod line_breaks;
pub mod mojibake;
pub mod paragraphs;
pub mod quotation_marks;
pub mod sentences;
mod word_set;
