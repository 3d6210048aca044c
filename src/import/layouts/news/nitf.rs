//! NITF, the News Industry Text Format (IPTC, versions 2 and 3). A file is one record.

use super::tree::ElementTree;
use super::{
    add_authors, keep_line, keep_newest, markup, schema, set_dates, set_embargo, set_status, settle,
};
use crate::diagnostics::Diagnostic;
use crate::import::html;
use crate::import::layouts::decoded_record::{self, BodyOutcome, add, id, set_html};
use crate::import::layouts::{Layout, RawText, html_text, xml_records};
use crate::import::reading::Reading;
use crate::import::repair::dateline;
use crate::text::xml;

pub(crate) struct Nitf;

/// A byline has at most this many names.
const MOST_NAMES: usize = 50;

/// Elements of `docdata` that are read; any other is kept under its name.
const READ: &[&str] = &[
    "doc-id",
    "date.issue",
    "date.release",
    "key-list",
    "identified-content",
    "correction",
    "ed-msg",
    "doc.copyright",
];

impl Layout for Nitf {
    fn name(&self) -> &'static str {
        "nitf"
    }

    fn title(&self) -> &'static str {
        "NITF"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        xml::root(raw.text).is_some_and(|(name, _)| name == "nitf")
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut readings = xml_records::read(raw, &schema(&["nitf"]), |_, record| {
            let mut reading = Reading {
                span: record.span.clone(),
                ..raw.reading()
            };
            let tree = ElementTree::of(record, raw.text);
            read_head(&mut reading, tree);
            let body = read_body(&mut reading, tree, raw.text, None);
            settle(raw, &mut reading, body);
            Some(reading)
        })?;
        keep_newest(raw, &mut readings, &[]);
        Ok(readings)
    }
}

/// Reads the metadata of a document; fields that are set already are kept.
pub(crate) fn read_head(reading: &mut Reading, nitf: ElementTree<'_>) {
    if let Some(head) = nitf.first("body.head") {
        read_headline(reading, head);
        read_bylines(reading, head);
        decoded_record::summary(reading, head.line_of("abstract"));
        for (name, key) in [("rights", "rights"), ("note", "editorial_note")] {
            head.all(name)
                .for_each(|tree| keep_line(reading, key, &tree.line()));
        }
    }
    if reading.front.title.is_empty() {
        reading.front.title = nitf.line_of("title");
    }
    let Some(data) = nitf.first("docdata") else {
        return read_dates(reading, nitf);
    };
    id(reading, data.attribute_of("doc-id", "id-string"));
    read_dates(reading, nitf);
    read_topics(reading, nitf);
    read_document_data(reading, data);
    read_publication(reading, nitf, data);
}

/// Notes to editors, the state, and all that is not read otherwise.
fn read_document_data(reading: &mut Reading, data: ElementTree<'_>) {
    let mut note = None;
    for tree in data.own() {
        let text = text_with_attributes(tree);
        match tree.name() {
            "correction" => {
                keep_line(reading, "correction", &text);
                note.get_or_insert(text);
            }
            "ed-msg" => {
                keep_line(reading, "editorial_note", &text);
                note.get_or_insert(text);
            }
            "doc.copyright" => keep_line(reading, "copyright", &text),
            name if READ.contains(&name) => {}
            name => keep_line(reading, &name.replace(['.', '-'], "_"), &text),
        }
    }
    let status = data.attribute("management-status").unwrap_or_default();
    if status.eq_ignore_ascii_case("embargoed") {
        set_embargo(reading, data.attribute_of("date.release", "norm"));
    } else {
        set_status(reading, status, note);
    }
}

