//! Names that a page states as its authors and topics → the names among them, without posts, agencies and tags of programs.
//! Never knows where a page states them.

use crate::import::repair::byline;

/// What a person is called by the post, in lowercase: a part of a byline that ends with one of these is no name.
const POSTS: &[&str] = &[
    "writer",
    "writers",
    "reporter",
    "reporters",
    "editor",
    "editors",
    "correspondent",
    "columnist",
    "contributor",
    "contributors",
    "staff",
    "journalist",
    "photographer",
    "producer",
    "analyst",
    "blogger",
    "critic",
    "bureau",
    "desk",
    "newsroom",
    "team",
    "redaktion",
    "redakteur",
    "redakteurin",
    "korrespondent",
    "journaliste",
    "rédaction",
    "redacción",
    "redactor",
    "redactora",
    "periodista",
    "redação",
    "redator",
    "repórter",
    "redazione",
    "redattore",
    "giornalista",
    "redactie",
    "redaksi",
    "redaktör",
    "редакция",
    "корреспондент",
];

/// Words that may stand before those.
const OF_POSTS: &[&str] = &[
    "staff",
    "senior",
    "chief",
    "sports",
    "political",
    "politics",
    "national",
    "foreign",
    "special",
    "contributing",
    "associate",
    "assistant",
    "managing",
    "deputy",
    "executive",
    "auto",
    "business",
    "science",
    "health",
    "medical",
    "technology",
    "tech",
    "entertainment",
    "music",
    "film",
    "food",
    "travel",
    "education",
    "legal",
    "white",
    "house",
    "investigative",
    "general",
    "assignment",
    "news",
    "opinion",
    "features",
    "local",
    "city",
    "state",
    "digital",
    "online",
    "web",
    "video",
    "freelance",
    "guest",
    "for",
    "the",
    "of",
    "and",
    "at",
    "in",
    "to",
    "wire",
    "service",
    "services",
];

/// News agencies, in lowercase.
const AGENCIES: &[&str] = &[
    "ap",
    "associated press",
    "the associated press",
    "reuters",
    "thomson reuters",
    "afp",
    "agence france-presse",
    "upi",
    "bloomberg",
    "bloomberg news",
    "dpa",
    "ansa",
    "efe",
    "xinhua",
    "pti",
    "ians",
    "ani",
    "tass",
    "interfax",
    "kyodo",
    "yonhap",
    "anadolu",
    "dow jones",
    "canadian press",
    "the canadian press",
    "press association",
    "pa media",
    "wire services",
    "cnn",
    "bbc",
    "bbc news",
    "sid",
    "apa",
    "sda",
    "ritzau",
    "ntb",
    "tt",
    "stt",
    "pap",
    "belga",
    "lusa",
    "antara",
];

/// Names that publishing systems give to authors that have none.
const ACCOUNTS: &[&str] = &["admin", "administrator", "guest", "unknown", "webmaster"];

/// Topics that say what a page is and nothing of its subject, in lowercase.
const KINDS: &[&str] = &[
    "article",
    "articles",
    "page",
    "post",
    "posts",
    "story",
    "blog post",
    "blogpost",
    "newsarticle",
    "webpage",
    "default",
    "home",
    "homepage",
    "home page",
    "front page",
    "frontpage",
    "index",
    "main",
    "other",
    "uncategorized",
    "uncategorised",
    "no autolink",
    "noindex",
    "sin categoría",
    "non classé",
    "allgemein",
    "sem categoria",
];

/// The longest name of an author and of a topic, in bytes.
const LONGEST_AUTHOR: usize = 100;
const LONGEST_TOPIC: usize = 80;

/// The persons among authors. Where there is none, the agencies and desks that the page names.
pub(super) fn authors(stated: &[String], source: Option<&str>) -> Vec<String> {
    let mut persons: Vec<String> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for name in stated.iter().flat_map(|stated| byline::names(stated)) {
        let is_name = !ACCOUNTS.contains(&name.to_lowercase().as_str())
            && name.len() <= LONGEST_AUTHOR
            && !name.contains("://")
            && !name.starts_with('@');
        if !is_name {
            continue;
        }
        match person(&name, source) {
            Some(person) => add(&mut persons, person),
            None => add(&mut others, &name),
        }
    }
    match persons.is_empty() {
        true => others,
        false => persons,
    }
}

/// The name without what follows it, if it is one of a person.
fn person<'n>(name: &'n str, source: Option<&str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    if AGENCIES.contains(&lower.as_str())
        || source.is_some_and(|source| source.eq_ignore_ascii_case(name))
    {
        return None;
    }
    // `Finian Moss. Harbour News International`, but not `J. R. Moss`.
    if let Some((before, after)) = name.split_once(". ")
        && before.contains(' ')
        && before.rsplit(' ').next().is_some_and(|word| word.len() > 3)
        && after.contains(' ')
    {
        return person(before, source);
    }
    let words: Vec<&str> = name.split(' ').collect();
    let is = |list: &[&str], word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        list.contains(&bare.to_lowercase().as_str())
    };
    if !words.last().is_some_and(|last| is(POSTS, last)) {
        return Some(name);
    }
    let of_post = words
        .iter()
        .rev()
        .take_while(|word| is(POSTS, word) || is(OF_POSTS, word) || is(AGENCIES, word));
    let left = words.len() - of_post.count();
    if left < 2 {
        return None;
    }
    let length: usize = words[..left].iter().map(|word| word.len() + 1).sum();
    Some(name[..length - 1].trim_end_matches([',', '-', '–', '|', ' ']))
}

