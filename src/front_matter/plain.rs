//! The short way through front matter: keys with plain or double-quoted values, and lists of these, which is nearly all
//! that archives hold. Whatever could mean something else is left to the full YAML parser, which took a third of the
//! time of reading an article; a property test holds the two equal.

use std::str::Lines;

use crate::model::{FrontMatter, RawReference};

/// The front matter; None where it takes the full parser to understand it, or to say what is wrong with it.
pub fn read(front: &str) -> Option<FrontMatter> {
    let mut reader = Reader {
        lines: front.lines(),
        next: None,
    };
    let mut read = FrontMatter::default();
    let mut seen: Vec<&str> = Vec::with_capacity(12);
    // `lines` takes a carriage return away, and a byte order mark or a control character is for the parser to refuse.
    if front.bytes().any(|b| b < b' ' && b != b'\n') {
        return None;
    }
    while let Some(line) = reader.line() {
        let (key, value) = line.split_once(':')?;
        if !is_key(key) || seen.contains(&key) {
            return None;
        }
        seen.push(key);
        let value = match value {
            "" => "",
            spaced => spaced.strip_prefix(' ')?.trim_matches(' '),
        };
        match key {
            "id" => read.id = number_or_text(value)?.to_owned(),
            "title" => read.title = text(value)?,
            "date" => read.date = Some(date(value)?),
            "slug" => read.slug = Some(text(value)?),
            "authors" => read.authors = reader.list(value)?,
            "place" => read.place = Some(text(value)?),
            "source" => read.source = Some(text(value)?),
            "lang" => read.lang = Some(text(value)?),
            "summary" => read.summary = Some(text(value)?),
            "topics" => read.topics = reader.list(value)?,
            "not_topics" => read.not_topics = reader.list(value)?,
            "aliases" => read.aliases = reader.list(value)?,
            "draft" => read.draft = truth(value)?,
            "withdrawn" => read.withdrawn = Some(text(value)?),
            "raw" => read.raw = Some(reader.raw(value)?),
            "removed" => read.removed = reader.list(value)?,
            "repaired" => read.repaired = reader.list(value)?,
            "inferred" => read.inferred = reader.list(value)?,
            other => {
                let text = serde_json::Value::String(text(value)?);
                read.extra.insert(other.to_owned(), text);
            }
        }
    }
    Some(read)
}

struct Reader<'a> {
    lines: Lines<'a>,
    /// A line that was looked at and not taken.
    next: Option<&'a str>,
}

impl<'a> Reader<'a> {
    fn line(&mut self) -> Option<&'a str> {
        self.next.take().or_else(|| self.lines.next())
    }

    /// The next line without its indent, where it has this one.
    fn indented(&mut self, indent: &str) -> Option<&'a str> {
        let line = self.line()?;
        let rest = line.strip_prefix(indent);
        if rest.is_none() {
            self.next = Some(line);
        }
        rest
    }

    /// A list on the key's line or below it, or a single text.
    fn list(&mut self, value: &str) -> Option<Vec<String>> {
        let kept =
            |texts: Vec<String>| texts.into_iter().filter(|t| !t.trim().is_empty()).collect();
        if let Some(inner) = value.strip_prefix('[') {
            return Some(kept(flow(inner)?));
        }
        if !value.is_empty() {
            return Some(kept(vec![text(value)?]));
        }
        let mut items = Vec::new();
        while let Some(item) = self.indented("  - ") {
            items.push(text(item.trim_matches(' '))?);
        }
        (!items.is_empty()).then(|| kept(items))
    }

    /// The keys below `raw:`.
    fn raw(&mut self, value: &str) -> Option<RawReference> {
        let mut raw = RawReference::default();
        let (mut words, mut sketch) = (String::new(), String::new());
        let mut has_path = false;
        if !value.is_empty() {
            return None;
        }
        while let Some(line) = self.indented("  ") {
            let (key, value) = line.split_once(": ")?;
            let field = match key {
                "path" => &mut raw.path,
                "record" => &mut raw.record,
                "blake3" => &mut raw.blake3,
                "layout" => &mut raw.layout,
                "written" => &mut raw.written,
                "words" => &mut words,
                "sketch" => &mut sketch,
                _ => return None,
            };
            // A second one of a name is for the full parser to refuse.
            if !field.is_empty() {
                return None;
            }
            let value = value.trim_matches(' ');
            let is_numbers = |b: u8| b.is_ascii_digit() || b == b' ';
            *field = match key == "words" && value.bytes().all(is_numbers) {
                true => Some(value.to_owned()),
                false => text(value),
            }
            .filter(|text| !text.is_empty())?;
            has_path |= key == "path";
        }
        raw.words = words.parse().ok();
        raw.sketch = sketch.parse().ok();
        has_path.then_some(raw)
    }
}

