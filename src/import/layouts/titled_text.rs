//! Titled texts: a title line, a blank line, prose. A byline and a date may precede the prose.

use super::plain_record::{Line, Lines, set_body, set_date};
use super::{Layout, RawText, labels};
use crate::diagnostics::Diagnostic;
use crate::import::provenance::Disposition;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dates};
use crate::model::slug::humanise;

pub(crate) struct TitledText;

/// A longer line is not a title, in bytes.
const LONGEST_TITLE: usize = 200;

/// The beginning of a text that decides whether it is prose, in bytes.
const SAMPLE: usize = 8 * 1024;

/// What opens and closes a piece of a template, which is text in an article.
const TEMPLATE_MARKS: [&str; 6] = ["{{", "}}", "{%", "%}", "{#", "#}"];

/// Names of folders that are not a subject.
const GENERIC: &[&str] = &[
    "raw", "articles", "article", "texts", "text", "data", "txt", "input", "files", "docs",
    "archive", "archives", "posts", "news", "misc", "content",
];

impl Layout for TitledText {
    fn name(&self) -> &'static str {
        "titled text"
    }

    fn title(&self) -> &'static str {
        "Plain texts"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let mut lines = Lines::of(raw.text);
        lines.skip_blank();
        skip_signs(&mut lines, &mut |_, _| {});
        let Some(title) = lines.peek() else {
            return false;
        };
        lines.skip();
        let separated = lines.skip_blank();
        let rest = &raw.text[lines.at()..];
        let first_long = rest
            .lines()
            .next()
            .is_some_and(|line| line.len() > LONGEST_TITLE);
        (separated || first_long)
            && is_title(title.text)
            && is_prose(sample(rest))
            && has_words(rest)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut reading = raw.reading();
        let mut lines = Lines::of(raw.text);
        lines.skip_blank();
        skip_signs(&mut lines, &mut |line, sign| {
            keep_sign(&mut reading, line, sign)
        });
        if let Some(title) = lines.peek() {
            lines.skip();
            reading.account.note(title.range, Disposition::Field);
            reading.front.title = title.text.to_owned();
        }
        loop {
            lines.skip_blank();
            skip_signs(&mut lines, &mut |line, sign| {
                keep_sign(&mut reading, line, sign)
            });
            let Some(line) = lines.peek() else { break };
            if let Some(authors) = byline::read(line.text)
                .filter(|_| reading.front.authors.is_empty() && reading.repairs.bylines)
            {
                reading.front.authors = authors;
            } else if let Some(date) =
                dates::read(line.text).filter(|_| reading.front.date.is_none())
            {
                set_date(&mut reading, date);
            } else {
                break;
            }
            lines.skip();
            reading.account.note(line.range, Disposition::Field);
        }
        set_body(&mut reading, raw.text, lines.at());
        if reading.front.date.is_none() {
            reading.front.date = dates::in_path(raw.path);
            if reading.front.date.is_some() {
                reading.infer("date");
            }
        }
        if let Some(topic) = topic_of(raw.path) {
            reading.front.topics.push(topic);
            reading.infer("topics");
        }
        Ok(vec![reading])
    }
}

/// Skips lines that say that the text is not public, and the blank lines after each.
fn skip_signs(lines: &mut Lines<'_>, each: &mut dyn FnMut(Line<'_>, (String, String))) {
    while let Some(line) = lines.peek()
        && let Some(sign) = labels::sign(line.text)
    {
        lines.skip();
        lines.skip_blank();
        each(line, sign);
    }
}

fn keep_sign(reading: &mut Reading, line: Line<'_>, (key, value): (String, String)) {
    reading.account.note(line.range, Disposition::Field);
    reading.keep(key, value);
}

/// The name of the innermost folder that names a subject.
fn topic_of(path: &str) -> Option<String> {
    let (folders, _) = path.rsplit_once('/')?;
    let says_something = |folder: &&str| {
        let bare = folder.to_lowercase();
        bare.chars().any(char::is_alphabetic)
            && !GENERIC.contains(&bare.as_str())
            && !folder.chars().any(|c| c.is_ascii_digit())
    };
    folders.rsplit('/').find(says_something).map(humanise)
}

fn sample(text: &str) -> &str {
    let mut end = SAMPLE.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether a text has enough words for an article: eight, or 30 letters of a script without spaces.
fn has_words(text: &str) -> bool {
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .take(8)
        .count();
    words >= 8
        || sample(text)
            .chars()
            .filter(|c| !c.is_ascii() && c.is_alphabetic())
            .take(30)
            .count()
            >= 30
}

/// Whether a line is short, contains a letter or a number, and is not code: years and scores are titles too.
fn is_title(line: &str) -> bool {
    line.len() <= LONGEST_TITLE
        && line.chars().any(char::is_alphanumeric)
        && !starts_as_data(line)
        && !line.starts_with('#')
        && !ends_as_code(line)
}

/// Whether a text begins like JSON, markup or front matter. Marks of a template, `{{` and `{%`, and a remark in
/// brackets within a sentence are text.
fn starts_as_data(text: &str) -> bool {
    let remark = || {
        let line = text.lines().next().unwrap_or_default();
        line[1..].starts_with(char::is_alphabetic) && line.split_whitespace().count() > 3
    };
    match text.as_bytes() {
        [b'[', ..] => !remark(),
        [b'{', ..] => !TEMPLATE_MARKS.iter().any(|mark| text.starts_with(mark)),
        [b'<', ..] => true,
        _ => text.starts_with("---"),
    }
}

/// Whether a line ends like a statement of code or markup, and not with a mark of a template.
fn ends_as_code(line: &str) -> bool {
    line.ends_with([';', '{', '}', '>']) && !TEMPLATE_MARKS.iter().any(|mark| line.ends_with(mark))
}

/// Whether a text is mostly letters, and not a table, markup, code or a log.
fn is_prose(text: &str) -> bool {
    let text = text.trim();
    if starts_as_data(text) {
        return false;
    }
    let (mut letters, mut signs) = (0, 0);
    for c in text.chars() {
        match c {
            c if c.is_alphabetic() => letters += 1,
            c if c.is_whitespace()
                || matches!(
                    c,
                    '.' | ',' | '\'' | '"' | '’' | '“' | '”' | '-' | '—' | '–' | '?' | '!'
                ) => {}
            c if unicode_normalization::char::is_combining_mark(c) => {}
            _ => signs += 1,
        }
    }
    let marks: usize = TEMPLATE_MARKS
        .iter()
        .map(|mark| text.matches(mark).count() * mark.len())
        .sum();
    let signs = usize::saturating_sub(signs, marks);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let share = |test: &dyn Fn(&str) -> bool| {
        lines.iter().filter(|line| test(line)).count() * 10 / lines.len().max(1)
    };
    let is_code = share(&|line| ends_as_code(line)) >= 3;
    let is_log = lines.len() > 3
        && share(&|line| line.starts_with(|c: char| c.is_ascii_digit() || c == '[')) >= 6;
    letters > 0 && signs * 4 < letters && !is_code && !is_log && !is_table(&lines)
}

/// Whether there are three lines or more, each with as many separators as the first.
fn is_table(lines: &[&str]) -> bool {
    let same = |sign: char| {
        let first = lines[0].matches(sign).count();
        first >= 2 && lines.iter().all(|line| line.matches(sign).count() == first)
    };
    lines.len() >= 3 && [',', ';', '\t', '|'].into_iter().any(same)
}
