//! NewsML-G2 and NewsML 1 (IPTC): news items, one or many in a message. Pictures, packages and plans are not articles.

use super::tree::ElementTree;
use super::{
    ItemVersion, add_authors, keep_line, keep_newest, markup, nitf, plain_with_dateline, schema,
    set_dates, set_embargo, set_place, set_status, settle,
};
use crate::diagnostics::Diagnostic;
use crate::import::layouts::decoded_record::{self, BodyOutcome, add, id, set_html, set_plain};
use crate::import::layouts::{Layout, RawText, html_text, xml_records};
use crate::import::reading::Reading;
use crate::import::repair::language;
use crate::text::xml;

/// Elements that contain the text.
const CONTENT: [&str; 3] = ["inlinexml", "inlinedata", "datacontent"];

pub(crate) struct NewsMl;

impl Layout for NewsMl {
    fn name(&self) -> &'static str {
        "newsml"
    }

    fn title(&self) -> &'static str {
        "NewsML"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let root = xml::root(raw.text);
        root.is_some_and(|(name, _)| matches!(name.as_str(), "newsitem" | "newsmessage" | "newsml"))
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let is_first = xml::root(raw.text).is_some_and(|(name, _)| name == "newsml");
        let mut versions = Vec::new();
        let mut readings = xml_records::read(raw, &schema(&["newsitem"]), |_, record| {
            let mut reading = Reading {
                span: record.span.clone(),
                ..raw.reading()
            };
            let item = ElementTree::of(record, raw.text);
            if !has_text(item, is_first) {
                versions.push(None);
                let message = "a news item without text (a picture, a sound or a film) is left out";
                return Some(raw.skipped(reading, message));
            }
            versions.push(Some(match is_first {
                true => read_first(&mut reading, item),
                false => read_second(&mut reading, item),
            }));
            let body = read_body(&mut reading, item, raw.text);
            settle(raw, &mut reading, body);
            Some(reading)
        })?;
        keep_newest(raw, &mut readings, &versions);
        Ok(readings)
    }
}

/// Whether an item may be an article: it contains a text, or is not a picture, a sound or a film.
fn has_text(item: ElementTree<'_>, is_first: bool) -> bool {
    let kind = match is_first {
        true => item.attribute_of("newsitemtype", "formalname"),
        false => item.attribute_of("itemclass", "qcode"),
    };
    let kind = kind.rsplit(':').next().unwrap_or(kind);
    let is_media = matches!(
        kind,
        "picture" | "graphic" | "video" | "audio" | "animation"
    );
    !is_media || CONTENT.iter().any(|name| item.first(name).is_some())
}

/// NewsML-G2.
fn read_second(reading: &mut Reading, item: ElementTree<'_>) -> ItemVersion {
    id(reading, item.attribute("guid").unwrap_or_default());
    let lang = item.attribute("xml:lang").unwrap_or_default();
    let lang = [item.attribute_of("language", "tag"), lang];
    reading.front.lang = lang.iter().find_map(|tag| language::tag(tag));
    read_titles(reading, item, "headline", "title");
    for name in ["by", "creator", "contributor"] {
        if reading.front.authors.is_empty() {
            for tree in item
                .first("contentmeta")
                .into_iter()
                .flat_map(|meta| meta.all(name))
            {
                match named(tree, reading.front.lang.as_deref()) {
                    Some(name) => add(&mut reading.front.authors, [name]),
                    None => add_authors(reading, &tree.line()),
                }
            }
        }
    }
    let provider = item.first("provider").or(item.first("infosource"));
    let provider = provider.and_then(|tree| named(tree, reading.front.lang.as_deref()));
    reading.front.source = provider.or_else(|| some(item.line_of("copyrightholder")));
    let located = item.first("located");
    reading.front.place = located.and_then(|tree| named(tree, reading.front.lang.as_deref()));
    read_subjects(reading, item);
    let notes: Vec<String> = item.all("ednote").map(ElementTree::line).collect();
    for (name, key) in [
        ("ednote", "editorial_note"),
        ("slugline", "slugline"),
        ("urgency", "urgency"),
        ("creditline", "credit"),
        ("copyrightholder", "copyright"),
        ("copyrightnotice", "copyright_notice"),
        ("usageterms", "usage_terms"),
        ("correction", "correction"),
    ] {
        item.all(name)
            .for_each(|tree| keep_line(reading, key, &tree.line()));
    }
    let made = item.line_of("versioncreated");
    let created = [item.line_of("firstcreated"), item.line_of("contentcreated")];
    set_dates(reading, &[&created[0], &created[1]], &made);
    if let Some(until) = item.first("embargoed") {
        set_embargo(reading, &until.line());
    }
    let status = item.attribute_of("pubstatus", "qcode");
    set_status(reading, status, notes.into_iter().next());
    ItemVersion::of(item.attribute("version").unwrap_or_default(), &made)
}

