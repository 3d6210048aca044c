//! How well proposed subjects agree with sections that people gave: `cargo bench --bench subjects -- FILE.tsv…`, a table with the
//! columns `category`, `headline` and `text`. Without a file, archives are generated whose subjects are known.
//!
//! The articles are imported without their category. The first subject of each is compared with it, beside spherical k-means on TF-IDF
//! with as many clusters, the best of ten runs by its own measure. With `--show`, the proposed topics are printed.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// An article and its true section.
struct Labelled {
    label: String,
    title: String,
    text: String,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let files: Vec<&String> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    let show = args.iter().any(|arg| arg == "--show");
    println!(
        "{:<28} {:>8} {:>8} {:>7} {:>7} {:>7} {:>7} {:>8} {:>7} {:>7} {:>7}",
        "",
        "articles",
        "sections",
        "k",
        "NMI",
        "purity",
        "covered",
        "per art.",
        "kmeans",
        "NMI",
        "purity"
    );
    for file in &files {
        report(file, &read_table(Path::new(file)), show);
    }
    if files.is_empty() {
        report("generated, 8 sections", &generated(1_600, 8, 11), show);
        report("generated, 14, overlapping", &generated(4_000, 14, 5), show);
    }
}

fn report(name: &str, articles: &[Labelled], show: bool) {
    let site = tempfile::tempdir().expect("a folder");
    std::fs::write(site.path().join("backfile.toml"), "").expect("written");
    let folder = site.path().join("content/articles");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (number, article) in articles.iter().enumerate() {
        let title = serde_json::to_string(&article.title).expect("json");
        let text = format!(
            "---\nid: a{number}\ntitle: {title}\n---\n\n{}\n",
            article.text
        );
        std::fs::write(folder.join(format!("a{number}.md")), text).expect("written");
    }
    let start = Instant::now();
    run(site.path(), &["topics", "discover"]);
    let took = start.elapsed().as_secs_f64();
    let said = run(site.path(), &["topics", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).expect("json");
    let topics = said["topics"].as_array().expect("topics");
    let subjects: HashSet<&str> = topics
        .iter()
        .filter(|topic| topic["kind"] == "subject")
        .filter_map(|topic| topic["id"].as_str())
        .collect();
    let mut first = Vec::new();
    let (mut covered, mut all) = (0, 0);
    for number in 0..articles.len() {
        let own = said["articles"][format!("a{number}")]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let own: Vec<&str> = own.iter().filter_map(|id| id.as_str()).collect();
        all += own.len();
        let subject = own.iter().find(|id| subjects.contains(*id));
        covered += usize::from(subject.is_some());
        first.push(subject.map_or_else(|| "none".to_owned(), |id| (*id).to_owned()));
    }
    let truth: Vec<&str> = articles
        .iter()
        .map(|article| article.label.as_str())
        .collect();
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let k = first
        .iter()
        .filter(|id| **id != "none")
        .collect::<HashSet<_>>()
        .len();
    let (nmi, purity) = agreement(&truth, &first);
    let clusters = k_means(articles, k);
    let clusters: Vec<String> = clusters.iter().map(usize::to_string).collect();
    let clusters: Vec<&str> = clusters.iter().map(String::as_str).collect();
    let (base_nmi, base_purity) = agreement(&truth, &clusters);
    let sections = truth.iter().collect::<HashSet<_>>().len();
    let share = 100.0 * covered as f64 / articles.len() as f64;
    let each = all as f64 / articles.len() as f64;
    let short: String = name
        .rsplit('/')
        .next()
        .unwrap_or(name)
        .chars()
        .take(28)
        .collect();
    println!(
        "{short:<28} {:>8} {sections:>8} {k:>7} {nmi:>7.3} {purity:>7.3} {share:>6.1}% {each:>8.1} {:>7} {base_nmi:>7.3} {base_purity:>7.3}   {took:.1} s",
        articles.len(),
        ""
    );
    if show {
        println!(
            "{}",
            std::fs::read_to_string(site.path().join("topics.toml")).unwrap_or_default()
        );
        let mut counts: Vec<(u64, &str)> = topics
            .iter()
            .map(|topic| {
                (
                    topic["articles"].as_u64().unwrap_or(0),
                    topic["id"].as_str().unwrap_or(""),
                )
            })
            .collect();
        counts.sort_by(|a, b| b.cmp(a));
        for (articles, id) in counts {
            println!("{articles:>6} {id}");
        }
    }
}

fn run(site: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_backfile"))
        .arg("--site")
        .arg(site)
        .args(args)
        .output()
        .expect("the program starts");
    assert!(
        output.status.code() < Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

/// A table of tabs with quotes, as spreadsheets write it.
fn read_table(path: &Path) -> Vec<Labelled> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .flexible(true)
        .from_path(path)
        .expect("a table");
    let names = reader.headers().expect("names").clone();
    let column = |name: &str| {
        names
            .iter()
            .position(|known| known == name)
            .expect("the column")
    };
    let (label, title, text) = (column("category"), column("headline"), column("text"));
    let rows = reader.records().filter_map(Result::ok);
    rows.map(|row| Labelled {
        label: row[label].to_owned(),
        title: row[title].to_owned(),
        text: row[text].to_owned(),
    })
    .collect()
}

/// Normalised mutual information (arithmetic mean) and purity.
fn agreement(truth: &[&str], found: &[&str]) -> (f64, f64) {
    let all = truth.len() as f64;
    let (mut a, mut b, mut both) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (truth, found) in truth.iter().zip(found) {
        *a.entry(*truth).or_insert(0.0) += 1.0;
        *b.entry(*found).or_insert(0.0) += 1.0;
        *both.entry((*truth, *found)).or_insert(0.0) += 1.0;
    }
    let entropy = |counts: &HashMap<&str, f64>| -> f64 {
        counts.values().map(|n| -(n / all) * (n / all).ln()).sum()
    };
    let mutual: f64 = both
        .iter()
        .map(|((t, f), n)| (n / all) * (all * n / (a[t] * b[f])).ln())
        .sum();
    let mut largest: HashMap<&str, f64> = HashMap::new();
    for ((_, found), n) in &both {
        let most = largest.entry(*found).or_insert(0.0);
        *most = most.max(*n);
    }
    let mean = f64::midpoint(entropy(&a), entropy(&b));
    (mutual / mean.max(1e-9), largest.values().sum::<f64>() / all)
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most as u64) as usize
    }

    /// A rank from 0 to `most`, the low ones often, as words are in texts.
    fn rank(&mut self, most: usize) -> usize {
        let x = self.below(1_000_000) as f64 / 1_000_000.0;
        ((most as f64).powf(x) - 1.0) as usize
    }
}