fn is_key(key: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(is_word)
        && !is_reserved(key)
}

/// Items up to the closing bracket, which ends the line.
fn flow(inner: &str) -> Option<Vec<String>> {
    let mut rest = inner.strip_suffix(']')?.trim_matches(' ');
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (item, after) = if let Some(open) = rest.strip_prefix('"') {
            let end = quote_end(open)?;
            (&rest[..end + 2], open[end + 1..].trim_start_matches(' '))
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            (rest[..end].trim_end_matches(' '), &rest[end..])
        };
        items.push(text(item)?);
        rest = match after.strip_prefix(',') {
            // A comma at the end is allowed; it is the full parser that knows so.
            Some(more) => Some(more.trim_start_matches(' ')).filter(|m| !m.is_empty())?,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(items)
}

/// A text that is itself, in quotes or without.
fn text(value: &str) -> Option<String> {
    if let Some(open) = value.strip_prefix('"') {
        let end = quote_end(open)?;
        return (end + 1 == open.len()).then(|| unquoted(&open[..end]))?;
    }
    let mut chars = value.chars();
    let is_plain = chars.next()?.is_alphabetic() && chars.all(is_inner);
    (is_plain && !is_reserved(value)).then(|| value.to_owned())
}

/// The byte of the quote that closes what begins here.
fn quote_end(open: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', &open.as_bytes()[at..])?;
        match open.as_bytes()[at] {
            b'"' => return Some(at),
            _ => at += 2,
        }
        if at > open.len() {
            return None;
        }
    }
}

/// What stands between double quotes, with the commonest escapes.
fn unquoted(inner: &str) -> Option<String> {
    // Nearly every value is of these letters alone.
    if inner
        .bytes()
        .all(|b| matches!(b, b' '..=b'~') && b != b'\\')
    {
        return Some(inner.to_owned());
    }
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                c @ ('"' | '\\' | '/') => text.push(c),
                'n' => text.push('\n'),
                't' => text.push('\t'),
                _ => return None,
            },
            c if is_quotable(c) => text.push(c),
            _ => return None,
        }
    }
    Some(text)
}

/// What stands for itself between double quotes. The control characters, breaks and marks beyond ASCII do not.
fn is_quotable(c: char) -> bool {
    !matches!(
        c,
        '"' | '\\' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}'
    ) && !c.is_control()
}

/// What stands for itself without quotes, anywhere but at the beginning.
fn is_inner(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            ' ' | '-'
                | '_'
                | '.'
                | ','
                | '/'
                | '('
                | ')'
                | '\''
                | '!'
                | '?'
                | ';'
                | '’'
                | '“'
                | '”'
                | '–'
                | '—'
                | '…'
        )
}

fn is_reserved(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf", "infinity",
    ];
    word.len() <= 8 && WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// An id is text also where it looks like a number.
fn number_or_text(value: &str) -> Option<String> {
    let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        Some(value.to_owned())
    } else {
        text(value)
    }
}

fn date(value: &str) -> Option<crate::model::Date> {
    let is_iso = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'T' | b'Z' | b'+');
    let has_month = value.len() > 5 && value.as_bytes()[4] == b'-';
    (has_month && value.bytes().all(is_iso)).then(|| value.parse().ok())?
}

