//! Random edits of all sorts, the same in every run, and the clean build that the result is compared with.

use std::collections::BTreeMap;
use std::path::Path;

use backfile::build::{self, BuildReport, Options};
use backfile::cache::Cache;
use backfile::diagnostics::Failure;
use backfile::progress::NO_PROGRESS;
use backfile::site::Site;

use crate::archive::{Archive, wire};

/// A sequence of numbers that looks random and is the same in every run (SplitMix64, Steele et al. 2014).
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most as u64) as usize
    }

    pub(crate) fn pick<'a, T: AsRef<str>>(&mut self, from: &'a [T]) -> &'a str {
        from[self.below(from.len())].as_ref()
    }
}

/// Builds in this process: the same path as the command, without the cost of starting it.
pub(crate) fn build(root: &Path) -> Result<BuildReport, Failure> {
    let site = Site::open(root, None)?;
    let mut cache = Cache::open(&site, "test", &|_| {})?;
    build::build(site, &mut cache, &Options::default(), NO_PROGRESS)
}

/// What a clean build of the same input makes.
pub(crate) fn clean(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let copy = Archive::new();
    for folder in ["raw", "content", "templates", "themes", "static"] {
        for (file, bytes) in archive.files(folder) {
            copy.write(&format!("{folder}/{file}"), bytes);
        }
    }
    for file in ["backfile.toml", "topics.toml"] {
        if archive.has(file) {
            copy.write(file, archive.read(file));
        }
    }
    build(copy.root()).expect("a clean build");
    copy.files("public")
}

pub(crate) fn start() -> Archive {
    let mut archive = Archive::new().with_address();
    for number in 0..6 {
        let text = wire(
            &format!("{}", 100 + number),
            &format!("Tue, 07/{:02}/2021 - 11:47", 11 + number),
            &format!("Harbour wall number {number} holds"),
            "PORT ALDER, July 13. /MERIDIAN/. The harbour wall at Port Alder held. North Canal did not.",
        );
        archive = archive.raw(&format!("wire/{number}.txt"), text);
    }
    for (number, link) in GENERATED.iter().enumerate().take(14) {
        let front = format!(
            "title: Article {number}\ndate: 20{:02}-{:02}-{:02}\ntopics: [Topic {}]\nauthors: [Writer {}]",
            number % 4,
            1 + number % 12,
            1 + number % 28,
            number % 3,
            number % 2
        );
        let body = format!(
            "The text of {number}.\n\nIt names [another](n{}.md) article, and [a page]({}).\n",
            (number + 1) % 14,
            link
        );
        archive = archive.article(&format!("n{number}.md"), &front, &body);
    }
    archive.write(
        "topics.toml",
        "[harbour]\nname = \"Harbour\"\nphrases = [\"harbour wall\", \"Port Alder\"]\n",
    );
    archive.write(
        "content/about.md",
        "# About\n\nUs, and [one](articles/n1.md).\n",
    );
    archive.write("static/extra.css", "a{color:red}");
    archive
}

/// Addresses that pages of every kind have or may have at some time: of topics, authors, dates, feeds, overviews and redirects.
const GENERATED: &[&str] = &[
    "/topics/topic-4.html",
    "/topics/topic-5.xml",
    "/topics/harbour.html",
    "/topics/canal/",
    "/topics/",
    "/authors/writer-2.html",
    "/authors/writer-3/",
    "/2001/index.html",
    "/2002/02/",
    "/1999/",
    "/feed.xml",
    "/archive.html",
    "/about.html",
    "/us.html",
    "/about-this-archive.html",
    "/sitemap.xml",
    "/sitemap/2001-05.xml",
    "/old/2.html",
    "/extra.css",
    "/nowhere.html",
];

/// What may stand below a topic `canal` in `topics.toml`: subjects, broader and narrower topics, conditions, merged and hidden ones.
const TOPIC_RULES: &[&str] = &[
    "",
    "parent = \"water\"\n\n[water]\ndescription = \"All *water*.\"\n",
    "parent = \"water\"\n\n[water]\nwords = { harbour = 4, \"north canal\" = 3, more = 2 }\nmin = 5\n\n[topic-1]\nparent = \"water\"\n",
    "not = [\"More\"]\n\n[harbour]\nmerge_into = \"canal\"\nphrases = [\"harbour wall\"]\n\n[topic-2]\nmerge_into = \"canal\"\n",
    "hide = true\n\n[topic-0]\nhide = true\n\n[walls]\nall = [\"wall\", \"harbour\"]\nin = \"title\"\nmin = 1\n",
    "any = [\"Alder\"]\nnear = 9\n\n[texts]\nwords = { text = 9, names = 1 }\n\n[more]\nparent = \"texts\"\nwords = { more = 9 }\n",
];

