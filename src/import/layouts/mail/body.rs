//! The parts of a message → the body of an article: which parts are its text, and how they follow each other.

use std::ops::Range;

use super::headers::Headers;
use super::parts::{Kind, Part};
use super::plain::{self, Flow, Plain};
use super::{mbox, names, transfer};
use crate::import::html;
use crate::import::layouts::entries;
use crate::import::markdown;
use crate::import::reading::{Body, Reading};

/// Messages in messages are shown so deep.
const MOST_FORWARDED: usize = 3;

/// A plain text of fewer words may only say that there is another part.
const FEW_WORDS: usize = 20;

/// A plain text of more bytes is one, whatever it says.
const FEW_BYTES: usize = 1_000;

/// A message while its body is made.
pub struct Maker<'a> {
    pub message: &'a [u8],
    pub parts: &'a [Part],
    /// Where the bytes are UTF-8 whatever a part declares.
    pub is_text: bool,
    pub is_mbox: bool,
    sections: Vec<Section>,
    attachments: Vec<String>,
    removed: Vec<String>,
    /// The bytes whose words are the body.
    used: Vec<Range<usize>>,
}

enum Section {
    Plain(Plain),
    Html(html::Markdown),
    /// A message that was forwarded begins here.
    Forwarded(Vec<String>),
}

impl<'a> Maker<'a> {
    pub fn new(message: &'a [u8], parts: &'a [Part], is_text: bool, is_mbox: bool) -> Self {
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

    /// Makes the body; gives the bytes of the message that it is made of.
    ///
    /// # Errors
    /// Why HTML is not read, in words for a person.
    pub fn set(mut self, reading: &mut Reading) -> Result<Vec<Range<usize>>, String> {
        self.collect(0, 0)?;
        let Self {
            sections,
            mut attachments,
            removed,
            used,
            ..
        } = self;
        match &sections[..] {
            [Section::Plain(plain)] if let Some(prose) = plain.prose() => {
                entries::set_plain(reading, &prose);
            }
            _ => {
                let (body, words) = joined(&sections);
                reading.body = Body::Markdown(body);
                reading.account.decoded.get_or_insert_default().body = words;
            }
        }
        for words in removed {
            entries::remove(reading, words);
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
            Kind::Leaf => self.leaf(part),
            Kind::Message if forwarded < MOST_FORWARDED => {
                let Some(&child) = part.children.first() else {
                    return Ok(());
                };
                let lines = shown(&parts[child].headers);
                self.sections.push(Section::Forwarded(lines));
                self.collect(child, forwarded + 1)
            }
            Kind::Message => Ok(()),
            Kind::Multipart => match part.media.as_str() {
                "multipart/alternative" => match self.chosen(part) {
                    Some(chosen) => self.collect(chosen, forwarded),
                    None => Ok(()),
                },
                // The second part is the signature's data.
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

    fn collect_first(&mut self, part: &Part, forwarded: usize) -> Result<(), String> {
        let first = part.children.first();
        first.map_or(Ok(()), |child| self.collect(*child, forwarded))
    }

    fn leaf(&mut self, part: &Part) -> Result<(), String> {
        let content = &part.headers.content;
        match part.media.as_str() {
            "text/plain" if !content.is_attachment => {
                let flow = Flow {
                    is_flowed: content.is_flowed,
                    deletes_space: content.deletes_space,
                };
                let mut plain = Plain::read(&self.text(part), flow);
                self.removed.append(&mut plain.removed);
                self.attachments.append(&mut plain.attachments);
                self.sections.push(Section::Plain(plain));
                self.used.push(part.content.clone());
            }
            "text/html" if !content.is_attachment => {
                let made = html::to_markdown(&self.text(part), None)
                    .map_err(|excess| format!("its HTML is not read: {excess}"))?;
                self.sections.push(Section::Html(made));
                self.used.push(part.content.clone());
            }
            _ => self.attachments.extend(content.name.clone()),
        }
        Ok(())
    }

    /// Of several forms of one text: the plain one, unless another says much more.
    fn chosen(&self, part: &Part) -> Option<usize> {
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

    /// The first part of a kind at or below a part, its own messages apart.
    fn first_leaf(&self, at: usize, media: &str) -> Option<&'a Part> {
        let part = &self.parts[at];
        match part.kind {
            Kind::Leaf => {
                (part.media == media && !part.headers.content.is_attachment).then_some(part)
            }
            Kind::Message => None,
            Kind::Multipart => part
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
    fn text(&self, part: &Part) -> String {
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

/// What is shown of a message above its text where it stands in another one: no address.
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

/// All sections as Markdown, and their words. Where markup would change a word, the text has none.
fn joined(sections: &[Section]) -> (String, String) {
    let (mut body, mut words) = (String::new(), String::new());
    for section in sections {
        let (text, said) = match section {
            Section::Plain(plain) => (plain.markdown(), plain.words()),
            Section::Html(html) => (html.text.clone(), html.words.clone()),
            Section::Forwarded(lines) => {
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
        words.push_str(&said);
        words.push('\n');
    }
    if html::non_whitespace(&markdown::plain(&body)).eq(html::non_whitespace(&words)) {
        return (body, words);
    }
    (markdown::paragraphs(words.split("\n\n")), words)
}
