//! One more alias in the front matter of a file, and every other byte of it as it was.
//! What comes out is read again: where it does not say exactly what it said before and the alias, nothing comes out.

use std::ops::Range;

use crate::front_matter::{self, Format};
use crate::model::FrontMatter;

/// The text with the alias in its front matter; None where the program does not see how.
pub fn add(text: &str, alias: &str) -> Option<String> {
    let parts = front_matter::split(text)?;
    let before = front_matter::read_front("", text, &parts).ok()?;
    let value = format!("\"{}\"", alias.replace('\\', "\\\\").replace('"', "\\\""));
    let end = match parts.front.contains("\r\n") || text[..parts.front_at].ends_with("\r\n") {
        true => "\r\n",
        false => "\n",
    };
    let (place, new) = match parts.format {
        Format::Yaml => in_yaml(parts.front, &value, end)?,
        Format::Toml => in_toml(parts.front, &value, end)?,
    };
    let at = |byte: usize| parts.front_at + byte;
    let changed = [&text[..at(place.start)], &*new, &text[at(place.end)..]].concat();
    let mut expected = before.clone();
    expected.aliases.push(alias.to_owned());
    let is_as_expected = |text: &str, expected: &FrontMatter| {
        let now = front_matter::split(text);
        let front = now.and_then(|now| front_matter::read_front("", text, &now).ok());
        front.as_ref() == Some(expected) && now.is_some_and(|now| now.body == parts.body)
    };
    if !is_as_expected(&changed, &expected) {
        return None;
    }
    Some(sealed_again(text, changed, &before))
}

/// An article that nobody edited is still as the program wrote it: were its seal broken, import would no longer dare to
/// bring in what its record says next.
fn sealed_again(before: &str, changed: String, front: &FrontMatter) -> String {
    match &front.raw {
        Some(raw) if front_matter::is_sealed(before, &raw.written) => {
            let bare = front_matter::without_written(&changed);
            let seal = blake3::hash(bare.as_bytes()).to_hex();
            changed.replacen(&raw.written, &seal, 1)
        }
        _ => changed,
    }
}

/// Where in front matter in YAML what has to be written instead.
fn in_yaml(front: &str, value: &str, end: &str) -> Option<(Range<usize>, String)> {
    let Some((line, content)) = line_of(front, |line| line.strip_prefix("aliases:")) else {
        let raw = line_of(front, |line| line.strip_prefix("raw:"));
        let at = raw.map_or(front.len(), |(line, _)| line.start);
        return Some((at..at, format!("aliases:{end}  - {value}{end}")));
    };
    let written = front[content.clone()].trim();
    if written.starts_with('[') {
        return in_brackets(front, content.start, value);
    }
    if !(written.is_empty() || written.starts_with('#')) {
        let list = format!("aliases:{end}  - {written}{end}  - {value}{end}");
        return Some((line, list));
    }
    // Below the last item, indented as that one is.
    let mut last = (line.end, "  ");
    let mut at = line.end;
    for below in front[line.end..].split_inclusive('\n') {
        let indent = &below[..below.len() - below.trim_start_matches(' ').len()];
        let is_item = below[indent.len()..].starts_with('-');
        if !is_item && indent.is_empty() && !below.trim().is_empty() && !below.starts_with('#') {
            break;
        }
        at += below.len();
        if is_item {
            last = (at, indent);
        }
    }
    let (at, indent) = last;
    Some((at..at, format!("{indent}- {value}{end}")))
}

/// Where in front matter in TOML what has to be written instead.
fn in_toml(front: &str, value: &str, end: &str) -> Option<(Range<usize>, String)> {
    let table = line_of(front, |line| line.starts_with('[').then_some(line));
    let tables_at = table.map_or(front.len(), |(line, _)| line.start);
    let assigned = |line: &'_ str| {
        let rest = line.strip_prefix("aliases")?.trim_start();
        Some(line.len() - rest.strip_prefix('=')?.len())
    };
    let found = line_of(&front[..tables_at], |line| Some(&line[assigned(line)?..]));
    let Some((line, content)) = found else {
        return Some((tables_at..tables_at, format!("aliases = [{value}]{end}")));
    };
    let written = front[content.clone()].trim();
    match written.starts_with('[') {
        true => in_brackets(front, content.start, value),
        false => Some((line, format!("aliases = [{written}, {value}]{end}"))),
    }
}

/// The first line of which `rest` gives a part: where the line lies, and where that part does.
fn line_of<'t>(
    text: &'t str,
    rest: impl Fn(&'t str) -> Option<&'t str>,
) -> Option<(Range<usize>, Range<usize>)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(rest) = rest(line) {
            return Some((at..end, end - rest.len()..end));
        }
        at = end;
    }
    None
}

