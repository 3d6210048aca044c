//! Where sentences end in English prose: full stops, but not those of abbreviations, initials and decimals.

/// Abbreviations after which a sentence goes on.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "col", "maj", "capt", "lt", "sgt",
    "st", "mt", "rev", "hon", "pres", "supt", "no", "nos", "vol", "fig", "vs", "cf", "al",
    "approx", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "e.g", "i.e", "messrs", "adm", "amb",
];

/// Abbreviations that a sentence may end with; it goes on only before a word that begins in lower case or a number.
const MAY_END: &[&str] = &[
    "inc", "corp", "ltd", "co", "bros", "jr", "sr", "etc", "a.m", "p.m", "u.s", "u.k", "u.n", "e.u",
];

/// The byte at which each sentence after the first begins.
pub fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut from = 0;
    while let Some(stop) = text[from..].find(['.', '!', '?', '…']) {
        let at = from + stop;
        let mut chars = text[at..]
            .char_indices()
            .map(|(i, c)| (at + i, c))
            .peekable();
        let Some((_, c)) = chars.next() else {
            break;
        };
        while chars
            .next_if(|(_, c)| matches!(c, '.' | '!' | '?' | '…'))
            .is_some()
        {}
        let mut closed = String::new();
        while let Some((_, c)) = chars
            .next_if(|(_, c)| matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»' | '.' | ','))
        {
            closed.push(c);
        }
        from = chars.peek().map_or(text.len(), |(next, _)| *next);
        let Some((blank, _)) = chars.next_if(|(_, c)| c.is_whitespace()) else {
            continue;
        };
        let next = blank + text[blank..].len() - text[blank..].trim_start().len();
        if next < text.len() && ends_here(&text[..at], c, &closed, &text[next..]) {
            starts.push(next);
        }
    }
    starts
}

/// Whether a stop after `before`, with `closed` behind it, ends a sentence that `after` follows.
fn ends_here(before: &str, stop: char, closed: &str, after: &str) -> bool {
    let opens = |c: char| matches!(c, '"' | '“' | '‘' | '\'' | '(' | '[' | '«');
    let first = after.chars().find(|c| !opens(*c));
    let small = first.is_some_and(char::is_lowercase);
    if closed.contains(',') || small {
        return false;
    }
    if stop != '.' {
        return true;
    }
    let word = before
        .rsplit(|c: char| c.is_whitespace() || opens(c))
        .next()
        .unwrap_or_default();
    let word = word.trim_end_matches('.').to_lowercase();
    let is_number = first.is_some_and(|c| c.is_ascii_digit());
    if ABBREVIATIONS.contains(&word.as_str()) {
        // `No.` is an abbreviation only before a number.
        return word == "no" && !is_number;
    }
    if MAY_END.contains(&word.as_str()) {
        return !is_number && closed.is_empty() && begins_like_a_sentence(after);
    }
    // A lone letter is an initial, but for the pronoun.
    let mut letters = word.chars();
    !(matches!((letters.next(), letters.next()), (Some(l), None) if l.is_alphabetic() && l != 'i')
        && closed.is_empty())
}

/// After `U.S.` a capital may be a name: only a word that commonly opens a sentence ends the one before.
fn begins_like_a_sentence(after: &str) -> bool {
    const OPENERS: &[&str] = &[
        "The",
        "A",
        "An",
        "He",
        "She",
        "It",
        "They",
        "We",
        "I",
        "In",
        "On",
        "At",
        "But",
        "And",
        "This",
        "That",
        "These",
        "Those",
        "However",
        "Meanwhile",
        "After",
        "Before",
        "As",
        "For",
        "If",
        "When",
        "While",
        "His",
        "Her",
        "Their",
        "There",
    ];
    let first = after.split_whitespace().next().unwrap_or_default();
    let first = first
        .trim_start_matches(['"', '“', '‘', '('])
        .trim_end_matches([',', ':']);
    OPENERS.contains(&first) || after.starts_with(['"', '“'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let mut parts = Vec::new();
        let mut from = 0;
        for at in starts(text) {
            parts.push(text[from..at].trim_end());
            from = at;
        }
        parts.push(&text[from..]);
        parts
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        for parts in [
            vec!["It rained.", "It stopped."],
            vec!["Dr. Ash met Gen. Birch at 3.30 p.m. on Sept. 4."],
            vec!["J. R. Fern of the U.S. Senate spoke.", "He left."],
            vec!["He lives in the U.S.", "The others left."],
            vec!["“It rained.”", "She went home."],
            vec!["\"Why?\" he asked.", "Nobody knew!", "Then it rained."],
            vec!["It cost 3.5 million.", "No. 4 won."],
            vec!["Who, me?", "No.", "Not me."],
            vec!["The firm, Reed Inc. of Oakham, fell."],
            vec!["“It is,” she said. “It was.”"],
        ] {
            let text = parts.join(" ");
            let expected: Vec<&str> = match text.contains("“It is,”") {
                true => vec!["“It is,” she said.", "“It was.”"],
                false => parts,
            };
            assert_eq!(cut(&text), expected);
        }
    }
}
