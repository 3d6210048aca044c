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

/// The language of a `pre`, as the classes of it and of the element in it name it: `language-php`, `brush: php`.
pub(crate) fn language_of(pre: &NodeRef<'_>) -> String {
    let inner = pre.children_it(false).find(NodeRef::is_element);
    let classes = [Some(*pre), inner].into_iter().flatten();
    let named = classes
        .filter_map(|node| node.attr("class"))
        .find_map(|class| {
            let mut words = class.split_whitespace();
            let named = words.clone().find_map(|word| {
                word.strip_prefix("language-")
                    .or_else(|| word.strip_prefix("lang-"))
                    .or_else(|| word.strip_prefix("brush:"))
                    .filter(|name| !name.is_empty())
            });
            let next = words
                .find(|word| *word == "brush:")
                .and_then(|_| words.next());
            named.or(next).map(str::to_owned)
        });
    let name = named.or_else(|| pre.attr("lang").map(|lang| lang.to_string()));
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-');
    let name = name.unwrap_or_default();
    let name = name.trim_end_matches(';');
    match name.len() <= 20 && name.chars().all(is_sign) {
        true => name.to_ascii_lowercase(),
        false => String::new(),
    }
}
