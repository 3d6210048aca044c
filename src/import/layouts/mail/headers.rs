//! The header block of a message or of a part of one (RFC 5322, RFC 2045): its fields, decoded.
//! Never knows articles.

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::Encoding;
use mail_parser::{Addr, ContentType, HeaderName, HeaderValue, MessageParser};

use super::{flags, transfer};
use crate::text::characters::one_line;

/// The fields of a block that are read.
const MOST_FIELDS: usize = 500;

/// A longer value is cut off here, in bytes: longer than any subject, short enough for any parser.
const LONGEST_VALUE: usize = 4_000;

/// The longest name of a field, in bytes.
const LONGEST_NAME: usize = 76;

/// The senders that are read; more are a list of recipients.
const MOST_SENDERS: usize = 20;

/// The fields that are read.
const WANTED: &[&str] = &[
    "Subject",
    "From",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Content-Disposition",
    "Content-Transfer-Encoding",
    "Newsgroups",
    "Keywords",
    "Organization",
    "List-Id",
    "Content-Language",
    "Date",
];

static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .with_mime_headers()
        .with_message_ids()
        .header_text(HeaderName::Subject)
        .header_address(HeaderName::From)
        .default_header_text()
});

/// A sender: a name, an address, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sender {
    pub name: Option<String>,
    pub address: Option<String>,
}

/// The fields of a block.
#[derive(Debug, Clone, Default)]
pub(crate) struct Headers {
    pub subject: String,
    pub from: Vec<Sender>,
    /// `From` as written.
    pub from_text: String,
    pub date: String,
    /// Without `<` and `>`.
    pub message_id: Option<String>,
    /// The message that it answers: `In-Reply-To`, else the last of `References`.
    pub in_reply_to: Option<String>,
    pub newsgroups: String,
    pub keywords: String,
    pub organization: String,
    pub list: String,
    pub language: String,
    /// What says that the message is not public.
    pub signs: Vec<(String, String)>,
    pub content: ContentHeaders,
}

/// The type and the encoding of a part.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContentHeaders {
    /// `text/plain` in lower case; `None` if it is not declared.
    pub kind: Option<String>,
    pub charset: Option<String>,
    pub boundary: Option<String>,
    pub name: Option<String>,
    pub is_attachment: bool,
    /// RFC 3676.
    pub is_flowed: bool,
    pub deletes_space: bool,
    pub encoding: String,
}

/// A field of a block, as written.
struct HeaderField<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// Whether a line begins a field.
pub(crate) fn is_header(line: &[u8]) -> bool {
    name_of(line).is_some()
}

/// The name of a field at the beginning of a line. Spaces may precede the colon.
pub(crate) fn name_of(line: &[u8]) -> Option<&[u8]> {
    let most = &line[..line.len().min(LONGEST_NAME + 1)];
    let name = &most[..memchr::memchr(b':', most)?];
    let bare = name.trim_ascii_end();
    let fits = !bare.is_empty() && bare.iter().all(|b| b.is_ascii_graphic());
    fits.then_some(bare)
}

impl Headers {
    /// Reads a block. `is_text` if it is UTF-8 whatever it declares.
    pub(crate) fn read(block: &[u8], is_text: bool) -> Self {
        let fields = fields(block);
        let first = Self::parse(&fields, None);
        if is_text || block.is_ascii() || std::str::from_utf8(block).is_ok() {
            return first;
        }
        // Characters that are not encoded are most likely in the charset of the text below.
        let charset = first.content.charset;
        Self::parse(&fields, Some(charset.as_deref().unwrap_or_default()))
    }

