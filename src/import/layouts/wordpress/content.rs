//! The text of a post as WordPress stores it → HTML: shortcodes removed, blank lines turned into paragraphs.

use crate::import::layouts::html_text;
use crate::import::repair::paragraphs::by_blank_lines;
use crate::text::characters::one_line;

/// A post's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PostContent {
    pub html: String,
    /// Shortcodes, as written.
    pub removed: Vec<String>,
}

/// Names of shortcodes that are recognised without values and without an end.
const KNOWN: &[&str] = &[
    "archives",
    "audio",
    "caption",
    "contact-form",
    "contact-form-7",
    "dropcap",
    "embed",
    "gallery",
    "googlemaps",
    "instagram",
    "playlist",
    "polldaddy",
    "slideshare",
    "slideshow",
    "soundcloud",
    "tweet",
    "twitter",
    "video",
    "vimeo",
    "wp_caption",
    "youtube",
];

/// Shortcodes around program code, among them names of languages.
const CODE: &[&str] = &[
    "code",
    "sourcecode",
    "source",
    "cc",
    "cce",
    "code_block",
    "bash",
    "shell",
    "c",
    "cpp",
    "csharp",
    "css",
    "go",
    "html",
    "java",
    "javascript",
    "js",
    "json",
    "perl",
    "php",
    "plain",
    "python",
    "r",
    "ruby",
    "scala",
    "sql",
    "swift",
    "text",
    "vb",
    "xml",
    "yaml",
];

/// Shortcodes that show what lies at an address, which readers would miss.
const MEDIA: &[&str] = &[
    "audio",
    "embed",
    "googlemaps",
    "instagram",
    "soundcloud",
    "tweet",
    "twitter",
    "video",
    "vimeo",
    "youtube",
];

/// A longer text in brackets is not a shortcode, in bytes.
const LONGEST: usize = 2_000;

/// A post's text as HTML.
pub(crate) fn read(text: &str) -> PostContent {
    let (html, removed) = without_shortcodes(text);
    let is_html = html.contains("<!-- wp:") || html.contains("<p>") || html.contains("<p ");
    let html = match is_html {
        true => html,
        false => paragraphs(&html),
    };
    PostContent { html, removed }
}

/// A shortcode: `[name]`, `[name key="value"]`, `[/name]`.
struct Shortcode<'a> {
    name: &'a str,
    length: usize,
    has_values: bool,
    closes: bool,
}

/// The shortcode, or what looks like one, at the beginning of a text.
fn shortcode(text: &str) -> Option<Shortcode<'_>> {
    let most = text.len().min(LONGEST);
    let end = memchr::memchr(b']', &text.as_bytes()[..most])?;
    let inner = text.get(1..end)?;
    let closes = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let length = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
    let (name, values) = inner.split_at(length);
    let is_word = name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_apart = values.is_empty() || values.starts_with([' ', '\t', '\n', '\r', '/']);
    if !is_word || !is_apart || values.contains(['[', '<']) {
        return None;
    }
    let has_values = values.split_once('=').is_some_and(|(key, value)| {
        key.trim().chars().all(is_name)
            && value
                .trim_start()
                .starts_with(['"', '\'', '&', '\u{201c}', '\u{201d}'])
            || key.trim().chars().all(is_name) && !key.trim().is_empty() && !value.is_empty()
    });
    Some(Shortcode {
        name,
        length: end + 1,
        has_values,
        closes,
    })
}

