//! Labels of the items of a list on one line: `1.`, `2)`, `3.)`, `b.`, also behind a bullet.
//! Never knows where a sentence ends.

use super::chars::{is_bullet, skip, skip_blanks, starts_with};

/// The label of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Number(u16),
    /// A lowercase letter.
    Letter(u8),
}

/// A longer number is a year or an amount.
const MOST_DIGITS: usize = 3;

impl Label {
    /// The label of the next item.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Number(number) => Self::Number(number.saturating_add(1)),
            Self::Letter(letter) => Self::Letter(letter.saturating_add(1)),
        }
    }

    /// The offset at which this label begins, if it ends right before `stop`.
    pub(crate) fn start_before(self, text: &str, stop: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let before = bytes.get(stop.saturating_sub(MOST_DIGITS + 1)..stop)?;
        let length = match self {
            Self::Number(_) => before
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_digit())
                .count(),
            Self::Letter(_) => 1,
        };
        let start = stop.checked_sub(length)?;
        (parse(text.get(start..stop)?) == Some(self)).then_some(start)
    }
}

fn parse(label: &str) -> Option<Label> {
    match label.as_bytes() {
        [letter @ b'a'..=b'z'] => Some(Label::Letter(*letter)),
        digits
            if (1..=MOST_DIGITS).contains(&digits.len())
                && digits.iter().all(u8::is_ascii_digit) =>
        {
            label.parse().ok().map(Label::Number)
        }
        _ => None,
    }
}

/// The label at `at`, where a sentence begins, and the offset of the text behind it. A list of letters begins with `a`,
/// unless another label is `expected`.
pub(crate) fn read_label(text: &str, at: usize, expected: Option<Label>) -> Option<(Label, usize)> {
    let from = match starts_with(text, at, is_bullet) {
        true => skip_blanks(text, skip(text, at, is_bullet)),
        false => at,
    };
    let end = skip(text, from, |c| c.is_ascii_digit());
    let end = if end == from { from + 1 } else { end };
    let label = parse(text.get(from..end)?)?;
    let rest = text.get(end..)?;
    let mark = [".)", ".", ")"]
        .iter()
        .find(|mark| rest.starts_with(**mark))?;
    let behind = end + mark.len();
    let next = skip_blanks(text, behind);
    let is_list = match label {
        Label::Number(_) => true,
        Label::Letter(letter) => letter == b'a' || expected == Some(label),
    };
    let labels = next > behind
        && starts_with(text, next, |c| {
            c.is_alphabetic() && !c.is_lowercase() || *mark != "." && c.is_alphanumeric()
        });
    (is_list && labels).then_some((label, next))
}
