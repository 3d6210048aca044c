//! HTML → Markdown, and the words that it shows, for every layout whose records contain HTML.
//! Never knows which part of a page is the article.

mod addresses;
mod blocks;
mod bounds;
mod code;
mod elements;
mod embeds;
mod inline;
mod notes;
mod tables;
mod walk;

use blocks::join;
pub use blocks::{Block, BlockKind, Container, is_heading};
pub use bounds::{Excess, check};
pub use code::code_language;
pub use elements::{begins_block, is_invisible};
pub use inline::collapse;
pub use walk::blocks;

use dom_query::Document;
use url::Url;

use super::markdown::plain;

/// HTML as Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markdown {
    pub text: String,
    /// The words that the HTML shows, in order: `text` without its markup.
    pub words: String,
}

/// Converts HTML. `base` is the URL of its page; without it, relative links stay relative.
///
/// # Errors
/// If the HTML exceeds the bounds within which a parser is safe.
pub fn to_markdown(html: &str, base: Option<&Url>) -> Result<Markdown, Excess> {
    check(html)?;
    let document = Document::fragment(html);
    Ok(of_blocks(&blocks(&document.root(), base)))
}

/// Blocks as one text, without markup if markup would change a word.
pub fn of_blocks(blocks: &[Block]) -> Markdown {
    let words: String = blocks.iter().map(|b| b.words() + "\n").collect();
    let text = without_dangling_notes(join(blocks), blocks);
    if non_whitespace(&plain(&text)).eq(non_whitespace(&words)) {
        return Markdown { text, words };
    }
    let parts = blocks.iter().flat_map(|block| &block.texts);
    let text = super::markdown::paragraphs(parts);
    Markdown { text, words }
}

/// A text without references to footnotes that it does not have: they would be shown as they are written.
fn without_dangling_notes(text: String, blocks: &[Block]) -> String {
    if !text.contains("[^") {
        return text;
    }
    let has = |number: usize| {
        let mut around = blocks.iter().flat_map(|block| &block.within);
        around.any(|container| *container == Container::Note(number))
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("[^") {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let end = after.find(']').map_or(2, |end| end + 1);
        let number = after
            .get(2..end.saturating_sub(1))
            .and_then(|n| n.parse().ok());
        let is_dangling = number.is_some_and(|number| !has(number)) && !before.ends_with('\\');
        let length = if is_dangling { end } else { 2 };
        out.push_str(if is_dangling { "" } else { "[^" });
        rest = &after[length..];
    }
    out + rest
}

/// The words of a text that may contain character references and tags although its format has no need of them; on one line.
pub fn shown_text(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return collapse(text);
    }
    match to_markdown(text, None) {
        Ok(markdown) => collapse(&markdown.words),
        Err(_) => collapse(text),
    }
}

