//! Markdown → HTML that is safe to show, even if the text is hostile.
//! Knows links and markup; never knows for which page.

mod links;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};

pub(crate) use self::links::Link;
pub(crate) use self::links::{BodyContext, is_site_link, link_targets};
use self::links::{OpenLink, link, name_of, scheme};
use crate::model::slug::slug;
use crate::text::markdown::OPTIONS;

/// The most `<` in the raw HTML of a body. With more, the HTML is shown as text: the time of the HTML parser grows with depth.
const MAX_MARKUP: usize = 10_000;

/// The HTML of a body. Headings are one level below the page's title, remote images become links unless they are allowed,
/// links with a scheme other than http, https or mailto become text, and raw HTML is sanitised.
pub(crate) fn html(body: &str, context: &BodyContext<'_>) -> String {
    let mut events: Vec<Event<'_>> = Vec::with_capacity(body.len() / 40);
    let mut has_html = false;
    let mut markup = 0;
    let mut open: Vec<OpenLink> = Vec::new();
    for event in Parser::new_ext(body, OPTIONS) {
        match event {
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                let within = open.iter().any(|link| link.end == Some(TagEnd::Link));
                let name = name_of(&tag);
                let (start, end) = link(tag, context, within);
                let name = name.filter(|_| end != Some(TagEnd::Image));
                events.extend(start);
                open.push(OpenLink {
                    end,
                    name,
                    from: events.len(),
                });
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let Some(link) = open.pop() else { continue };
                // A reader can follow, and hear, only a link that has a text.
                let name = link.name.filter(|_| events.len() == link.from);
                events.extend(name.map(|name| Event::Text(name.into())));
                events.extend(link.end.map(Event::End));
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                if let Event::Html(text) | Event::InlineHtml(text) = &event {
                    markup += text.matches('<').count();
                }
                has_html = true;
                events.push(event);
            }
            event => events.push(event),
        }
    }
    drop_title(&mut events, context.title);
    set_headings(&mut events);
    let mut out = String::with_capacity(body.len() + body.len() / 4);
    if has_html && markup > MAX_MARKUP {
        let text = events.into_iter().map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            event => event,
        });
        html::push_html(&mut out, text);
    } else {
        html::push_html(&mut out, events.into_iter());
        if has_html {
            out = sanitise(&out, context.remote_images);
        }
    }
    out
}

/// Removes a first heading of level 1 that repeats the page's title.
fn drop_title(events: &mut Vec<Event<'_>>, title: &str) {
    if !matches!(
        events.first(),
        Some(Event::Start(Tag::Heading {
            level: HeadingLevel::H1,
            ..
        }))
    ) {
        return;
    }
    let Some(end) = events
        .iter()
        .position(|e| matches!(e, Event::End(TagEnd::Heading(_))))
    else {
        return;
    };
    if text_of(&events[..end]).trim() == title.trim() {
        events.drain(..=end);
    }
}

/// Moves headings one level down, below the page's title, and gives each an anchor that is unique in the body.
fn set_headings(events: &mut [Event<'_>]) {
    let lower = |level: HeadingLevel| {
        HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6)
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut taken: HashSet<String> = HashSet::from(["main".to_owned(), "top".to_owned()]);
    for at in 0..events.len() {
        if let Event::End(TagEnd::Heading(level)) = &mut events[at] {
            *level = lower(*level);
        }
        if !matches!(events[at], Event::Start(Tag::Heading { .. })) {
            continue;
        }
        let length = events[at..]
            .iter()
            .position(|e| matches!(e, Event::End(TagEnd::Heading(_))))
            .unwrap_or(0);
        let base = slug(&text_of(&events[at..at + length])).unwrap_or_else(|| "section".to_owned());
        let mut anchor = base.clone();
        let count = counts.entry(base.clone()).or_insert(1);
        while !taken.insert(anchor.clone()) {
            *count += 1;
            anchor = format!("{base}-{count}");
        }
        if let Event::Start(Tag::Heading { level, id, .. }) = &mut events[at] {
            *level = lower(*level);
            *id = Some(anchor.into());
        }
    }
}

fn text_of(events: &[Event<'_>]) -> String {
    let text = events.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(&**text),
        Event::SoftBreak | Event::HardBreak => Some(" "),
        _ => None,
    });
    text.collect()
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(sanitiser);

static LOCAL_SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = sanitiser();
    // No page loads anything from another host: a remote image in raw HTML keeps its text and loses its source.
    builder.attribute_filter(|element, attribute, value| {
        let loads = element == "img" && attribute == "src";
        // As browsers parse URLs (WHATWG URL): control characters and blanks at the start, and all line breaks, are ignored.
        let value_read: String = value
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        let read = value_read.trim_start_matches(|c: char| c <= ' ');
        let remote = read.starts_with(['/', '\\']) || scheme(read).is_some();
        if loads && remote {
            None
        } else {
            Some(Cow::Borrowed(value))
        }
    });
    builder
});

