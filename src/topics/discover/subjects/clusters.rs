//! Groups of articles that are about the same: spherical k-means (Dhillon and Modha 2001), begun with the groups that
//! merging the most similar articles of a sample gives (Buckshot: Cutting, Karger, Pedersen and Tukey 1992).
//! Knows vectors; never words.

use rayon::prelude::*;

use super::vectors::{Sparse, centroid, dot, dot_dense, normalise};

/// The articles that are merged to begin with, by hierarchy: time and memory grow with the square.
const SAMPLE: usize = 1_000;
/// The most rounds of k-means.
const ROUNDS: usize = 25;

/// For each vector, the number of its group; groups have at least `fewest` members. `vectors` are in an order that tells
/// nothing, such as that of a hash.
pub(super) fn cluster(vectors: &[Sparse], words: usize, k: usize, fewest: usize) -> Vec<usize> {
    let sample: Vec<&Sparse> = vectors
        .iter()
        .filter(|vector| !vector.is_empty())
        .take(SAMPLE)
        .collect();
    let mut centroids = seeds(&sample, words, k);
    if centroids.is_empty() {
        return vec![0; vectors.len()];
    }
    let mut groups = assign(vectors, &centroids);
    for round in 0..ROUNDS {
        centroids = centroids_of(vectors, &groups, centroids.len(), words);
        let sizes = sizes(&groups, centroids.len());
        // Small groups go one by one, so that their members can make another one large enough.
        let smallest = (0..centroids.len()).min_by_key(|group| (sizes[*group], *group));
        if let Some(smallest) = smallest.filter(|group| sizes[*group] < fewest && round % 2 == 1) {
            centroids.remove(smallest);
        }
        let next = assign(vectors, &centroids);
        if next == groups {
            break;
        }
        groups = next;
    }
    groups
}

/// The number of members of each group.
pub(super) fn sizes(groups: &[usize], k: usize) -> Vec<usize> {
    let mut sizes = vec![0; k];
    for group in groups {
        sizes[*group] += 1;
    }
    sizes
}

/// The centroid of each group.
pub(super) fn centroids_of(
    vectors: &[Sparse],
    groups: &[usize],
    k: usize,
    words: usize,
) -> Vec<Vec<f32>> {
    let of_group = |group: usize| {
        let members = vectors.iter().zip(groups).filter(|(_, own)| **own == group);
        centroid(members.map(|(vector, _)| vector), words)
    };
    (0..k).into_par_iter().map(of_group).collect()
}

fn assign(vectors: &[Sparse], centroids: &[Vec<f32>]) -> Vec<usize> {
    vectors
        .par_iter()
        .map(|vector| nearest(vector, centroids))
        .collect()
}

/// The nearest centroid; of equals the first.
pub(super) fn nearest(vector: &Sparse, centroids: &[Vec<f32>]) -> usize {
    let mut best = (0, f32::MIN);
    for (group, centroid) in centroids.iter().enumerate() {
        let similarity = dot(vector, centroid);
        if similarity > best.1 {
            best = (group, similarity);
        }
    }
    best.0
}

/// The centroids of the `k` largest groups of a hierarchy of the sample that was cut at twice as many: some of the groups are
/// single articles that are like no other.
fn seeds(sample: &[&Sparse], words: usize, k: usize) -> Vec<Vec<f32>> {
    let similarities: Vec<Vec<f32>> = sample
        .par_iter()
        .map(|vector| {
            let dense = centroid(std::iter::once(*vector), words);
            sample.iter().map(|other| dot(other, &dense)).collect()
        })
        .collect();
    let sizes = vec![1; sample.len()];
    let mut groups = merged(similarities, &sizes, usize::MAX, |groups, _| groups > 2 * k);
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
    groups.truncate(k);
    let centroids = groups.iter().map(|group| {
        let members = group.iter().map(|member| sample[*member]);
        centroid(members, words)
    });
    centroids.collect()
}

