//! The parts of a message → the body of an article: which parts are its text, and in which order.

use std::ops::Range;

use super::headers::Headers;
use super::parts::{MimePart, PartKind};
use super::plain::{self, Flow, PlainBody};
use super::{mbox, names, transfer};
use crate::import::html;
use crate::import::layouts::decoded_record::{self};
use crate::import::markdown;
use crate::import::reading::{Body, Reading};

/// Messages within messages are shown to this depth.
const MOST_FORWARDED: usize = 3;

/// A plain text of fewer words may only refer to another part.
const FEW_WORDS: usize = 20;

/// A plain text of more bytes is the text.
const FEW_BYTES: usize = 1_000;

/// Builds the body of a message.
pub(crate) struct BodyBuilder<'a> {
    pub message: &'a [u8],
    pub parts: &'a [MimePart],
    /// Whether the bytes are UTF-8 whatever a part declares.
    pub is_text: bool,
    pub is_mbox: bool,
    sections: Vec<BodySection>,
    attachments: Vec<String>,
    removed: Vec<String>,
    /// The bytes whose words are the body.
    used: Vec<Range<usize>>,
}

enum BodySection {
    Plain(PlainBody),
    Html(html::Markdown),
    /// A message that was forwarded begins here.
    Forwarded(Vec<String>),
}

impl<'a> BodyBuilder<'a> {
    pub(crate) fn new(
        message: &'a [u8],
        parts: &'a [MimePart],
        is_text: bool,
        is_mbox: bool,
    ) -> Self {
        Self {
            message,
            parts,
            is_text,
            is_mbox,
            sections: Vec::new(),
            attachments: Vec::new(),
            removed: Vec::new(),
            used: Vec::new(),
        }
    }

    /// Sets the body; returns the bytes of the message that it was made from.
    ///
    /// # Errors
    /// The reason why HTML cannot be read.
    pub(crate) fn set(mut self, reading: &mut Reading) -> Result<Vec<Range<usize>>, String> {
        self.collect(0, 0)?;
        let Self {
            sections,
            mut attachments,
            removed,
            used,
            ..
        } = self;
        match &sections[..] {
            [BodySection::Plain(plain)] if let Some(prose) = plain.prose() => {
                decoded_record::set_plain(reading, &prose);
            }
            _ => {
                let (body, words) = joined(&sections);
                reading.body = Body::Markdown(body);
                reading.account.decoded.get_or_insert_default().body = words;
            }
        }
        for words in removed {
            decoded_record::remove(reading, words);
        }
        attachments.retain(|name| !name.is_empty());
        if !attachments.is_empty() {
            reading.keep("attachments", attachments);
        }
        Ok(used)
    }

    fn collect(&mut self, at: usize, forwarded: usize) -> Result<(), String> {
        let parts = self.parts;
        let part = &parts[at];
        match part.kind {
            PartKind::Leaf => self.leaf(part),
            PartKind::Message if forwarded < MOST_FORWARDED => {
                let Some(&child) = part.children.first() else {
                    return Ok(());
                };
                let lines = shown(&parts[child].headers);
                self.sections.push(BodySection::Forwarded(lines));
                self.collect(child, forwarded + 1)
            }
            PartKind::Message => Ok(()),
            PartKind::Multipart => match part.media.as_str() {
                "multipart/alternative" => match self.chosen(part) {
                    Some(chosen) => self.collect(chosen, forwarded),
                    None => Ok(()),
                },
                // The second part is the signature.
                "multipart/signed" => self.collect_first(part, forwarded),
                "multipart/related" => {
                    self.collect_first(part, forwarded)?;
                    let named = part.children.iter().skip(1).map(|child| &parts[*child]);
                    let names = named.filter_map(|p| p.headers.content.name.clone());
                    self.attachments.extend(names);
                    Ok(())
                }
                _ => part
                    .children
                    .iter()
                    .try_for_each(|child| self.collect(*child, forwarded)),
            },
        }
    }

    fn collect_first(&mut self, part: &MimePart, forwarded: usize) -> Result<(), String> {
        let first = part.children.first();
        first.map_or(Ok(()), |child| self.collect(*child, forwarded))
    }

