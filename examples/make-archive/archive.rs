//! The articles of a generated archive.

use std::fmt::Write as _;
use std::path::Path;

use rayon::prelude::*;

const TOPICS: u64 = 300;
const AUTHORS: u64 = 200;
/// 2003-01-01 to 2022-12-31.
const FIRST_DAY: (i32, u32, u32) = (2003, 1, 1);
const DAYS: u64 = 7305;
/// Files in a folder of `raw/`.
const IN_FOLDER: u64 = 1_000;

/// Writes `number` articles into a folder that is empty or not there.
pub(crate) fn write_archive(number: u64, dir: &Path, content: bool) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    if std::fs::read_dir(dir)?.next().is_some() {
        return Err(std::io::Error::other("the folder is not empty"));
    }
    std::fs::write(
        dir.join("backfile.toml"),
        "[site]\ntitle = \"A generated archive\"\nbase_url = \"https://example.org\"\n",
    )?;
    if content {
        std::fs::write(dir.join("topics.toml"), topics_file())?;
        return write_articles(number, dir, &|article| {
            (article.content_path(), article.markdown())
        });
    }
    write_articles(number, dir, &|article| {
        let (number, text) = (article.number, article.label_block());
        (
            format!("raw/{:03}/{number:07}.txt", number / IN_FOLDER),
            text,
        )
    })
}

/// Writes a file for each of `number` articles: `form` says its path below `dir`, and its text.
pub(crate) fn write_articles(
    number: u64,
    dir: &Path,
    form: &(dyn Fn(&Article) -> (String, String) + Sync),
) -> std::io::Result<()> {
    (0..number).into_par_iter().try_for_each(|i| {
        let (path, text) = form(&Article::number(i));
        let path = dir.join(path);
        // Nearly always the folder is there.
        std::fs::write(&path, &text).or_else(|_| {
            std::fs::create_dir_all(path.parent().unwrap_or(dir))?;
            std::fs::write(&path, &text)
        })
    })
}

/// The generator of Steele, Lea and Flood (SplitMix64): a state of one number, seeded by the article alone.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    /// A rank below `bound`, the first the likeliest (Zipf's law, by inversion of its integral).
    fn zipf(&mut self, bound: u64) -> u64 {
        let share = self.next() as f64 / u64::MAX as f64;
        ((bound as f64).powf(share) - 1.0).min(bound as f64 - 1.0) as u64
    }
}

const FIRST: &[&str] = &[
    "Amber", "Birch", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Hollow", "Ivory", "Juniper",
    "Kestrel", "Linden", "Marble", "Nettle", "Osprey", "Pewter", "Quarry", "Raven", "Saffron",
    "Thistle",
];
const SECOND: &[&str] = &[
    "Accord",
    "Basin",
    "Canal",
    "District",
    "Exchange",
    "Forum",
    "Guild",
    "Harbour",
    "Institute",
    "Junction",
    "Lagoon",
    "Museum",
    "Orchard",
    "Pact",
    "Railway",
];
const GIVEN: &[&str] = &[
    "Ada", "Bruno", "Clara", "Dario", "Edith", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Karin",
    "Leon", "Mira", "Nils", "Olga", "Piet", "Rosa", "Sven", "Tilda", "Viktor",
];
const FAMILY: &[&str] = &[
    "Ashdown", "Bellamy", "Corvin", "Dunmore", "Eastwick", "Farrow", "Garland", "Hartley",
    "Ingram", "Jessop",
];
const PLACES: &[&str] = &[
    "PORT LARK",
    "STONEHAM",
    "WESTER QUAY",
    "ELMBRIDGE",
    "NORTH FELL",
    "SALTMARSH",
    "GREYCLIFF",
    "OAK VALE",
];
const VERBS: &[&str] = &[
    "approved",
    "delayed",
    "reviewed",
    "published",
    "rejected",
    "extended",
    "measured",
    "financed",
    "questioned",
    "opened",
];
const NOUNS: &[&str] = &[
    "the annual budget",
    "a second survey",
    "the winter timetable",
    "its oldest workshop",
    "a plan for the river",
    "the list of repairs",
    "a loan of three years",
    "the public register",
    "a shorter route",
    "the new accounts",
];
const WHEN: &[&str] = &[
    "on Monday",
    "after a long debate",
    "before the session ended",
    "for the third time",
    "in front of a small crowd",
    "without a vote",
    "late in the evening",
    "to the surprise of many",
];
const WHY: &[&str] = &[
    "because the old rules had lapsed",
    "although costs had risen",
    "while engineers waited for parts",
    "so that work could begin in spring",
    "as the committee had advised",
    "since nobody had objected",
];
const SAYS: &[&str] = &["said", "told reporters", "noted", "added", "explained"];
const QUOTES: &[&str] = &[
    "We have waited for this",
    "Nobody expected an easy answer",
    "The figures speak for themselves",
    "It will take another year",
    "There is still much to repair",
    "People here remember the last time",
];

fn topic_name(rank: u64) -> String {
    format!(
        "{} {}",
        FIRST[(rank % 20) as usize],
        SECOND[(rank / 20) as usize]
    )
}

fn author_name(rank: u64) -> String {
    format!(
        "{} {}",
        GIVEN[(rank % 20) as usize],
        FAMILY[(rank / 20) as usize]
    )
}

