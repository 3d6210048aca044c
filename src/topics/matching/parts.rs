//! The parts of an article and the weights of mentions in them. Knows positions; never what is mentioned.

use crate::settings::TextPart;

/// The weight of a mention in the title, which alone is enough to belong: a title says what an article is about.
pub(crate) const IN_TITLE: u32 = 4;
/// The weight of a mention in the first paragraph, which is enough with one more mention.
pub(crate) const IN_LEAD: u32 = 2;
const ELSEWHERE: u32 = 1;
/// More mentions than this add nothing, so that a long article does not outweigh a title.
pub(crate) const MAX_ELSEWHERE: u32 = 10;
/// In characters: only this much of a long first paragraph counts as lead.
const MAX_LEAD: usize = 400;

/// Where a mention is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Position {
    Title,
    Lead,
    Elsewhere,
}

impl Position {
    /// Whether it is in one of these parts; none means all.
    pub(super) fn is_in(self, parts: &[TextPart]) -> bool {
        parts.is_empty()
            || parts.iter().any(|part| match part {
                TextPart::Title => self == Self::Title,
                TextPart::Lead => self == Self::Lead,
                TextPart::Body => self != Self::Title,
            })
    }
}

/// How often something is mentioned in each part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct MentionCounts {
    pub title: u32,
    pub lead: u32,
    pub elsewhere: u32,
}

impl MentionCounts {
    pub(super) fn of(positions: impl Iterator<Item = Position>) -> Self {
        let mut counts = Self::default();
        for position in positions {
            let count = match position {
                Position::Title => &mut counts.title,
                Position::Lead => &mut counts.lead,
                Position::Elsewhere => &mut counts.elsewhere,
            };
            *count = count.saturating_add(1);
        }
        counts
    }

    /// The strength of phrases: the first mention in the title and in the lead have their own weights, every other one
    /// counts as one elsewhere.
    pub(super) fn strength(self) -> u32 {
        let [title, lead] = [self.title.min(1), self.lead.min(1)];
        let others = (self.title - title)
            .saturating_add(self.lead - lead)
            .saturating_add(self.elsewhere);
        IN_TITLE * title + IN_LEAD * lead + ELSEWHERE.saturating_mul(others).min(MAX_ELSEWHERE)
    }

    /// In halves, how often the weight of a word counts: once, half as much again for a second mention or one in the
    /// title, and at most twice, so that a word that an article repeats does not decide alone.
    pub(super) fn halves(self) -> i32 {
        let mentions = self
            .title
            .saturating_mul(3)
            .saturating_add(self.lead)
            .saturating_add(self.elsewhere);
        match mentions {
            0 => 0,
            1 => 2,
            2..=3 => 3,
            _ => 4,
        }
    }
}

/// The byte offset of the end of the lead: the first paragraph, or its first 400 characters.
pub(crate) fn lead_end(prose: &str) -> usize {
    let start = prose.len() - prose.trim_start().len();
    let mut chars = prose[start..].char_indices().take(MAX_LEAD + 1);
    chars
        .clone()
        .find(|(_, c)| *c == '\n')
        .or_else(|| chars.nth(MAX_LEAD))
        .map_or(prose.len(), |(at, _)| start + at)
}
