//! The addresses of links and pictures in HTML. Knows attributes; never what is at an address.

use dom_query::NodeRef;
use url::Url;

/// A longer address is ignored, in bytes.
const LONGEST: usize = 2_000;

/// Attributes that name one picture. A picture that is loaded late has its address in one of the later ones.
const PICTURES: &[&str] = &[
    "src",
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-full-url",
];

/// Attributes that name a picture in several sizes.
const SIZES: &[&str] = &["srcset", "data-srcset", "data-lazy-srcset"];

/// The absolute form of an address, if its scheme cannot run anything; without a base, a relative one stays as it is.
pub(super) fn link(written: &str, base: Option<&Url>) -> Option<String> {
    let written = written.trim();
    if written.is_empty() || written.starts_with('#') || written.len() > LONGEST {
        return None;
    }
    let url = match base {
        Some(base) => base.join(written),
        None => Url::parse(written),
    };
    let address = match url {
        Ok(url) => {
            let is_harmless = matches!(url.scheme(), "http" | "https" | "mailto" | "tel" | "ftp");
            is_harmless.then(|| String::from(url))?
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => relative(written)?,
        Err(_) => return None,
    };
    // These would end a link or a table cell of Markdown.
    let escaped = |c: char| match c {
        '(' | ')' | '\\' | '|' | '<' | '>' | '`' => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    };
    Some(address.chars().map(escaped).collect())
}

/// The address of the picture that an element shows.
pub(super) fn of_picture(node: &NodeRef<'_>, base: Option<&Url>) -> Option<String> {
    let of_web = |address: &String| !address.starts_with("mailto:") && !address.starts_with("tel:");
    let plain = PICTURES.iter().filter_map(|name| node.attr(name));
    // A placeholder is no file.
    let plain = plain.filter(|written| !written.trim_start().starts_with("data:"));
    let sized = SIZES
        .iter()
        .filter_map(|name| largest(&node.attr(name)?).map(Into::into));
    plain
        .chain(sized)
        .find_map(|written| link(&written, base).filter(of_web))
}

/// A relative address without white space; `None` if it names a host or might hide a scheme.
fn relative(written: &str) -> Option<String> {
    let path = written.split(['#', '?']).next().unwrap_or_default();
    let is_safe =
        !written.starts_with("//") && !path.contains(':') && !written.contains(char::is_control);
    is_safe.then(|| written.replace(char::is_whitespace, "%20"))
}

/// The address of the largest picture in a `srcset`: `a.jpg 335w, b.jpg 670w`.
fn largest(srcset: &str) -> Option<String> {
    let candidates = srcset.split(", ").flat_map(|part| part.split(",\n"));
    let sized = candidates.filter_map(|candidate| {
        let mut parts = candidate.split_whitespace();
        let address = parts.next()?.trim_end_matches(',');
        let size = parts
            .next()
            .unwrap_or("1x")
            .trim_end_matches(['w', 'x', ',']);
        let size: f64 = size.parse().unwrap_or(1.0);
        (!address.is_empty()).then_some((size, address.to_owned()))
    });
    // Of equal ones the first.
    let largest = sized.reduce(|best, next| if next.0 > best.0 { next } else { best });
    largest.map(|(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_picture_of_several_is_taken() {
        for (srcset, expected) in [
            ("a.jpg 335w, b.jpg 670w", Some("b.jpg")),
            ("a.jpg 2x,\n b,c.jpg 1x", Some("a.jpg")),
            ("a.jpg", Some("a.jpg")),
            ("  ", None),
        ] {
            assert_eq!(largest(srcset).as_deref(), expected, "{srcset}");
        }
    }

    #[test]
    fn an_address_that_may_run_something_is_none() {
        let base = Url::parse("https://example.org/a/").ok();
        for (written, absolute, alone) in [
            (
                "b c.png",
                Some("https://example.org/a/b%20c.png"),
                Some("b%20c.png"),
            ),
            ("//q.example/x", Some("https://q.example/x"), None),
            ("java\nscript:x", None, None),
            ("x y:z", Some("https://example.org/a/x%20y:z"), None),
            ("#a", None, None),
            (
                "mailto:a@q.example",
                Some("mailto:a@q.example"),
                Some("mailto:a@q.example"),
            ),
        ] {
            assert_eq!(
                link(written, base.as_ref()).as_deref(),
                absolute,
                "{written}"
            );
            assert_eq!(link(written, None).as_deref(), alone, "{written}");
        }
    }
}