/// The publication in which a text appeared, and where in it.
fn read_publication(reading: &mut Reading, nitf: ElementTree<'_>, data: ElementTree<'_>) {
    let publisher = [
        nitf.attribute_of("pubdata", "name").to_owned(),
        nitf.line_of("distributor"),
        data.attribute_of("doc.copyright", "holder").to_owned(),
        data.attribute_of("doc-id", "regsrc").to_owned(),
    ];
    let source = publisher.into_iter().find(|name| !name.is_empty());
    reading.front.source = reading.front.source.take().or(source);
    for tree in nitf.all("pubdata") {
        for (key, value) in tree.attributes() {
            match key.as_str() {
                "ex-ref" => keep_line(reading, "url", value),
                "position.section" => keep_line(reading, "position_section", value),
                "position.sequence" => keep_line(reading, "position_sequence", value),
                _ => {}
            }
        }
    }
}

fn read_headline(reading: &mut Reading, head: ElementTree<'_>) {
    let mut lines = head
        .all("hl1")
        .chain(head.all("hl2"))
        .map(ElementTree::line)
        .filter(|line| !line.is_empty());
    if reading.front.title.is_empty() {
        reading.front.title = lines.next().unwrap_or_default();
    }
    for line in lines
        .filter(|l| *l != reading.front.title)
        .collect::<Vec<_>>()
    {
        reading.keep("subtitle", line);
    }
}

/// `<byline>By <person>Mara Quill</person> <byttl>Staff writer</byttl></byline>`
fn read_bylines(reading: &mut Reading, head: ElementTree<'_>) {
    let is_known = !reading.front.authors.is_empty();
    for byline in head.all("byline") {
        let mut line = byline.line();
        // The New York Times has it twice: as printed, and as in its index.
        if byline.attribute("class") == Some("normalized_byline") {
            keep_line(reading, "normalized_byline", &line);
            continue;
        }
        for post in byline.all("byttl").take(MOST_NAMES).map(ElementTree::line) {
            keep_line(reading, "byline_title", &post);
            line = line.replacen(&post, " ", usize::from(!post.is_empty()));
        }
        let people = byline.all("person").take(MOST_NAMES).map(ElementTree::line);
        let people: Vec<String> = people.filter(|name| !name.is_empty()).collect();
        match people.is_empty() {
            _ if is_known => {}
            true => add_authors(reading, &line),
            false => {
                let names = people
                    .iter()
                    .fold(line, |line, name| line.replacen(name, "", 1));
                let rest = names.trim_matches(|c: char| !c.is_alphanumeric());
                if !matches!(rest.to_lowercase().as_str(), "" | "by" | "by and" | "and") {
                    keep_line(reading, "byline", &byline.line());
                }
                add(&mut reading.front.authors, people);
            }
        }
    }
}

fn read_dates(reading: &mut Reading, nitf: ElementTree<'_>) {
    let of = |name| nitf.attribute_of(name, "norm");
    let published = nitf.attribute_of("pubdata", "date.publication");
    let (issued, released) = (of("date.issue"), of("date.release"));
    set_dates(
        reading,
        &[published, issued, released, of("story.date")],
        "",
    );
    if !released.is_empty() && released != issued {
        keep_line(reading, "date_release", released);
    }
}

fn read_topics(reading: &mut Reading, nitf: ElementTree<'_>) {
    let mut topics = Vec::new();
    for subject in nitf.all("tobject.subject") {
        let name = [
            "tobject.subject.detail",
            "tobject.subject.matter",
            "tobject.subject.type",
        ];
        let name = name.iter().find_map(|key| subject.attribute(key));
        topics.extend(name.map(str::to_owned));
        if let Some(code) = subject.attribute("tobject.subject.refnum") {
            reading.keep("subject_codes", code);
        }
    }
    let keywords = nitf.all("keyword").filter_map(|k| k.attribute("key"));
    topics.extend(keywords.map(str::to_owned));
    for content in nitf
        .all("docdata")
        .flat_map(|data| data.all("identified-content"))
    {
        for tree in content.own() {
            let line = tree.line();
            match tree.name() {
                // `Top/News/World` is a path in a taxonomy, not a subject.
                "classifier" if !line.contains('/') => topics.push(line),
                name => keep_line(reading, &name.replace(['.', '-'], "_"), &line),
            }
        }
    }
    add(&mut reading.front.topics, topics);
}

