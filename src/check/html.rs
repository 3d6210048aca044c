//! Reads what an HTML page has to do with other files: its links, and the anchors that links may name.

use std::convert::Infallible;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::keys::id_key;

/// The links and anchors of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct HtmlLinks {
    /// As they are written, in the order of the page.
    pub links: Vec<String>,
    /// The `href` of `<base>`, from which links are resolved.
    pub base: Option<String>,
    /// The keys of its anchors, in no particular order.
    pub ids: Vec<u32>,
}

/// Reads a page, whatever its bytes.
pub(crate) fn read(bytes: &[u8]) -> HtmlLinks {
    let mut reader = Reader::default();
    let mut emitter = CallbackEmitter::new(&mut reader);
    // The text of a script has no tags.
    emitter.naively_switch_states(true);
    let _ = Tokenizer::new_with_emitter(bytes, emitter).finish();
    reader.html
}

#[derive(Default)]
struct Reader {
    html: HtmlLinks,
    tag: Tag,
    attribute: Attribute,
    /// Whether the next attributes belong to a start tag.
    is_open: bool,
    /// The links of the tag that is being read.
    pending: Vec<String>,
    /// Whether that tag is a hint to connect to a host, and not a link.
    is_hint: bool,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Tag {
    A,
    Base,
    Object,
    #[default]
    Other,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Attribute {
    Link,
    Links,
    Data,
    Rel,
    Id,
    Name,
    #[default]
    Other,
}

impl Callback<Infallible, ()> for &mut Reader {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.is_open = true;
                self.is_hint = false;
                self.pending.clear();
                self.tag = match name {
                    b"a" => Tag::A,
                    b"base" => Tag::Base,
                    b"object" => Tag::Object,
                    _ => Tag::Other,
                };
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute = match name {
                    b"href" | b"src" | b"poster" => Attribute::Link,
                    b"srcset" | b"imagesrcset" => Attribute::Links,
                    b"data" => Attribute::Data,
                    b"rel" => Attribute::Rel,
                    b"id" => Attribute::Id,
                    b"name" => Attribute::Name,
                    _ => Attribute::Other,
                };
            }
            CallbackEvent::AttributeValue { value } if self.is_open => self.value(value),
            CallbackEvent::CloseStartTag { .. } => self.close(),
            _ => {}
        }
        None
    }
}

impl Reader {
    fn value(&mut self, value: &[u8]) {
        let text = || String::from_utf8_lossy(value).into_owned();
        match (self.attribute, self.tag) {
            (Attribute::Link, _) | (Attribute::Data, Tag::Object) => self.pending.push(text()),
            (Attribute::Links, _) => self.pending.extend(candidates(&text())),
            (Attribute::Id, _) | (Attribute::Name, Tag::A) => self.html.ids.push(id_key(value)),
            (Attribute::Rel, _) => {
                let tokens = value.split(u8::is_ascii_whitespace);
                let is_hint = |token: &[u8]| {
                    token.eq_ignore_ascii_case(b"preconnect")
                        || token.eq_ignore_ascii_case(b"dns-prefetch")
                };
                self.is_hint |= tokens.into_iter().any(is_hint);
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        self.is_open = false;
        match self.tag {
            Tag::Base if self.html.base.is_none() => self.html.base = self.pending.pop(),
            Tag::Base => {}
            _ if self.is_hint => {}
            _ => self.html.links.append(&mut self.pending),
        }
    }
}

/// The addresses in a `srcset` (HTML, 4.8.4.2.1): each ends at white space, without commas at its end.
fn candidates(srcset: &str) -> Vec<String> {
    let is_separator = |c: char| c.is_ascii_whitespace() || c == ',';
    let mut found = Vec::new();
    let mut rest = srcset.trim_start_matches(is_separator);
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        found.push(bare.to_owned());
        // A width or density follows, up to the next comma.
        let after = match bare.len() == address.len() {
            true => after.find(',').map_or("", |comma| &after[comma..]),
            false => after,
        };
        rest = after.trim_start_matches(is_separator);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_and_anchors_are_read() {
        let page = "<!doctype html><link rel=stylesheet href=a.css><link rel='dns-prefetch' href='//x.org'>\
            <p id=one><a name=two href='b.html?x&amp;y#z'>b</a><img src=c.png srcset='d.png 1x, e.png 2x' alt='<a href=no>'>\
            <!-- <a href=no> --><script>\"<a href='no'>\"</script><video poster=f.png></video></a id=no>\
            <object data=g.pdf></object><i data=no name=no>";
        let html = read(page.as_bytes());
        assert_eq!(
            html.links,
            [
                "a.css",
                "b.html?x&y#z",
                "c.png",
                "d.png",
                "e.png",
                "f.png",
                "g.pdf"
            ]
        );
        assert_eq!(html.ids, [id_key(b"one"), id_key(b"two")]);
        assert_eq!(html.base, None);
    }

    #[test]
    fn the_first_base_counts() {
        let html = read(b"<base href='/x/'><base href=y><a href=z>\xff<a href='\xff'");
        assert_eq!(html.base.as_deref(), Some("/x/"));
        assert_eq!(html.links, ["z"]);
    }

    #[test]
    fn a_srcset_is_split_into_addresses() {
        assert_eq!(
            candidates(" a.png, b.png 2x ,c,d.png 100w,"),
            ["a.png", "b.png", "c,d.png"]
        );
        assert_eq!(
            candidates("data:image/png,xx 1x, b.png"),
            ["data:image/png,xx", "b.png"]
        );
        assert!(candidates(" ,, ").is_empty());
    }
}
