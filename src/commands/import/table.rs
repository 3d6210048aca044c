//! The report of an import for people: an aligned table and a few lines around it.

use crate::commands::report::count;
use crate::import::layouts::title_of;
use crate::import::report::{ImportReport, Phrases};
use crate::model::digits;
use crate::model::import_stats::{CountedField, FieldCounts};

/// The most phrases or reasons that one list shows.
const LISTED: usize = 5;

/// The width of the names at the beginning of lines, in characters.
const NAMES: usize = 12;

/// The lines of a report, about one screen.
pub(crate) fn lines(report: &ImportReport) -> Vec<String> {
    let all = &report.all;
    if all.articles == 0 {
        return vec!["no article was imported".to_owned()];
    }
    let edited = match report.edited {
        0 => String::new(),
        edited => format!(", {} of them edited since", grouped(edited)),
    };
    let articles = format!("{}{edited}", count(all.articles, "article"));
    let mut layouts: Vec<(&str, usize)> = all.layouts.iter().map(|(l, n)| (&**l, *n)).collect();
    layouts.sort_by_key(|(_, articles)| std::cmp::Reverse(*articles));
    let more = layouts.len().saturating_sub(LISTED);
    layouts.truncate(LISTED);
    let named = layouts
        .iter()
        .map(|(layout, n)| format!("{} {}", title_of(layout), grouped(*n)));
    let mut named: Vec<String> = named.collect();
    named.extend((more > 0).then(|| format!("and {more} more layouts")));
    let mut lines = vec![
        String::new(),
        named_line("archive", &articles),
        named_line("layouts", &named.join(", ")),
        String::new(),
    ];
    lines.extend(fields(report));
    lines.push(String::new());
    lines.extend(words(report));
    lines.extend(phrases("set aside", "phrase", &report.removed));
    lines.extend(phrases("repaired", "change", &report.repaired));
    match report.refused.count() {
        0 => lines.push(named_line("refused", "nothing")),
        refused => {
            let what = if refused == 1 {
                "file or record"
            } else {
                "files or records"
            };
            lines.push(named_line(
                "refused",
                &format!("{} {what}", grouped(refused)),
            ));
            lines.extend(listed(&report.refused.commonest()));
        }
    }
    let copies = match (report.copies.exact, report.copies.near) {
        (0, 0) => "none".to_owned(),
        (exact, near) => format!("{} exact, {} near", grouped(exact), grouped(near)),
    };
    lines.push(named_line("copies", &copies));
    lines
}

fn grouped(number: usize) -> String {
    digits::grouped(number as u64)
}

fn named_line(name: &str, text: &str) -> String {
    format!("{name:NAMES$} {text}")
}

/// The fields in rows: in how many articles each was found, inferred, ambiguous or missing.
fn fields(report: &ImportReport) -> Vec<String> {
    let shown = |number: usize| match number {
        0 => "–".to_owned(),
        number => grouped(number),
    };
    let rows = CountedField::ALL.map(|field| {
        let FieldCounts {
            found,
            inferred,
            ambiguous,
            missing,
        } = report.all.field(field);
        (
            field.key(),
            [found, inferred, ambiguous, missing].map(shown),
        )
    });
    let heads = ["found", "inferred", "ambiguous", "missing"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(("", heads)).chain(rows).collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|(_, cells)| cells[column].chars().count());
        widths.max().unwrap_or_default()
    };
    let widths = [0, 1, 2, 3].map(width);
    let line = |(name, cells): &(&str, [String; 4])| {
        let cells = cells.iter().zip(widths);
        let cells: String = cells
            .map(|(cell, width)| format!("  {cell:>width$}"))
            .collect();
        format!("{name:NAMES$}{cells}")
    };
    rows.iter().map(line).collect()
}

/// How many words of the records are in labels, fields, bodies and removed text.
fn words(report: &ImportReport) -> Vec<String> {
    let words = &report.all.words;
    let number = digits::grouped;
    let parts = format!(
        "{} label + {} field + {} body + {} set aside = {}, none unaccounted for",
        number(words.label),
        number(words.field),
        number(words.body),
        number(words.removed),
        number(words.sum()),
    );
    let mut lines = vec![named_line("words", &parts)];
    if report.all.uncounted > 0 {
        let of = count(report.all.uncounted, "article");
        let text = format!(
            "without {of} imported by an older version: `backfile import --again` counts them"
        );
        lines.push(named_line("", &text));
    }
    lines
}

fn phrases(name: &str, one: &str, phrases: &Phrases) -> Vec<String> {
    if phrases.phrases == 0 {
        return vec![named_line(name, "nothing")];
    }
    let head = format!(
        "{} in {}",
        count(phrases.phrases, one),
        count(phrases.articles, "article")
    );
    let mut lines = vec![named_line(name, &head)];
    lines.extend(listed(&phrases.commonest()));
    lines
}

/// The first of a list, one in each line with its count.
fn listed(all: &[(&str, usize)]) -> Vec<String> {
    let shown = &all[..all.len().min(LISTED)];
    let counts = shown.iter().map(|(_, number)| grouped(*number));
    let counts: Vec<String> = counts.collect();
    let width = counts
        .iter()
        .map(|c| c.chars().count())
        .max()
        .unwrap_or_default();
    let lines = shown.iter().zip(&counts);
    let lines = lines.map(|((text, _), count)| named_line("", &format!("{count:>width$}  {text}")));
    lines.collect()
}