/// The words of an element's attributes and text: the name of a series, a year and a holder.
fn text_with_attributes(tree: ElementTree<'_>) -> String {
    let values = tree.attributes().iter().filter(|(key, _)| {
        let is_internal = matches!(key.as_str(), "id" | "regsrc" | "id-string" | "class");
        !is_internal && !key.starts_with("xml")
    });
    let mut words: Vec<String> = values.map(|(_, value)| value.trim().to_owned()).collect();
    words.push(match tree.own().next() {
        None => tree.line(),
        Some(_) => tree
            .own()
            .map(text_with_attributes)
            .collect::<Vec<_>>()
            .join(" "),
    });
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// Reads the dateline, the content and what follows it as the body. `outer` is the dateline of the enclosing item.
pub(crate) fn read_body(
    reading: &mut Reading,
    nitf: ElementTree<'_>,
    document: &str,
    outer: Option<String>,
) -> BodyOutcome {
    let content = nitf.first("body.content");
    let line = nitf
        .first("body.head")
        .and_then(|head| head.first("dateline"));
    if let Some(location) = line.and_then(|line| line.first("location")) {
        let place = location.first("city").unwrap_or(location).line();
        let place = place.split(',').next().unwrap_or_default().trim();
        if reading.front.place.is_none() && !place.is_empty() {
            reading.front.place = Some(dateline::title_case(place));
        }
    }
    let mut body = content.map_or_else(String::new, |content| without_lead(content, document));
    if let Some(line) = line
        .map(ElementTree::line)
        .or(outer)
        .filter(|l| !l.is_empty())
    {
        body = with_dateline(&body, &line);
    }
    // The signature and other texts below.
    let end = nitf.first("body.end").map(|end| markup::html(end.inner()));
    body.push_str(&end.unwrap_or_default());
    let done = set_html(reading, &body, None);
    let range = content.and_then(|content| content.element.map(|e| e.inner.clone()));
    (range, done.err())
}

/// The content as HTML. The New York Times has the first paragraphs in a block of their own, and again in the text.
fn without_lead(content: ElementTree<'_>, document: &str) -> String {
    let block = |class: &str| {
        let mut blocks = content.own().filter(|tree| tree.name() == "block");
        blocks.find(|block| block.attribute("class") == Some(class))
    };
    let inner = content.inner();
    let (Some(lead), Some(full)) = (block("lead_paragraph"), block("full_text")) else {
        return markup::html(inner);
    };
    let (short, long) = (markup::text(lead.inner()), markup::text(full.inner()));
    let mut long = html::non_whitespace(&long);
    if !html::non_whitespace(&short).all(|c| long.next() == Some(c)) {
        return markup::html(inner);
    }
    let range = |tree: ElementTree<'_>| tree.element.map(|e| e.inner.clone()).unwrap_or_default();
    let (lead, content) = (range(lead), range(content));
    let before = document.get(content.start..lead.start).unwrap_or_default();
    let after = document.get(lead.end..content.end).unwrap_or_default();
    markup::html(&format!("{before}{after}"))
}

/// Inserts the dateline at the beginning of the first paragraph, unless the text begins with it.
pub(crate) fn with_dateline(body: &str, line: &str) -> String {
    let words = html_text::text(body);
    let mut letters = html::non_whitespace(&words);
    if html::non_whitespace(line).all(|c| letters.next() == Some(c)) {
        return body.to_owned();
    }
    let mut escaped = String::new();
    html_text::escape(&mut escaped, line);
    let start = body.find("<p>").filter(|at| {
        body[..*at]
            .split('>')
            .all(|part| matches!(part.trim(), "" | "<div" | "</div"))
    });
    match start {
        Some(at) => format!("{}<p>{escaped} {}", &body[..at], &body[at + "<p>".len()..]),
        None => format!("<p>{escaped}</p>{body}"),
    }
}