/// Removes shortcodes and keeps the words between them. `[sic]`, `[1]` and `[[name]]` are words.
fn without_shortcodes(text: &str) -> (String, Vec<String>) {
    let mut found: Vec<(usize, Shortcode<'_>)> = Vec::new();
    for at in memchr::memchr_iter(b'[', text.as_bytes()) {
        let is_escaped = text[..at].ends_with('[');
        if let Some(code) = shortcode(&text[at..]).filter(|_| !is_escaped) {
            found.push((at, code));
        }
    }
    let ended: std::collections::HashSet<&str> = found
        .iter()
        .filter(|(_, code)| code.closes)
        .map(|(_, code)| code.name)
        .collect();
    let mut html = String::with_capacity(text.len());
    let mut removed = Vec::new();
    let mut from = 0;
    for (at, code) in found {
        let is_one = code.closes
            || code.has_values
            || ended.contains(code.name)
            || KNOWN.contains(&code.name);
        if !is_one || at < from {
            continue;
        }
        html.push_str(&text[from..at]);
        from = at + code.length;
        removed.push(one_line(&text[at..from]));
        if !code.closes && ended.contains(code.name) && CODE.contains(&code.name) {
            let closing = format!("[/{}]", code.name);
            if let Some(length) = text[from..].find(&closing) {
                write_code(&mut html, &text[at..from], &text[from..from + length]);
                from += length + closing.len();
                removed.push(closing);
            }
        } else if MEDIA.contains(&code.name)
            && let Some(address) = address_of(&text[at..from])
        {
            html.push_str(&format!("<a href=\"{address}\">{address}</a>"));
        }
    }
    html.push_str(&text[from..]);
    (html, removed)
}

/// Writes program code as it stands between two shortcodes. Editors may have escaped it, or ended its lines with `br`.
fn write_code(html: &mut String, shortcode: &str, code: &str) {
    let lines = || code.trim().lines();
    let is_broken = |line: &str| line.trim_end().ends_with("/>") && line.contains("<br");
    let all = lines().count();
    let code = match all > 1 && lines().filter(|line| is_broken(line)).count() + 1 >= all {
        true => code.replace("<br />", "").replace("<br/>", ""),
        false => code.to_owned(),
    };
    let is_escaped = !code.contains('<') && code.contains("&lt;");
    let code = if is_escaped {
        html_text::resolve(&code)
    } else {
        code
    };
    let language = language_of(shortcode).unwrap_or_default();
    html.push_str(&format!("<pre class=\"language-{language}\">"));
    html_text::escape(html, code.trim_matches(['\r', '\n']));
    html.push_str("</pre>");
}

/// The language of `[code lang="php"]`, `[sourcecode language='php']` or `[php]`.
fn language_of(shortcode: &str) -> Option<&str> {
    let inner = shortcode.trim_matches(['[', ']']);
    let value = ["language=", "lang="]
        .iter()
        .find_map(|key| inner.split_once(key).map(|(_, value)| value));
    let name = match value {
        Some(value) => value.trim_start_matches(['"', '\'', '\u{201c}', '\u{201d}']),
        None => Some(inner).filter(|_| !CODE[..6].iter().any(|code| inner.starts_with(code)))?,
    };
    let is_end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-'));
    let name = name.split(is_end).next()?;
    (!name.is_empty()).then_some(name)
}

/// The address within a shortcode.
fn address_of(shortcode: &str) -> Option<&str> {
    let at = shortcode
        .find("http://")
        .or_else(|| shortcode.find("https://"))?;
    let rest = &shortcode[at..];
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ']' | '<' | '&');
    rest.get(..rest.find(is_end)?)
        .filter(|address| !address.contains('>'))
}

/// The lines of a `pre`, each ended once: WordPress ignores a `br` that stands before a line break.
fn without_double_breaks(pre: &str) -> String {
    ["<br />\n", "<br/>\n", "<br>\n"]
        .iter()
        .fold(pre.to_owned(), |text, mark| text.replace(mark, "\n"))
}

/// Paragraphs of what the classic editor stored: a blank line separates them, and line breaks are kept. As `wpautop`
/// does it, except that text between the tags of blocks is not changed.
fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut run = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        run.push_str(&rest[..at]);
        rest = &rest[at..];
        match html_text::tag(rest) {
            Some((tag, "pre" | "PRE")) if !tag.closes => {
                close(&mut out, &mut run);
                let is_end = |at: &usize| {
                    let name = rest.get(at + "</".len()..at + "</pre".len());
                    name.is_some_and(|name| name.eq_ignore_ascii_case("pre"))
                };
                let mut ends = memchr::memmem::find_iter(rest.as_bytes(), "</");
                let end = ends.find(is_end).map_or(rest.len(), |at| {
                    rest[at..]
                        .find('>')
                        .map_or(rest.len(), |close| at + close + 1)
                });
                out.push_str(&without_double_breaks(&rest[..end]));
                rest = &rest[end..];
            }
            Some((tag, name)) if tag.block && !name.eq_ignore_ascii_case("br") => {
                close(&mut out, &mut run);
                out.push_str(&rest[..tag.length]);
                rest = &rest[tag.length..];
            }
            Some((tag, _)) => {
                run.push_str(&rest[..tag.length]);
                rest = &rest[tag.length..];
            }
            None => {
                run.push('<');
                rest = &rest[1..];
            }
        }
    }
    run.push_str(rest);
    close(&mut out, &mut run);
    out
}