/// Spherical k-means with k-means++, the best of ten runs, on TF-IDF of words in at least 2 and at most half of the articles.
fn k_means(articles: &[Labelled], k: usize) -> Vec<usize> {
    let bags: Vec<HashMap<String, f64>> = articles
        .iter()
        .map(|article| {
            let mut bag = HashMap::new();
            let text = format!("{} {}", article.title, article.text).to_lowercase();
            for word in text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.chars().count() > 1)
            {
                *bag.entry(word.to_owned()).or_insert(0.0) += 1.0;
            }
            bag
        })
        .collect();
    let mut articles_of: HashMap<&str, f64> = HashMap::new();
    for word in bags.iter().flat_map(|bag| bag.keys()) {
        *articles_of.entry(word).or_insert(0.0) += 1.0;
    }
    let all = bags.len() as f64;
    let english: HashSet<&str> = stop_words::get("en").iter().copied().collect();
    let mut kept: Vec<&str> = articles_of
        .iter()
        .filter(|(word, n)| **n >= 2.0 && **n <= all / 2.0 && !english.contains(*word))
        .map(|(word, _)| *word)
        .collect();
    kept.sort_unstable();
    let numbers: HashMap<&str, usize> = kept
        .iter()
        .zip(0..)
        .map(|(word, number)| (*word, number))
        .collect();
    let vectors: Vec<Vec<(usize, f64)>> = bags
        .iter()
        .map(|bag| {
            let mut vector: Vec<(usize, f64)> = bag
                .iter()
                .filter_map(|(word, n)| {
                    Some((
                        *numbers.get(word.as_str())?,
                        (1.0 + n.ln()) * (all / articles_of[word.as_str()]).ln(),
                    ))
                })
                .collect();
            vector.sort_by_key(|(word, _)| *word);
            let length = vector
                .iter()
                .map(|(_, w)| w * w)
                .sum::<f64>()
                .sqrt()
                .max(1e-9);
            vector.iter_mut().for_each(|(_, w)| *w /= length);
            vector
        })
        .collect();
    let runs = (0..10).map(|seed| one_run(&vectors, kept.len(), k.max(1), &mut Dice(seed)));
    let best = runs.max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|run| run.1).unwrap_or_default()
}

