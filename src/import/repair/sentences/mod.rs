//! Where sentences begin. The rules are for English prose; sentence-final punctuation of other scripts is known too.
//! Never looks at a byte more than a bounded number of times.

mod chars;
mod labels;
pub mod words;

#[cfg(test)]
mod golden;

use chars::{
    LONGEST_WORD, bare, boundary, char_at, closes, first_words, is_bullet, is_initials, is_roman,
    opens, reference, skip, skip_blanks, starts_with,
};
use labels::{Label, read_label};
use words::{Abbreviation, abbreviation, opens_sentence};

/// A longer line is not an item of a list without bullets, in bytes.
const LONGEST_ITEM: usize = 40;

/// The byte offsets at which the sentences after the first begin.
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

/// The bytes at which a sentence may end: ASCII punctuation, and the first bytes of other punctuation.
const MAY_STOP: [bool; 256] = {
    let mut table = [false; 256];
    let stops = b".!?)\n\xE2\xE3\xEF\xD8\xDB\xE0";
    let mut index = 0;
    while index < stops.len() {
        table[stops[index] as usize] = true;
        index += 1;
    }
    table
};

struct Scan<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Where the current sentence begins.
    sentence: usize,
    /// The label of the next item, in a list.
    label: Option<Label>,
}

/// Sentence-final punctuation, with the closing punctuation behind it.
#[derive(Debug, Default, Clone, Copy)]
struct Stop {
    at: usize,
    /// The offset behind all of it.
    end: usize,
    dots: usize,
    /// Whether it contains an exclamation or question mark.
    exclaims: bool,
    /// Whether spaces separate the dots.
    spaced: bool,
    /// The offset of the second of spaced dots.
    second: usize,
    closes_quotation: bool,
    closes: bool,
    /// A comma behind the closing punctuation: the sentence continues.
    comma: bool,
}

impl<'a> Scan<'a> {
    /// Begins a sentence at `at`. Returns the offset at which to continue.
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

    /// Ends the current sentence at `at`. Returns the offset at which to continue.
    fn cut(&mut self, at: usize) -> usize {
        if at > self.sentence {
            self.starts.push(at);
        }
        self.begin(at)
    }

    /// Reads the character at `at`. Returns the offset at which to continue.
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
                let follows_space = self.before(at).is_none_or(char::is_whitespace);
                match is_list && follows_space && at > self.sentence {
                    true => self.cut(at),
                    false => after,
                }
            }
            // Scripts without spaces.
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

    /// Ends a sentence before the next item of a list, whose label ends at `at`.
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

    /// A blank line separates sentences; a line break separates the short lowercase lines of a list.
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
        let separates = blank_lines.bytes().filter(|b| *b == b'\n').count() > 1
            || is_item(self.sentence, current) && is_item(next, line);
        match separates && next < self.text.len() {
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
            return match self.ends_without_space(&stop) {
                true => self.cut(end),
                false => self.skip_reference(end).unwrap_or(end),
            };
        }
        let next = skip_blanks(text, end);
        if next >= text.len() {
            return next;
        }
        match self.ends_here(&stop, next) {
            // `compounds. . . . The`: the ellipsis belongs to the sentence that follows.
            true if stop.spaced && !self.follows_space(at) && stop.dots == 4 => {
                self.cut(stop.second);
                next
            }
            true => self.cut(next),
            false => next,
        }
    }

    /// The punctuation at `at`.
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
                Some('!' | '?' | '؟') => stop.exclaims = true,
                Some('۔' | '।') if stop.end == at => stop.exclaims = true,
                Some(' ') if !stop.exclaims && self.is_spaced_dot(stop.end + 1) => {
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

    /// Whether the dot at `at` is separated by spaces: `. . .`, and not `.5`.
    fn is_spaced_dot(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        bytes.get(at) == Some(&b'.')
            && char_at(self.text, at + 1).is_none_or(|c| c.is_whitespace() || closes(c) || c == '.')
    }

    /// Whether a sentence ends at the stop and another begins at `next`, behind white space.
    fn ends_here(&self, stop: &Stop, next: usize) -> bool {
        let (first, word) = self.opening(next);
        if stop.comma || first.is_some_and(char::is_lowercase) {
            return false;
        }
        if stop.exclaims {
            let before = self.word_before(stop.at);
            let is_attributed = stop.closes_quotation && self.is_attribution(next);
            return !is_attributed && !words::is_name_with_mark(before, word);
        }
        if stop.dots > 1 {
            let is_omission = self.follows_space(stop.at) || self.before(stop.at) == Some('[');
            return stop.dots > 3 || !is_omission;
        }
        self.ends_after_word(stop, next, first, word)
    }

    /// As [`Scan::ends_here`], for a single full stop: not after an abbreviation, an initial or a number.
    fn ends_after_word(&self, stop: &Stop, next: usize, first: Option<char>, word: &str) -> bool {
        let before = self.word_before(stop.at);
        let is_number = first.is_some_and(char::is_numeric) || is_roman(word);
        let may_end = || {
            let quotes = starts_with(self.text, next, |c| matches!(c, '"' | '“'));
            !is_number && (opens_sentence(word) || quotes || stop.closes_quotation)
        };
        match abbreviation(before) {
            Some(Abbreviation::Continues) => return stop.closes,
            Some(Abbreviation::BeforeNumber) => return !is_number,
            Some(Abbreviation::MayEnd) => return may_end(),
            Some(Abbreviation::Time) => {
                return !is_number
                    && !words::follows_time(word)
                    && !self.is_placed_in_time(stop.at);
            }
            None => {}
        }
        let mut chars = before.chars();
        match (chars.next(), chars.next()) {
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

    /// `world.Today`: a sentence ends although no space follows. Not in URLs and names.
    fn ends_without_space(&self, stop: &Stop) -> bool {
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

    /// `word.12 Next`: skips the reference to a note, if a sentence follows.
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

    /// `"Why?" Moss asked`: whether the words at `next` name the speaker.
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

    /// The first letter or digit at `next`, and the first word without punctuation.
    fn opening(&self, next: usize) -> (Option<char>, &'a str) {
        let rest = self.text.get(next..).unwrap_or_default();
        let mut start = 0;
        // A dash or opening punctuation may precede it, and a space behind that.
        for (at, c) in rest.char_indices().take(6) {
            start = at;
            if !opens(c) && !c.is_whitespace() && !matches!(c, '—' | '–' | '-') {
                break;
            }
        }
        let word = first_words(rest, start).next().unwrap_or_default();
        (word.chars().next(), bare(word))
    }

    /// The word right before an offset, without opening punctuation; `/` if it is longer than a word.
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

    fn follows_space(&self, at: usize) -> bool {
        self.before(at).is_none_or(char::is_whitespace)
    }
}
