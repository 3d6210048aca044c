//! Adds an alias to the front matter of a file without changing anything else.
//! The result is read again: if it differs in more than the alias, there is no result.

use toml_edit::{Array, DocumentMut, Item, Value};

use crate::front_matter::{self, Format};
use crate::model::FrontMatter;

/// The text with the alias added to its front matter. Returns `None` if that is written in a way that this does not
/// understand; in YAML, only lists with an item on each line and lists in brackets on one line are understood.
pub(crate) fn add(text: &str, alias: &str) -> Option<String> {
    let parts = front_matter::split(text)?;
    let before = front_matter::read_front("", text, &parts).ok()?;
    let front = match parts.format {
        Format::Yaml => add_to_yaml(parts.front, alias, line_end(text))?,
        Format::Toml => add_to_toml(parts.front, alias, line_end(text))?,
    };
    let end = parts.front_at + parts.front.len();
    let changed = [&text[..parts.front_at], &*front, &text[end..]].concat();
    let mut expected = before.clone();
    expected.aliases.push(alias.to_owned());
    let now = front_matter::split(&changed)?;
    let is_as_expected = now.body == parts.body
        && front_matter::read_front("", &changed, &now).is_ok_and(|front| front == expected);
    is_as_expected.then(|| with_new_seal(text, changed, &before))
}

/// The line end of the front matter's first line.
fn line_end(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

/// Renews the seal of an article that nobody edited: with a broken seal, import would not update it from its record.
fn with_new_seal(before: &str, changed: String, front: &FrontMatter) -> String {
    match &front.raw {
        Some(raw) if front_matter::is_sealed(before, &raw.written) => {
            let bare = front_matter::without_written(&changed);
            let seal = blake3::hash(bare.as_bytes()).to_hex();
            changed.replacen(&raw.written, &seal, 1)
        }
        _ => changed,
    }
}

fn add_to_toml(front: &str, alias: &str, line_end: &str) -> Option<String> {
    let mut document: DocumentMut = front.parse().ok()?;
    let aliases = document
        .entry("aliases")
        .or_insert(Item::Value(Array::new().into()));
    match aliases.as_value_mut()? {
        Value::Array(list) => list.push(alias),
        one @ Value::String(_) => {
            let list = [one.as_str()?.to_owned(), alias.to_owned()];
            *aliases = Item::Value(Array::from_iter(list).into());
        }
        _ => return None,
    }
    // The crate writes `\n`.
    let changed = document.to_string().replace("\r\n", "\n");
    Some(changed.replace('\n', line_end))
}

fn add_to_yaml(front: &str, alias: &str, line_end: &str) -> Option<String> {
    let alias = format!("\"{}\"", alias.replace('\\', "\\\\").replace('"', "\\\""));
    let item = |indent: &str| format!("{indent}- {alias}{line_end}");
    let insert = |at: usize, new: &str| Some([&front[..at], new, &front[at..]].concat());
    let Some((start, line)) = line_with_key(front, "aliases") else {
        let at = line_with_key(front, "raw").map_or(front.len(), |(start, _)| start);
        return insert(at, &format!("aliases:{line_end}{}", item("  ")));
    };
    let end = start + line.len();
    let value = line["aliases:".len()..].trim();
    if let Some(list) = value.strip_prefix('[') {
        let is_empty = list.strip_suffix(']')?.trim().is_empty();
        let separator = if is_empty { "" } else { ", " };
        return insert(start + line.rfind(']')?, &format!("{separator}{alias}"));
    }
    if !(value.is_empty() || value.starts_with('#')) {
        let list = format!("aliases:{line_end}  - {value}{line_end}{}", item("  "));
        return Some([&front[..start], &list, &front[end..]].concat());
    }
    // After the last item, with its indentation.
    let (mut last, mut indent, mut at) = (end, "  ", end);
    for below in front[end..].split_inclusive('\n') {
        let content = below.trim_start_matches(' ');
        let is_key = content.len() == below.len() && !below.trim().is_empty();
        at += below.len();
        if content.starts_with('-') {
            (last, indent) = (at, &below[..below.len() - content.len()]);
        } else if is_key && !below.starts_with('#') {
            break;
        }
    }
    insert(last, &item(indent))
}

/// The line of a top-level key, and where it starts.
fn line_with_key<'t>(front: &'t str, key: &str) -> Option<(usize, &'t str)> {
    let mut start = 0;
    front.split_inclusive('\n').find_map(|line| {
        let at = start;
        start += line.len();
        let rest = line.strip_prefix(key)?;
        rest.starts_with(':').then_some((at, line))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Article, RawReference};

    #[test]
    fn an_alias_is_added_to_plain_yaml() {
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
                "aliases: [/a.html, '/b.html']\n",
                "aliases: [/a.html, '/b.html', \"/old.html\"]\n",
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
    fn an_alias_is_added_to_toml() {
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
                "aliases = [\n  \"/a.html\",\n  '/b].html', \"/old.html\", # ]\n]\n",
            ),
            (
                "aliases=\"/a.html\"\n",
                "aliases= [\"/a.html\", \"/old.html\"]\n",
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
    fn other_front_matter_is_not_changed_wrongly() {
        for text in [
            "no front matter",
            "---\ntitle: [\n---\n",
            "---\naliases: [\n  /a.html,\n]\n---\n",
            "---\naliases: [/a.html] # ]\n---\n",
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
    fn crlf_line_ends_are_kept() {
        let added = add("\u{feff}---\r\ntitle: A\r\n---\r\nBody\r\n", "/old.html").unwrap();
        assert_eq!(
            added,
            "\u{feff}---\r\ntitle: A\r\naliases:\r\n  - \"/old.html\"\r\n---\r\nBody\r\n"
        );
    }

    #[test]
    fn a_seal_stays_valid_or_broken() {
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
        fn a_result_differs_in_nothing_but_the_alias(front in "(title: A\n)?aliases:( ?[\\[\\]\"'#,a-c/ -]{0,12}\n){1,3}(tags: x\n)?", toml in any::<bool>()) {
            let mark = if toml { "+++" } else { "---" };
            let text = format!("{mark}\n{front}{mark}\nBody\n");
            if let Some(added) = add(&text, "/old.html") {
                prop_assert!(reads_as_before(&text, &added), "{}\n{}", text, added);
            }
        }
    }
}
