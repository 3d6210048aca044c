//! The markup of NITF, and XHTML as XML has it → HTML; and the words of both.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::import::layouts::inline;

/// Elements of NITF and XHTML, and what they are in HTML; another one is passed over, its words are not.
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

/// What a page does not show.
const HIDDEN: &[&str] = &["script", "style", "head", "media-metadata"];

/// Attributes that the Markdown of an element can say.
const ATTRIBUTES: &[&str] = &["href", "src", "alt", "start"];

/// A piece of a document as HTML, in which every element is closed that was opened.
pub fn html(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len());
    // Names in HTML of the elements that are open; empty for those that are passed over.
    let mut open: Vec<&str> = Vec::new();
    let mut hidden = 0_usize;
    each(xml, |event| match event {
        Piece::Open(name, tag) => {
            let element = ELEMENTS.iter().find(|(nitf, _)| *nitf == name);
            let element = element.map_or("", |(_, html)| *html);
            let is_hidden = hidden > 0 || HIDDEN.contains(&name);
            hidden += usize::from(is_hidden);
            open.push(if hidden > 0 { "" } else { element });
            if hidden == 0 && !element.is_empty() {
                write_tag(&mut out, element, tag);
            }
        }
        Piece::Close => {
            let element = open.pop().unwrap_or_default();
            hidden = hidden.saturating_sub(1);
            if !element.is_empty() && !VOID.contains(&element) {
                out.push_str("</");
                out.push_str(element);
                out.push('>');
            }
        }
        Piece::Text(_) if hidden > 0 => {}
        Piece::Text(text) => escape(&mut out, text),
        Piece::Reference(reference) if hidden == 0 => out.push_str(reference),
        // HTML that was put there without being escaped.
        Piece::Data(text) if hidden == 0 && inline::is_html(text) => {
            // Its own tags may stay open; another parser closes them.
            out.push_str(text);
        }
        Piece::Data(text) if hidden == 0 => escape(&mut out, text),
        Piece::Reference(_) | Piece::Data(_) => {}
    });
    out
}

/// The words of a piece of a document.
pub fn text(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len());
    each(xml, |event| match event {
        Piece::Open(name, _) => {
            let element = ELEMENTS.iter().find(|(nitf, _)| *nitf == name);
            let is_inline = |html: &str| matches!(html, "em" | "strong" | "a" | "sup" | "sub");
            if element.is_some_and(|(_, html)| !is_inline(html)) {
                out.push(' ');
            }
        }
        Piece::Text(text) => out.push_str(text),
        Piece::Reference(reference) => out.push_str(&inline::resolve(reference)),
        Piece::Data(text) => out.push_str(&inline::text(text)),
        Piece::Close => {}
    });
    out.retain(|c| !c.is_control() || c.is_whitespace());
    out
}

enum Piece<'a, 'b> {
    /// The name is in lower case and without its prefix.
    Open(&'a str, &'a BytesStart<'b>),
    Close,
    Text(&'a str),
    /// As it is written: `&eacute;`.
    Reference(&'a str),
    Data(&'a str),
}

fn each(xml: &str, mut each: impl FnMut(Piece<'_, '_>)) {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    config.expand_empty_elements = true;
    loop {
        let at = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = String::from_utf8_lossy(tag.local_name().as_ref()).to_lowercase();
                each(Piece::Open(&name, &tag));
            }
            Ok(Event::End(_)) => each(Piece::Close),
            Ok(Event::Text(text)) => each(Piece::Text(&String::from_utf8_lossy(&text))),
            Ok(Event::CData(text)) => each(Piece::Data(&String::from_utf8_lossy(&text))),
            Ok(Event::GeneralRef(reference)) => {
                let name = String::from_utf8_lossy(&reference);
                each(Piece::Reference(&format!("&{name};")));
            }
            Ok(Event::Eof) => return,
            Ok(_) => {}
            // The document was read once as a whole, so this does not come; but no word may be lost where it does.
            Err(_) => return each(Piece::Text(xml.get(at..).unwrap_or_default())),
        }
    }
}

fn write_tag(out: &mut String, name: &str, tag: &BytesStart<'_>) {
    out.push('<');
    out.push_str(name);
    let mut attributes = tag.attributes();
    for attribute in attributes.with_checks(false).flatten().take(64) {
        let key = String::from_utf8_lossy(attribute.key.local_name().as_ref()).to_lowercase();
        if ATTRIBUTES.contains(&key.as_str()) {
            let value = String::from_utf8_lossy(&attribute.value).replace('"', "&quot;");
            out.push_str(&format!(" {key}=\"{value}\""));
        }
    }
    out.push('>');
}

/// Writes text so that HTML shows it as it is. Other control characters are no letters.
pub fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
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
