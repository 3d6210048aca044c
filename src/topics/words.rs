//! Where words begin and end, in scripts with spaces and without.
//! Knows characters; never knows phrases.

use unicode_normalization::char::is_combining_mark;

/// Whether a character belongs to a word: letters, digits, and the marks and joiners that stand between letters.
pub fn in_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{200c}' | '\u{200d}')
        || (!c.is_ascii() && is_combining_mark(c))
}

/// Whether a character is of a script that puts no space between words:
/// Thai, Lao, Tibetan, Burmese, Khmer, Japanese and Chinese.
pub fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether `text[start..end]` stands alone: no word goes on at either side.
/// Where a script has no spaces nothing can be said, so everything stands alone.
pub fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let inside = &text[start..end];
    let parted = |inner: Option<char>, outer: Option<char>| match (inner, outer) {
        (_, None) | (None, _) => true,
        (Some(inner), Some(outer)) => !in_word(outer) || is_spaceless(inner) || is_spaceless(outer),
    };
    parted(inside.chars().next_back(), text[end..].chars().next())
        && (parted(inside.chars().next(), text[..start].chars().next_back())
            || (inside.starts_with("ال") && follows_arabic_particle(&text[..start])))
}

/// Whether the text ends with one of the particles (and, so, with, like) that Arabic writes onto
/// the article of the next word: `والقاهرة` names Cairo.
fn follows_arabic_particle(before: &str) -> bool {
    let mut back = before.chars().rev();
    matches!(back.next(), Some('و' | 'ف' | 'ب' | 'ك')) && back.next().is_none_or(|c| !in_word(c))
}

/// A text for comparing: one space between words, and no difference of case.
/// Upper case first, so that `ß` meets `SS` and both forms of sigma meet (near to Unicode's full case folding).
pub fn fold(text: &str) -> String {
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

    fn alone(text: &str, word: &str) -> bool {
        let start = text.find(word).unwrap();
        stands_alone(text, start, start + word.len())
    }

    #[test]
    fn words_end_where_no_letter_goes_on() {
        assert!(alone("in Oslo's port", "Oslo"));
        assert!(alone("(Oslo)", "Oslo"));
        assert!(!alone("Oslofjord", "Oslo"));
        assert!(!alone("caféteria", "caf"));
        assert!(!alone("Oslo2", "Oslo"));
    }

    #[test]
    fn scripts_without_spaces_have_no_boundaries() {
        assert!(alone("我在北京工作", "北京"));
        assert!(alone("在USA的", "USA"));
        assert!(alone("ที่กรุงเทพมี", "กรุงเทพ"));
    }

    #[test]
    fn arabic_particles_belong_to_the_word_before() {
        assert!(alone("بيروت والقاهرة", "القاهرة"));
        assert!(!alone("بيروت سوالقاهرة", "القاهرة"));
    }

    #[test]
    fn folding_meets_other_spellings() {
        assert_eq!(fold("  STRASSE  1 "), fold("Straße 1"));
    }
}
