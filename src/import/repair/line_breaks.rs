//! Line breaks that were written as `\n`, and those that separate paragraphs without a blank line.
//! Never looks for sentences.

/// The text with the escapes `\n`, `\r\n` and `\t` of an export resolved. Returns `None` if there are none, if the text has
/// real line breaks, or if they may be part of a path.
pub fn resolve(text: &str) -> Option<String> {
    if !text.contains("\\n") || text.contains('\n') {
        return None;
    }
    let is_certain = |at: usize| {
        let (before, after) = (&text[..at], &text[at + 2..]);
        let ends = before.ends_with(['.', '!', '?', '"', '”', '»', ':', '؟', '。'])
            || before.ends_with("\\n")
            || before.ends_with("\\r");
        let begins = after.starts_with("\\n")
            || after.starts_with("\\r")
            || after
                .chars()
                .next()
                .is_none_or(|c| !c.is_lowercase() && !c.is_ascii_digit());
        ends && begins
    };
    if !text.match_indices("\\n").any(|(at, _)| is_certain(at)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        // `C:\new` and `\\server\news` are paths.
        let is_path = word.starts_with("\\\\") || word.as_bytes().get(1..3) == Some(b":\\");
        match is_path {
            true => out.push_str(word),
            false => {
                let word = word.replace("\\r\\n", "\n").replace("\\n", "\n");
                out.push_str(&word.replace("\n\\t", "\n\t"));
            }
        }
    }
    Some(out)
}

/// A longer line was not wrapped by hand, in characters.
const LONGEST_WRAPPED: usize = 140;

/// The text with a blank line after each line, if each line is a paragraph. Returns `None` if the lines may be wrapped:
/// of similar length, and ending in the middle of sentences.
pub fn separate_paragraphs(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let lengths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
    let longest = lengths.iter().copied().max()?;
    // Only lines with another directly below count.
    let followed: Vec<usize> = (1..lines.len())
        .filter(|below| !lines[*below].is_empty())
        .map(|below| below - 1)
        .filter(|at| !lines[*at].is_empty())
        .collect();
    let ends =
        |at: &&usize| lines[**at].ends_with(['.', '!', '?', '"', '”', '»', '…', ':', '؟', '。']);
    let closed = followed.iter().filter(ends).count();
    let full = followed
        .iter()
        .filter(|at| lengths[**at] * 10 >= longest * 6)
        .count();
    let is_wrapped = longest <= LONGEST_WRAPPED
        && closed * 2 < followed.len()
        && full * 10 >= followed.len() * 7;
    let filled = lines.into_iter().filter(|line| !line.is_empty());
    (!followed.is_empty() && !is_wrapped).then(|| filled.collect::<Vec<_>>().join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_line_breaks_are_resolved_and_paths_are_kept() {
        assert_eq!(
            resolve("It rained.\\n\\nThen not.\\r\\nAll went out to\\nsee.").unwrap(),
            "It rained.\n\nThen not.\nAll went out to\nsee."
        );
        assert_eq!(
            resolve("See C:\\news first.\\nThen go.").unwrap(),
            "See C:\\news first.\nThen go."
        );
        for text in [
            "In C:\\new it is.",
            "A \\nabla b.",
            "One.\nTwo.\\nThree.",
            "",
        ] {
            assert_eq!(resolve(text), None, "{text}");
        }
    }

    #[test]
    fn long_lines_are_paragraphs_and_wrapped_ones_are_not() {
        let long = "It rained on the town. ".repeat(9);
        let text = format!("{long}\nThen it stopped.");
        assert_eq!(
            separate_paragraphs(&text).unwrap(),
            format!("{}\n\nThen it stopped.", long.trim())
        );
        assert_eq!(
            separate_paragraphs("It rained on the town\nand on the sea."),
            None
        );
        let wrapped = "It rained on the town\nand on the sea all\nthat day.\n\nThen it stopped.";
        assert_eq!(separate_paragraphs(wrapped), None);
        assert_eq!(separate_paragraphs("One.\nTwo.").unwrap(), "One.\n\nTwo.");
        let list = "The boats are these, all of them:\nLark\nAlder and Moss\nQuill";
        assert_eq!(
            separate_paragraphs(list).unwrap(),
            list.replace('\n', "\n\n")
        );
        assert_eq!(separate_paragraphs("One."), None);
    }
}
