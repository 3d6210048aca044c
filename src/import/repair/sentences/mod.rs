//! Where sentences begin. The rules are for English prose; stops of other scripts are known too.
//! Each byte is looked at a bounded number of times, whatever the text.

mod labels;
pub mod words;

#[cfg(test)]
mod golden;

use labels::{Label, read_label};
use words::{Abbreviation, abbreviation, opens_sentence};

/// A longer word is neither an abbreviation nor a name, in bytes.
const LONGEST_WORD: usize = 32;

/// A longer line is no item of a list without marks, in bytes.
const LONGEST_ITEM: usize = 40;

/// The byte at which each sentence after the first begins.
pub fn starts(text: &str) -> Vec<usize> {
    let mut scan = Scan {
        text,
        starts: Vec::new(),
        sentence: 0,
        label: None,
    };
    let mut at = scan.begin(skip_blanks(text, 0));
    while let Some(found) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| MAY_STOP[usize::from(*b)]))
    {
        at = scan.read(at + found);
    }
    scan.starts
}

/// The bytes at which something may end: ASCII's stops, and the first bytes of others.
const MAY_STOP: [bool; 256] = {
    let mut table = [false; 256];
    let stops = b".!?)\n\xE2\xE3\xEF\xD8\xDB\xE0";
    let mut rank = 0;
    while rank < stops.len() {
        table[stops[rank] as usize] = true;
        rank += 1;
    }
    table
};

struct Scan<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Where the current sentence begins.
    sentence: usize,
    /// The label that the next item of a list would have.
    label: Option<Label>,
}

/// One stop, or a run of them, and what closes behind it.
#[derive(Debug, Default, Clone, Copy)]
struct Stop {
    at: usize,
    /// Behind the run and what closes.
    end: usize,
    dots: usize,
    /// Whether an exclamation or question mark is among them.
    calls: bool,
    /// Whether blanks part the dots.
    spaced: bool,
    /// Where the second of spaced dots stands.
    second: usize,
    closes_quotation: bool,
    closes: bool,
    /// A comma behind what closes: the sentence goes on.
    comma: bool,
}

impl<'a> Scan<'a> {
    /// A sentence begins at `at`; the byte at which to read on.
    fn begin(&mut self, at: usize) -> usize {
        self.sentence = at;
        match read_label(self.text, at, self.label) {
            Some((label, end)) => {
                self.label = Some(label.next());
                end
            }
            None => at,
        }
    }

    fn cut(&mut self, at: usize) -> usize {
        if at > self.sentence {
            self.starts.push(at);
        }
        self.begin(at)
    }

    /// Reads what stands at `at`; the byte at which to read on.
    fn read(&mut self, at: usize) -> usize {
        let Some(c) = char_at(self.text, at) else {
            return self.text.len();
        };
        let after = at + c.len_utf8();
        match c {
            '\n' => self.read_line_break(at),
            ')' => self.read_item(at).unwrap_or(after),
            '•' | '⁃' => {
                let is_list = starts_with(self.text, self.sentence, is_bullet);
                let follows_blank = self.before(at).is_none_or(char::is_whitespace);
                match is_list && follows_blank && at > self.sentence {
                    true => self.cut(at),
                    false => after,
                }
            }
            // Scripts without blanks.
            '。' | '！' | '？' => {
                let end = skip(self.text, after, |c| {
                    matches!(c, '。' | '！' | '？' | '」' | '』' | '”' | '）')
                });
                match end < self.text.len() {
                    true => self.cut(skip_blanks(self.text, end)),
                    false => end,
                }
            }
            '.' => match self.read_item(at) {
                Some(end) => end,
                None => self.read_stop(at),
            },
            '!' | '?' | '…' | '؟' | '۔' | '।' => self.read_stop(at),
            _ => after,
        }
    }

    /// The next item of a list, whose label ends with the stop at `at`.
    fn read_item(&mut self, at: usize) -> Option<usize> {
        let start = self.label?.start_before(self.text, at)?;
        let bullet = self.text.get(..start)?.trim_end();
        let start = match bullet.chars().next_back().filter(|c| is_bullet(*c)) {
            Some(c) => bullet.len() - c.len_utf8(),
            None => start,
        };
        let is_item = start > self.sentence
            && self.before(start).is_some_and(char::is_whitespace)
            && read_label(self.text, start, self.label).is_some();
        is_item.then(|| self.cut(start))
    }

