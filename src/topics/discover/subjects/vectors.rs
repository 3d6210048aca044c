//! Articles as vectors of weighted words (TF-IDF, Salton and Buckley 1988), of length one. Knows numbers only.

use rayon::prelude::*;

/// A sparse vector: (word, weight), sorted by word.
pub(super) type Sparse = Vec<(u32, f32)>;

/// The TF-IDF vectors of articles. `articles_of` gives the number of articles that have a word.
pub(super) fn tf_idf(articles: &[Vec<(u32, u16)>], idf: &[f32]) -> Vec<Sparse> {
    articles
        .par_iter()
        .map(|counts| {
            let weigh = |(word, count): &(u32, u16)| {
                (*word, (1.0 + f32::from(*count).ln()) * idf[*word as usize])
            };
            let mut vector: Sparse = counts.iter().map(weigh).collect();
            normalise_sparse(&mut vector);
            vector
        })
        .collect()
}

/// The rarity of a word of which `articles` of all have it.
pub(super) fn idf(articles: u32, all: usize) -> f32 {
    (all as f32 / articles.max(1) as f32).ln().max(0.0)
}

fn normalise_sparse(vector: &mut Sparse) {
    let length = vector
        .iter()
        .map(|(_, weight)| weight * weight)
        .sum::<f32>()
        .sqrt();
    if length > 0.0 {
        for (_, weight) in vector {
            *weight /= length;
        }
    }
}

pub(super) fn normalise(vector: &mut [f32]) {
    let length = vector
        .iter()
        .map(|weight| weight * weight)
        .sum::<f32>()
        .sqrt();
    if length > 0.0 {
        for weight in vector {
            *weight /= length;
        }
    }
}

/// The inner product with a dense vector.
pub(super) fn dot(sparse: &Sparse, dense: &[f32]) -> f32 {
    sparse
        .iter()
        .map(|(word, weight)| weight * dense[*word as usize])
        .sum()
}

pub(super) fn dot_dense(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The sum of vectors, of length one.
pub(super) fn centroid<'v>(vectors: impl Iterator<Item = &'v Sparse>, words: usize) -> Vec<f32> {
    let mut sum = vec![0.0; words];
    for vector in vectors {
        for (word, weight) in vector {
            sum[*word as usize] += weight;
        }
    }
    normalise(&mut sum);
    sum
}
