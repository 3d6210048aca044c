//! The known name that a person most likely meant.

/// The nearest of these names: one that differs only in case, `_` and `-`, or in two letters.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bare = |name: &str| -> String {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let written = bare(written);
    let most = match written.chars().count() {
        0..=3 => 1,
        _ => 2,
    };
    let distances = known
        .into_iter()
        .map(|name| (strsim::osa_distance(&written, &bare(name)), name));
    let near = distances.filter(|(distance, _)| *distance <= most);
    near.min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_near_and_another_word_is_not() {
        let known = ["title", "base_url", "day_pages", "accent"];
        for (written, name) in [
            ("titel", Some("title")),
            ("baseURL", Some("base_url")),
            ("base-url", Some("base_url")),
            ("day_page", Some("day_pages")),
            ("accnt", Some("accent")),
            ("motto", None),
        ] {
            assert_eq!(nearest(written, known), name, "{written}");
        }
    }
}
