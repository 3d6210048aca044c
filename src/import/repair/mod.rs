//! Repairs: pure functions that put right what scraping did to a text, one file a repair.

pub mod byline;
pub mod dateline;
pub mod dates;
pub mod debris;
pub mod headings;
pub mod line_breaks;
pub mod paragraphs;
pub mod sentences;
