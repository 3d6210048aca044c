//! MIME (RFC 2045, RFC 2046): a message → its parts, in one pass over its lines.
//! The library's own pass looks for each boundary to the end of the message, and nests without end.

use std::fmt;
use std::ops::Range;

use super::headers::{self, Headers};

/// Parts may be nested so deep, messages within messages among them.
const MOST_NESTED: usize = 16;

/// A message may have so many parts.
const MOST_PARTS: usize = 1_000;

/// Why a message is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Nested,
    Parts,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nested => write!(f, "its parts are nested deeper than {MOST_NESTED}"),
            Self::Parts => write!(f, "it has more than {MOST_PARTS} parts"),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Leaf,
    Multipart,
    /// A message in a message.
    Message,
}

/// A part of a message; the first is the message itself.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub headers: Headers,
    /// In lower case: `text/plain`.
    pub media: String,
    pub kind: Kind,
    /// The bytes between its headers and the next boundary.
    pub content: Range<usize>,
    pub children: Vec<usize>,
    depth: usize,
    /// Whether it is a message where it does not say what it is.
    in_digest: bool,
}

/// What the lines that come next belong to.
#[derive(Debug, Clone, Copy)]
enum State {
    /// The headers of a part, which began at this byte.
    Headers(usize, usize),
    Body(usize),
    /// Before the first and after the last boundary.
    Around,
}

struct Walk<'a> {
    message: &'a [u8],
    is_text: bool,
    parts: Vec<Part>,
    /// The boundaries that may end a part, outermost first, and whose they are.
    open: Vec<(Vec<u8>, usize)>,
    state: State,
}

/// The parts of a message that begins with its headers. `is_text` where it is UTF-8 whatever it says.
///
/// # Errors
/// What is beyond bounds.
pub fn read(message: &[u8], is_text: bool) -> Result<Vec<Part>, Excess> {
    let mut walk = Walk {
        message,
        is_text,
        parts: vec![Part::default()],
        open: Vec::new(),
        state: State::Headers(0, 0),
    };
    let mut at = 0;
    while at < message.len() {
        let end = memchr::memchr(b'\n', &message[at..]).map_or(message.len(), |n| at + n + 1);
        walk.line(at, end)?;
        at = end;
    }
    walk.end_part(at)?;
    walk.close_to(0, at);
    Ok(walk.parts)
}

impl Walk<'_> {
    fn line(&mut self, at: usize, end: usize) -> Result<(), Excess> {
        let line = self.message[at..end].trim_ascii_end();
        if let Some((level, closes)) = self.delimiter(line) {
            self.end_part(at)?;
            self.close_to(level + 1, at);
            let parent = self.open[level].1;
            if closes {
                self.close_to(level, at);
                self.state = State::Around;
            } else {
                let child = self.child(parent)?;
                self.state = State::Headers(child, end);
            }
        } else if let State::Headers(part, start) = self.state {
            let is_folded = at > start && matches!(self.message[at], b' ' | b'\t');
            if line.is_empty() {
                self.begin(part, start..at, end)?;
            } else if !headers::is_header(line) && !is_folded && !is_mbox_mark(line) {
                self.begin(part, start..at, at)?;
                // A part without headers may be a message whose headers begin here.
                if let State::Headers(..) = self.state {
                    self.line(at, end)?;
                }
            }
        }
        Ok(())
    }

    /// The open boundary that a line is, and whether it is the last of its kind.
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

    fn child(&mut self, parent: usize) -> Result<usize, Excess> {
        if self.parts.len() >= MOST_PARTS {
            return Err(Excess::Parts);
        }
        let depth = self.parts[parent].depth + 1;
        if depth > MOST_NESTED {
            return Err(Excess::Nested);
        }
        let child = self.parts.len();
        let in_digest = self.parts[parent].media == "multipart/digest";
        self.parts.push(Part {
            depth,
            in_digest,
            ..Part::default()
        });
        self.parts[parent].children.push(child);
        Ok(child)
    }

    /// The headers of a part are read; its content begins.
    fn begin(&mut self, at: usize, block: Range<usize>, content: usize) -> Result<(), Excess> {
        let headers = Headers::read(&self.message[block], self.is_text);
        let part = &mut self.parts[at];
        let default = match part.in_digest {
            true => "message/rfc822",
            false => "text/plain",
        };
        // A type alone, such as `text`, says as little as none.
        let said = headers
            .content
            .kind
            .clone()
            .filter(|kind| kind.contains('/'));
        part.media = said.unwrap_or_else(|| default.to_owned());
        part.content = content..content;
        part.headers = headers;
        let encoding = part.headers.content.encoding.as_str();
        let is_encoded = matches!(encoding, "base64" | "quoted-printable");
        let is_message = matches!(part.media.as_str(), "message/rfc822" | "message/global");
        self.state = State::Body(at);
        if is_message && !is_encoded {
            part.kind = Kind::Message;
            let child = self.child(at)?;
            self.state = State::Headers(child, content);
        } else if part.media.starts_with("multipart/")
            && let Some(boundary) = part.headers.content.boundary.clone()
        {
            part.kind = Kind::Multipart;
            let boundary = boundary.trim_end().as_bytes().to_vec();
            self.open.push((boundary, at));
            self.state = State::Around;
        }
        Ok(())
    }

    /// What is being read ends here.
    fn end_part(&mut self, at: usize) -> Result<(), Excess> {
        // A message that ends within its headers is one without text; it may hold another.
        while let State::Headers(part, start) = self.state {
            self.begin(part, start.min(at)..at, at)?;
        }
        if let State::Body(part) = self.state {
            self.parts[part].content.end = at;
        }
        self.state = State::Around;
        Ok(())
    }

    /// Closes boundaries down to a number of them. What has no part after all is text.
    fn close_to(&mut self, level: usize, at: usize) {
        for (_, part) in self.open.drain(level.min(self.open.len())..) {
            let part = &mut self.parts[part];
            if part.children.is_empty() {
                part.kind = Kind::Leaf;
                part.media = "text/plain".to_owned();
            }
            part.content.end = at;
        }
    }
}

/// A line that programs which handle an mbox leave among headers.
fn is_mbox_mark(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(message: &str) -> Vec<(String, String)> {
        let parts = read(message.as_bytes(), true).unwrap();
        let leaves = parts.iter().filter(|part| part.kind == Kind::Leaf);
        let of = |part: &Part| {
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
        assert_eq!(read(deep.as_bytes(), true).unwrap_err(), Excess::Nested);
        let messages = "Content-Type: message/rfc822\n\n".repeat(100_000);
        assert_eq!(read(messages.as_bytes(), true).unwrap_err(), Excess::Nested);
        let wide = "Content-Type: multipart/mixed; boundary=b\n\n".to_owned()
            + &"--b\n\na\n".repeat(5_000);
        assert_eq!(read(wide.as_bytes(), true).unwrap_err(), Excess::Parts);
    }
}
