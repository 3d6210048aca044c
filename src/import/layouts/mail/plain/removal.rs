//! What is not part of a text: signatures, footers of mailing lists, PGP armor, files.

use super::PlainBody;

/// The most lines of a signature.
const MOST_SIGNED: usize = 12;

/// The most lines of the footer of a mailing list.
const MOST_FOOTER: usize = 10;

/// The most signatures and footers at the end of a text.
const MOST_ENDS: usize = 4;

/// Of longer removals only the number of further words is kept, in bytes.
const MOST_REMOVED: usize = 4_000;

impl PlainBody {
    /// The lines of the text: without PGP armor, files, a signature and the footer of a mailing list.
    pub(crate) fn without_removals<'a>(&mut self, lines: &[&'a str]) -> Vec<&'a str> {
        let mut kept: Vec<&'a str> = Vec::with_capacity(lines.len());
        let mut is_signed = false;
        // An end that does not occur must not be searched for from each beginning.
        let last = |mark: &str| {
            lines
                .iter()
                .rposition(|line| line.starts_with(mark))
                .unwrap_or(0)
        };
        let (last_armor, last_file) = (last("-----END PGP "), last("=yend"));
        let mut at = 0;
        while let Some(&line) = lines.get(at) {
            if line.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
                let head = lines[at..].iter().take(MOST_FOOTER);
                let length = head.take_while(|l| !l.trim().is_empty()).count();
                self.remove(&lines[at..at + length]);
                is_signed = true;
                at += length;
            } else if at < last_armor
                && line.starts_with("-----BEGIN PGP ")
                && let Some(length) = lines[at..]
                    .iter()
                    .position(|l| l.starts_with("-----END PGP "))
            {
                self.remove(&lines[at..=at + length]);
                is_signed = false;
                at += length + 1;
            } else if let Some((name, length)) = file(&lines[at..], at < last_file) {
                self.attachments.push(name);
                at += length;
            } else {
                // Signed texts have their dashes escaped.
                let bare = line
                    .strip_prefix("- ")
                    .filter(|l| is_signed && l.starts_with('-'));
                kept.push(bare.unwrap_or(line));
                at += 1;
            }
        }
        // A footer may follow a signature, and another follow that.
        let mut ends = Vec::new();
        while let Some(from) = end_matter(&kept).filter(|_| ends.len() < MOST_ENDS) {
            ends.push(kept.split_off(from));
        }
        for end in ends.into_iter().rev() {
            self.remove(&end);
        }
        kept
    }

    fn remove(&mut self, lines: &[&str]) {
        let words = lines.iter().flat_map(|line| line.split_whitespace());
        let mut text = String::new();
        let mut more = 0;
        for word in words {
            if more > 0 || text.len() + word.len() > MOST_REMOVED {
                more += 1;
                continue;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        if more > 0 {
            text.push_str(&format!(" … {more} words more"));
        }
        if !text.is_empty() {
            self.removed.push(text);
        }
    }
}

/// Where a signature or a footer begins that extends to the last line.
fn end_matter(lines: &[&str]) -> Option<usize> {
    let is_mark = |line: &str| {
        let line = line.trim_end();
        line == "--" || line.len() >= 20 && line.bytes().all(|b| b == b'_')
    };
    // The last mark, if it is near the end.
    let (mut filled, mut found) = (0, None);
    for (at, line) in lines.iter().enumerate().rev() {
        if is_mark(line) {
            found = Some(at);
            break;
        }
        filled += usize::from(!line.trim().is_empty());
        if filled > MOST_SIGNED.max(MOST_FOOTER) || line.starts_with('>') {
            return None;
        }
    }
    let at = found?;
    let below = &lines[at + 1..];
    let is_footer = lines[at].starts_with('_');
    let names_list = || {
        below.iter().any(|line| {
            let line = line.to_lowercase();
            line.contains("list") || line.contains("http") || line.contains('@')
        })
    };
    let fits = match is_footer {
        true => filled <= MOST_FOOTER && names_list(),
        false => filled <= MOST_SIGNED,
    };
    // A signature without a text is a text.
    let has_text = lines[..at].iter().any(|line| !line.trim().is_empty());
    (fits && (has_text || is_footer)).then_some(at)
}

/// The name of a file in the text (uuencode or yEnc), and how many lines it has.
/// `has_end` if a yEnc file ends further down.
fn file(lines: &[&str], has_end: bool) -> Option<(String, usize)> {
    let first = lines.first()?;
    if let Some(rest) = first.strip_prefix("=ybegin ").filter(|_| has_end) {
        let name = rest.split_once("name=").map_or("", |(_, name)| name.trim());
        let length = lines.iter().position(|line| line.starts_with("=yend"))? + 1;
        return Some((name.to_owned(), length));
    }
    let (mode, name) = first.strip_prefix("begin ")?.trim_end().split_once(' ')?;
    let is_mode = (3..=4).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    if !is_mode {
        return None;
    }
    // The first character of a line is its length.
    let is_data = |line: &&&str| {
        let line = line.trim_end_matches([' ', '`']);
        line.is_empty()
            || line.len() <= 90
                && line.bytes().all(|b| (b' '..=b'`').contains(&b))
                && line.bytes().next().is_some_and(|b| b <= b'M')
    };
    let data = lines[1..].iter().take_while(is_data).count();
    let ends = lines
        .get(1 + data)
        .is_some_and(|line| line.trim_end() == "end");
    (data > 0).then(|| (name.trim().to_owned(), 1 + data + usize::from(ends)))
}
