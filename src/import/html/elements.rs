//! What elements of HTML are: invisible, blocks, or parts of a line. Never walks a tree.

/// Elements whose content is not shown as text.
pub fn is_invisible(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "head"
            | "title"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "canvas"
            | "audio"
            | "video"
            | "select"
            | "datalist"
            | "textarea"
            | "input"
            | "map"
            | "frameset"
            | "noframes"
    )
}

/// Elements whose text does not stand on a line with that around them.
pub fn begins_block(name: &str) -> bool {
    let is_list = matches!(name, "ul" | "ol" | "menu" | "dir" | "li");
    let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    is_list || is_heading || matches!(name, "blockquote" | "table" | "pre") || is_block(name)
}

/// Elements that begin a paragraph of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "label"
            | "legend"
            | "main"
            | "nav"
            | "option"
            | "p"
            | "picture"
            | "search"
            | "section"
            | "summary"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
    )
}

/// Appends the value of an attribute in double quotes. No character of it can be read as Markdown.
pub(super) fn escape_attribute(out: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            c if c.is_alphanumeric()
                || matches!(c, ' ' | ',' | '.' | '-' | '\'' | '(' | ')' | '/') =>
            {
                out.push(c);
            }
            c if c.is_control() => {}
            c => *out += &format!("&#{};", u32::from(c)),
        }
    }
}