    fn leaf(&mut self, part: &MimePart) -> Result<(), String> {
        let content = &part.headers.content;
        match part.media.as_str() {
            "text/plain" if !content.is_attachment => {
                let flow = Flow {
                    is_flowed: content.is_flowed,
                    deletes_space: content.deletes_space,
                };
                let mut plain = PlainBody::read(&self.text(part), flow);
                self.removed.append(&mut plain.removed);
                self.attachments.append(&mut plain.attachments);
                self.sections.push(BodySection::Plain(plain));
                self.used.push(part.content.clone());
            }
            "text/html" if !content.is_attachment => {
                let made = html::to_markdown(&self.text(part), None)
                    .map_err(|excess| format!("its HTML cannot be read: {excess}"))?;
                self.sections.push(BodySection::Html(made));
                self.used.push(part.content.clone());
            }
            _ => self.attachments.extend(content.name.clone()),
        }
        Ok(())
    }

    /// The index of the part to show among several forms of one text: the plain one, unless HTML has far more words.
    fn chosen(&self, part: &MimePart) -> Option<usize> {
        let holds = |child: &&usize, media: &str| self.first_leaf(**child, media).is_some();
        let plain = part
            .children
            .iter()
            .find(|child| holds(child, "text/plain"));
        let html = part
            .children
            .iter()
            .rev()
            .find(|child| holds(child, "text/html"));
        match (plain, html) {
            (Some(plain), Some(html)) if plain != html && self.is_trivial(*plain, *html) => {
                Some(*html)
            }
            (Some(plain), _) => Some(*plain),
            (None, html) => html.or(part.children.last()).copied(),
        }
    }

    /// The first part of a media type at or below a part, not within messages.
    fn first_leaf(&self, at: usize, media: &str) -> Option<&'a MimePart> {
        let part = &self.parts[at];
        match part.kind {
            PartKind::Leaf => {
                (part.media == media && !part.headers.content.is_attachment).then_some(part)
            }
            PartKind::Message => None,
            PartKind::Multipart => part
                .children
                .iter()
                .find_map(|child| self.first_leaf(*child, media)),
        }
    }

    fn is_trivial(&self, plain: usize, html: usize) -> bool {
        let words = |text: &str| text.split_whitespace().count();
        let Some(plain) = self.first_leaf(plain, "text/plain") else {
            return false;
        };
        if plain.content.len() > FEW_BYTES {
            return false;
        }
        let few = words(&self.text(plain));
        let Some(html) = self
            .first_leaf(html, "text/html")
            .filter(|_| few < FEW_WORDS)
        else {
            return false;
        };
        html::to_markdown(&self.text(html), None).is_ok_and(|made| words(&made.words) > few * 3)
    }

    /// The text of a part.
    fn text(&self, part: &MimePart) -> String {
        let written = self.message.get(part.content.clone()).unwrap_or_default();
        let bytes = match self.is_mbox {
            true => mbox::unquoted(written),
            false => written.into(),
        };
        let content = &part.headers.content;
        let charset = content.charset.as_deref();
        let text = match content.encoding.as_str() {
            "base64" => transfer::decode(&transfer::base64(&bytes), charset),
            "quoted-printable" => transfer::decode(&transfer::quoted_printable(&bytes), charset),
            _ if self.is_text => String::from_utf8_lossy(&bytes).into_owned(),
            _ => transfer::decode(&bytes, charset),
        };
        transfer::readable(&text)
    }
}

/// The headers that are shown of a message within another: no addresses.
fn shown(headers: &Headers) -> Vec<String> {
    let (names, _) = names::of(headers);
    [
        ("From", names.join(", ")),
        ("Date", headers.date.clone()),
        ("Subject", headers.subject.clone()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}: {value}"))
    .collect()
}

/// All sections as Markdown, and their words. The text has no markup if that would change a word.
fn joined(sections: &[BodySection]) -> (String, String) {
    let (mut body, mut words) = (String::new(), String::new());
    for section in sections {
        let (text, section_words) = match section {
            BodySection::Plain(plain) => (plain.markdown(), plain.words()),
            BodySection::Html(html) => (html.text.clone(), html.words.clone()),
            BodySection::Forwarded(lines) => {
                let rule = match body.is_empty() {
                    true => "",
                    false => "---\n\n",
                };
                (format!("{rule}{}", plain::lines(lines)), lines.join("\n"))
            }
        };
        if text.trim().is_empty() {
            continue;
        }
        if !body.is_empty() {
            body.push('\n');
        }
        body.push_str(&text);
        words.push_str(&section_words);
        words.push('\n');
    }
    if html::non_whitespace(&markdown::plain(&body)).eq(html::non_whitespace(&words)) {
        return (body, words);
    }
    (markdown::paragraphs(words.split("\n\n")), words)
}
