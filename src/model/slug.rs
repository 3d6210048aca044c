//! Slugs: the readable part of a permalink.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest slug, in bytes: with a date and an extension it is far below the limit of 255 on every host.
const MAX_BYTES: usize = 80;

/// Names that Windows reserves for devices, and the name of a folder's page on hosts.
const RESERVED: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "index",
];

/// The slug of a text: NFC, lower case, letters and digits of any script with `-` between words, cut at a word to at most 80
/// bytes. `None` if nothing is left or the name is reserved.
pub fn slug(text: &str) -> Option<String> {
    let slug = if text.is_ascii() {
        // Most text is ASCII and needs no normalization, which makes this twenty times faster.
        words(text.chars().map(|c| c.to_ascii_lowercase()))
    } else {
        words(text.nfc().flat_map(char::to_lowercase).nfc())
    };
    let slug = cut(&slug);
    (!slug.is_empty() && !RESERVED.contains(&slug)).then(|| slug.to_owned())
}

/// A slug with an addition that makes it another's no more: cut once, so that both together have at most 80 bytes.
pub fn with_addition(slug: &str, addition: &str) -> String {
    let most = MAX_BYTES.saturating_sub(addition.len() + 1);
    match cut_to(slug, most) {
        "" => addition.to_owned(),
        cut => format!("{cut}-{addition}"),
    }
}

/// Letters and digits, with `-` between words.
fn words(chars: impl Iterator<Item = char>) -> String {
    let mut slug = String::with_capacity(2 * MAX_BYTES);
    for c in chars {
        if c.is_alphanumeric() || (is_combining_mark(c) && !slug.is_empty() && !slug.ends_with('-'))
        {
            slug.push(c);
        } else if !matches!(c, '\'' | '’' | '\u{ad}' | '\u{200b}'..='\u{200d}')
            && !slug.is_empty()
            && !slug.ends_with('-')
        {
            // An apostrophe or a soft hyphen is inside a word; every other character separates words.
            slug.push('-');
        }
        if slug.len() > 2 * MAX_BYTES {
            break;
        }
    }
    slug
}

fn cut(slug: &str) -> &str {
    cut_to(slug, MAX_BYTES)
}

fn cut_to(slug: &str, most: usize) -> &str {
    let slug = slug.trim_end_matches('-');
    if slug.len() <= most {
        return slug;
    }
    let mut end = most;
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    let whole_words = if slug[end..].starts_with('-') {
        Some(end)
    } else {
        slug[..end].rfind('-')
    };
    slug[..whole_words.unwrap_or(end)].trim_end_matches('-')
}

/// Whether a text is a slug already, as ids of topics must be.
pub fn is_slug(text: &str) -> bool {
    slug(text).as_deref() == Some(text)
}

/// An id as readable text: spaces for hyphens, and a capital first letter.
pub fn humanise(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_has_letters_of_any_script() {
        for (title, expected) in [
            ("No illusions — envoy", "no-illusions-envoy"),
            ("Don’t panic: it's fine!", "dont-panic-its-fine"),
            ("ÉTÉ 2021", "été-2021"),
            ("e\u{301}te", "éte"),
            ("Новости дня", "новости-дня"),
            ("日本語の新聞", "日本語の新聞"),
            ("हिन्दी", "हिन्दी"),
            ("../../etc/passwd", "etc-passwd"),
        ] {
            assert_eq!(slug(title).as_deref(), Some(expected));
        }
    }

    #[test]
    fn empty_and_reserved_names_have_no_slug() {
        for title in ["", "—!?", "CON", "index", "nul"] {
            assert_eq!(slug(title), None, "{title}");
        }
    }

    #[test]
    fn long_titles_are_cut_at_a_word() {
        let long = slug(&"long words ".repeat(30)).unwrap();
        assert!(long.len() <= 80 && long.ends_with("words"), "{long}");
        assert!(slug(&"語".repeat(60)).unwrap().len() <= 80);
        assert_eq!(slug(&"a".repeat(1_000_000)).unwrap().len(), 80);
    }

    #[test]
    fn an_addition_is_kept_whole() {
        for title in [
            "long words ".repeat(30),
            "語".repeat(60),
            "я".repeat(90),
            "a".repeat(80),
        ] {
            let long = slug(&title).unwrap();
            let made = with_addition(&long, "abc59784b9da");
            assert!(is_slug(&made) && made.ends_with("-abc59784b9da"), "{made}");
        }
        assert_eq!(with_addition("short", "7"), "short-7");
    }

    #[test]
    fn the_slug_of_a_slug_is_the_same() {
        for title in [
            "No illusions",
            "ÉTÉ",
            "İstanbul",
            "Straße",
            &"long words ".repeat(30),
        ] {
            let long = slug(title).unwrap();
            assert!(is_slug(&long), "{long}");
        }
    }
}