/// NewsML 1.
fn read_first(reading: &mut Reading, item: ElementTree<'_>) -> ItemVersion {
    id(reading, &item.line_of("publicidentifier"));
    // The public identifier is of one revision, these are of the item.
    let parts = ["providerid", "dateid", "newsitemid"].map(|name| item.line_of(name));
    if parts.iter().all(|part| !part.is_empty()) {
        reading.front.id.clear();
        id(reading, &parts.join(":"));
    }
    reading.set_language(item.attribute_of("language", "formalname"));
    read_titles(reading, item, "headline", "subheadline");
    for line in item.all("byline").map(ElementTree::line) {
        add_authors(reading, &line);
    }
    let party = item.first("provider").or(item.first("newsservice"));
    let name = |tree: ElementTree<'_>| {
        let party = tree.first("party").unwrap_or(tree);
        party.attribute("formalname").map(str::to_owned)
    };
    reading.front.source = party.and_then(name);
    let mut topics: Vec<String> = item.all("keywordline").map(ElementTree::line).collect();
    for name in ["subject", "subjectmatter", "subjectdetail"] {
        for tree in item.all(name) {
            match tree.attribute("formalname") {
                Some(code) if code.bytes().all(|b| b.is_ascii_digit()) => {
                    reading.keep("subject_codes", code);
                }
                Some(name) => topics.push(name.to_owned()),
                None => {}
            }
        }
    }
    add(&mut reading.front.topics, topics);
    for (name, key) in [
        ("slugline", "slugline"),
        ("creditline", "credit"),
        ("copyrightline", "copyright"),
        ("instruction", "editorial_note"),
    ] {
        item.all(name)
            .for_each(|tree| keep_line(reading, key, &tree.line()));
    }
    let made = item.line_of("thisrevisioncreated");
    set_dates(reading, &[&item.line_of("firstcreated")], &made);
    let status = item.attribute_of("status", "formalname");
    match status.eq_ignore_ascii_case("embargoed") {
        true => set_embargo(reading, &item.line_of("dateandtime")),
        false => set_status(reading, status, some(item.line_of("instruction"))),
    }
    ItemVersion::of(&item.line_of("revisionid"), &made)
}

/// Sets the first headline as the title, and keeps the others.
fn read_titles<'a>(reading: &mut Reading, item: ElementTree<'a>, name: &'a str, second: &'a str) {
    let lines = item
        .all(name)
        .chain(item.all(second))
        .map(ElementTree::line);
    for line in lines.filter(|line| !line.is_empty()) {
        if reading.front.title.is_empty() {
            reading.front.title = line;
        } else if line != reading.front.title {
            reading.keep("subtitle", line);
        }
    }
}

/// The name of a concept in the item's language, else in any, else its literal.
fn named(tree: ElementTree<'_>, lang: Option<&str>) -> Option<String> {
    let is_own = |name: &ElementTree<'_>| {
        let tag = name.attribute("xml:lang").map(str::to_lowercase);
        lang.is_some_and(|lang| tag.is_some_and(|tag| tag == lang))
    };
    let names = || tree.own().filter(|child| child.name() == "name");
    let name = names().find(is_own).or_else(|| names().next());
    let name = name.map(ElementTree::line).and_then(some);
    name.or_else(|| tree.attribute("literal").map(str::to_owned))
}

fn read_subjects(reading: &mut Reading, item: ElementTree<'_>) {
    let lang = reading.front.lang.clone();
    let mut topics = Vec::new();
    for tree in item.all("subject") {
        let code = tree.attribute("qcode").or(tree.attribute("uri"));
        match named(tree, lang.as_deref()) {
            Some(name) => topics.push(name),
            None if code.is_none() => topics.push(tree.line()),
            None => {}
        }
        if let Some(code) = code {
            reading.keep("subject_codes", code);
        }
    }
    topics.extend(item.all("keyword").map(ElementTree::line));
    add(&mut reading.front.topics, topics);
}

/// Reads NITF or XHTML, else plain text, else the description as the body.
fn read_body(reading: &mut Reading, item: ElementTree<'_>, document: &str) -> BodyOutcome {
    let summary = item
        .all("description")
        .map(ElementTree::line)
        .find(|l| !l.is_empty());
    let nitf = item
        .first("nitf")
        .or(item.first("body.content").and(Some(item)));
    // NITF has a dateline of its own, with elements in it.
    let dateline = item
        .all("dateline")
        .filter(|tree| tree.own().next().is_none())
        .map(ElementTree::line)
        .find(|line| !line.is_empty());
    let body = if let Some(nitf) = nitf {
        nitf::read_head(reading, nitf);
        nitf::read_body(reading, nitf, document, dateline)
    } else if let Some(content) = CONTENT.iter().find_map(|name| item.first(name)) {
        let range = content.element.map(|element| element.inner.clone());
        let done = set_content(reading, content, &dateline.unwrap_or_default());
        (range, done.err())
    } else {
        if let Some(summary) = &summary {
            set_plain(reading, summary);
        }
        (None, None)
    };
    if let Some(summary) = summary {
        decoded_record::summary(reading, summary);
    }
    if let Some(place) = reading.front.place.take() {
        set_place(reading, place);
    }
    body
}

/// Sets the body from an element that contains XHTML, escaped HTML or plain text.
fn set_content(
    reading: &mut Reading,
    content: ElementTree<'_>,
    dateline: &str,
) -> Result<(), String> {
    let kind = content.attribute("contenttype").unwrap_or_default();
    let page = content.first("body").unwrap_or(content);
    let text = content.element.map_or("", |element| &element.text);
    if page.own().next().is_some() {
        let html = nitf::with_dateline(&markup::html(page.inner()), dateline);
        set_html(reading, &html, None)
    } else if kind.starts_with("text/plain") || !html_text::is_html(text) {
        let text = html_text::resolve(text);
        set_plain(reading, &plain_with_dateline(&text, dateline));
        Ok(())
    } else {
        set_html(reading, &nitf::with_dateline(text, dateline), None)
    }
}

/// `None` for an empty text.
fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
