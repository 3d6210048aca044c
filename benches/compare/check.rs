//! Checks that a website contains all articles.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::archive::Article;

/// # Panics
/// If an article has no page, or its page lacks its title or its last words.
pub(crate) fn holds_all(output: &Path, size: u64) {
    // `…-1000001.html` or `…-1000001/index.html`: each slug ends with the id.
    let mut pages: HashMap<String, PathBuf> = HashMap::new();
    for file in walkdir::WalkDir::new(output).into_iter().flatten() {
        let path = file.path().to_string_lossy();
        let stem = path
            .strip_suffix("/index.html")
            .or_else(|| path.strip_suffix(".html"));
        if let Some((_, id)) = stem.and_then(|stem| stem.rsplit_once('-')) {
            pages.insert(id.to_owned(), file.path().to_owned());
        }
    }
    let sampled = (size / 500).max(1);
    for number in 0..size {
        let article = Article::number(number);
        let page = pages.get(&article.id().to_string());
        let page = page.unwrap_or_else(|| {
            panic!(
                "{} lacks {}",
                output.display(),
                crate::articles::slug(&article)
            )
        });
        if number.is_multiple_of(sampled) {
            let text = std::fs::read_to_string(page).expect("read");
            let last = article.paragraphs.last().expect("a paragraph");
            let words = last
                .split('"')
                .max_by_key(|part| part.len())
                .expect("words");
            assert!(text.contains(&article.title), "{}: title", page.display());
            assert!(text.contains(words), "{}: {words}", page.display());
        }
    }
}
