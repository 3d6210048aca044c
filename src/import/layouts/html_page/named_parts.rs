//! Removes the parts of a page that say by their element, role or class that they are not its text: share buttons, newsletters,
//! related articles, comments. Never knows a site.

use dom_query::{Document, NodeId, NodeRef};

use crate::import::html::{begins_block, is_invisible};

/// A part with more of the prose of its page, in percent, is the text, whatever its class says.
const MOST_PROSE: usize = 20;
/// Comments may be longer than the article.
const MOST_COMMENTS: usize = 90;

/// A text is prose from this length in bytes, if most of it is no link.
const SHORTEST_PROSE: usize = 80;

/// Words of classes and ids, between hyphens, of parts that are never the text of an article.
const NAMES: &[&str] = &[
    // Sharing.
    "share",
    "sharing",
    "sharebar",
    "sharethis",
    "sharedaddy",
    "shareaholic",
    "addthis",
    "addtoany",
    "social",
    "socials",
    "follow-us",
    // Newsletters.
    "newsletter",
    "newsletters",
    "subscribe",
    "subscription",
    "signup",
    "sign-up",
    "mailchimp",
    "mc-embed",
    // Other articles.
    "related",
    "relateds",
    "relatedposts",
    "recommended",
    "recommendation",
    "recommendations",
    "recirc",
    "recirculation",
    "readmore",
    "read-more",
    "read-next",
    "read-also",
    "readalso",
    "also-read",
    "alsoread",
    "also-like",
    "more-stories",
    "more-from",
    "more-news",
    "more-articles",
    "most-read",
    "most-popular",
    "most-viewed",
    "mostpopular",
    "popular-posts",
    "popular-stories",
    "trending",
    "latest-news",
    "latest-posts",
    "latest-stories",
    "recent-posts",
    "up-next",
    "yarpp",
    "outbrain",
    "taboola",
    "zergnet",
    "revcontent",
    "plista",
    "promo",
    "promobox",
    // Ways through the site.
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "pager",
    "nav",
    "navbar",
    "navigation",
    "menu",
    "sidebar",
    "masthead",
    "skip-link",
    "toolbar",
    // Advertisements.
    "ad",
    "ads",
    "adsense",
    "adsbygoogle",
    "advert",
    "adverts",
    "advertisement",
    "advertising",
    "sponsor",
    "sponsored",
    // Consent and access.
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "onetrust",
    "paywall",
    "regwall",
    "modal",
    "popup",
    "screen-reader-text",
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    // What is said of the article.
    "tags",
    "taglist",
    "tag-list",
    "tag-cloud",
    "tagcloud",
    "tags-links",
    "cat-links",
    "post-meta",
    "postmeta",
    "postmetadata",
    "entry-meta",
    "article-meta",
    "story-meta",
    "meta-info",
    "posted-on",
    "entry-date",
    "post-date",
    "publish-date",
    "published-date",
    "date-published",
    "timestamp",
    "reading-time",
    "read-time",
    "author-bio",
    "author-box",
    "authorbox",
    "author-card",
    "author-info",
    "author-profile",
    "about-author",
    "about-the-author",
    "post-author",
    "entry-author",
    "article-author",
    "byline",
    "bylines",
    "rating",
    "ratings",
    "comment",
    "copyright",
];

/// The whole class or id of a list of comments.
const COMMENTS: &[&str] = &[
    "comments",
    "comment-list",
    "commentlist",
    "comments-area",
    "comments-section",
    "comment-section",
    "comments-wrapper",
    "comments-container",
    "disqus-thread",
    "respond",
    "comment-respond",
];

const ROLES: &[&str] = &[
    "navigation",
    "search",
    "banner",
    "contentinfo",
    "complementary",
    "dialog",
    "alertdialog",
    "menu",
    "menubar",
    "toolbar",
    "tablist",
];

/// Removes the parts.
pub(super) fn remove(document: &Document) {
    let mut reader = Reader::default();
    let all = reader.read(&document.root());
    for Part { node, prose, most } in reader.parts {
        if prose * 100 > all * most {
            continue;
        }
        if let Some(node) = document.tree.get(&node) {
            node.remove_from_parent();
        }
    }
}

struct Part {
    node: NodeId,
    /// Bytes of prose in it.
    prose: usize,
    /// With more of the page's prose, in percent, it stays.
    most: usize,
}

#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    /// Whether the current element is within a quotation or a paragraph, whose classes are about its text.
    in_text: bool,
}

impl Reader {
    /// Notes the parts below an element, and returns how much prose it has.
    fn read(&mut self, node: &NodeRef<'_>) -> usize {
        let name = node.node_name().unwrap_or_default();
        if is_invisible(&name) {
            return 0;
        }
        let most = match self.in_text {
            true => None,
            false => most_prose(node, &name),
        };
        let around = self.in_text;
        self.in_text |= matches!(
            &*name,
            "blockquote" | "pre" | "p" | "figure" | "h1" | "code"
        );
        let below: usize = node
            .children_it(false)
            .filter(NodeRef::is_element)
            .map(|child| self.read(&child))
            .sum();
        self.in_text = around;
        let is_block =
            |child: NodeRef<'_>| child.node_name().is_some_and(|name| begins_block(&name));
        let prose = match node.children_it(false).any(is_block) {
            // Old pages write their text between the blocks.
            true => below + text_between(node),
            false if below == 0 && begins_block(&name) => own_prose(node),
            false => below,
        };
        if let Some(most) = most {
            self.parts.push(Part {
                node: node.id,
                prose,
                most,
            });
        }
        prose
    }
}