/// Writes the text between two blocks, as paragraphs if it contains a blank line or is in no block.
fn close(out: &mut String, run: &mut String) {
    let text = std::mem::take(run);
    let is_inside = out.ends_with('>') && !out.ends_with("</p>") && opens(out);
    if text.trim().is_empty() {
        return;
    }
    let parts = by_blank_lines(&text);
    if is_inside && parts.len() == 1 {
        out.push_str(&text);
        return;
    }
    for part in parts {
        out.push_str("<p>");
        out.push_str(&text[part].replace('\n', "<br>\n"));
        out.push_str("</p>");
    }
}

/// Whether the last tag written opens a block.
fn opens(out: &str) -> bool {
    out.rfind('<')
        .is_some_and(|at| !out[at..].starts_with("</"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_are_removed_and_other_brackets_kept() {
        let made = read(
            "<p>A [caption id=\"a_1\" width=\"3\"]<img src=\"x.jpg\"> The pier[/caption] b [sic] [1] [gallery] [[gallery]] [su_note]n[/su_note] [see the map].</p>",
        );
        assert_eq!(
            made.removed,
            [
                "[caption id=\"a_1\" width=\"3\"]",
                "[/caption]",
                "[gallery]",
                "[su_note]",
                "[/su_note]"
            ]
        );
        assert_eq!(
            made.html,
            "<p>A <img src=\"x.jpg\"> The pier b [sic] [1]  [[gallery]] n [see the map].</p>"
        );
    }

    #[test]
    fn code_keeps_its_lines() {
        for (text, html) in [
            (
                "A.\n\n[code lang=\"php\"]\n<?php echo \"<b>hi</b>\";\n\n$a[0] = [gallery];\n[/code]\n\nB.",
                "<p>A.</p><pre class=\"language-php\">&lt;?php echo \"&lt;b&gt;hi&lt;/b&gt;\";\n\n$a[0] = [gallery];</pre><p>B.</p>",
            ),
            (
                "[python]a &lt; b\nc[/python]",
                "<pre class=\"language-python\">a &lt; b\nc</pre>",
            ),
            (
                "[sourcecode]a<br />\nb<br />\nc[/sourcecode]",
                "<pre class=\"language-\">a\nb\nc</pre>",
            ),
            ("<pre>a<br />\nb</pre>", "<pre>a\nb</pre>"),
            (
                "[video mp4=\"https://q.example/v.mp4\"][/video]",
                "<p><a href=\"https://q.example/v.mp4\">https://q.example/v.mp4</a></p>",
            ),
        ] {
            assert_eq!(read(text).html, html, "{text}");
        }
    }

    #[test]
    fn blank_lines_become_paragraphs() {
        for (text, html) in [
            ("One.\n\nTwo\nthree.", "<p>One.</p><p>Two<br>\nthree.</p>"),
            (
                "One.\n<ul>\n<li>a</li>\n</ul>\nTwo.",
                "<p>One.</p><ul><li>a</li></ul><p>Two.</p>",
            ),
            ("<pre>a\n\nb</pre>\nOne.", "<pre>a\n\nb</pre><p>One.</p>"),
            (
                "<blockquote>One.\n\nTwo.</blockquote>",
                "<blockquote><p>One.</p><p>Two.</p></blockquote>",
            ),
            (
                "5 < 6\r\n\r\nTwo <b>x</b>",
                "<p>5 < 6</p><p>Two <b>x</b></p>",
            ),
        ] {
            assert_eq!(read(text).html, html);
        }
    }
}
