//! The lines and the language of program code in HTML. Never knows what is around it.

use dom_query::NodeRef;

/// The text of code with its lines, which some pages end with `br` or put into a `div` each. Line breaks of the source are
/// lines of a `pre`, but not of other elements.
pub(crate) fn preformatted(node: &NodeRef<'_>, is_pre: bool) -> String {
    fn add(node: &NodeRef<'_>, is_pre: bool, out: &mut String) {
        for child in node.children_it(false) {
            match child.node_name().as_deref() {
                None if is_pre => out.push_str(&child.text()),
                None => {
                    let text = child.text();
                    let begins = out.ends_with('\n');
                    let text = text.strip_prefix('\n').filter(|_| begins).unwrap_or(&text);
                    out.push_str(&text.replace('\n', " "));
                }
                Some("br") => out.push('\n'),
                Some("div" | "p" | "li" | "tr") => {
                    let begins = out.is_empty() || out.ends_with('\n');
                    out.push_str(if begins { "" } else { "\n" });
                    add(&child, is_pre, out);
                    out.push('\n');
                }
                Some(_) => add(&child, is_pre, out),
            }
        }
    }
    let mut out = String::new();
    add(node, is_pre, &mut out);
    out
}

/// The language of code, as highlighters name it: `language-rust`, `lang-rust`, `highlight-source-rust`, `brush: rust`.
pub fn code_language(node: &NodeRef<'_>) -> String {
    let is_code = |below: &NodeRef<'_>| below.has_name("code");
    let own = std::iter::once(*node).chain(node.children_it(false).filter(is_code));
    let around = node.parent().filter(|around| around.has_name("div"));
    for node in own.chain(around) {
        let named = node
            .attr("data-lang")
            .or_else(|| node.attr("data-language"));
        let classes = node.attr("class").unwrap_or_default();
        let brush = classes
            .split_once("brush:")
            .map(|(_, rest)| rest.trim_start());
        let classes = classes.split_ascii_whitespace().filter_map(|class| {
            let starts = [
                "language-",
                "lang-",
                "highlight-source-",
                "sourceCode-",
                "brush:",
            ];
            starts.iter().find_map(|start| class.strip_prefix(start))
        });
        let names = named.as_deref().into_iter().chain(classes).chain(brush);
        let names = names.map(|name| {
            let end = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '#' | '-' | '_');
            name.split(end)
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        });
        let is_name = |name: &String| !name.is_empty() && name.len() <= 20;
        if let Some(name) = names.into_iter().find(is_name) {
            return name;
        }
    }
    // `<pre lang="php">` of WordPress's plugins.
    let stated = node.attr("lang").unwrap_or_default().to_ascii_lowercase();
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-');
    match stated.len() <= 20 && stated.chars().all(is_sign) {
        true => stated,
        false => String::new(),
    }
}