/// The names of subjects among keywords and sections.
pub(super) fn topics(stated: &[String], source: Option<&str>) -> Vec<String> {
    let mut topics: Vec<String> = Vec::new();
    for name in split(stated) {
        // `News - News`
        let name = match name.split_once(" - ") {
            Some((one, other)) if one == other => one,
            _ => name,
        };
        let is_source = source.is_some_and(|source| source.eq_ignore_ascii_case(name));
        if is_subject(name) && !is_source {
            add(&mut topics, name);
        }
    }
    topics
}

/// Whether a keyword may name a subject: it is no address, no path, and no key and value of an advertisement.
fn is_subject(name: &str) -> bool {
    let is_machines = !name.contains(' ') && name.contains(['_', '=', '/'])
        || name.starts_with(['/', '@', '#'])
        || name.split_once(':').is_some_and(|(key, _)| {
            let key = key.trim().to_lowercase();
            matches!(
                key.as_str(),
                "section"
                    | "channel"
                    | "type"
                    | "category"
                    | "tag"
                    | "author"
                    | "site"
                    | "page"
                    | "zone"
                    | "topic"
            ) || !name.contains(": ") && name.is_ascii() && !key.contains(' ')
        });
    let is_host = !name.contains(' ')
        && name.rsplit_once('.').is_some_and(|(before, end)| {
            before.len() > 1
                && matches!(
                    end.to_lowercase().as_str(),
                    "com" | "org" | "net" | "info" | "html" | "htm" | "php" | "uk" | "de"
                )
        });
    name.chars().any(char::is_alphabetic)
        && name.len() <= LONGEST_TOPIC
        && !is_machines
        && !is_host
        && !KINDS.contains(&name.to_lowercase().as_str())
}

/// A single text may list several names, and so does one with two commas; others are names, and may contain one.
fn split(texts: &[String]) -> impl Iterator<Item = &str> {
    let is_single = texts.len() == 1;
    let names = texts.iter().flat_map(move |text| {
        let is_list = is_single || text.matches([',', ';', '、', '،']).count() > 1;
        let marks: &[char] = match is_list {
            true => &[',', ';', '|', '、', '،', '，'],
            false => &[],
        };
        text.split(marks)
    });
    names.map(str::trim)
}

/// Adds a name, unless it is there in any case.
pub(super) fn add(names: &mut Vec<String>, name: &str) {
    let lower = name.to_lowercase();
    if !name.is_empty() && !names.iter().any(|known| known.to_lowercase() == lower) {
        names.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_and_agencies_are_no_authors_beside_a_person() {
        for (stated, expected) in [
            (&["Mara Quill, AP Sports Writer"][..], &["Mara Quill"][..]),
            (&["By Mara Quill Staff Writer"], &["Mara Quill"]),
            (&["Mara Quill", "Harbour Post"], &["Mara Quill"]),
            (&["Reuters Staff"], &["Reuters Staff"]),
            (&["Reuters"], &["Reuters"]),
            (
                &["Ida Moss and Nils Farrow, Associated Press"],
                &["Ida Moss", "Nils Farrow"],
            ),
            (
                &["Finian Moss. Harbour News International"],
                &["Finian Moss"],
            ),
            (&["J. R. Moss"], &["J. R. Moss"]),
            (&["Ida Moss, Jr."], &["Ida Moss, Jr."]),
            (&["Oda Reporter-Lind"], &["Oda Reporter-Lind"]),
            (&["admin"], &[]),
        ] {
            let stated: Vec<String> = stated.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(
                authors(&stated, Some("Harbour Post")),
                expected,
                "{stated:?}"
            );
        }
    }

    #[test]
    fn tags_of_programs_are_no_topics() {
        for (stated, expected) in [
            (
                &["harbour, ferries; islands"][..],
                &["harbour", "ferries", "islands"][..],
            ),
            (
                &["Elections, Governors", "a, b, c"],
                &["Elections, Governors", "a", "b", "c"],
            ),
            (
                &[
                    "channel_other",
                    "/article",
                    "Section: News",
                    "type:story",
                    "digitimes.com",
                ],
                &[],
            ),
            (&["Article", "Harbour Post", "News - News"], &["News"]),
            (
                &["C++", "AC/DC live", "Star Wars: The Last"],
                &["C++", "AC/DC live", "Star Wars: The Last"],
            ),
        ] {
            let stated: Vec<String> = stated.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(
                topics(&stated, Some("Harbour Post")),
                expected,
                "{stated:?}"
            );
        }
    }
}
