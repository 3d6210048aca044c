//! Trains rules of weighted words from labelled articles: a linear model whose weights are averaged over corrections (Freund and
//! Schapire 1999; Crammer et al. 2006), reduced to few words and whole numbers. Knows numbers; never labels or words as texts.

use crate::topics::matching::{MAX_SUBJECTS, NEAR_STRONGEST};

/// An article: how much each word counts, in halves, and its labels.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub words: Vec<(u32, f32)>,
    pub labels: Vec<usize>,
}

/// The rules of all labels, and the strength that each needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    /// For each label (word, weight).
    pub rules: Vec<Vec<(u32, i32)>>,
    pub min: i32,
}

/// The most words of a rule.
const MAX_WORDS: usize = 100;
const ROUNDS: usize = 15;
/// By how much the own label should be stronger than any other.
const MARGIN: f32 = 4.0;
/// The typical strength of an article's own label before corrections.
const TYPICAL: f32 = 24.0;
/// The largest correction at once, so that one odd article does not decide.
const LARGEST_STEP: f32 = 0.5;
/// Weights are written as whole numbers of this fraction.
const SCALE: f32 = 12.0;
const FOLDS: usize = 5;

/// Trains the rules of `labels` labels. `idf` gives the rarity of each word.
pub(super) fn train(examples: &[Example], labels: usize, idf: &[f32]) -> Model {
    let mut weights = first_weights(examples, labels, idf);
    correct(&mut weights, None, examples, idf);
    let kept: Vec<Vec<bool>> = weights.iter().map(|own| strongest(own)).collect();
    for (own, kept) in weights.iter_mut().zip(&kept) {
        for (weight, is_kept) in own.iter_mut().zip(kept) {
            *weight *= f32::from(u8::from(*is_kept));
        }
    }
    correct(&mut weights, Some(&kept), examples, idf);
    let whole = |own: &Vec<f32>| -> Vec<(u32, i32)> {
        let rounded = own.iter().map(|weight| (weight * SCALE).round() as i32);
        let mut rule: Vec<(u32, i32)> = (0..)
            .zip(rounded)
            .filter(|(_, weight)| *weight != 0)
            .collect();
        rule.sort_by_key(|(word, weight)| (std::cmp::Reverse(*weight), *word));
        rule
    };
    let mut model = Model {
        rules: weights.iter().map(whole).collect(),
        min: 1,
    };
    let candidates = (1..=40).map(|step| step * 3);
    let scored = candidates.map(|min| {
        (
            f1(
                &Model {
                    min,
                    ..model.clone()
                },
                examples,
            ),
            min,
        )
    });
    let best = scored.reduce(|a, b| if b.0 > a.0 { b } else { a });
    model.min = best.map_or(1, |best| best.1);
    model
}

/// The micro-averaged F1 of rules that were trained on four fifths of the articles, on the other fifth, over all five.
pub(super) fn cross_validated(examples: &[Example], labels: usize, idf: &[f32]) -> f32 {
    let mut counts = [0_usize; 3];
    for fold in 0..FOLDS {
        let is_test = |at: &usize| at % FOLDS == fold;
        let of = |test: bool| -> Vec<Example> {
            let chosen = (0..examples.len()).filter(|at| is_test(at) == test);
            chosen.map(|at| examples[at].clone()).collect()
        };
        let model = train(&of(false), labels, idf);
        for (sum, count) in counts.iter_mut().zip(agreement(&model, &of(true))) {
            *sum += count;
        }
    }
    f1_of(counts)
}

fn f1(model: &Model, examples: &[Example]) -> f32 {
    f1_of(agreement(model, examples))
}

fn f1_of([both, found, true_ones]: [usize; 3]) -> f32 {
    2.0 * both as f32 / (found + true_ones).max(1) as f32
}

/// How many labels are found and true, found, and true.
fn agreement(model: &Model, examples: &[Example]) -> [usize; 3] {
    let mut counts = [0; 3];
    let words = examples
        .iter()
        .flat_map(|example| &example.words)
        .map(|(word, _)| *word as usize + 1);
    let mut by_word = vec![Vec::new(); words.max().unwrap_or_default()];
    for (label, rule) in model.rules.iter().enumerate() {
        for (word, weight) in rule {
            if let Some(uses) = by_word.get_mut(*word as usize) {
                uses.push((label, *weight as f32));
            }
        }
    }
    for example in examples {
        let mut strengths = vec![0.0; model.rules.len()];
        for (word, halves) in &example.words {
            for (label, weight) in &by_word[*word as usize] {
                strengths[*label] += weight * halves / 2.0;
            }
        }
        let found = matched(&strengths, model.min as f32);
        counts[0] += found
            .iter()
            .filter(|label| example.labels.contains(label))
            .count();
        counts[1] += found.len();
        counts[2] += example.labels.len();
    }
    counts
}