    fn parse(fields: &[HeaderField<'_>], charset: Option<&str>) -> Self {
        let mut block = String::new();
        let mut texts: Vec<(&str, String)> = Vec::new();
        for wanted in WANTED {
            let is = |f: &&HeaderField<'_>| f.name.eq_ignore_ascii_case(wanted.as_bytes());
            let Some(field) = fields.iter().find(is) else {
                continue;
            };
            let most = &field.value[..field.value.len().min(LONGEST_VALUE)];
            let decoded = match charset {
                Some(charset) => transfer::decode(most, Some(charset)),
                None => String::from_utf8_lossy(most).into_owned(),
            };
            let unfolded = joined_words(&unfold(&decoded)).into_owned();
            block.push_str(&format!("{wanted}: {unfolded}\n"));
            texts.push((wanted, unfolded));
        }
        block.push('\n');
        let text = |name: &str| {
            let found = texts.iter().find(|(wanted, _)| *wanted == name);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let Some(message) = PARSER.parse_headers(block.as_bytes()) else {
            return Self::default();
        };
        let value = |name: &'static str| message.header(name).unwrap_or(&HeaderValue::Empty);
        let line = |name: &'static str| match value(name) {
            HeaderValue::Text(text) => clean(text),
            _ => String::new(),
        };
        let kind = value("Content-Type").as_content_type();
        let disposition = value("Content-Disposition").as_content_type();
        let references = ids(value("References")).pop();
        Self {
            subject: line("Subject"),
            from: senders(value("From")),
            from_text: clean(&text("From")),
            date: clean(&text("Date")),
            message_id: ids(value("Message-ID")).into_iter().next(),
            in_reply_to: ids(value("In-Reply-To")).into_iter().next().or(references),
            newsgroups: line("Newsgroups"),
            keywords: line("Keywords"),
            organization: line("Organization"),
            list: line("List-Id"),
            language: line("Content-Language"),
            signs: signs(fields),
            content: ContentHeaders::read(kind, disposition, &text("Content-Transfer-Encoding")),
        }
    }
}

impl ContentHeaders {
    fn read(
        kind: Option<&ContentType<'_>>,
        disposition: Option<&ContentType<'_>>,
        encoding: &str,
    ) -> Self {
        let of_kind = |name: &str| Some(kind?.attribute(name)?.to_owned());
        let named = disposition.and_then(|d| Some(d.attribute("filename")?.to_owned()));
        let says = |name: &str, value: &str| {
            of_kind(name).is_some_and(|declared| declared.eq_ignore_ascii_case(value))
        };
        let encoding = encoding.split([';', '(', ' ']).next().unwrap_or_default();
        Self {
            kind: kind.map(|k| match k.subtype() {
                Some(subtype) => format!("{}/{subtype}", k.ctype()).to_lowercase(),
                None => k.ctype().to_lowercase(),
            }),
            charset: of_kind("charset"),
            boundary: of_kind("boundary").filter(|b| !b.trim().is_empty()),
            name: named
                .or_else(|| of_kind("name"))
                .map(|n| clean(&n))
                .filter(|n| !n.is_empty()),
            is_attachment: disposition
                .is_some_and(|d| d.ctype().eq_ignore_ascii_case("attachment")),
            is_flowed: says("format", "flowed"),
            deletes_space: says("delsp", "yes"),
            encoding: encoding.trim().to_ascii_lowercase(),
        }
    }
}

/// The fields that say that a message is not public.
fn signs(fields: &[HeaderField<'_>]) -> Vec<(String, String)> {
    let sign = |field: &HeaderField<'_>| {
        let name = String::from_utf8_lossy(field.name);
        let most = &field.value[..field.value.len().min(LONGEST_VALUE)];
        flags::sign(&name, clean(&String::from_utf8_lossy(most)).trim())
    };
    fields.iter().filter_map(sign).collect()
}

/// The fields of a block, each with its continuation lines.
fn fields(block: &[u8]) -> Vec<HeaderField<'_>> {
    let mut found: Vec<HeaderField<'_>> = Vec::new();
    let (mut at, mut value_at) = (0, 0);
    while at < block.len() && found.len() < MOST_FIELDS {
        let end = memchr::memchr(b'\n', &block[at..]).map_or(block.len(), |n| at + n + 1);
        let line = &block[at..end];
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if let Some(last) = found.last_mut() {
                last.value = &block[value_at..end];
            }
        } else if let Some(name) = name_of(line) {
            let colon = memchr::memchr(b':', line).unwrap_or(name.len());
            value_at = at + colon + 1;
            let value = &block[value_at..end];
            found.push(HeaderField { name, value });
        }
        at = end;
    }
    found
}

fn unfold(value: &str) -> String {
    let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// A value on one line, without control characters.
pub(crate) fn clean(text: &str) -> String {
    one_line(&text.replace(char::is_control, " "))
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let list: Vec<&str> = match value {
        HeaderValue::Text(text) => vec![text],
        HeaderValue::TextList(list) => list.iter().map(|id| &**id).collect(),
        _ => Vec::new(),
    };
    let bare = |id: &str| clean(id).trim_matches(['<', '>']).to_owned();
    list.into_iter()
        .map(bare)
        .filter(|id| !id.is_empty())
        .collect()
}

fn senders(value: &HeaderValue<'_>) -> Vec<Sender> {
    let HeaderValue::Address(address) = value else {
        return Vec::new();
    };
    let sender = |addr: &Addr<'_>| Sender {
        name: addr.name.as_deref().map(clean),
        address: addr.address.as_deref().map(clean),
    };
    address.iter().take(MOST_SENDERS).map(sender).collect()
}

/// An encoded word of RFC 2047.
struct EncodedWord<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    length: usize,
}

impl<'a> EncodedWord<'a> {
    /// The encoded word at the beginning of a text.
    fn read(text: &'a str) -> Option<Self> {
        let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
        let (kind, rest) = rest.split_at_checked(2)?;
        let payload = &rest[..rest.find("?=")?];
        let is_charset = |b: u8| b.is_ascii_alphanumeric() || b"-_:.+*".contains(&b);
        if charset.is_empty() || !charset.bytes().all(is_charset) || payload.contains('\n') {
            return None;
        }
        // Characters that should have been encoded are turned back into bytes of the charset.
        let plain = match Encoding::for_label(charset.as_bytes()) {
            Some(encoding) if !payload.is_ascii() => encoding.encode(payload).0,
            _ => payload.as_bytes().into(),
        };
        let bytes = match kind {
            "Q?" | "q?" => {
                let unquoted = |byte: &u8| if *byte == b'_' { b' ' } else { *byte };
                let plain: Vec<u8> = plain.iter().map(unquoted).collect();
                transfer::quoted_printable(&plain)
            }
            "B?" | "b?" => transfer::base64(payload.as_bytes()),
            _ => return None,
        };
        let length = "=?".len() + charset.len() + "?Q?".len() + payload.len() + "?=".len();
        Some(Self {
            charset,
            bytes,
            length,
        })
    }
}

/// Joins adjacent encoded words: mailers split them within a character.
fn joined_words(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("=?") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(first) = EncodedWord::read(rest) else {
            out.push_str("=?");
            rest = &rest["=?".len()..];
            continue;
        };
        let mut bytes = first.bytes;
        let mut end = first.length;
        while let Some(next) = EncodedWord::read(rest[end..].trim_start()) {
            if !next.charset.eq_ignore_ascii_case(first.charset) {
                break;
            }
            let blanks = rest[end..].len() - rest[end..].trim_start().len();
            bytes.extend(next.bytes);
            end += blanks + next.length;
        }
        out.push_str(&format!("=?{}?Q?", first.charset));
        out.extend(bytes.iter().map(|byte| format!("={byte:02X}")));
        out.push_str("?=");
        rest = &rest[end..];
    }
    match out.is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(out + rest),
    }
}
