//! Where words begin and end, in scripts with spaces and without.
//! Knows characters; never knows phrases.

use unicode_normalization::char::is_combining_mark;

/// Whether a character belongs to a word: letters, digits, combining marks and joiners.
pub(crate) fn in_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{200c}' | '\u{200d}')
        || (!c.is_ascii() && is_combining_mark(c))
}

/// Whether a letter is of a script that puts no space between words:
/// Thai, Lao, Tibetan, Burmese, Khmer, Japanese and Chinese.
///
/// The minhashes in front matter depend on these ranges.
pub(crate) fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{30ff}'
        | '\u{31f0}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether `text[start..end]` is whole words: no word continues at either side.
/// In a script without spaces that cannot be known, and everything is taken for whole words.
pub(crate) fn is_whole_words(text: &str, start: usize, end: usize) -> bool {
    let inside = &text[start..end];
    let is_boundary = |inner: Option<char>, outer: Option<char>| match (inner, outer) {
        (_, None) | (None, _) => true,
        (Some(inner), Some(outer)) => !in_word(outer) || is_spaceless(inner) || is_spaceless(outer),
    };
    is_boundary(inside.chars().next_back(), text[end..].chars().next())
        && (is_boundary(inside.chars().next(), text[..start].chars().next_back())
            || (inside.starts_with("ال") && follows_arabic_particle(&text[..start])))
}

/// Whether the text ends with one of the particles (and, so, with, like) that Arabic joins to
/// the article of the next word: `والقاهرة` names Cairo.
fn follows_arabic_particle(before: &str) -> bool {
    let mut back = before.chars().rev();
    matches!(back.next(), Some('و' | 'ف' | 'ب' | 'ك')) && back.next().is_none_or(|c| !in_word(c))
}

/// A text for case-insensitive comparison, with one space between words.
/// Uppercase first, so that `ß` equals `SS` and both forms of sigma are equal (close to Unicode's full case folding).
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word.replace('’', "'").to_uppercase().to_lowercase());
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_alone(text: &str, word: &str) -> bool {
        let start = text.find(word).unwrap();
        is_whole_words(text, start, start + word.len())
    }

    #[test]
    fn a_word_ends_where_no_letter_follows() {
        assert!(is_alone("in Oslo's port", "Oslo"));
        assert!(is_alone("(Oslo)", "Oslo"));
        assert!(!is_alone("Oslofjord", "Oslo"));
        assert!(!is_alone("caféteria", "caf"));
        assert!(!is_alone("Oslo2", "Oslo"));
    }

    #[test]
    fn scripts_without_spaces_have_no_boundaries() {
        assert!(is_alone("我在北京工作", "北京"));
        assert!(is_alone("在USA的", "USA"));
        assert!(is_alone("ที่กรุงเทพมี", "กรุงเทพ"));
    }

    #[test]
    fn arabic_particles_belong_to_the_word_before() {
        assert!(is_alone("بيروت والقاهرة", "القاهرة"));
        assert!(!is_alone("بيروت سوالقاهرة", "القاهرة"));
    }

    #[test]
    fn folding_ignores_case_and_spaces() {
        assert_eq!(fold("  STRASSE  1 "), fold("Straße 1"));
    }
}