/// Merges the two most similar groups, by the average of their members, while `goes_on` with the number of groups and that
/// similarity. No group becomes larger than `largest`, by the sizes of its members, none of which is 0.
pub(super) fn merged(
    mut similarities: Vec<Vec<f32>>,
    sizes: &[usize],
    largest: usize,
    goes_on: impl Fn(usize, f32) -> bool,
) -> Vec<Vec<usize>> {
    let mut sizes = sizes.to_vec();
    let mut groups: Vec<Vec<usize>> = (0..similarities.len()).map(|member| vec![member]).collect();
    let best_of = |similarities: &[Vec<f32>], sizes: &[usize], row: usize| {
        let mut best = (row, f32::MIN);
        for (other, size) in sizes.iter().enumerate() {
            let is_possible = other != row && *size > 0 && size + sizes[row] <= largest;
            if is_possible && similarities[row][other] > best.1 {
                best = (other, similarities[row][other]);
            }
        }
        best
    };
    let mut best: Vec<(usize, f32)> = (0..groups.len())
        .map(|row| best_of(&similarities, &sizes, row))
        .collect();
    let mut count = groups.len();
    while count > 1 {
        let rows = (0..groups.len()).filter(|row| !groups[*row].is_empty());
        let Some(row) = rows.reduce(|a, b| if best[b].1 > best[a].1 { b } else { a }) else {
            break;
        };
        let (other, similarity) = best[row];
        if other == row || !goes_on(count, similarity) {
            break;
        }
        let (keep, gone) = (row.min(other), row.max(other));
        let [a, b] = [groups[keep].len() as f32, groups[gone].len() as f32];
        let both = similarities[keep].iter().zip(&similarities[gone]);
        let averages: Vec<f32> = both
            .map(|(one, other)| (a * one + b * other) / (a + b))
            .collect();
        for (row, average) in similarities.iter_mut().zip(&averages) {
            row[keep] = *average;
        }
        similarities[keep] = averages;
        let members = std::mem::take(&mut groups[gone]);
        groups[keep].extend(members);
        sizes[keep] += std::mem::take(&mut sizes[gone]);
        count -= 1;
        for third in 0..groups.len() {
            let is_affected = third == keep || best[third].0 == keep || best[third].0 == gone;
            if !groups[third].is_empty() && is_affected {
                best[third] = best_of(&similarities, &sizes, third);
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    for group in &mut groups {
        group.sort_unstable();
    }
    groups
}

/// The groups of groups: the most similar ones are merged while they are more alike than `least`. They are compared by what
/// distinguishes them from the average; all are alike in what all have.
pub(super) fn broader(
    centroids: &[Vec<f32>],
    sizes: &[usize],
    largest: usize,
    least: f32,
) -> Vec<Vec<usize>> {
    let mut own: Vec<Vec<f32>> = centroids.to_vec();
    for word in 0..centroids.first().map_or(0, Vec::len) {
        let mean =
            centroids.iter().map(|centroid| centroid[word]).sum::<f32>() / centroids.len() as f32;
        own.iter_mut().for_each(|centroid| centroid[word] -= mean);
    }
    own.iter_mut().for_each(|centroid| normalise(centroid));
    let similarities = own
        .iter()
        .map(|a| own.iter().map(|b| dot_dense(a, b)).collect());
    let sizes: Vec<usize> = sizes.iter().map(|size| (*size).max(1)).collect();
    merged(similarities.collect(), &sizes, largest, |_, similarity| {
        similarity > least
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Articles of three subjects, each with words of its own and a common one.
    fn vectors() -> (Vec<Sparse>, Vec<usize>) {
        let mut vectors = Vec::new();
        let mut truth = Vec::new();
        for n in 0..60_u32 {
            let subject = n % 3;
            let own = [
                subject * 10 + n % 7,
                subject * 10 + (n + 3) % 7,
                subject * 10 + (n + 5) % 9,
            ];
            let mut vector: Sparse = own
                .into_iter()
                .chain([30])
                .map(|word| (word, 0.5))
                .collect();
            vector.sort_by_key(|(word, _)| *word);
            vector.dedup_by_key(|(word, _)| *word);
            vectors.push(vector);
            truth.push(subject as usize);
        }
        (vectors, truth)
    }

    #[test]
    fn articles_of_one_subject_are_one_group() {
        let (vectors, truth) = vectors();
        let groups = cluster(&vectors, 31, 3, 2);
        let pairs: std::collections::BTreeSet<_> = groups.iter().zip(&truth).collect();
        assert_eq!(pairs.len(), 3, "{groups:?}");
    }

    #[test]
    fn similar_groups_have_a_broader_one() {
        let centroids = [
            vec![1.0, 0.0, 0.0],
            vec![0.9, 0.1, 0.0],
            vec![0.0, 0.0, 1.0],
        ];
        let found = |largest| broader(&centroids, &[5, 5, 5], largest, 0.2);
        assert_eq!(found(10), [vec![0, 1], vec![2]]);
        assert_eq!(found(9).len(), 3);
    }

    #[test]
    fn nothing_to_group_is_fine() {
        assert!(cluster(&[], 0, 6, 2).is_empty());
        assert_eq!(cluster(&[Vec::new(), Vec::new()], 0, 6, 2), [0, 0]);
    }
}
