//! Which Markdown Backfile reads. Import must escape exactly what a build would take for markup (law 3), so both use these.

use pulldown_cmark::Options;

/// CommonMark with tables, footnotes, strikethrough and task lists.
pub(crate) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);