/// Does one thing that a person might do, and says what it was.
pub(crate) fn act(archive: &Archive, dice: &mut Dice, round: usize) -> String {
    let files = |folder: &str| -> Vec<String> {
        archive
            .files(folder)
            .into_keys()
            .map(|file| format!("{folder}/{file}"))
            .collect()
    };
    let articles: Vec<String> = files("content/articles")
        .into_iter()
        .filter(|f| f.ends_with(".md"))
        .collect();
    let raw = files("raw");
    let at = dice.below(41);
    if articles.is_empty() || raw.is_empty() {
        archive.write(
            &format!("raw/wire/new{round}.txt"),
            format!("Title: New {round}\nDate: 2020-01-02\n\nText.\n"),
        );
        return "begin again".to_owned();
    }
    let file = dice.pick(&articles).to_owned();
    let text = archive.read(&file);
    let with_line = |line: &str| text.replacen("---\n", &format!("---\n{line}\n"), 1);
    let without = |key: &str| -> String {
        let mut kept = String::new();
        let mut in_list = false;
        for line in text.split_inclusive('\n') {
            let goes = line.starts_with(&format!("{key}:"))
                || (in_list && (line.starts_with("  ") || line.starts_with("- ")));
            in_list = goes;
            if !goes {
                kept.push_str(line);
            }
        }
        kept
    };
    let said = match at {
        0 | 1 => {
            archive.write(&file, text.clone() + &format!("\nMore, {round}.\n"));
            "edit body"
        }
        2 | 3 => {
            archive.write(
                &file,
                without("title").replacen("---\n", &format!("---\ntitle: Retitled {round}\n"), 1),
            );
            "edit title"
        }
        4 => {
            let date = format!(
                "{}-{:02}-0{}",
                1999 + dice.below(25),
                1 + dice.below(12),
                1 + dice.below(9)
            );
            archive.write(
                &file,
                without("date").replacen("---\n", &format!("---\ndate: {date}\n"), 1),
            );
            "change date"
        }
        5 => {
            archive.write(&file, without("date"));
            "remove date"
        }
        6 => {
            let topic = format!("topics: [Topic {}, topic {}]", dice.below(6), dice.below(6));
            archive.write(
                &file,
                without("topics").replacen("---\n", &format!("---\n{topic}\n"), 1),
            );
            "other topics"
        }
        7 => {
            archive.write(&file, without("topics"));
            "no topics"
        }
        8 => {
            archive.rename(&file, &format!("content/articles/moved/{round}.md"));
            "rename an article"
        }
        9 => {
            archive.remove(&file);
            "delete an article"
        }
        10 => {
            let front = format!(
                "---\ntitle: Added {round}\ndate: 20{:02}-05-05\n---\n",
                dice.below(22)
            );
            archive.write(
                &format!("content/articles/added{round}.md"),
                front + "Text [about](../about.md).\n",
            );
            "add an article"
        }
        11 => {
            archive.write(&file, &text);
            "touch"
        }
        12 => {
            let slug = format!("same-{}", dice.below(2));
            archive.write(
                &file,
                without("slug").replacen("---\n", &format!("---\nslug: {slug}\n"), 1),
            );
            "a slug that another may have"
        }
        13 => {
            archive.write(&file, without("id").replacen("---\n", "---\nid: twin\n", 1));
            "an id that another may have"
        }
        14 => {
            archive.write(
                &file,
                with_line(&format!(
                    "aliases: [old/{}.html, about.html]",
                    dice.below(4)
                )),
            );
            "an alias"
        }
        15 => {
            archive.write(
                &file,
                with_line(dice.pick(&["draft: true", "withdrawn: By order of a court"])),
            );
            "draft or withdrawn"
        }
        16 => {
            archive.write(
                &file,
                text.clone() + "\n![A picture](p.png) and [a file](f.txt)\n",
            );
            archive.write(
                &file.replace(file.rsplit('/').next().unwrap_or_default(), "p.png"),
                format!("{round}"),
            );
            "a file beside an article"
        }
        17 => {
            for path in files("content").iter().filter(|f| !f.ends_with(".md")) {
                archive.write(path, format!("{:03}", round % 7));
            }
            "other bytes of the same length in files beside articles"
        }
        18 => {
            archive.write(
                "templates/fragments/byline.html",
                format!("By some {round}"),
            );
            archive.write("templates/list.html", format!("{{% extends \"base.html\" %}}{{% block main %}}{round}{{{{ list.name }}}}{{% endblock %}}"));
            "own templates"
        }
        19 => {
            for file in files("templates") {
                archive.remove(&file);
            }
            "no own templates"
        }
        20 => {
            let title = format!(
                "[site]\ntitle = \"Site {round}\"\nbase_url = \"https://{round}.example\"\n"
            );
            archive.write("backfile.toml", title);
            "settings"
        }
        21 => {
            let permalink = dice.pick(&["{year}/{slug}.html", "{id}.html", "a/{slug}.html"]);
            archive.write(
                "backfile.toml",
                format!(
                    "[site]\npermalink = \"{permalink}\"\nday_pages = {}\n",
                    round.is_multiple_of(2)
                ),
            );
            "permalinks"
        }
        22 => {
            let phrase = dice.pick(&["North Canal", "Retitled", "the text of"]);
            let rest = dice.pick(TOPIC_RULES);
            archive.write(
                "topics.toml",
                format!("[canal]\nname = \"Canal {round}\"\nphrases = [\"{phrase}\"]\n{rest}"),
            );
            "topics"
        }
        23 => {
            archive.write("static/extra.css", format!("a{{color:{:03}}}", round % 7));
            archive.write(
                &format!(
                    "static/{}",
                    dice.pick(&["about.html", "x.txt", "2021/07/13/y.txt"])
                ),
                "static",
            );
            "static files"
        }
        24 => {
            for file in files("static") {
                archive.remove(&file);
            }
            "no static files"
        }
        25 => {
            archive.write(
                "themes/broadsheet/theme.toml",
                format!("[values]\naccent = \"#{round:06}\"\n"),
            );
            "the theme"
        }
        26 => {
            archive.write(
                &format!("raw/wire/new{round}.txt"),
                format!(
                    "Title: New {round}\nDate: 2020-01-0{}\n\nText of harbour wall.\n",
                    1 + dice.below(9)
                ),
            );
            "a new record"
        }
        27 => {
            let file = dice.pick(&raw);
            archive.write(
                file,
                archive
                    .read(file)
                    .replace("North Canal", "South Canal and North Canal"),
            );
            "a changed record"
        }
        28 => {
            archive.remove(dice.pick(&raw));
            "a record goes"
        }
        29 => {
            archive.rename(dice.pick(&raw), &format!("raw/wire/moved{round}.txt"));
            "a record moves"
        }
        30 | 31 => {
            let link = dice.pick(GENERATED);
            archive.write(&file, text.clone() + &format!("\nSee [a page]({link}).\n"));
            "a link to a generated page"
        }
        32 => {
            let authors = format!("authors: [Writer {}]", dice.below(4));
            archive.write(
                &file,
                without("authors").replacen("---\n", &format!("---\n{authors}\n"), 1),
            );
            "another author"
        }
        33 => {
            let link = dice.pick(GENERATED);
            archive.write(
                "content/about.md",
                format!("# About\n\nSee [a page]({link}).\n"),
            );
            "a page by hand with a link to a generated page"
        }
        34 => {
            if archive.has("content/about.md") {
                archive.remove("content/about.md");
            }
            "no page by hand"
        }
        35 | 36 => {
            let address = dice.below(4);
            archive.write(
                &file,
                without("source_url").replacen(
                    "---\n",
                    &format!("---\nsource_url: https://old.example/{address}/\n"),
                    1,
                ),
            );
            "an older address"
        }
        37 => {
            let (one, other) = (dice.below(4), dice.below(4));
            archive.write(
                &file,
                text.clone()
                    + &format!(
                        "\nSee [old](https://www.old.example/{one}#a) and [root](/{other}/).\n"
                    ),
            );
            "links to older addresses"
        }
        38 => {
            let (own, other, picture) = (dice.below(4), dice.below(5), dice.below(3));
            archive.write(
                &format!("raw/notes/{own}.md"),
                format!(
                    "---\ntitle: Note {own}\ndate: 2004-0{}-01\n---\nA note of {round}, see [another]({other}.md) ![one](p{picture}.gif).\n",
                    1 + dice.below(9)
                ),
            );
            "a raw record with a link to another and a picture"
        }
        39 => {
            archive.write(
                &format!("raw/notes/p{}.gif", dice.below(3)),
                format!("GIF89a, picture {}", dice.below(4)),
            );
            "a raw picture"
        }
        _ => {
            archive.write("content/about.md", format!("---\ntitle: About {round}\naliases: [us.html]\n---\nUs [one](articles/n{}.md).\n", dice.below(14)));
            "a page by hand"
        }
    };
    format!("{said} ({file})")
}
