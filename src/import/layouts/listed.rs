//! A text that lists names: `Boats, Harbour` or `Boats; Harbour, old`.

/// The names in a text: separated by `;` or `|` if it has one of these, else by commas of any script.
pub(crate) fn listed_names(text: &str) -> impl Iterator<Item = &str> {
    let separators: &[char] = match text.contains([';', '|']) {
        true => &[';', '|'],
        false => &[',', '،', '、'],
    };
    let names = text.split(separators).map(str::trim);
    names.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_come_before_commas() {
        let names = |text| listed_names(text).collect::<Vec<_>>();
        assert_eq!(names("Boats, Harbour,"), ["Boats", "Harbour"]);
        assert_eq!(names("Boats, old; Harbour"), ["Boats, old", "Harbour"]);
        assert_eq!(names("a | b"), ["a", "b"]);
        assert_eq!(names("قوارب، ميناء"), ["قوارب", "ميناء"]);
        assert!(names(" ; ").is_empty());
    }
}
