//! Replaces the destinations of links and images in Markdown, and nothing else. Knows no file and no site.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::text::markdown::OPTIONS;

/// What a link or image names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination<'t> {
    pub target: &'t str,
    pub is_image: bool,
    /// Whether it is written `[[name]]`, as notes are.
    pub is_note: bool,
}

/// What becomes of a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rewritten {
    Same,
    To(String),
    /// Only the text of the link, or the description of the picture, stays.
    Text,
}

/// A link or image of which the end was not seen yet.
struct Open {
    link_type: LinkType,
    target: String,
    is_image: bool,
    range: Range<usize>,
    /// Where its text begins and ends.
    text: Option<Range<usize>>,
}

/// Rewrites all destinations of a Markdown text, outside code. `with_notes` if `[[name]]` is a link.
pub(crate) fn rewrite(
    body: &str,
    with_notes: bool,
    decide: &mut dyn FnMut(Destination<'_>) -> Rewritten,
) -> Option<String> {
    let options = match with_notes {
        true => OPTIONS.union(Options::ENABLE_WIKILINKS),
        false => OPTIONS,
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let parser = Parser::new_ext(body, options);
    let definitions: Vec<(String, Range<usize>)> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| (definition.dest.to_string(), definition.span.clone()))
        .collect();
    let mut open: Vec<Open> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        let is_end = matches!(event, Event::End(TagEnd::Link | TagEnd::Image));
        if !is_end {
            for around in &mut open {
                let text = around.text.get_or_insert_with(|| range.clone());
                *text = text.start.min(range.start)..text.end.max(range.end);
            }
        }
        match event {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => open.push(Open {
                link_type,
                target: dest_url.into_string(),
                is_image: false,
                range,
                text: None,
            }),
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                ..
            }) => open.push(Open {
                link_type,
                target: dest_url.into_string(),
                is_image: true,
                range,
                text: None,
            }),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(link) = open.pop() {
                    edits.extend(edit(body, &link, decide));
                }
            }
            _ => {}
        }
    }
    for (target, span) in definitions {
        let destination = Destination {
            target: &target,
            is_image: false,
            is_note: false,
        };
        if let Rewritten::To(to) = decide(destination)
            && let Some(at) = after(body, &span, "]:")
        {
            edits.push((written(body, at..span.end), shown(&to)));
        }
    }
    apply(body, edits)
}

/// The changes to one link.
fn edit(
    body: &str,
    link: &Open,
    decide: &mut dyn FnMut(Destination<'_>) -> Rewritten,
) -> Vec<(Range<usize>, String)> {
    let is_note = matches!(link.link_type, LinkType::WikiLink { .. });
    if !is_note && link.link_type != LinkType::Inline {
        return Vec::new();
    }
    let destination = Destination {
        target: &link.target,
        is_image: link.is_image,
        is_note,
    };
    let text = link
        .text
        .clone()
        .unwrap_or(link.range.start..link.range.start);
    match decide(destination) {
        Rewritten::Same => Vec::new(),
        Rewritten::Text => vec![
            (link.range.start..text.start, String::new()),
            (text.end..link.range.end, String::new()),
        ],
        Rewritten::To(to) if is_note => {
            let sign = if link.is_image { "!" } else { "" };
            // The size of a picture is no text: `![[a.png|300]]`.
            let shown_text = match link.link_type {
                LinkType::WikiLink { has_pothole: true } if !is_size(&body[text.clone()]) => {
                    &body[text]
                }
                _ => link.target.rsplit('/').next().unwrap_or_default(),
            };
            vec![(
                link.range.clone(),
                format!("{sign}[{shown_text}]({})", shown(&to)),
            )]
        }
        Rewritten::To(to) => {
            let tail = text.end..link.range.end;
            let at = after(body, &tail, "](");
            let change = |at| (written(body, at..link.range.end), shown(&to));
            at.map(change).into_iter().collect()
        }
    }
}

fn is_size(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == 'x')
}