/// A text without its white space.
pub fn non_whitespace(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn markdown(html: &str) -> String {
        let base = Url::parse("https://example.org/a/").unwrap();
        to_markdown(html, Some(&base)).unwrap().text
    }

    #[test]
    fn each_element_has_its_markdown() {
        for (html, expected) in [
            ("<p>One\n two</p><p>three", "One two\n\nthree\n"),
            ("one<br>two<br><br>three", "one\\\ntwo\n\nthree\n"),
            ("<h1>A</h1><h3>B <b>c</b></h3>", "## A\n\n### B c\n"),
            ("a <b>b </b>c<i> d</i>", "a **b** c *d*\n"),
            ("<b><strong>a</strong></b><i></i>", "**a**\n"),
            ("<b>a<p>b</p></b>", "**a**\n\n**b**\n"),
            ("x<code>a`b</code>", "x``a`b``\n"),
            (
                "<a href='b?c=(1)'>d</a>",
                "[d](https://example.org/a/b?c=%281%29)\n",
            ),
            (
                "<a href='#e'>d</a>!<a href='/'>e</a>",
                "d\\![e](https://example.org/)\n",
            ),
            ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b\n"),
            (
                "<ul><li>a<ul><li>b</ul><li><p>c<p>d</ul>",
                "- a\n\n  - b\n\n- c\n\n  d\n",
            ),
            (
                "<blockquote>a<blockquote>b</blockquote></blockquote>",
                "> a\n>\n> > b\n",
            ),
            (
                "<table><tr><td>a|b<td>c<tr><td>d</table>",
                "| a\\|b | c |\n|---|---|\n| d |\n",
            ),
            ("<table><tr><td>a<p>b</table>", "a\n\nb\n"),
            (
                "<table><tr><th>T<th>Y<th>P<tr><td rowspan=2>Q<td>1<td>5<tr><td>2<td>7<tr><td>M<td colspan=2>no</table>",
                "| T | Y | P |\n|---|---|---|\n| Q | 1 | 5 |\n|  | 2 | 7 |\n| M | no |  |\n",
            ),
            (
                "<table><tr><th>T<th>Y<tr><td>a<br>b<td>c<p>d<ul><li>e<li>f</ul></table>",
                "| T | Y |\n|---|---|\n| a<br>b | c<br>d<br>e<br>f |\n",
            ),
            (
                "10<sup>23</sup> H<sub>2</sub>O <del>x</del>",
                "10<sup>23</sup> H<sub>2</sub>O ~~x~~\n",
            ),
            (
                "<pre>a<br>b<div>c</div><div>d</div></pre>",
                "```\na\nb\nc\nd\n```\n",
            ),
            ("<pre>a\n  ```</pre>", "````\na\n  ```\n````\n"),
            (
                "1. a<p># b<p>*c*<p>&lt;d>",
                "1\\. a\n\n\\# b\n\n\\*c\\*\n\n\\<d>\n",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn what_markdown_can_carry_is_kept() {
        for (html, expected) in [
            ("he said <q>yes</q>", "he said \u{201c}yes\u{201d}\n"),
            (
                "<abbr title='World \"H\" *O*'>WHO</abbr>",
                "<abbr title=\"World &#34;H&#34; &#42;O&#42;\">WHO</abbr>\n",
            ),
            (
                "<dl><dt>a<dd>b<dt>c<dd>d<p>e</dl>",
                "- **a**\n\n  b\n- **c**\n\n  d\n\n  e\n",
            ),
            (
                "<pre class='language-rust'><code>a</code></pre>",
                "```rust\na\n```\n",
            ),
            (
                "<pre><code class='hljs lang-C++'>a</code></pre>",
                "```c++\na\n```\n",
            ),
            (
                "a<iframe src='//www.youtube.com/embed/x'></iframe><iframe src='https://ads.example/'></iframe>b",
                "a\n\n[youtube.com](https://www.youtube.com/embed/x)\n\nb\n",
            ),
            (
                "<video><source src='/f.mp4'>none</video><video></video>",
                "[example.org](https://example.org/f.mp4)\n",
            ),
            (
                "<a href='/x'>a <audio src='/f.mp3'></audio></a><a href='/y'></a>",
                "[a](https://example.org/x)\n\n[example.org](https://example.org/x)\n",
            ),
            (
                "<p>new<sup id=r><a href='#n'>1</a></sup>, old<a id=s href='https://example.org/a/#m'>[2]</a>.<h2>Notes</h2>\
                 <ol><li id=n>One. <a href='#r'>\u{21a9}</a><p>More.<li id=m><a href='#s'>^</a> Two.</ol>",
                "new[^1], old[^2].\n\n## Notes\n\n[^1]: One.\n\n    More.\n\n[^2]: Two.\n",
            ),
            (
                "<ul><li><a href='#k'>K</a><li><a href='#gone'>L</a></ul><a name=k></a><h2>Kilns &amp; cones</h2><p>x<h2 id=z>Kilns &amp; cones</h2><a href='#z'>z</a>",
                "- [K](#kilns-cones)\n- L\n\n## Kilns & cones\n\nx\n\n## Kilns & cones\n\nz\n",
            ),
            (
                "<p>no note<sup><a href='#n'>1</a></sup><p id=n>A place.",
                "no note<sup>1</sup>\n\nA place.\n",
            ),
            (
                "<table><caption>C<tr><th>T<th>Y<tr><td>a<td>b</table>",
                "C\n\n| T | Y |\n|---|---|\n| a | b |\n",
            ),
            ("<pre>a\n  ```</pre>", "````\na\n  ```\n````\n"),
            (
                "<pre class='x language-c++'>a</pre><pre><code class=\"lang-js\">b</code></pre><pre class='brush: php; x'>c</pre>",
                "```c++\na\n```\n\n```js\nb\n```\n\n```php\nc\n```\n",
            ),
            ("x <code>a<br>b\nc</code>", "x `a`\\\n`b c`\n"),
            (
                "<p><code><br>a<br>\n  b<br>c</code></p>",
                "```\na\n  b\nc\n```\n",
            ),
            (
                "1. a<p># b<p>*c*<p>&lt;d>",
                "1\\. a\n\n\\# b\n\n\\*c\\*\n\n\\<d>\n",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn any_html_keeps_its_words(
            html in "(</?(p|b|i|a href='x'|li|ul|ol|h2|table|tr|td|pre|code|blockquote|br|div)>|[ \n]|[a-c1.]{1,3}|[*_#>`|!\\[\\]()~&;\\\\-]){0,60}"
        ) {
            if let Ok(made) = to_markdown(&html, None) {
                let (shown, words) = (plain(&made.text), made.words);
                prop_assert!(non_whitespace(&shown).eq(non_whitespace(&words)), "{}", made.text);
            }
        }
    }
}
