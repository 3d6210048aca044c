//! MIME (RFC 2045, RFC 2046): a message → its parts, in one pass over its lines.
//! (mail-parser searches for each boundary to the end of the message, and does not limit nesting.)

use std::fmt;
use std::ops::Range;

use super::headers::{self, Headers};

/// The deepest nesting of parts, messages within messages included.
const MOST_NESTED: usize = 16;

/// The most parts of a message.
const MOST_PARTS: usize = 1_000;

/// The limit that a message exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MimeExcess {
    Nested,
    Parts,
}

impl fmt::Display for MimeExcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nested => write!(f, "its parts are nested deeper than {MOST_NESTED}"),
            Self::Parts => write!(f, "it has more than {MOST_PARTS} parts"),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum PartKind {
    #[default]
    Leaf,
    Multipart,
    /// A message within a message.
    Message,
}

/// A part of a message; the first is the message itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct MimePart {
    pub headers: Headers,
    /// In lower case: `text/plain`.
    pub media: String,
    pub kind: PartKind,
    /// The bytes between its headers and the next boundary.
    pub content: Range<usize>,
    pub children: Vec<usize>,
    depth: usize,
    /// Whether it is a message unless it declares another type.
    in_digest: bool,
}

/// What the next lines belong to.
#[derive(Debug, Clone, Copy)]
enum ParserState {
    /// The headers of a part, which begin at this byte.
    Headers(usize, usize),
    Body(usize),
    /// Before the first or after the last boundary.
    Around,
}

struct MimeParser<'a> {
    message: &'a [u8],
    is_text: bool,
    parts: Vec<MimePart>,
    /// The boundaries that may end a part, outermost first, and the index of the part that declares each.
    open: Vec<(Vec<u8>, usize)>,
    state: ParserState,
}

/// The parts of a message that begins with its headers. `is_text` if it is UTF-8 whatever it declares.
///
/// # Errors
/// The limit that it exceeds.
pub(crate) fn read(message: &[u8], is_text: bool) -> Result<Vec<MimePart>, MimeExcess> {
    let mut parser = MimeParser {
        message,
        is_text,
        parts: vec![MimePart::default()],
        open: Vec::new(),
        state: ParserState::Headers(0, 0),
    };
    let mut at = 0;
    while at < message.len() {
        let end = memchr::memchr(b'\n', &message[at..]).map_or(message.len(), |n| at + n + 1);
        parser.line(at, end)?;
        at = end;
    }
    parser.end_part(at)?;
    parser.close_to(0, at);
    Ok(parser.parts)
}