/// The byte after a sign in a part of the text.
fn after(body: &str, part: &Range<usize>, sign: &str) -> Option<usize> {
    let at = body.get(part.clone())?.find(sign)?;
    Some(part.start + at + sign.len())
}

/// Where a destination is written, at or after the beginning of a part of the text.
fn written(body: &str, part: Range<usize>) -> Range<usize> {
    let text = &body[part.clone()];
    let from = text.len() - text.trim_start().len();
    let rest = &text[from..];
    let length = match rest.strip_prefix('<') {
        Some(inner) => inner.find('>').map_or(rest.len(), |at| at + 2),
        None => {
            let mut depth = 0_usize;
            let mut is_escaped = false;
            let end = rest.find(|c: char| {
                if std::mem::take(&mut is_escaped) {
                    return false;
                }
                match c {
                    '\\' => is_escaped = true,
                    '(' => depth += 1,
                    ')' if depth == 0 => return true,
                    ')' => depth -= 1,
                    c => return c.is_whitespace(),
                }
                false
            });
            end.unwrap_or(rest.len())
        }
    };
    part.start + from..part.start + from + length
}

/// A destination as Markdown writes it.
fn shown(to: &str) -> String {
    let mut out = String::with_capacity(to.len());
    for c in to.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '(' | ')' | '<' | '>' | '\\' | '|' | '`' => out += &format!("%{:02X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

/// The text with all changes; `None` if nothing changes. A change within another one is left out.
fn apply(body: &str, mut edits: Vec<(Range<usize>, String)>) -> Option<String> {
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::with_capacity(body.len());
    let mut at = 0;
    for (range, text) in edits {
        if range.start >= at {
            out.push_str(&body[at..range.start]);
            out.push_str(&text);
            at = range.end;
        }
    }
    out.push_str(&body[at..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::import::markdown::plain;

    fn to_new(body: &str, with_notes: bool) -> String {
        let made = rewrite(
            body,
            with_notes,
            &mut |destination| match destination.target {
                "gone" => Rewritten::Text,
                "same" => Rewritten::Same,
                target => Rewritten::To(format!("new/{target}")),
            },
        );
        made.unwrap_or_else(|| body.to_owned())
    }

    #[test]
    fn only_destinations_change() {
        for (body, expected) in [
            (
                "a ![A *b*](img/a.png \"T\") c",
                "a ![A *b*](new/img/a.png \"T\") c",
            ),
            ("[b](<x y.md>)", "[b](new/x%20y.md)"),
            ("[b](x_(1).md)", "[b](new/x_%281%29.md)"),
            ("[![A](a.png)](b.md)", "[![A](new/a.png)](new/b.md)"),
            ("[a](gone) ![B c](gone)", "a B c"),
            ("[![A](a.png)](gone)", "![A](new/a.png)"),
            ("[a](same) `[b](c)`", "[a](same) `[b](c)`"),
            ("[a][1]\n\n[1]: x.md \"t\"", "[a][1]\n\n[1]: new/x.md \"t\""),
            ("[a]( \n x.md )", "[a]( \n new/x.md )"),
            ("no link", "no link"),
            ("[[N]]", "[[N]]"),
        ] {
            assert_eq!(to_new(body, false), expected, "{body}");
        }
        for (body, expected) in [
            ("[[Note]] x", "[Note](new/Note) x"),
            ("[[dir/Note|the *n*]]", "[the *n*](new/dir/Note)"),
            (
                "![[a.png|300]] ![[b.png]]",
                "![a.png](new/a.png) ![b.png](new/b.png)",
            ),
        ] {
            assert_eq!(to_new(body, true), expected, "{body}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn no_word_changes(body in "([a-c]{1,3}|[ \n]|\\[|\\]|\\(|\\)|!|`|<|>|\\*|\\]: |\\]\\(|\\\\){0,40}") {
            let made = rewrite(&body, false, &mut |_| Rewritten::To("n/x y".to_owned()));
            if let Some(made) = made {
                let blanks = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(blanks(plain(&made)), blanks(plain(&body)), "{}", made);
            }
        }
    }
}
