//! Numbers as decimal digits, without `format!`, which is ten times slower: lists show millions of dates.

/// Appends a number, with leading zeros if it has fewer digits than `width`.
pub fn push(out: &mut String, number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut start = digits.len();
    let mut rest = number;
    while rest > 0 || start == digits.len() {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let start = start.min(digits.len().saturating_sub(width));
    out.extend(digits[start..].iter().map(|digit| char::from(*digit)));
}

/// A number with narrow no-break spaces between groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join("\u{202f}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_as_format_writes_them() {
        for number in [0, 7, 10, 99, 100, 2021, u32::MAX] {
            for width in [0, 1, 2, 4] {
                let mut out = String::from("<");
                super::push(&mut out, number, width);
                assert_eq!(out, format!("<{number:0width$}"));
            }
        }
    }
}