    /// A blank line parts sentences, and a line break parts the short lines of a list in small letters.
    fn read_line_break(&mut self, at: usize) -> usize {
        let next = skip_blanks(self.text, at);
        let blank_lines = self.text.get(at..next).unwrap_or_default();
        let line = self.text.get(next..).unwrap_or_default();
        let is_item = |from: usize, line: &str| {
            let most = line.len().min(LONGEST_ITEM + 1);
            let length = line.as_bytes().iter().take(most).position(|b| *b == b'\n');
            let length = length.unwrap_or(line.len());
            length <= LONGEST_ITEM
                && starts_with(self.text, from, char::is_lowercase)
                && !line.as_bytes().iter().take(length).any(|b| *b == b'.')
        };
        let current = self.text.get(self.sentence..at).unwrap_or_default();
        let parts = blank_lines.bytes().filter(|b| *b == b'\n').count() > 1
            || is_item(self.sentence, current) && is_item(next, line);
        match parts && next < self.text.len() {
            true => self.cut(next),
            false => next,
        }
    }

    fn read_stop(&mut self, at: usize) -> usize {
        let text = self.text;
        let stop = self.stop_at(at);
        let end = stop.end;
        let Some(following) = char_at(text, end) else {
            return end;
        };
        if !following.is_whitespace() {
            return match self.ends_without_blank(&stop) {
                true => self.cut(end),
                false => self.skip_reference(end).unwrap_or(end),
            };
        }
        let next = skip_blanks(text, end);
        if next >= text.len() {
            return next;
        }
        match self.ends_here(&stop, next) {
            // `compounds. . . . The`: the omission stands before the sentence that follows.
            true if stop.spaced && !self.follows_blank(at) && stop.dots == 4 => {
                self.cut(stop.second);
                next
            }
            true => self.cut(next),
            false => next,
        }
    }

    /// The stop at `at` with the stops and closing marks behind it.
    fn stop_at(&self, at: usize) -> Stop {
        let text = self.text;
        let mut stop = Stop {
            at,
            end: at,
            ..Stop::default()
        };
        loop {
            match char_at(text, stop.end) {
                Some('.') => stop.dots += 1,
                Some('…') => stop.dots += 3,
                Some('!' | '?' | '؟') => stop.calls = true,
                Some('۔' | '।') if stop.end == at => stop.calls = true,
                Some(' ') if !stop.calls && self.is_spaced_dot(stop.end + 1) => {
                    if !stop.spaced {
                        stop.second = stop.end + 1;
                    }
                    stop.spaced = true;
                }
                _ => break,
            }
            stop.end += char_at(text, stop.end).map_or(1, char::len_utf8);
        }
        while let Some(c) = char_at(text, stop.end) {
            match c {
                '"' | '”' | '’' | '\'' | '»' => stop.closes_quotation = true,
                ')' | ']' => {}
                '.' => {}
                ',' if stop.closes => stop.comma = true,
                '[' => match reference(text, stop.end) {
                    Some(end) => {
                        stop.end = end;
                        continue;
                    }
                    None => break,
                },
                _ => break,
            }
            stop.closes = true;
            stop.end += c.len_utf8();
        }
        stop
    }

    /// Whether a dot stands at `at` that blanks set apart: `. . .`, and not `.5`.
    fn is_spaced_dot(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        bytes.get(at) == Some(&b'.')
            && char_at(self.text, at + 1).is_none_or(|c| c.is_whitespace() || closes(c) || c == '.')
    }