impl MimeParser<'_> {
    fn line(&mut self, at: usize, end: usize) -> Result<(), MimeExcess> {
        let line = self.message[at..end].trim_ascii_end();
        if let Some((level, closes)) = self.delimiter(line) {
            self.end_part(at)?;
            self.close_to(level + 1, at);
            let parent = self.open[level].1;
            if closes {
                self.close_to(level, at);
                self.state = ParserState::Around;
            } else {
                let child = self.child(parent)?;
                self.state = ParserState::Headers(child, end);
            }
        } else if let ParserState::Headers(part, start) = self.state {
            let is_folded = at > start && matches!(self.message[at], b' ' | b'\t');
            if line.is_empty() {
                self.begin(part, start..at, end)?;
            } else if !headers::is_header(line) && !is_folded && !is_mbox_mark(line) {
                self.begin(part, start..at, at)?;
                // A part without headers may be a message whose headers begin here.
                if let ParserState::Headers(..) = self.state {
                    self.line(at, end)?;
                }
            }
        }
        Ok(())
    }

    /// The open boundary that a line is, and whether it ends the multipart.
    fn delimiter(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?;
        self.open
            .iter()
            .enumerate()
            .rev()
            .find_map(
                |(level, (boundary, _))| match rest.strip_prefix(boundary.as_slice())? {
                    b"" => Some((level, false)),
                    b"--" => Some((level, true)),
                    _ => None,
                },
            )
    }

    fn child(&mut self, parent: usize) -> Result<usize, MimeExcess> {
        if self.parts.len() >= MOST_PARTS {
            return Err(MimeExcess::Parts);
        }
        let depth = self.parts[parent].depth + 1;
        if depth > MOST_NESTED {
            return Err(MimeExcess::Nested);
        }
        let child = self.parts.len();
        let in_digest = self.parts[parent].media == "multipart/digest";
        self.parts.push(MimePart {
            depth,
            in_digest,
            ..MimePart::default()
        });
        self.parts[parent].children.push(child);
        Ok(child)
    }

    /// Reads the headers of a part, whose content begins after them.
    fn begin(&mut self, at: usize, block: Range<usize>, content: usize) -> Result<(), MimeExcess> {
        let headers = Headers::read(&self.message[block], self.is_text);
        let part = &mut self.parts[at];
        let default = match part.in_digest {
            true => "message/rfc822",
            false => "text/plain",
        };
        // A type without a subtype is ignored.
        let declared = headers
            .content
            .kind
            .clone()
            .filter(|kind| kind.contains('/'));
        part.media = declared.unwrap_or_else(|| default.to_owned());
        part.content = content..content;
        part.headers = headers;
        let encoding = part.headers.content.encoding.as_str();
        let is_encoded = matches!(encoding, "base64" | "quoted-printable");
        let is_message = matches!(part.media.as_str(), "message/rfc822" | "message/global");
        self.state = ParserState::Body(at);
        if is_message && !is_encoded {
            part.kind = PartKind::Message;
            let child = self.child(at)?;
            self.state = ParserState::Headers(child, content);
        } else if part.media.starts_with("multipart/")
            && let Some(boundary) = part.headers.content.boundary.clone()
        {
            part.kind = PartKind::Multipart;
            let boundary = boundary.trim_end().as_bytes().to_vec();
            self.open.push((boundary, at));
            self.state = ParserState::Around;
        }
        Ok(())
    }

    /// Ends the part that is being read.
    fn end_part(&mut self, at: usize) -> Result<(), MimeExcess> {
        // A message that ends within its headers has no text, but may contain another.
        while let ParserState::Headers(part, start) = self.state {
            self.begin(part, start.min(at)..at, at)?;
        }
        if let ParserState::Body(part) = self.state {
            self.parts[part].content.end = at;
        }
        self.state = ParserState::Around;
        Ok(())
    }

    /// Closes boundaries down to a number of them. A multipart without parts is text.
    fn close_to(&mut self, level: usize, at: usize) {
        for (_, part) in self.open.drain(level.min(self.open.len())..) {
            let part = &mut self.parts[part];
            if part.children.is_empty() {
                part.kind = PartKind::Leaf;
                part.media = "text/plain".to_owned();
            }
            part.content.end = at;
        }
    }
}

/// A line that programs for an mbox leave among headers.
fn is_mbox_mark(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(message: &str) -> Vec<(String, String)> {
        let parts = read(message.as_bytes(), true).unwrap();
        let leaves = parts.iter().filter(|part| part.kind == PartKind::Leaf);
        let of = |part: &MimePart| {
            (
                part.media.clone(),
                message[part.content.clone()].trim().to_owned(),
            )
        };
        leaves.map(of).collect()
    }

    #[test]
    fn parts_end_at_their_boundaries_or_at_those_around() {
        let message = "Content-Type: multipart/mixed; boundary=\"a b\"\n\npreamble\n--a b\n\none\n--a b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>two\n--cc\n--a b\nContent-Type: message/rfc822\n\nSubject: three\n\nthree\n--a b--\nepilogue\n";
        let leaf = |media: &str, text: &str| (media.to_owned(), text.to_owned());
        assert_eq!(
            leaves(message),
            [
                leaf("text/plain", "one"),
                leaf("text/html", "<p>two\n--cc"),
                leaf("text/plain", "three")
            ]
        );
        assert_eq!(
            leaves("Content-Type: multipart/mixed; boundary=a\n\nno part\n"),
            [leaf("text/plain", "no part")]
        );
        assert_eq!(leaves("Subject: a"), [leaf("text/plain", "")]);
        assert_eq!(
            leaves(">From a\nSubject: b\nc d\ne"),
            [leaf("text/plain", "c d\ne")]
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep: String = (0..1_000)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
            .collect();
        assert_eq!(read(deep.as_bytes(), true).unwrap_err(), MimeExcess::Nested);
        let messages = "Content-Type: message/rfc822\n\n".repeat(100_000);
        assert_eq!(
            read(messages.as_bytes(), true).unwrap_err(),
            MimeExcess::Nested
        );
        let wide = "Content-Type: multipart/mixed; boundary=b\n\n".to_owned()
            + &"--b\n\na\n".repeat(5_000);
        assert_eq!(read(wide.as_bytes(), true).unwrap_err(), MimeExcess::Parts);
    }
}
