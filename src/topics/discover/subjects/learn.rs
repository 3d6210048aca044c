//! Learns rules of weighted words from labelled articles. Knows labels as numbers; never which topics they are.

use super::documents::Documents;
use super::rules::halves;
use super::train::{Example, cross_validated, train};
use super::vectors;

/// A word of more than this share of the articles tells no label, in percent.
const MAX_SHARE: usize = 40;

/// What was learned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Learned {
    /// For each label the words and weights, the largest first.
    pub rules: Vec<Vec<(String, i32)>>,
    /// The strength that each rule needs.
    pub min: u32,
    /// How well rules from four fifths of the articles agree with the labels of the other fifth (micro-averaged F1).
    pub f1: f32,
}

/// Learns a rule for each of `labels` labels.
pub(crate) fn learn(documents: &Documents, labels: usize) -> Learned {
    let all = documents.len();
    let (words, articles) = documents.within(3, (all * MAX_SHARE / 100) as u32);
    let idf: Vec<f32> = words
        .iter()
        .map(|word| vectors::idf(word.articles, all))
        .collect();
    let examples: Vec<Example> = articles
        .into_iter()
        .map(|(counts, labels)| {
            let counted = counts
                .into_iter()
                .map(|(word, count)| (word, halves(count) as f32));
            let words = counted.collect();
            Example { words, labels }
        })
        .collect();
    let model = train(&examples, labels, &idf);
    let text = |(word, weight): &(u32, i32)| (words[*word as usize].text.clone(), *weight);
    Learned {
        rules: model
            .rules
            .iter()
            .map(|rule| rule.iter().map(text).collect())
            .collect(),
        min: model.min as u32,
        f1: cross_validated(&examples, labels, &idf),
    }
}
