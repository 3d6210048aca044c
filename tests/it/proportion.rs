//! Law 2: work in proportion to what changed, whatever the size of the archive.

use std::collections::BTreeSet;

use crate::archive::{Archive, CommandOutput};

/// A lead that fills a card, so that what stands below it is on the article's own page and in feeds alone.
const LEAD: &str = "The harbour wall held through the night, and the night after it, though the sea came over the \
    quay twice and took the lamp, the rope and both of the benches that the town had put there in the spring of the \
    year before; nobody was hurt, and the ferry sailed on time.";

/// Articles of one archive: number *i* is the same whatever their count; the first is the newest, three to a day.
fn archive(count: usize) -> Archive {
    let archive = Archive::new().file(
        "backfile.toml",
        "[site]\nbase_url = \"https://example.org\"\n",
    );
    for number in 0..count {
        let day = chrono::NaiveDate::from_ymd_opt(2021, 12, 31).expect("a date")
            - chrono::Duration::days((number / 3) as i64);
        let front = format!(
            "---\nid: n{number}\ntitle: Article {number}\nslug: article-{number}\ndate: {day}\ntopics: [Topic {}]\nauthors: [Writer {}]\n---\n",
            number % 5,
            number % 7
        );
        archive.write(
            &format!("content/articles/{}/{number}.md", number / 1_000),
            format!("{front}\n{LEAD}\n\nThe last word.\n"),
        );
    }
    archive.write("topics.toml", "");
    archive.built()
}

/// Files of the website that another build changed, and what it said.
fn changed(archive: &Archive, edit: impl FnOnce(&Archive)) -> (BTreeSet<String>, CommandOutput) {
    let before = archive.files("public");
    edit(archive);
    let said = archive.build();
    let after = archive.files("public");
    let files = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes))
        .map(|(path, _)| path.clone())
        .collect();
    assert!(before.keys().all(|path| after.contains_key(path)));
    (files, said)
}

fn expect(archive: &Archive, files: &[&str], edit: impl FnOnce(&Archive)) {
    let (changed, said) = changed(archive, edit);
    let expected: BTreeSet<String> = files.iter().map(|file| (*file).to_owned()).collect();
    assert_eq!(changed, expected);
    assert_eq!(said.count("/read"), 1, "{}", said.json);
    assert_eq!(said.count("/rendered"), files.len() as u64, "{}", said.json);
    assert_eq!(said.count("/written"), files.len() as u64, "{}", said.json);
}

#[test]
fn an_edit_costs_the_same_among_a_thousand_articles_and_among_twenty_thousand() {
    // Long lists are cut by time, so that each article is on one page of them.
    let sizes = [
        (1_000, "authors/writer-3.html", "topics/topic-0.html"),
        (
            20_000,
            "authors/writer-3/2021.html",
            "topics/topic-0/2021/07.html",
        ),
    ];
    for (count, author, topic) in sizes {
        let archive = archive(count);
        let edit = |number: usize, from: &'static str, to: &'static str| {
            move |archive: &Archive| {
                archive.edit(
                    &format!("content/articles/{}/{number}.md", number / 1_000),
                    from,
                    to,
                );
            }
        };
        let idle = archive.build();
        assert_eq!((idle.count("/read"), idle.count("/rendered")), (0, 0));
        expect(
            &archive,
            &["2021/07/18/article-500.html"],
            edit(500, "last word", "last words"),
        );
        expect(
            &archive,
            &[
                "2021/12/30/article-5.html",
                "feed.xml",
                "topics/topic-0.xml",
            ],
            edit(5, "last word", "last words"),
        );
        expect(
            &archive,
            &[
                "2021/07/18/article-500.html",
                // Its neighbours name it.
                "2021/07/18/article-499.html",
                "2021/07/19/article-495.html",
                // And so do the lists that it stands in.
                "2021/07/18/index.html",
                "2021/07/index.html",
                author,
                topic,
            ],
            edit(500, "title: Article 500", "title: Another title"),
        );
    }
}