fn truth(value: &str) -> Option<bool> {
    match value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn full(front: &str) -> Result<FrontMatter, String> {
        serde_saphyr::from_str_with_options(front, super::super::options())
            .map_err(|error: serde_saphyr::Error| error.to_string())
    }

    fn key() -> impl Strategy<Value = String> {
        let keys = [
            "id",
            "title",
            "date",
            "slug",
            "authors",
            "place",
            "source",
            "lang",
            "summary",
            "topics",
            "not_topics",
            "aliases",
            "draft",
            "withdrawn",
            "removed",
            "repaired",
            "inferred",
            "mood",
            "raw",
            "y",
            "on",
            "a b",
        ];
        proptest::sample::select(keys.to_vec()).prop_map(str::to_owned)
    }

    fn value() -> impl Strategy<Value = String> {
        let odd = [
            "",
            "~",
            "null",
            "Yes",
            "true",
            "False",
            "1",
            "012",
            "1.10",
            "0x1f",
            "1e5",
            "e5",
            ".inf",
            "Infinity",
            "-",
            "- a",
            "[]",
            "[",
            "[a, b]",
            "[\"a, b\", c]",
            "[a,,b]",
            "[a,]",
            "[ a b , \"\" ]",
            "[no, 2]",
            "{a: b}",
            "a: b",
            "a:b",
            "a #b",
            "a#b",
            "'a'",
            "\"a\"",
            "\"a\\n\"",
            "\"\"",
            "\"a\" b",
            "\"a\"b\"",
            "|",
            ">",
            "&a b",
            "*a",
            "!a",
            "a!",
            "a, b; c",
            "it's",
            "2021-07-13",
            "2021-07",
            "2021",
            "2021-07-13T11:47",
            "2021-07-13T11:47:00Z",
            "2021-02-31",
            "\"2021-07-13\"",
            "a\u{a0}b",
            "\"é\u{85}\"",
            "\"a\u{2028}b\"",
            "Zoë",
            "“a”",
            "\"“a” b\"",
            "a’s – b",
            "\"Zoë\"",
            "a\tb",
            "\"\u{feff}a\"",
            "@a",
            "a\r",
            "%a",
            "`a`",
            "a - b",
            "a -- b",
            "---",
            "...",
            "a...",
            "a ?",
            "? a",
            "=",
            "<<",
            "\"\u{7f}\"",
        ];
        prop_oneof![
            3 => "[A-Za-z][A-Za-z0-9 ',.!?;()/_-]{0,12}",
            2 => "\"[A-Za-z0-9 :#,.é“\\[\\]{}'\\\\n\"]{0,12}\"",
            4 => proptest::sample::select(odd.to_vec()).prop_map(str::to_owned),
            1 => "\\PC{0,6}",
        ]
    }

    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            6 => (key(), value()).prop_map(|(key, value)| format!("{key}: {value}\n")),
            1 => (key(), value()).prop_map(|(key, value)| format!("{key}:{value}\n")),
            3 => (key(), value(), value()).prop_map(|(key, a, b)| format!("{key}:\n  - {a}\n  - {b}\n")),
            1 => (key(), value()).prop_map(|(key, a)| format!("{key}:\n- {a}\n")),
            2 => (value(), value()).prop_map(|(a, b)| format!("raw:\n  path: {a}\n  record: {b}\n")),
            1 => (value(), value()).prop_map(|(a, b)| format!("raw:\n  path: a\n  words: {a}\n  sketch: {b}\n")),
            1 => ("[0-9 ]{0,9}", "\"?[0-9a-f]{24}\"?").prop_map(|(a, b)| format!("raw:\n  path: a\n  words: {a}\n  sketch: {b}\n")),
            1 => value().prop_map(|value| format!("{value}\n")),
            1 => value().prop_map(|value| format!("  {value}\n")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn what_is_read_the_short_way_is_what_the_full_parser_reads(lines in proptest::collection::vec(line(), 0..4)) {
            let front = lines.concat();
            if let Some(read) = read(&front) {
                prop_assert_eq!(Ok(read), full(&front), "{}", front);
            }
        }
    }

    #[test]
    fn the_usual_is_read_the_short_way() {
        let front = "id: \"7\"\ntitle: \"One: two\"\ndate: 2021-07-13T11:47\nslug: one-two\nauthors:\n  - Ada Bell\n  - \"B. C.\"\nplace: Port Lark\n\
            topics: [Ferries, \"The sea, at night\"]\nraw:\n  path: a/b.txt\n  record: \"603416\"\n  blake3: \"00ff\"\n  layout: label block\n  words: 1 2 3 4\n  sketch: \"00000000000000070000000100000002\"\n  written: \"ab\"\nremoved:\n  - \"X\"\n";
        assert_eq!(read(front).map(Ok), Some(full(front)));
    }
}