    /// Whether the stop ends a sentence that another follows at `next`, behind blanks.
    fn ends_here(&self, stop: &Stop, next: usize) -> bool {
        let (first, word) = self.opening(next);
        if stop.comma || first.is_some_and(char::is_lowercase) {
            return false;
        }
        if stop.calls {
            let before = self.word_before(stop.at);
            let is_attributed = stop.closes_quotation && self.is_attribution(next);
            return !is_attributed && !words::is_name_with_mark(before, word);
        }
        if stop.dots > 1 {
            let is_omission = self.follows_blank(stop.at) || self.before(stop.at) == Some('[');
            return stop.dots > 3 || !is_omission;
        }
        self.ends_after_word(stop, next, first, word)
    }

    /// The same of a single full stop: not that of an abbreviation, an initial or a number.
    fn ends_after_word(&self, stop: &Stop, next: usize, first: Option<char>, word: &str) -> bool {
        let before = self.word_before(stop.at);
        let is_number = first.is_some_and(char::is_numeric) || is_roman(word);
        let may_end = || {
            let quotes = starts_with(self.text, next, |c| matches!(c, '"' | '“'));
            !is_number && (opens_sentence(word) || quotes || stop.closes_quotation)
        };
        match abbreviation(before) {
            Some(Abbreviation::GoesOn) => return stop.closes,
            Some(Abbreviation::BeforeNumber) => return !is_number,
            Some(Abbreviation::MayEnd) => return may_end(),
            Some(Abbreviation::Time) => {
                return !is_number
                    && !words::follows_time(word)
                    && !self.is_placed_in_time(stop.at);
            }
            None => {}
        }
        let mut letters = before.chars();
        match (letters.next(), letters.next()) {
            // `J.`, but not the pronoun, and not `vitamin C.`
            (Some(letter), None) if letter.is_alphabetic() => {
                let start = stop.at.saturating_sub(letter.len_utf8());
                let earlier = self.text.get(..start).unwrap_or_default().trim_end();
                let earlier = self.word_before(earlier.len());
                let in_name = earlier.is_empty() || earlier.starts_with(char::is_uppercase);
                match letter {
                    'I' => !in_name || stop.closes,
                    _ => stop.closes_quotation || (!in_name && opens_sentence(word)),
                }
            }
            _ if is_initials(before) => may_end(),
            _ => true,
        }
    }

    /// `world.Today`: a sentence ends though no blank follows. Not in addresses and names.
    fn ends_without_blank(&self, stop: &Stop) -> bool {
        let bytes = self.text.as_bytes();
        let begins = bytes.get(stop.end).is_some_and(u8::is_ascii_uppercase)
            && bytes.get(stop.end + 1).is_some_and(u8::is_ascii_lowercase);
        if !begins || stop.dots > 1 || stop.comma {
            return false;
        }
        let after = self.text.get(stop.end..).unwrap_or_default();
        let length = after
            .bytes()
            .take(LONGEST_WORD)
            .position(|b| b.is_ascii_whitespace());
        let after = length.and_then(|l| after.get(..l)).unwrap_or("/");
        let before = self.word_before(stop.at);
        let is_plain = |word: &str| !word.contains(['@', '/', ':', '_', '\\', '=', '(', '&']);
        let is_word = before.len() > 1
            && (before.bytes().all(|b| b.is_ascii_digit() || b == b',')
                || before.ends_with(char::is_lowercase));
        let is_address = matches!(after, "Com" | "Net" | "Org" | "Js" | "Io" | "Gov");
        is_word
            && !is_address
            && is_plain(before)
            && is_plain(after)
            && abbreviation(before).is_none()
    }

    /// `word.12 Next`: the end of the number of a note, where a sentence follows.
    fn skip_reference(&mut self, at: usize) -> Option<usize> {
        let end = skip(self.text, at, |c| c.is_ascii_digit());
        let before = self.word_before(at.checked_sub(1)?);
        let is_word = before.len() > 3 && before.bytes().all(|b| b.is_ascii_lowercase());
        let is_note = (1..=3).contains(&(end - at)) && is_word;
        let next = skip_blanks(self.text, end);
        (is_note && next > end && starts_with(self.text, next, char::is_uppercase))
            .then(|| self.cut(next))
    }

    /// `At 5 a.m. Mr. Ash left`: the time opens the sentence.
    fn is_placed_in_time(&self, stop: usize) -> bool {
        let sentence = self.text.get(self.sentence..stop).unwrap_or_default();
        let mut words = sentence.split_ascii_whitespace();
        sentence.len() <= LONGEST_WORD
            && words.next().is_some_and(words::places_in_time)
            && words.count() <= 3
    }