fn sanitiser() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        // Anchors, and the classes that our Markdown renderer writes. An `id` in hostile HTML can do nothing.
        .add_generic_attributes(["id"])
        .add_tags(["input", "section"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tag_attributes("input", ["disabled", "checked"])
        .add_allowed_classes("div", ["footnote-definition"])
        .add_allowed_classes("sup", ["footnote-reference", "footnote-definition-label"]);
    builder
}

fn sanitise(html: &str, remote_images: bool) -> String {
    let sanitiser = if remote_images {
        &SANITISER
    } else {
        &LOCAL_SANITISER
    };
    sanitiser.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(body: &str) -> String {
        html(
            body,
            &BodyContext {
                links: HashMap::new(),
                remote_images: false,
                addresses: &[],
                host: "",
                title: "The title",
            },
        )
    }

    /// What no tag may contain.
    const BAD: &[&str] = &[
        "script",
        "onerror",
        "onload",
        "vbscript:",
        "data:",
        "iframe",
        "style",
        "svg",
        "src=\"http",
        "src=\"//",
    ];

    #[test]
    fn nothing_in_a_body_becomes_script() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java\tscript:alert(1))",
            "<javascript:alert(1)>",
            "![x](data:text/html,<script>alert(1)</script>)",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<a href=\"vbscript:x\">x</a>",
            "<svg onload=alert(1)>",
            "<iframe src=//example.org></iframe>",
            "<math><mtext><script>alert(1)</script>",
            "<style>@import url(//example.org)</style>",
            "<b style=\"background:url(//example.org)\">x</b>",
            "[x]: javascript:alert(1)\n\n[x]",
        ] {
            let html = plain(hostile).to_lowercase();
            // Text between tags may contain these words; a tag may not.
            let tags: String = html
                .split('<')
                .skip(1)
                .filter_map(|part| part.split('>').next())
                .collect();
            for bad in BAD {
                assert!(!tags.contains(bad), "{hostile} gave {html}");
            }
        }
    }

    #[test]
    fn remote_images_become_links() {
        let body = "![A map](https://example.org/map.png)";
        assert_eq!(
            plain(body),
            "<p><a href=\"https://example.org/map.png\">A map</a></p>\n"
        );
        let allowed = html(
            body,
            &BodyContext {
                remote_images: true,
                ..BodyContext::default()
            },
        );
        assert!(
            allowed.contains("<img src=\"https://example.org/map.png\""),
            "{allowed}"
        );
        for (body, expected) in [
            (
                "![](https://example.org/a%20map.png?w=2)",
                "<p><a href=\"https://example.org/a%20map.png?w=2\">a map.png</a></p>\n",
            ),
            (
                "[![](https://example.org/a.png)](https://example.org/big)",
                "<p><a href=\"https://example.org/big\">a.png</a></p>\n",
            ),
            (
                "[![A map](https://example.org/a.png)](https://example.org/big)",
                "<p><a href=\"https://example.org/big\">A map</a></p>\n",
            ),
            (
                "[](https://example.org/)",
                "<p><a href=\"https://example.org/\">example.org</a></p>\n",
            ),
        ] {
            assert_eq!(plain(body), expected, "{body}");
        }
        assert_eq!(
            plain("<img src=\"https://example.org/x.png\" alt=\"A map\">"),
            "<img alt=\"A map\">"
        );
    }

    #[test]
    fn links_into_the_site_are_replaced() {
        let body = "See [one](one.md), [two](two.md) and [out](https://example.org).";
        let found: Vec<_> = link_targets(body)
            .into_iter()
            .map(|(target, _)| target)
            .collect();
        assert_eq!(found, ["one.md", "two.md", "https://example.org"]);
        assert!(is_site_link("one.md") && !is_site_link("https://example.org"));
        let (one, two) = (Link::To("../one.html".to_owned()), Link::Unknown);
        let links = HashMap::from([("one.md", &one), ("two.md", &two)]);
        let shown = html(
            body,
            &BodyContext {
                links,
                ..BodyContext::default()
            },
        );
        assert_eq!(
            shown,
            "<p>See <a href=\"../one.html\">one</a>, two and <a href=\"https://example.org\">out</a>.</p>\n"
        );
    }

    #[test]
    fn headings_are_below_the_page_title_and_have_anchors() {
        assert_eq!(
            plain("# The title\n\n# Part\n\n## Part\n\n###### Deep"),
            "<h2 id=\"part\">Part</h2>\n<h3 id=\"part-2\">Part</h3>\n<h6 id=\"deep\">Deep</h6>\n"
        );
    }

    #[test]
    fn deep_nesting_needs_little_stack_and_time() {
        for hostile in [
            "<div>".repeat(20_000),
            "<b>".repeat(9_000),
            "> ".repeat(20_000),
            "[".repeat(50_000),
            "*a_".repeat(30_000),
            "- ".repeat(5_000),
        ] {
            assert!(!plain(&hostile).contains("<script"));
        }
    }
}