/// The length of the prose that stands in an element beside the blocks in it.
fn text_between(node: &NodeRef<'_>) -> usize {
    let texts = node.children_it(false).filter(NodeRef::is_text);
    let lengths = texts.map(|text| text.text().trim().len());
    lengths.filter(|length| *length >= SHORTEST_PROSE).sum()
}

/// The length of a text, if it is prose.
fn own_prose(node: &NodeRef<'_>) -> usize {
    let length =
        |node: &NodeRef<'_>| -> usize { node.text().split_whitespace().map(str::len).sum() };
    let all = length(node);
    if all < SHORTEST_PROSE {
        return 0;
    }
    let links = node.descendants_it().filter(|below| below.has_name("a"));
    let links: usize = links.map(|link| length(&link)).sum();
    if links * 2 > all { 0 } else { all }
}

/// With how much of the page's prose, in percent, an element still is no part of the text; `None` if it may be.
fn most_prose(node: &NodeRef<'_>, name: &str) -> Option<usize> {
    if matches!(name, "nav" | "footer" | "form" | "button" | "dialog") {
        return Some(MOST_PROSE);
    }
    let is_wrapper = matches!(name, "" | "html" | "head" | "body" | "main" | "article");
    let is_text = matches!(name, "h1" | "blockquote" | "pre" | "figure");
    // An inline element may be a word of the text.
    if is_wrapper || is_text || !begins_block(name) {
        return None;
    }
    let role = node.attr("role").unwrap_or_default();
    if ROLES.contains(&&*role) {
        return Some(MOST_PROSE);
    }
    let classes = node.attr("class").unwrap_or_default();
    let id = node.attr("id").unwrap_or_default();
    let names = classes.split_ascii_whitespace().take(30).chain([&*id]);
    let mut is_part = false;
    for name in names.filter(|name| name.len() <= 100) {
        let words = hyphenated(name);
        if COMMENTS.contains(&words.trim_matches('-')) {
            return Some(MOST_COMMENTS);
        }
        // WordPress gives each article the names of its subjects as classes.
        let is_subject = ["-tag-", "-category-", "-post-tag-"];
        let is_subject = is_subject.iter().any(|start| words.starts_with(start))
            && !words.starts_with("-tag-list-")
            && !words.starts_with("-tag-cloud-");
        is_part |= !is_subject && NAMES.iter().any(|part| has_part(&words, part));
    }
    is_part.then_some(MOST_PROSE)
}

/// Whether hyphenated words contain others.
fn has_part(words: &str, part: &str) -> bool {
    words
        .match_indices(part)
        .any(|(at, _)| words[..at].ends_with('-') && words[at + part.len()..].starts_with('-'))
}

/// `articleTags_list` → `-article-tags-list-`
fn hyphenated(name: &str) -> String {
    let mut out = String::from("-");
    let mut before = '-';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            out.push('-');
        }
        match c.is_ascii_alphanumeric() {
            true => out.push(c.to_ascii_lowercase()),
            false if !out.ends_with('-') => out.push('-'),
            false => {}
        }
        before = c;
    }
    if !out.ends_with('-') {
        out.push('-');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(html: &str) -> String {
        let document = Document::from(html);
        remove(&document);
        crate::import::html::collapse(&document.root().text())
    }

    #[test]
    fn parts_that_name_themselves_are_removed() {
        let text =
            "The night ferry will sail again from Monday, nine years after it was given up. "
                .repeat(4);
        for part in [
            "<nav>N</nav>",
            "<div class='articleShareTools'>N</div>",
            "<ul id=related_posts><li>N</ul>",
            "<div role=navigation>N</div>",
            "<section class='c-newsletter-signup c-box'><p>N</p></section>",
            "<div class='comments'><p>A reader has a view of this, which is long enough to be taken for prose.</p></div>",
        ] {
            let shown = left(&format!("<div><p>{text}</p>{part}</div>"));
            assert_eq!(shown, text.trim_end(), "{part}");
        }
    }

    #[test]
    fn the_text_stays_whatever_its_classes_say() {
        let text =
            "The night ferry will sail again from Monday, nine years after it was given up. "
                .repeat(4);
        for html in [
            format!("<div class='post tag-share category-ads with-sidebar'><p>{text}</p></div>"),
            format!("<form id=newsletter><p>{text}</p></form>"),
            format!("<div class=promo>{text}<br>{text}<div>x</div></div><p>y</p>"),
            format!("<p>A <span class=social>x</span></p><p>{text}</p>"),
            format!("<p>{text}</p><blockquote class=social><p>quoted</p></blockquote>"),
            format!("<p>{text}</p><div class=shareholders>y</div><div class=adventure>z</div>"),
        ] {
            let whole = crate::import::html::collapse(&Document::from(html.as_str()).root().text());
            assert_eq!(left(&html), whole, "{html}");
        }
    }
}
