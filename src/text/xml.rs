//! XML as a sequence of tags and texts, with the byte range of each. Never expands an entity that a document declares,
//! and never recurses.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use quick_xml::Reader;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesEnd, BytesRef, BytesStart, Event};

/// The attributes of an element that are read; the others are ignored.
const MOST_ATTRIBUTES: usize = 64;

/// The first error of a document: the byte of the tag or text in which it is, and its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct XmlError {
    pub at: usize,
    pub reason: String,
}

/// Which errors of a document are accepted; each value includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tolerance {
    /// None: also comments that hold `--` are errors.
    None,
    /// A `&` that begins no reference.
    Ampersands,
    /// End tags without a start tag: the text may be a part of a document.
    UnmatchedEnds,
    /// End tags of another name than their start tag.
    EndNames,
}

/// A part of a document. An empty element gives a start and an end.
#[derive(Debug)]
pub(crate) enum Node<'a, 'b> {
    Start(&'a BytesStart<'b>),
    End(&'a BytesEnd<'b>),
    Text(&'a str),
    /// A CDATA section.
    Data(&'a str),
    /// `&name;`, see [`resolve`].
    Reference(&'a BytesRef<'b>),
    DocumentType,
    /// A comment, a processing instruction or the XML declaration.
    Other,
}

/// Calls `each` with the parts of a document in order, and the bytes of each, until it breaks or fails.
/// An end of the text within an element is not an error.
///
/// # Errors
/// Where the document is not well-formed, or `each` gives a reason why it is not.
pub(crate) fn walk(
    document: &str,
    tolerance: Tolerance,
    mut each: impl FnMut(Node<'_, '_>, Range<usize>) -> Result<ControlFlow<()>, String>,
) -> Result<ControlFlow<()>, XmlError> {
    let mut reader = Reader::from_str(document);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_comments = tolerance == Tolerance::None;
    config.allow_dangling_amp = tolerance >= Tolerance::Ampersands;
    config.allow_unmatched_ends = tolerance >= Tolerance::UnmatchedEnds;
    config.check_end_names = tolerance < Tolerance::EndNames;
    loop {
        let start = reader.buffer_position() as usize;
        let error = |reason| XmlError { at: start, reason };
        let event = reader.read_event().map_err(|e| error(reason(&e)))?;
        let range = start..reader.buffer_position() as usize;
        let flow = match event {
            Event::Start(tag) => each(Node::Start(&tag), range),
            Event::End(tag) => each(Node::End(&tag), range),
            Event::Text(text) => each(Node::Text(&String::from_utf8_lossy(&text)), range),
            Event::CData(text) => each(Node::Data(&String::from_utf8_lossy(&text)), range),
            Event::GeneralRef(reference) => each(Node::Reference(&reference), range),
            Event::DocType(_) => each(Node::DocumentType, range),
            Event::Eof => return Ok(ControlFlow::Continue(())),
            _ => each(Node::Other, range),
        };
        if flow.map_err(error)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
}

/// The message of an error, in lower case and without a full stop.
pub(crate) fn reason(error: &dyn std::error::Error) -> String {
    let message = error.to_string();
    let mut chars = message.trim_end_matches('.').chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// The text of a reference. One that XML does not define is kept as written: HTML may define it.
pub(crate) fn resolve(reference: &BytesRef<'_>) -> String {
    let name = String::from_utf8_lossy(reference);
    if let Some(known) = quick_xml::escape::resolve_predefined_entity(&name) {
        return known.to_owned();
    }
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => format!("&{name};"),
    }
}

/// The attributes of an element, without a check for duplicates, which would compare each with all before it.
pub(crate) fn attributes<'a>(tag: &'a BytesStart<'_>) -> impl Iterator<Item = Attribute<'a>> {
    let mut all = tag.attributes();
    all.with_checks(false);
    all.flatten().take(MOST_ATTRIBUTES)
}

/// The value of an attribute, with its references resolved where all of them can be.
pub(crate) fn value(attribute: &Attribute<'_>) -> String {
    let raw = String::from_utf8_lossy(&attribute.value).into_owned();
    let value = quick_xml::escape::unescape(&raw).map(Cow::into_owned);
    value.unwrap_or(raw)
}

/// The value of the attribute of a name, given with its prefix.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = attributes(tag).find(|attribute| attribute.key.as_ref() == name.as_bytes())?;
    Some(value(&found))
}

/// The name of the root, without its prefix and in lower case, and the document up to the end of its start tag.
pub(crate) fn root(document: &str) -> Option<(String, &str)> {
    let mut rest = document.trim_start();
    loop {
        rest = rest.trim_start();
        let skip = match rest {
            _ if rest.starts_with("<?") => rest.find("?>")? + 2,
            _ if rest.starts_with("<!--") => rest.find("-->")? + 3,
            // Declarations within a document type contain `>`.
            _ if rest.starts_with("<!") => match (rest.find('>')?, rest.find('[')) {
                (end, Some(open)) if open < end => rest.find("]>").or(rest.find("] >"))? + 2,
                (end, _) => end + 1,
            },
            _ => break,
        };
        rest = &rest[skip..];
    }
    let tag = rest.strip_prefix('<')?;
    let end = tag.find('>')?;
    let name = tag[..end].split([' ', '\t', '\r', '\n', '/']).next()?;
    let name = name.rsplit(':').next()?.to_lowercase();
    let length = document.len() - tag.len() + end + 1;
    Some((name, &document[..length]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(document: &str, tolerance: Tolerance) -> Result<String, XmlError> {
        let mut out = String::new();
        let _ = walk(document, tolerance, |node, range| {
            let text = match node {
                Node::Start(_) | Node::End(_) => document[range].to_owned(),
                Node::Text(text) => text.to_owned(),
                Node::Data(text) => format!("[{text}]"),
                Node::Reference(reference) => resolve(reference),
                Node::DocumentType => "!".to_owned(),
                Node::Other => String::new(),
            };
            out.push_str(&text);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(out)
    }

    #[test]
    fn references_are_resolved_and_unknown_ones_kept() {
        let document =
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>x &amp; &#233; &b;<![CDATA[<d>]]><e/></a>";
        assert_eq!(
            shown(document, Tolerance::None).unwrap(),
            "!<a>x & é &b;[<d>]<e/></a>"
        );
    }

    #[test]
    fn each_tolerance_accepts_one_error_more() {
        let errors = ["<!-- a -- b -->", "a & b", "</a>", "<a></b>"];
        let all = [
            Tolerance::None,
            Tolerance::Ampersands,
            Tolerance::UnmatchedEnds,
            Tolerance::EndNames,
        ];
        for (accepted, tolerance) in all.into_iter().enumerate() {
            let fit = errors.map(|text| shown(text, tolerance).is_ok());
            let least = [1, 1, 2, 3].map(|least| accepted >= least);
            assert_eq!(fit, least, "{tolerance:?}");
        }
    }

    #[test]
    fn the_root_is_found_behind_declarations() {
        for (document, name) in [
            ("<?xml version='1.0'?>\n<!-- <x> -->\n<a:RSS b='c'>", "rss"),
            ("<!DOCTYPE a [\n<!ENTITY b '>'>\n]>\n<a/>", "a"),
        ] {
            assert_eq!(root(document).unwrap().0, name);
        }
        assert_eq!(root("a < b"), None);
    }
}
