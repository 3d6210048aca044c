//! Titled texts: a title line, a blank line, prose. A byline and a date may precede the prose.

use super::plain_record::{Line, Lines, first_words, set_body, set_date};
use super::{Layout, RawText, labels};
use crate::diagnostics::Diagnostic;
use crate::import::provenance::Disposition;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dates, sentences};
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
        if lines.peek().is_none() {
            return false;
        }
        if has_title(raw.text, &lines) {
            lines.skip();
            let rest = &raw.text[lines.at()..];
            return is_prose(sample(rest)) && has_words(rest);
        }
        // Below a line that stands apart, only the rest says whether this is a text.
        if stands_apart(&lines) {
            return false;
        }
        let whole = &raw.text[lines.at()..];
        is_prose(sample(whole)) && has_words(whole) && has_sentence(whole)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut reading = raw.reading();
        let mut lines = Lines::of(raw.text);
        lines.skip_blank();
        skip_signs(&mut lines, &mut |line, sign| {
            keep_sign(&mut reading, line, sign)
        });
        if let Some(title) = lines.peek().filter(|_| has_title(raw.text, &lines)) {
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
        if reading.front.title.is_empty() {
            let body = reading.prose(raw.text).unwrap_or_default();
            reading.front.title = title_of_file(raw.path).unwrap_or_else(|| first_sentence(body));
            reading.infer("title");
        }
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

/// Whether the next line is a title: a short line above a blank one or above a long one, or one that is shorter than the line below
/// it, which begins a sentence, a byline or a date.
fn has_title(text: &str, lines: &Lines<'_>) -> bool {
    let Some(title) = lines.peek().filter(|line| is_title(line.text)) else {
        return false;
    };
    let mut after = lines.clone();
    after.skip();
    let separated = after.skip_blank();
    let Some(next) = after.peek() else {
        return false;
    };
    let is_sentence =
        title.text.ends_with(['.', '。']) && title.text.chars().count() > LONGEST_FIRST;
    if is_sentence {
        return false;
    }
    if separated || next.text.len() > LONGEST_TITLE {
        return is_prose(sample(&text[after.at()..]));
    }
    let is_short = title.text.len() * 13 <= next.text.len() * 10;
    let ends = title.text.ends_with(['.', ',', ';', ':', '-', '…']);
    let is_head = byline::read(next.text).is_some() || dates::read(next.text).is_some();
    !ends && (is_head || is_short && !next.text.starts_with(char::is_lowercase))
}

/// Whether the next line is short, no sentence, and has a blank line below it.
fn stands_apart(lines: &Lines<'_>) -> bool {
    let mut after = lines.clone();
    after.skip();
    let separated = after.skip_blank();
    let line = lines.peek().filter(|line| is_title(line.text));
    separated && line.is_some_and(|line| !line.text.ends_with(['.', '。']))
}

/// The name of a file as a title, if it is one: two words or more, and not a number in a row.
fn title_of_file(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let title = humanise(dates::without_date(name));
    let words = title.split_whitespace();
    let words = words.filter(|word| word.len() > 2 && word.chars().all(char::is_alphabetic));
    let is_named = words.clone().count() > 1 && !title.chars().any(char::is_numeric);
    let is_generic = words
        .clone()
        .any(|word| GENERIC.contains(&word.to_lowercase().as_str()));
    (is_named && !is_generic).then_some(title)
}

/// The first sentence of a text if it is short, else its first words.
fn first_sentence(body: &str) -> String {
    let line = body.split("\n\n").next().unwrap_or_default();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = sentences::starts(&line)
        .get(1)
        .copied()
        .unwrap_or(line.len());
    let first = line[..end].trim();
    match first.chars().count() <= LONGEST_FIRST && first.split_whitespace().nth(1).is_some() {
        true => first.trim_end_matches(['.', '。']).to_owned(),
        false => first_words(body),
    }
}

/// A longer sentence is not a title, in characters.
const LONGEST_FIRST: usize = 90;

/// Whether a sentence ends in a text.
fn has_sentence(text: &str) -> bool {
    let is_end = |c: char| {
        matches!(
            c,
            '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '።' | '।' | '۔'
        )
    };
    let is_last = |c: char| c.is_alphabetic() || matches!(c, '"' | '”' | '’' | ')' | '»');
    let mut chars = sample(text).chars().peekable();
    let mut before = ' ';
    let begins = text.starts_with(|c: char| {
        c.is_alphanumeric() || matches!(c, '"' | '“' | '‘' | '«' | '(' | '¿' | '¡')
    });
    while let Some(c) = chars.next() {
        let goes_on =
            |next: &char| next.is_ascii() && !next.is_whitespace() && !matches!(next, '"' | '\'');
        if is_end(c) && is_last(before) && !chars.peek().is_some_and(goes_on) {
            return begins;
        }
        before = c;
    }
    false
}

/// Whether a text begins with a title, below lines that say that it is not public.
pub(crate) fn begins_with_title(text: &str) -> bool {
    let mut lines = Lines::of(text);
    lines.skip_blank();
    skip_signs(&mut lines, &mut |_, _| {});
    has_title(text, &lines)
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