    /// `"Why?" Moss asked`: the words at `next` tell who spoke.
    fn is_attribution(&self, next: usize) -> bool {
        let mut words = first_words(self.text, next);
        let Some(name) = words.next().filter(|word| !opens_sentence(word)) else {
            return false;
        };
        let ends = |word: &str| word.ends_with(['.', ',']);
        !name.ends_with(',')
            && words
                .take(3)
                .take_while(|word| {
                    word.starts_with(char::is_uppercase) || words::is_speech(bare(word))
                })
                .find(|word| ends(word) || words::is_speech(bare(word)))
                .is_some_and(|word| words::is_speech(bare(word)))
    }

    /// The first letter or number at `next`, and the first word without its marks.
    fn opening(&self, next: usize) -> (Option<char>, &'a str) {
        let rest = self.text.get(next..).unwrap_or_default();
        let mut start = 0;
        // A dash or an opening mark may stand before, and a blank behind it.
        for (at, c) in rest.char_indices().take(6) {
            start = at;
            if !opens(c) && !c.is_whitespace() && !matches!(c, '—' | '–' | '-') {
                break;
            }
        }
        let word = first_words(rest, start).next().unwrap_or_default();
        (word.chars().next(), bare(word))
    }

    /// The word right before a byte, without what opens before it; empty where it is longer than a word is.
    fn word_before(&self, at: usize) -> &'a str {
        let reach = boundary(self.text, at.saturating_sub(LONGEST_WORD));
        let floor = reach.max(self.sentence.min(at));
        let near = self.text.get(floor..at).unwrap_or_default();
        match near.rfind(|c: char| c.is_whitespace() || opens(c) || matches!(c, '—' | '–')) {
            Some(before) => {
                let width = char_at(near, before).map_or(1, char::len_utf8);
                near.get(before + width..).unwrap_or_default()
            }
            None if floor == 0 || floor > reach => near,
            None => "/",
        }
    }

    fn before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    fn follows_blank(&self, at: usize) -> bool {
        self.before(at).is_none_or(char::is_whitespace)
    }
}

/// The words from a byte on, as far as four words may reach.
fn first_words(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let end = boundary(text, (at + 4 * LONGEST_WORD).min(text.len()));
    text.get(at..end).unwrap_or_default().split_whitespace()
}

/// A word without the marks around it, and without what follows an apostrophe or a stop in it.
fn bare(word: &str) -> &str {
    let word = word.trim_start_matches(opens);
    let end = word
        .find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
        .unwrap_or(word.len());
    word.get(..end).unwrap_or_default()
}

/// `U.S`, `J.R.R`, `Ph.D`: letters, each with a full stop.
fn is_initials(word: &str) -> bool {
    word.contains('.')
        && word
            .split('.')
            .all(|part| part.len() <= 2 && part.chars().all(char::is_alphabetic))
}

/// `IV`, which stands for a number. `I` is a word.
fn is_roman(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L'))
}

/// The end of `[12]`, the number of a note, which begins at `at`.
fn reference(text: &str, at: usize) -> Option<usize> {
    let end = skip(text, at + 1, |c| c.is_ascii_digit());
    let is_note = (2..=4).contains(&(end - at)) && text.as_bytes().get(end) == Some(&b']');
    is_note.then_some(end + 1)
}

fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '‘' | '\'' | '(' | '[' | '«' | '„')
}

fn closes(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']')
}

fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '⁃')
}

fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

fn starts_with(text: &str, at: usize, test: impl Fn(char) -> bool) -> bool {
    char_at(text, at).is_some_and(test)
}

/// The first byte from `at` on that a character begins at which the test does not hold for.
fn skip(text: &str, at: usize, test: impl Fn(char) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(|c| !test(c)).unwrap_or(rest.len())
}

fn skip_blanks(text: &str, at: usize) -> usize {
    skip(text, at, char::is_whitespace)
}

/// The next boundary between characters at or after a byte.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
