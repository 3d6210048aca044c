//! Bounds of HTML within which a parser is safe, checked by a tokenizer. Never builds a tree.

use std::fmt;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// The maximum depth of nested elements. Browsers stop at 512; real pages stay below 100.
const MOST_NESTED: usize = 256;

/// The maximum number of attributes of a tag: parsers compare each with all before it.
const MOST_ATTRIBUTES: usize = 512;

/// Why HTML is not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Nested,
    Attributes,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nested => write!(f, "its elements are nested deeper than {MOST_NESTED}"),
            Self::Attributes => write!(f, "a tag has more than {MOST_ATTRIBUTES} attributes"),
        }
    }
}

/// Elements without content.
const VOID: &[&[u8]] = &[
    b"area",
    b"base",
    b"basefont",
    b"bgsound",
    b"br",
    b"col",
    b"embed",
    b"frame",
    b"hr",
    b"img",
    b"input",
    b"keygen",
    b"link",
    b"meta",
    b"param",
    b"source",
    b"track",
    b"wbr",
];

/// Elements that a parser reopens after the element around them has ended.
const FORMATTING: &[&[u8]] = &[
    b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike",
    b"strong", b"tt", b"u",
];

/// An element that ends an open one of its kind also ends these in between.
const ENDED_TOO: &[&[u8]] = &[
    b"p", b"div", b"address", b"span", b"li", b"dt", b"dd", b"option",
];

/// Checks that a parser needs time and memory proportional to the length.
///
/// # Errors
/// The first bound that is exceeded.
pub fn check(html: &str) -> Result<(), Excess> {
    let mut depth = Depth::default();
    let mut emitter = CallbackEmitter::new(&mut depth);
    // The content of a script contains no tags.
    emitter.naively_switch_states(true);
    match Tokenizer::new_with_emitter(html, emitter).next() {
        Some(Ok(excess)) => Err(excess),
        _ => Ok(()),
    }
}

#[derive(Default)]
struct Depth {
    /// Open elements, outermost first.
    open: Vec<Vec<u8>>,
    /// The number of open formatting elements, in the order of [`FORMATTING`].
    formatting: [usize; FORMATTING.len()],
    attributes: usize,
    /// Whether the current tag opened an element.
    is_pushed: bool,
}

impl Callback<Excess, ()> for &mut Depth {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<Excess> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.attributes = 0;
                self.start(name)
            }
            CallbackEvent::AttributeName { .. } => {
                self.attributes += 1;
                (self.attributes > MOST_ATTRIBUTES).then_some(Excess::Attributes)
            }
            CallbackEvent::CloseStartTag { self_closing: true } => {
                self.close_itself();
                None
            }
            CallbackEvent::EndTag { name } => {
                self.end(name);
                None
            }
            _ => None,
        }
    }
}

impl Depth {
    fn start(&mut self, name: &[u8]) -> Option<Excess> {
        self.is_pushed = false;
        if VOID.contains(&name) {
            return None;
        }
        if let Some(kind) = FORMATTING.iter().position(|known| *known == name) {
            self.formatting[kind] += 1;
        } else {
            if let Some(ended) = self.ended_by(name) {
                self.open.truncate(ended);
            }
            self.open.push(name.to_vec());
            self.is_pushed = true;
        }
        let depth = self.open.len() + self.formatting.iter().sum::<usize>();
        (depth > MOST_NESTED).then_some(Excess::Nested)
    }

    /// The index of the open element that ends because this one begins (HTML, 13.2.6.4.7 and following).
    fn ended_by(&self, name: &[u8]) -> Option<usize> {
        let passed: &[&[u8]] = match name {
            b"p" => &[b"span"],
            b"li" | b"dt" | b"dd" | b"option" => ENDED_TOO,
            b"td" | b"th" | b"tr" | b"tbody" | b"thead" | b"tfoot" => {
                let table = self.open.iter().rposition(|open| open == b"table")?;
                let kinds: &[&[u8]] = match name {
                    b"td" | b"th" => &[b"td", b"th"],
                    b"tr" => &[b"tr"],
                    _ => &[b"tbody", b"thead", b"tfoot"],
                };
                let inside = &self.open[table..];
                let at = inside.iter().position(|o| kinds.contains(&o.as_slice()))?;
                return Some(table + at);
            }
            _ => return None,
        };
        for (at, open) in self.open.iter().enumerate().rev() {
            if open == name {
                return Some(at);
            }
            if !passed.contains(&open.as_slice()) {
                return None;
            }
        }
        None
    }

    /// `<path/>` has no end tag in foreign content.
    fn close_itself(&mut self) {
        let is_foreign = |open: &Vec<u8>| open == b"svg" || open == b"math";
        if self.is_pushed && self.open.iter().any(is_foreign) {
            self.open.pop();
        }
    }

    fn end(&mut self, name: &[u8]) {
        if let Some(kind) = FORMATTING.iter().position(|known| *known == name) {
            self.formatting[kind] = self.formatting[kind].saturating_sub(1);
        } else if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_pages_pass() {
        for html in [
            "",
            "<div><p>One</p></div>",
            &"<div><b>x</b></div>".repeat(5_000),
            &"<p>one".repeat(5_000),
            &format!("<ul>{}", "<li><p>one".repeat(5_000)),
            &format!("<table>{}", "<tr><td><span>one<td>two".repeat(5_000)),
            &format!("<svg>{}</svg>", "<path d='a'/>".repeat(5_000)),
            &format!("<script>{}</script>", "'<div>'".repeat(5_000)),
            &"<br><img><hr>".repeat(5_000),
        ] {
            assert_eq!(check(html), Ok(()));
        }
    }

    #[test]
    fn html_out_of_bounds_is_reported() {
        for tag in [
            "<div>",
            "<b>",
            "<table><tr><td>",
            "<ul><li>",
            "<span a=b>",
            "<p><div>",
            "<td><section>",
            "<li><section>",
        ] {
            assert_eq!(check(&tag.repeat(20_000)), Err(Excess::Nested), "{tag}");
        }
        let many: String = (0..1_000).map(|n| format!(" a{n}=1")).collect();
        assert_eq!(check(&format!("<p{many}>")), Err(Excess::Attributes));
    }
}