/// The labels that the matcher would give.
fn matched(strengths: &[f32], min: f32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..strengths.len())
        .filter(|label| strengths[*label] >= min)
        .collect();
    order.sort_by(|a, b| strengths[*b].total_cmp(&strengths[*a]).then(a.cmp(b)));
    let strongest = order.first().map_or(0.0, |label| strengths[*label]);
    order.retain(|label| 100.0 * strengths[*label] >= NEAR_STRONGEST as f32 * strongest);
    order.truncate(MAX_SUBJECTS);
    order
}

/// How much more each label has a word than labels have on average.
fn first_weights(examples: &[Example], labels: usize, idf: &[f32]) -> Vec<Vec<f32>> {
    let mut weights = vec![vec![0.0; idf.len()]; labels];
    for example in examples {
        let weigh = |(word, halves): &(u32, f32)| (*word as usize, halves * idf[*word as usize]);
        let length = example
            .words
            .iter()
            .map(|word| weigh(word).1.powi(2))
            .sum::<f32>()
            .sqrt()
            .max(1e-6);
        for (word, weight) in example.words.iter().map(weigh) {
            for label in &example.labels {
                weights[*label][word] += weight / length;
            }
        }
    }
    for own in &mut weights {
        let length = own
            .iter()
            .map(|weight| weight * weight)
            .sum::<f32>()
            .sqrt()
            .max(1e-6);
        own.iter_mut().for_each(|weight| *weight /= length);
    }
    for word in 0..idf.len() {
        let mean = weights.iter().map(|own| own[word]).sum::<f32>() / labels.max(1) as f32;
        weights
            .iter_mut()
            .for_each(|own| own[word] = (own[word] - mean) * idf[word]);
    }
    for (label, own) in weights.iter_mut().enumerate() {
        let with = examples
            .iter()
            .filter(|example| example.labels.contains(&label));
        let mut strengths: Vec<f32> = with.map(|example| strength(own, example)).collect();
        strengths.sort_by(f32::total_cmp);
        let typical = strengths
            .get(strengths.len() / 2)
            .copied()
            .unwrap_or(1.0)
            .max(1e-6);
        own.iter_mut()
            .for_each(|weight| *weight *= TYPICAL / typical);
    }
    weights
}

fn strength(weights: &[f32], example: &Example) -> f32 {
    let words = example.words.iter();
    words
        .map(|(word, halves)| weights[*word as usize] * halves / 2.0)
        .sum()
}

/// Corrects the weights wherever an article's own label is not clearly stronger than the strongest other one, and averages them over
/// all rounds. With `kept`, only those words have weights.
fn correct(
    weights: &mut [Vec<f32>],
    kept: Option<&[Vec<bool>]>,
    examples: &[Example],
    idf: &[f32],
) {
    let mut sums: Vec<Vec<f32>> = weights.iter().map(|own| vec![0.0; own.len()]).collect();
    for _ in 0..ROUNDS {
        for example in examples {
            let strengths: Vec<f32> = weights.iter().map(|own| strength(own, example)).collect();
            let others = (0..strengths.len()).filter(|label| !example.labels.contains(label));
            let rival = others.reduce(|a, b| if strengths[b] > strengths[a] { b } else { a });
            let Some(rival) = rival else { continue };
            let size = example
                .words
                .iter()
                .map(|(word, halves)| idf[*word as usize] * halves * halves / 2.0);
            let size = size.sum::<f32>().max(1e-6);
            for own in &example.labels {
                let loss = MARGIN - (strengths[*own] - strengths[rival]);
                let step = (loss / size).min(LARGEST_STEP);
                if loss <= 0.0 {
                    continue;
                }
                for (label, step) in [(*own, step), (rival, -step)] {
                    for (word, halves) in &example.words {
                        let word = *word as usize;
                        if kept.is_none_or(|kept| kept[label][word]) {
                            weights[label][word] += step * idf[word] * halves / 2.0;
                        }
                    }
                }
            }
        }
        for (sum, own) in sums.iter_mut().zip(weights.iter()) {
            sum.iter_mut()
                .zip(own)
                .for_each(|(sum, weight)| *sum += weight);
        }
    }
    for (own, sum) in weights.iter_mut().zip(&sums) {
        own.iter_mut()
            .zip(sum)
            .for_each(|(weight, sum)| *weight = sum / ROUNDS as f32);
    }
}

/// Which words have the strongest weights.
fn strongest(weights: &[f32]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| {
        weights[*b]
            .abs()
            .total_cmp(&weights[*a].abs())
            .then(a.cmp(b))
    });
    let mut kept = vec![false; weights.len()];
    order
        .into_iter()
        .take(MAX_WORDS)
        .for_each(|word| kept[word] = true);
    kept
}
