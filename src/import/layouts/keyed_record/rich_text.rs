//! A text that a record has in parts: formatted runs (`[{"type": "bold", "text": "a"}, " b"]`), or the blocks of an editor
//! (Slate, Editor.js, ProseMirror, Portable Text, Quill). Never knows keys of articles.

use serde_json::{Map, Value};

/// Keys that a part has, and an article has not.
const MARKS: &[&str] = &[
    "type",
    "_type",
    "nodetype",
    "kind",
    "tag",
    "insert",
    "blockname",
    "children",
    "blocks",
    "ops",
    "root",
    "style",
    "marks",
];

/// Keys that an article has, and a part has not.
const OF_ARTICLES: &[&str] = &[
    "title",
    "headline",
    "date",
    "published",
    "published_at",
    "author",
    "authors",
    "byline",
    "slug",
    "url_title",
    "guid",
];

/// Kinds of parts whose text stands within a line.
const INLINE: &[&str] = &[
    "text",
    "text_link",
    "link",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "code",
    "pre",
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "email",
    "phone",
    "url",
    "plain",
    "spoiler",
    "span",
    "a",
    "b",
    "i",
    "em",
    "strong",
    "custom_emoji",
    "blockquote_text",
    "hyperlink",
    "mark",
    "linebreak",
    "hardbreak",
    "hard_break",
    "br",
];

/// Keys under which a part has its text, or the parts within it.
const TEXTS: &[&str] = &[
    "text",
    "insert",
    "value",
    "html",
    "rendered",
    "content",
    "children",
    "blocks",
    "ops",
    "root",
    "data",
    "items",
    "caption",
    "innerHTML",
    "body",
    "rows",
    "cells",
    "document",
];

/// Keys of parts that say how a text looks, not what it says.
const LOOKS: &[&str] = &[
    "type",
    "_type",
    "_key",
    "nodeType",
    "kind",
    "tag",
    "id",
    "style",
    "level",
    "marks",
    "markDefs",
    "listItem",
    "listType",
    "version",
    "format",
    "mode",
    "direction",
    "indent",
    "detail",
    "attributes",
    "blockName",
    "alignment",
    "name",
];

/// Parts nested deeper are left out.
const DEEPEST: usize = 24;

/// The text of a value in parts, with a blank line between blocks; `None` if it is not one.
pub(crate) fn text(value: &Value) -> Option<String> {
    let is_parts = match value {
        Value::Array(parts) => {
            !parts.is_empty() && parts.iter().all(is_part) && parts.iter().any(is_marked_or_text)
        }
        Value::Object(members) => has_any(members, MARKS) && !has_any(members, OF_ARTICLES),
        _ => false,
    };
    if !is_parts {
        return None;
    }
    let mut out = String::new();
    push(&mut out, value, 0);
    let text = out.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a value in parts says more than [`text`] gives: addresses of links, descriptions of pictures.
pub(crate) fn says_more(value: &Value) -> bool {
    match value {
        Value::Array(parts) => parts.iter().any(says_more),
        Value::Object(members) => members.iter().any(|(key, value)| {
            let key = key.as_str();
            match value {
                Value::String(text) => {
                    !TEXTS.contains(&key) && !LOOKS.contains(&key) && !text.trim().is_empty()
                }
                value => !LOOKS.contains(&key) && says_more(value),
            }
        }),
        _ => false,
    }
}

fn has_any(members: &Map<String, Value>, names: &[&str]) -> bool {
    members
        .keys()
        .any(|key| names.contains(&key.to_lowercase().as_str()))
}

/// Whether a value may be a part of a text: a text, or an object that has the marks of one, and no key of an article.
fn is_part(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Object(members) => has_any(members, MARKS) && !has_any(members, OF_ARTICLES),
        _ => false,
    }
}

fn is_marked_or_text(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        value => value.is_object(),
    }
}

fn kind(members: &Map<String, Value>) -> String {
    let named = ["type", "_type", "nodeType", "kind", "tag"];
    let kind = named.iter().find_map(|key| members.get(*key)?.as_str());
    kind.unwrap_or_default().to_lowercase()
}

/// Whether a part is one or more lines of its own.
fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            let kind = kind(members);
            let is_inline = INLINE.contains(&kind.as_str()) || members.contains_key("insert");
            !kind.is_empty() && !is_inline || members.contains_key("blocks")
        }
        _ => false,
    }
}

fn push(out: &mut String, value: &Value, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(parts) => {
            // A list of texts alone is a list of paragraphs.
            let are_paragraphs = parts.iter().all(Value::is_string);
            for part in parts {
                let is_block = are_paragraphs || is_block(part);
                separate(out, is_block);
                push(out, part, depth + 1);
                separate(out, is_block);
            }
        }
        Value::Object(members) => {
            let kind = kind(members);
            if matches!(
                kind.as_str(),
                "linebreak" | "hardbreak" | "hard_break" | "br"
            ) {
                out.push('\n');
            }
            for (key, value) in members {
                if TEXTS.contains(&key.as_str()) && !value.is_number() {
                    push(out, value, depth + 1);
                    // The caption of a picture is not a part of its line.
                    if key == "caption" {
                        separate(out, true);
                    }
                }
            }
        }
        _ => {}
    }
}

fn separate(out: &mut String, is_block: bool) {
    if is_block && !out.is_empty() && !out.ends_with("\n\n") {
        out.truncate(out.trim_end_matches([' ', '\n']).len());
        out.push_str("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn runs_are_joined_and_blocks_are_paragraphs() {
        for (value, expected) in [
            (
                json!([{"type": "bold", "text": "Ferry"}, " The night ferry will sail."]),
                Some("Ferry The night ferry will sail."),
            ),
            (
                json!([{"type": "p", "text": "One."}, {"type": "h2", "text": "Two"}]),
                Some("One.\n\nTwo"),
            ),
            (
                json!({"blocks": [{"type": "paragraph", "data": {"text": "A"}}, {"type": "list", "data": {"items": ["B", "C"]}}]}),
                Some("A\n\nB\n\nC"),
            ),
            (
                json!({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "A "}, {"type": "text", "text": "b"}]}]}),
                Some("A b"),
            ),
            (
                json!([{"_type": "block", "children": [{"_type": "span", "text": "A"}, {"_type": "span", "text": " b"}]}]),
                Some("A b"),
            ),
            (
                json!({"ops": [{"insert": "A\n"}, {"insert": "b\n"}]}),
                Some("A\nb"),
            ),
            (json!(["A.", "B."]), Some("A.\n\nB.")),
            (json!([{"title": "A", "body": "b"}]), None),
            (json!([{"type": "post", "title": "A", "text": "b"}]), None),
            (json!([3, 4]), None),
            (json!({"src": "a.png"}), None),
        ] {
            assert_eq!(text(&value).as_deref(), expected, "{value}");
        }
    }
}
