//! NewsML-G2 and NewsML 1 (IPTC): news items, alone or many in a message. Pictures, packages and plans are no articles.

use std::ops::Range;

use super::tree::Tree;
use super::{
    DEEPEST, Version, add_authors, keep_line, left_out, markup, newest, nitf, set_dates,
    set_embargo, set_status, settle,
};
use crate::diagnostics::Diagnostic;
use crate::import::layouts::entries::{self, add, id, set_html, set_plain};
use crate::import::layouts::{Layout, RawText, inline, xml};
use crate::import::reading::Reading;
use crate::import::repair::{dateline, language};

pub struct NewsMl;

impl Layout for NewsMl {
    fn name(&self) -> &'static str {
        "newsml"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let root = xml::root(raw.text);
        root.is_some_and(|(name, _)| matches!(name.as_str(), "newsitem" | "newsmessage" | "newsml"))
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let is_first = xml::root(raw.text).is_some_and(|(name, _)| name == "newsml");
        let mut versions = Vec::new();
        let mut readings = xml::read_deep(raw, &["newsitem"], DEEPEST, |_, record| {
            let mut reading = Reading {
                span: record.span.clone(),
                ..raw.reading()
            };
            let item = Tree::of(record, raw.text);
            let kind = match is_first {
                true => item.attribute_of("newsitemtype", "formalname"),
                false => item.attribute_of("itemclass", "qcode"),
            };
            let kind = kind.rsplit(':').next().unwrap_or(kind);
            let has_text = ["inlinexml", "inlinedata", "datacontent"];
            let has_text = has_text.iter().any(|name| item.first(name).is_some());
            if !has_text
                && matches!(
                    kind,
                    "picture" | "graphic" | "video" | "audio" | "animation"
                )
            {
                versions.push(None);
                let what =
                    "a news item holds no text but a picture, a sound or a film, and is left out";
                return Some(left_out(raw.path, reading, what));
            }
            versions.push(Some(match is_first {
                true => read_first(&mut reading, item),
                false => read_second(&mut reading, item),
            }));
            let (body, failed) = read_body(&mut reading, item, raw.text);
            settle(&mut reading, raw.path, body, failed);
            Some(reading)
        })?;
        newest(&mut readings, &versions, raw.path);
        Ok(readings)
    }
}

/// NewsML-G2.
fn read_second(reading: &mut Reading, item: Tree<'_>) -> Version {
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
    let notes: Vec<String> = item.all("ednote").map(Tree::line).collect();
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
    Version::of(item.attribute("version").unwrap_or_default(), &made)
}

/// NewsML 1.
fn read_first(reading: &mut Reading, item: Tree<'_>) -> Version {
    id(reading, &item.line_of("publicidentifier"));
    // The public identifier names one revision, these name the item.
    let parts = ["providerid", "dateid", "newsitemid"].map(|name| item.line_of(name));
    if parts.iter().all(|part| !part.is_empty()) {
        reading.front.id.clear();
        id(reading, &parts.join(":"));
    }
    reading.set_language(item.attribute_of("language", "formalname"));
    read_titles(reading, item, "headline", "subheadline");
    for line in item.all("byline").map(Tree::line) {
        add_authors(reading, &line);
    }
    let party = item.first("provider").or(item.first("newsservice"));
    let name = |tree: Tree<'_>| {
        let party = tree.first("party").unwrap_or(tree);
        party.attribute("formalname").map(str::to_owned)
    };
    reading.front.source = party.and_then(name);
    let mut topics: Vec<String> = item.all("keywordline").map(Tree::line).collect();
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
    Version::of(&item.line_of("revisionid"), &made)
}

/// The first headline is the title; what else is said above the text is kept.
fn read_titles<'a>(reading: &mut Reading, item: Tree<'a>, name: &'a str, second: &'a str) {
    let lines = item.all(name).chain(item.all(second)).map(Tree::line);
    for line in lines.filter(|line| !line.is_empty()) {
        if reading.front.title.is_empty() {
            reading.front.title = line;
        } else if line != reading.front.title {
            reading.keep("subtitle", line);
        }
    }
}

/// The name of a concept in the item's language, else in any, else what stands for it.
fn named(tree: Tree<'_>, lang: Option<&str>) -> Option<String> {
    let is_own = |name: &Tree<'_>| {
        let tag = name.attribute("xml:lang").map(str::to_lowercase);
        lang.is_some_and(|lang| tag.is_some_and(|tag| tag == lang))
    };
    let names = || tree.own().filter(|child| child.name() == "name");
    let name = names().find(is_own).or_else(|| names().next());
    let name = name.map(Tree::line).and_then(some);
    name.or_else(|| tree.attribute("literal").map(str::to_owned))
}

fn read_subjects(reading: &mut Reading, item: Tree<'_>) {
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
    topics.extend(item.all("keyword").map(Tree::line));
    add(&mut reading.front.topics, topics);
}

/// NITF or XHTML, else text in letters, else the description.
fn read_body(
    reading: &mut Reading,
    item: Tree<'_>,
    document: &str,
) -> (Option<Range<usize>>, Option<String>) {
    let summary = item
        .all("description")
        .map(Tree::line)
        .find(|l| !l.is_empty());
    let inner = |tree: Tree<'_>| tree.element.map(|element| element.inner.clone());
    let nitf = item
        .first("nitf")
        .or(item.first("body.content").and(Some(item)));
    let content = ["inlinexml", "inlinedata", "datacontent"];
    let content = content.iter().find_map(|name| item.first(name));
    // NITF has one of its own, with elements in it.
    let line = item
        .all("dateline")
        .filter(|tree| tree.own().next().is_none())
        .map(Tree::line)
        .find(|line| !line.is_empty());
    let (range, done) = if let Some(nitf) = nitf {
        nitf::read_head(reading, nitf);
        let (range, failed) = nitf::read_body(reading, nitf, document, line);
        (range, failed.map_or(Ok(()), Err))
    } else if let Some(content) = content {
        let kind = content.attribute("contenttype").unwrap_or_default();
        let page = content.first("body").unwrap_or(content);
        let is_nested = page.own().next().is_some();
        let text = content.element.map_or("", |element| &element.text);
        let line = line.unwrap_or_default();
        let done = if is_nested {
            let html = nitf::with_dateline(&markup::html(page.inner()), &line);
            set_html(reading, &html, None)
        } else if kind.starts_with("text/plain") || !inline::is_html(text) {
            let is_there = text.trim_start().starts_with(&line);
            let text = match is_there {
                true => inline::resolve(text),
                false => format!("{line} {}", inline::resolve(text).trim_start()),
            };
            set_plain(reading, &text);
            Ok(())
        } else {
            set_html(reading, &nitf::with_dateline(text, &line), None)
        };
        (inner(content), done)
    } else if let Some(summary) = &summary {
        set_plain(reading, summary);
        (None, Ok(()))
    } else {
        (None, Ok(()))
    };
    if let Some(summary) = summary {
        entries::summary(reading, summary);
    }
    if let Some(place) = reading.front.place.take() {
        let is_shouted = !place.chars().any(char::is_lowercase);
        reading.front.place = Some(match is_shouted {
            true => dateline::title_case(&place),
            false => place,
        });
    }
    (range, done.err())
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