fn one_run(
    vectors: &[Vec<(usize, f64)>],
    words: usize,
    k: usize,
    dice: &mut Dice,
) -> (f64, Vec<usize>) {
    let dense = |vector: &Vec<(usize, f64)>| {
        let mut dense = vec![0.0; words];
        vector
            .iter()
            .for_each(|(word, weight)| dense[*word] = *weight);
        dense
    };
    let dot = |vector: &Vec<(usize, f64)>, dense: &Vec<f64>| -> f64 {
        vector
            .iter()
            .map(|(word, weight)| weight * dense[*word])
            .sum()
    };
    let mut centroids = vec![dense(&vectors[dice.below(vectors.len())])];
    let mut nearest = vec![f64::MAX; vectors.len()];
    while centroids.len() < k {
        let last = &centroids[centroids.len() - 1];
        for (vector, distance) in vectors.iter().zip(&mut nearest) {
            *distance = distance.min(1.0 - dot(vector, last)).max(0.0);
        }
        let total: f64 = nearest.iter().map(|d| d * d).sum();
        let mut target = total * dice.below(1_000_000) as f64 / 1_000_000.0;
        let at = nearest.iter().position(|d| {
            target -= d * d;
            target <= 0.0
        });
        centroids.push(dense(&vectors[at.unwrap_or(0)]));
    }
    let mut groups = vec![0; vectors.len()];
    let mut score = 0.0;
    for _ in 0..30 {
        score = 0.0;
        let mut next = Vec::with_capacity(vectors.len());
        for vector in vectors {
            let similarities = centroids.iter().map(|centroid| dot(vector, centroid));
            let best = similarities
                .enumerate()
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .unwrap_or((0, 0.0));
            score += best.1;
            next.push(best.0);
        }
        if next == groups {
            break;
        }
        groups = next;
        for centroid in &mut centroids {
            centroid.iter_mut().for_each(|weight| *weight = 0.0);
        }
        for (vector, group) in vectors.iter().zip(&groups) {
            vector
                .iter()
                .for_each(|(word, weight)| centroids[*group][*word] += weight);
        }
        for centroid in &mut centroids {
            let length = centroid.iter().map(|w| w * w).sum::<f64>().sqrt().max(1e-9);
            centroid.iter_mut().for_each(|w| *w /= length);
        }
    }
    (score, groups)
}

/// Articles with words of their section, of all sections and, for one in five, of a second section. `shared` in twenty of a section's
/// words are also words of the next one.
fn generated(count: usize, sections: usize, shared: usize) -> Vec<Labelled> {
    let mut dice = Dice(sections as u64);
    let syllables = [
        "ba", "den", "ri", "mo", "sta", "lu", "ker", "ta", "fi", "gon", "pel", "so", "vi", "nar",
        "che", "ul",
    ];
    let mut seen = HashSet::new();
    let mut word = |dice: &mut Dice| loop {
        let length = 2 + dice.below(3);
        let word: String = (0..length)
            .map(|_| syllables[dice.below(syllables.len())])
            .collect();
        if seen.insert(word.clone()) {
            return word;
        }
    };
    let common: Vec<String> = (0..1_500).map(|_| word(&mut dice)).collect();
    let mut own: Vec<Vec<String>> = (0..sections)
        .map(|_| (0..300).map(|_| word(&mut dice)).collect())
        .collect();
    for section in 0..sections {
        let next = (section + 1) % sections;
        for at in (0..300).filter(|at| at % 20 < shared / 2) {
            own[next][at] = own[section][(at * 7) % 300].clone();
        }
    }
    (0..count)
        .map(|number| {
            let section = number % sections;
            let second = dice.below(sections);
            let is_mixed = dice.below(5) == 0;
            let length = 60 + dice.below(240);
            let mut text = String::new();
            for at in 0..length {
                let from = match dice.below(100) {
                    0..18 => &own[section],
                    18..24 if is_mixed => &own[second],
                    _ => &common,
                };
                text.push_str(&from[dice.rank(from.len())]);
                text.push_str(match at % 60 {
                    59 => ".\n\n",
                    _ if at % 12 == 11 => ". ",
                    _ => " ",
                });
            }
            let title: Vec<&str> = (0..5)
                .map(|n| {
                    if n == 2 {
                        &*own[section][dice.rank(300)]
                    } else {
                        &*common[dice.rank(1_500)]
                    }
                })
                .collect();
            Labelled {
                label: format!("s{section}"),
                title: title.join(" "),
                text,
            }
        })
        .collect()
}
