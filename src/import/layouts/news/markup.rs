//! The markup of NITF, and XHTML as XML → HTML; and the words of both.

use std::ops::{ControlFlow, Range};

use quick_xml::events::BytesStart;

use crate::import::layouts::html_text;
use crate::text::characters::is_text;
use crate::text::xml::{self, Node, Tolerance, XmlError};

/// Elements of NITF and XHTML, and their equivalents in HTML. The tags of others are ignored, but not their words.
const ELEMENTS: &[(&str, &str)] = &[
    ("hl1", "h2"),
    ("hl2", "h2"),
    ("h1", "h2"),
    ("h2", "h2"),
    ("h3", "h3"),
    ("h4", "h4"),
    ("h5", "h5"),
    ("h6", "h6"),
    ("p", "p"),
    ("block", "div"),
    ("div", "div"),
    ("section", "div"),
    ("article", "div"),
    ("body.content", "div"),
    ("abstract", "div"),
    ("bq", "blockquote"),
    ("blockquote", "blockquote"),
    ("note", "blockquote"),
    ("credit", "div"),
    ("datasource", "div"),
    ("fn", "div"),
    ("tagline", "div"),
    ("bibliography", "div"),
    ("figure", "div"),
    ("figcaption", "div"),
    ("media", "div"),
    ("media-caption", "div"),
    ("media-producer", "div"),
    ("nitf-table-summary", "div"),
    ("caption", "div"),
    ("ul", "ul"),
    ("ol", "ol"),
    ("li", "li"),
    ("dl", "div"),
    ("dt", "div"),
    ("dd", "div"),
    ("table", "table"),
    ("thead", "thead"),
    ("tbody", "tbody"),
    ("tfoot", "tfoot"),
    ("tr", "tr"),
    ("td", "td"),
    ("th", "th"),
    ("pre", "pre"),
    ("code", "code"),
    ("em", "em"),
    ("i", "em"),
    ("strong", "strong"),
    ("b", "strong"),
    ("a", "a"),
    ("br", "br"),
    ("img", "img"),
    ("sup", "sup"),
    ("sub", "sub"),
];

/// Elements without content.
const VOID: &[&str] = &["br", "img"];

/// Elements whose content is not shown.
const HIDDEN: &[&str] = &["script", "style", "head", "media-metadata"];

/// Attributes that Markdown can express.
const ATTRIBUTES: &[&str] = &["href", "src", "alt", "start"];

/// A part of a document as HTML, in which every element that is opened is closed.
pub(crate) fn html(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    // Names in HTML of the elements that are open; empty if their tags are ignored.
    let mut open: Vec<&str> = Vec::new();
    let mut hidden = 0_usize;
    walk(source, |node, range| match node {
        Node::Start(tag) => {
            let name = local_name(tag);
            let element = equivalent(&name).unwrap_or_default();
            let is_hidden = hidden > 0 || HIDDEN.contains(&name.as_str());
            hidden += usize::from(is_hidden);
            open.push(if hidden > 0 { "" } else { element });
            if hidden == 0 && !element.is_empty() {
                write_tag(&mut out, element, tag);
            }
        }
        Node::End(_) => {
            let element = open.pop().unwrap_or_default();
            hidden = hidden.saturating_sub(1);
            if !element.is_empty() && !VOID.contains(&element) {
                out.push_str("</");
                out.push_str(element);
                out.push('>');
            }
        }
        _ if hidden > 0 => {}
        // HTML in CDATA may leave its own elements open; the parser of HTML closes them.
        Node::Data(text) if html_text::is_html(text) => out.push_str(text),
        Node::Text(text) | Node::Data(text) => html_text::escape(&mut out, text),
        Node::Reference(_) => out.push_str(&source[range]),
        Node::DocumentType | Node::Other => {}
    });
    out
}

/// The words of a part of a document.
pub(crate) fn text(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    walk(source, |node, range| match node {
        Node::Start(tag) => {
            let is_inline = |html: &str| matches!(html, "em" | "strong" | "a" | "sup" | "sub");
            if equivalent(&local_name(tag)).is_some_and(|html| !is_inline(html)) {
                out.push(' ');
            }
        }
        Node::Text(text) => out.push_str(text),
        Node::Reference(_) => out.push_str(&html_text::resolve(&source[range])),
        Node::Data(text) => out.push_str(&html_text::text(text)),
        Node::End(_) | Node::DocumentType | Node::Other => {}
    });
    out.retain(is_text);
    out
}

/// Walks a part of a document that was read as a whole before. No word is lost even if it is not well-formed.
fn walk(source: &str, mut each: impl FnMut(Node<'_, '_>, Range<usize>)) {
    let done = xml::walk(source, Tolerance::EndNames, |node, range| {
        each(node, range);
        Ok(ControlFlow::Continue(()))
    });
    if let Err(XmlError { at, .. }) = done {
        each(
            Node::Text(source.get(at..).unwrap_or_default()),
            at..source.len(),
        );
    }
}

fn local_name(tag: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(tag.local_name().as_ref()).to_lowercase()
}

/// The element of HTML for an element of NITF.
fn equivalent(name: &str) -> Option<&'static str> {
    let found = ELEMENTS.iter().find(|(nitf, _)| *nitf == name);
    found.map(|(_, html)| *html)
}

fn write_tag(out: &mut String, name: &str, tag: &BytesStart<'_>) {
    out.push('<');
    out.push_str(name);
    for attribute in xml::attributes(tag) {
        let key = String::from_utf8_lossy(attribute.key.local_name().as_ref()).to_lowercase();
        if ATTRIBUTES.contains(&key.as_str()) {
            // References are kept as written.
            let value = String::from_utf8_lossy(&attribute.value).replace('"', "&quot;");
            out.push_str(&format!(" {key}=\"{value}\""));
        }
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_nitf_are_those_of_html() {
        for (xml, expected) in [
            (
                "<hl2>A</hl2><p>B <em>c</em> <person>D</person>&eacute; &amp;</p>",
                "<h2>A</h2><p>B <em>c</em> D&eacute; &amp;</p>",
            ),
            ("<p/>a<title/>b<script/>c", "<p></p>abc"),
            (
                "<bq><block><p>x</p></block><credit>y</credit></bq>",
                "<blockquote><div><p>x</p></div><div>y</div></blockquote>",
            ),
            (
                "<x:p xmlns:x='u' class='a'><x:a href='https://q.example/?a=1&amp;b'>z</x:a></x:p>",
                "<p><a href=\"https://q.example/?a=1&amp;b\">z</a></p>",
            ),
            ("<![CDATA[<p>a</p>]]><![CDATA[1 < 2]]>", "<p>a</p>1 &lt; 2"),
            ("<script>no <b>x</b></script>yes", "yes"),
        ] {
            assert_eq!(html(xml), expected, "{xml}");
        }
        assert_eq!(
            text("One<br/>two<p>three &lt; <em>4</em>.</p>"),
            "One two three < 4."
        );
    }
}