/// Before the bracket that closes the first one after `from`, behind what stands there.
fn in_brackets(text: &str, from: usize, value: &str) -> Option<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let mut at = from + text[from..].find('[')?;
    let mut depth = 0_usize;
    // Behind the last byte that is neither space nor comment, and that byte.
    let mut last = (at, b'[');
    loop {
        let byte = *bytes.get(at)?;
        match byte {
            b'"' | b'\'' => {
                at += 1;
                while *bytes.get(at)? != byte {
                    at += 1 + usize::from(byte == b'"' && bytes[at] == b'\\');
                }
            }
            b'#' if bytes[at - 1].is_ascii_whitespace() => {
                at += text[at..].find('\n')?;
                continue;
            }
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
        if !bytes[at].is_ascii_whitespace() {
            last = (at + 1, bytes[at]);
        }
        at += 1;
    }
    let new = match last.1 {
        b'[' => value.to_owned(),
        b',' => format!(" {value}"),
        _ => format!(", {value}"),
    };
    Some((last.0..last.0, new))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Article, RawReference};

    #[test]
    fn each_way_to_write_a_list_keeps_its_own() {
        for (before, after) in [
            ("title: A\n", "title: A\naliases:\n  - \"/old.html\"\n"),
            ("", "aliases:\n  - \"/old.html\"\n"),
            (
                "title: A\nraw:\n  path: a.txt\n",
                "title: A\naliases:\n  - \"/old.html\"\nraw:\n  path: a.txt\n",
            ),
            (
                "aliases:\n  - /a.html # why\n  - \"/b.html\"\n\n# next\ntitle: A\n",
                "aliases:\n  - /a.html # why\n  - \"/b.html\"\n  - \"/old.html\"\n\n# next\ntitle: A\n",
            ),
            (
                "aliases:\n- /a.html\ntitle: A\n",
                "aliases:\n- /a.html\n- \"/old.html\"\ntitle: A\n",
            ),
            (
                "aliases: # none\ntitle: A\n",
                "aliases: # none\n  - \"/old.html\"\ntitle: A\n",
            ),
            ("aliases: []\n", "aliases: [\"/old.html\"]\n"),
            (
                "aliases: [/a.html, '/b.html'] # x\n",
                "aliases: [/a.html, '/b.html', \"/old.html\"] # x\n",
            ),
            (
                "aliases: [\n  /a.html, # ]\n  \"/b]\\\".html\",\n]\ntitle: A\n",
                "aliases: [\n  /a.html, # ]\n  \"/b]\\\".html\", \"/old.html\"\n]\ntitle: A\n",
            ),
            (
                "aliases: /a.html\ntitle: A\n",
                "aliases:\n  - /a.html\n  - \"/old.html\"\ntitle: A\n",
            ),
        ] {
            let text = format!("---\n{before}---\n\nBody\n---\n");
            assert_eq!(
                add(&text, "/old.html"),
                Some(format!("---\n{after}---\n\nBody\n---\n")),
                "{before}"
            );
        }
    }

    #[test]
    fn toml_keeps_its_tables_apart() {
        for (before, after) in [
            (
                "title = \"A\"\n",
                "title = \"A\"\naliases = [\"/old.html\"]\n",
            ),
            (
                "title = \"A\"\n[raw]\npath = \"a\"\n",
                "title = \"A\"\naliases = [\"/old.html\"]\n[raw]\npath = \"a\"\n",
            ),
            (
                "aliases = [\n  \"/a.html\",\n  '/b].html', # ]\n]\n",
                "aliases = [\n  \"/a.html\",\n  '/b].html', \"/old.html\" # ]\n]\n",
            ),
            (
                "aliases=\"/a.html\"\n",
                "aliases = [\"/a.html\", \"/old.html\"]\n",
            ),
        ] {
            let text = format!("+++\n{before}+++\nBody");
            assert_eq!(
                add(&text, "/old.html"),
                Some(format!("+++\n{after}+++\nBody")),
                "{before}"
            );
        }
    }

    #[test]
    fn what_cannot_be_understood_stays() {
        for text in [
            "no front matter",
            "---\ntitle: [\n---\n",
            "---\n{title: A}\n---\n",
            "---\naliases: null\ntitle: A\n---\n",
            "---\naliases: |\n  /a.html\n---\n",
            "---\naliases: &x\n  - /a.html\n---\n",
            "+++\ntext = '''\naliases = []\n'''\n+++\n",
            "+++\ntext = '''\n[x]\n'''\n+++\n",
        ] {
            let added = add(text, "/old.html");
            assert!(
                added
                    .as_ref()
                    .is_none_or(|added| reads_as_before(text, added)),
                "{text}: {added:?}"
            );
        }
    }

    fn reads_as_before(text: &str, added: &str) -> bool {
        let (before, now) = (front_matter::read("", text), front_matter::read("", added));
        let (Ok(mut before), Ok(now)) = (before, now) else {
            return false;
        };
        before.front.aliases.push("/old.html".to_owned());
        before == now
    }

    #[test]
    fn windows_keeps_its_line_ends() {
        let added = add("\u{feff}---\r\ntitle: A\r\n---\r\nBody\r\n", "/old.html").unwrap();
        assert_eq!(
            added,
            "\u{feff}---\r\ntitle: A\r\naliases:\r\n  - \"/old.html\"\r\n---\r\nBody\r\n"
        );
    }

    #[test]
    fn a_seal_stays_a_seal_and_a_broken_one_broken() {
        let mut article = Article {
            body: "Text.\n".to_owned(),
            ..Article::default()
        };
        article.front.title = "A".to_owned();
        article.front.raw = Some(RawReference {
            path: "a.txt".to_owned(),
            ..RawReference::default()
        });
        let text = front_matter::write_sealed(article);
        for (text, is_whole) in [
            (text.clone(), true),
            (text.replace("Text.", "Text!"), false),
        ] {
            let added = add(&text, "/old.html").unwrap();
            let raw = front_matter::read("", &added).unwrap().front.raw.unwrap();
            assert_eq!(front_matter::is_sealed(&added, &raw.written), is_whole);
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_out_says_what_went_in(front in "(title: A\n)?aliases:( ?[\\[\\]\"'#,a-c/ -]{0,12}\n){1,3}(tags: x\n)?", toml in any::<bool>()) {
            let mark = if toml { "+++" } else { "---" };
            let text = format!("{mark}\n{front}{mark}\nBody\n");
            if let Some(added) = add(&text, "/old.html") {
                prop_assert!(reads_as_before(&text, &added), "{}\n{}", text, added);
            }
        }
    }
}