pub(crate) fn topics_file() -> String {
    let table = |rank| {
        let name = topic_name(rank);
        format!(
            "[{}]\nname = \"{name}\"\nphrases = [\"{name}\"]\n\n",
            name.to_lowercase().replace(' ', "-")
        )
    };
    (0..TOPICS).map(table).collect()
}

/// One article, in no format yet.
pub(crate) struct Article {
    pub number: u64,
    pub title: String,
    pub author: String,
    pub topics: Vec<String>,
    pub date: chrono::NaiveDateTime,
    pub place: &'static str,
    /// Three above the first sub-heading, three below it, four below the second.
    pub paragraphs: Vec<String>,
    pub headings: [String; 2],
}

impl Article {
    pub(crate) fn number(number: u64) -> Self {
        let mut random = Random(number.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x6261_636b_6669_6c65);
        let mut topics: Vec<String> = (0..1 + random.below(3))
            .map(|_| topic_name(random.zipf(TOPICS)))
            .collect();
        topics.sort();
        topics.dedup();
        let author = author_name(random.zipf(AUTHORS));
        let day = chrono::NaiveDate::from_ymd_opt(FIRST_DAY.0, FIRST_DAY.1, FIRST_DAY.2)
            .unwrap_or_default()
            + chrono::Days::new(random.below(DAYS));
        let time =
            chrono::NaiveTime::from_hms_opt(random.below(24) as u32, random.below(60) as u32, 0)
                .unwrap_or_default();
        let title = format!(
            "{} {} {} {}",
            topics[0],
            random.pick(VERBS),
            random.pick(NOUNS),
            random.pick(WHEN)
        );
        let place = PLACES[random.below(PLACES.len() as u64) as usize];
        let paragraphs = (0..10)
            .map(|_| paragraph(&mut random, &topics, &author))
            .collect();
        let mut heading = || format!("{} {}", random.pick(FIRST), random.pick(NOUNS));
        let headings = [heading(), heading()];
        Self {
            number,
            title,
            author,
            topics,
            date: day.and_time(time),
            place,
            paragraphs,
            headings,
        }
    }

    pub(crate) fn id(&self) -> u64 {
        1_000_000 + self.number
    }

    pub(crate) fn content_path(&self) -> String {
        format!(
            "content/articles/{}/{}.md",
            self.date.format("%Y/%m"),
            self.slug()
        )
    }

    pub(crate) fn slug(&self) -> String {
        format!(
            "{}-{}",
            self.title.to_lowercase().replace(' ', "-"),
            self.id()
        )
    }

    pub(crate) fn markdown(&self) -> String {
        let mut out = format!(
            "---\nid: \"{}\"\ntitle: {}\ndate: {}\nslug: {}\nauthors:\n  - {}\ntopics:\n",
            self.id(),
            self.title,
            self.date.format("%Y-%m-%dT%H:%M"),
            self.slug(),
            self.author
        );
        for topic in &self.topics {
            let _ = writeln!(out, "  - {topic}");
        }
        out.push_str("---\n\n");
        self.write_body(&mut out);
        out
    }

    /// Ten paragraphs and two sub-headings, as Markdown.
    pub(crate) fn write_body(&self, out: &mut String) {
        for (rank, paragraph) in self.paragraphs.iter().enumerate() {
            match rank {
                3 => out.push_str(&format!("## {}\n\n", self.headings[0])),
                6 => out.push_str(&format!("## {}\n\n", self.headings[1])),
                _ => {}
            }
            let _ = writeln!(out, "{paragraph}\n");
        }
    }

    pub(crate) fn label_block(&self) -> String {
        let mut out = format!(
            "ID :\n{}\n{}\nAuther :\n{}\n",
            self.id(),
            self.date.format("%a, %m/%d/%Y - %H:%M"),
            self.author
        );
        if self.number.is_multiple_of(2) {
            let _ = writeln!(out, "Tags : {}", self.topics.join(", "));
        }
        let _ = write!(
            out,
            "\n{}\n\n{}, {}. /MAKER/. ",
            self.title,
            self.place,
            self.date.format("%B %-d")
        );
        out.push_str(&self.paragraphs.join(" "));
        out.push_str(if self.number.is_multiple_of(3) {
            " Read more\n\nX\n"
        } else {
            "\n"
        });
        out
    }
}

/// About 550 characters.
fn paragraph(random: &mut Random, topics: &[String], author: &str) -> String {
    let mut out = String::with_capacity(800);
    for sentence in 0..6 {
        let topic = &topics[random.below(topics.len() as u64) as usize];
        let subject = if sentence % 3 == 0 {
            format!("The {topic}")
        } else {
            format!("A spokesman for {}", random.pick(GIVEN))
        };
        if sentence > 0 {
            out.push(' ');
        }
        let _ = match random.below(4) {
            0 => write!(
                out,
                "\"{},\" {} {} {}.",
                random.pick(QUOTES),
                author.split(' ').next_back().unwrap_or(author),
                random.pick(SAYS),
                random.pick(WHEN)
            ),
            1 => write!(
                out,
                "In {}, {} of {} members {} {} {}.",
                1990 + random.below(33),
                10 + random.below(90),
                100 + random.below(400),
                random.pick(VERBS),
                random.pick(NOUNS),
                random.pick(WHY)
            ),
            _ => write!(
                out,
                "{subject} {} {} {}, {}.",
                random.pick(VERBS),
                random.pick(NOUNS),
                random.pick(WHEN),
                random.pick(WHY)
            ),
        };
    }
    out
}
