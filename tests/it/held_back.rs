//! Law 9: what its owner held back is in no file of the website, whatever the layout and the spelling.

use std::collections::BTreeSet;

use crate::archive::Archive;

const PROSE: &str = "The night ferry will sail again from the north quay, said the harbour office on Monday. \
                     Nobody had missed it but the gulls, which had nothing to follow since the month of May.";

/// A record with a sign: a key and a value, or neither.
struct Record<'a> {
    title: &'a str,
    text: &'a str,
    sign: Option<(&'a str, &'a str)>,
}

impl Record<'_> {
    /// The sign as `form` writes a key and a value; empty without one.
    fn sign(&self, form: impl Fn(&str, &str) -> String) -> String {
        self.sign
            .map_or(String::new(), |(key, value)| form(key, value))
    }

    fn element(&self) -> String {
        self.sign(|key, value| format!("<{key}>{value}</{key}>"))
    }
}

/// How a layout writes a record: its name, the ending of its files, and the file.
type Writer = (&'static str, &'static str, fn(&Record<'_>) -> String);

/// One writer for each layout, in the order of `LAYOUTS`.
const WRITERS: &[Writer] = &[
    ("wordpress", "xml", |r| {
        format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Quay</title><item><title>{}</title><content:encoded><![CDATA[<p>{}</p>]]></content:encoded><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>{}</item></channel></rss>",
            r.title,
            r.text,
            r.element()
        )
    }),
    ("nitf", "xml", |r| {
        format!(
            "<?xml version=\"1.0\"?><nitf><head><docdata management-status=\"usable\"><doc-id id-string=\"n\"/></docdata>{}</head><body><body.head><hedline><hl1>{}</hl1></hedline></body.head><body.content><p>{}</p></body.content></body></nitf>",
            r.element(),
            r.title,
            r.text
        )
    }),
    ("newsml", "xml", |r| {
        format!(
            "<newsItem guid=\"urn:q:1\" version=\"1\" standard=\"NewsML-G2\" xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemMeta><itemClass qcode=\"ninat:text\"/><versionCreated>2021-07-13T09:00:00Z</versionCreated>{}</itemMeta><contentMeta><headline>{}</headline></contentMeta><contentSet><inlineXML contenttype=\"application/xhtml+xml\"><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>{}</p></body></html></inlineXML></contentSet></newsItem>",
            r.element(),
            r.title,
            r.text
        )
    }),
    ("ninjs", "json", |r| {
        format!(
            "{{\"uri\": \"urn:q:2\", \"type\": \"text\", \"version\": \"1\", \"versioncreated\": \"2021-07-13T09:00:00Z\", {}\"headline\": \"{}\", \"body_text\": \"{}\"}}",
            r.sign(|key, value| format!("\"{key}\": \"{value}\", ")),
            r.title,
            r.text
        )
    }),
    ("mediawiki", "xml", |r| {
        format!(
            "<mediawiki version=\"0.10\" xml:lang=\"en\"><siteinfo><sitename>Q</sitename></siteinfo><page><title>{}</title><ns>0</ns><id>1</id>{}<revision><id>2</id><timestamp>2021-07-13T09:00:00Z</timestamp><text>{}</text></revision></page></mediawiki>",
            r.title,
            r.element(),
            r.text
        )
    }),
    ("feed", "xml", |r| {
        format!(
            "<rss version=\"2.0\"><channel><title>Q</title><item><title>{}</title><description>{}</description>{}</item></channel></rss>",
            r.title,
            r.text,
            r.element()
        )
    }),
    ("json feed", "json", |r| {
        format!(
            "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Q\", \"items\": [{{\"id\": \"{}\", {}\"title\": \"{}\", \"content_text\": \"{}\"}}]}}",
            r.title,
            r.sign(|key, value| format!("\"{key}\": \"{value}\", ")),
            r.title,
            r.text
        )
    }),
    ("sgml", "sgm", |r| {
        format!(
            "<DOC>\n<DOCNO> {} </DOCNO>\n{}\n<HEAD>{}</HEAD>\n<TEXT>\n{}\n</TEXT>\n</DOC>\n",
            r.title,
            r.element(),
            r.title,
            r.text
        )
    }),
    ("json", "json", |r| {
        format!(
            "[{{\"title\": \"{}\", {}\"body\": \"{}\"}}]",
            r.title,
            r.sign(|key, value| format!("\"{key}\": \"{value}\", ")),
            r.text
        )
    }),
    ("movable type", "txt", |r| {
        format!(
            "TITLE: {}\nAUTHOR: Ida\n{}DATE: 07/13/2021 03:31:05 PM\n-----\nBODY:\n{}\n-----\n--------\n",
            r.title,
            r.sign(|key, value| format!("{}: {value}\n", key.to_uppercase())),
            r.text
        )
    }),
    ("mail", "eml", |r| {
        format!(
            "From: Ida <ida@quay.example>\nMessage-ID: <{}@quay.example>\n{}Subject: {}\nDate: Tue, 13 Jul 2021 23:47:09 +0200\n\n{}\n",
            r.title.replace(' ', "-"),
            r.sign(|key, value| format!("X-{key}: {value}\n")),
            r.title,
            r.text
        )
    }),
    ("table", "csv", |r| {
        let (key, value) = r.sign.unwrap_or(("remark", "none"));
        format!(
            "title,{key},text\n\"{}\",\"{value}\",\"{}\"\n\"Public {}\",,\"{PROSE} Twice.\"\n",
            r.title, r.text, r.title
        )
    }),
    ("markdown", "md", |r| {
        format!(
            "---\ntitle: {}\n{}---\n\n{}\n",
            r.title,
            r.sign(|key, value| format!("{key}: {value}\n")),
            r.text
        )
    }),
    ("html page", "html", |r| {
        format!(
            "<!DOCTYPE html><html><head><title>{}</title>{}</head><body><article><h1>{}</h1><p>{}</p><p>{PROSE}</p></article></body></html>",
            r.title,
            r.sign(|key, value| format!("<meta name=\"{key}\" content=\"{value}\">")),
            r.title,
            r.text
        )
    }),
    ("several texts", "txt", |r| {
        format!(
            "Title: {}\nDate: 2021-07-13\n{}\n{}\n\nTitle: Another {}\nDate: 2021-07-14\n\n{PROSE}\n",
            r.title,
            r.sign(|key, value| format!("{key}: {value}\n")),
            r.text,
            r.title
        )
    }),
    ("label block", "txt", |r| {
        format!(
            "Title: {}\n{}\n{}\n",
            r.title,
            r.sign(|key, value| format!("{key}: {value}\n")),
            r.text
        )
    }),
    ("titled text", "txt", |r| {
        format!(
            "{}\n\n{}{}\n",
            r.title,
            r.sign(|key, value| format!("{key}: {value}\n\n")),
            r.text
        )
    }),
];

/// Signs in many spellings. An element of XML cannot have a space in its name.
const SIGNS: &[(&str, &str)] = &[
    ("draft", "true"),
    ("Draft", "Yes"),
    ("is_draft", "1"),
    ("published", "false"),
    ("IsPublished", "0"),
    ("status", "draft"),
    ("Status", "PRIVATE"),
    ("state", "Unpublished"),
    ("visibility", "members only"),
    ("hidden", "on"),
    ("private", "TRUE"),
    ("post_status", "auto-draft"),
    ("workflow-state", "in_review"),
    ("password", "quay"),
    ("deleted_at", "2021-07-13"),
    ("pubStatus", "embargoed"),
    ("status", "trash"),
    ("status", "Scheduled"),
    ("unlisted", "t"),
];

fn built(archive: &Archive) -> String {
    let said = archive.run(&["build"]);
    assert!(said.status <= 1, "{}", said.json);
    let pages = archive.files("public");
    pages
        .values()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .collect()
}

#[test]
fn no_sign_on_any_record_of_any_layout_is_overlooked() {
    let layouts: BTreeSet<&str> = backfile::import::layouts::LAYOUTS
        .iter()
        .map(|l| l.name())
        .collect();
    let written: BTreeSet<&str> = WRITERS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(layouts, written, "each layout has a writer here");
    let mut archive = Archive::new();
    let mut secrets = Vec::new();
    let mut public = Vec::new();
    for (layout, ending, write) in WRITERS {
        let folder = layout.replace(' ', "");
        for (number, sign) in SIGNS.iter().map(Some).chain([None]).enumerate() {
            let title = format!("Quay {folder} number {number}");
            let word = format!("zq{folder}{number}x");
            let text = format!("{PROSE} The word is {word}, and nobody may know it.");
            let record = Record {
                title: &title,
                text: &text,
                sign: sign.copied(),
            };
            archive = archive.raw(&format!("{folder}/{number}.{ending}"), write(&record));
            match sign {
                Some(sign) => secrets.push((word, *layout, sign)),
                None => public.push(word),
            }
        }
    }
    let site = built(&archive);
    let leaked: Vec<_> = secrets
        .iter()
        .filter(|(word, ..)| site.contains(word))
        .collect();
    assert!(leaked.is_empty(), "published: {leaked:#?}");
    let content: String = archive
        .files("content")
        .values()
        .map(|b| String::from_utf8_lossy(b).into_owned())
        .collect();
    let lost: Vec<_> = secrets
        .iter()
        .filter(|(word, ..)| !content.contains(word))
        .collect();
    assert!(lost.is_empty(), "held back and lost: {lost:#?}");
    for word in public {
        assert!(site.contains(&word), "{word} is public");
    }
}

#[test]
fn a_folder_of_drafts_holds_back() {
    let archive = Archive::new()
        .raw(
            "_drafts/a.md",
            format!("---\ntitle: One\n---\n\nzqone {PROSE}\n"),
        )
        .raw("wire/Drafts/b.txt", format!("Two\n\nzqtwo {PROSE}\n"))
        .raw("wire/c.txt", format!("Three\n\nzqthree {PROSE}\n"))
        .file("content/_drafts/d.md", "---\ntitle: Four\n---\n\nzqfour\n");
    let site = built(&archive);
    assert!(site.contains("zqthree"));
    for word in ["zqone", "zqtwo", "zqfour"] {
        assert!(!site.contains(word), "{word}");
    }
}

#[test]
fn content_is_read_by_the_same_signs() {
    let mut archive = Archive::new().article("open.md", "title: Open\nstatus: published", "zqopen");
    for (number, (key, value)) in SIGNS.iter().enumerate() {
        let front = format!("title: Number {number}\n{key}: {value}");
        archive = archive.article(&format!("{number}.md"), &front, &format!("zq{number}x"));
        let page = format!("---\n{front}\n---\n\nzqpage{number}x\n");
        archive = archive.file(&format!("content/page-{number}.md"), page);
    }
    for (number, front) in ["draft:", "DRAFT: true", "published: 'no'", "draft: perhaps"]
        .iter()
        .enumerate()
    {
        archive = archive.article(
            &format!("x{number}.md"),
            &format!("title: X{number}\n{front}"),
            &format!("zqx{number}x"),
        );
    }
    let site = built(&archive);
    assert!(site.contains("zqopen"));
    for (number, sign) in SIGNS.iter().enumerate() {
        assert!(!site.contains(&format!("zq{number}x")), "{:?}", sign);
        assert!(!site.contains(&format!("zqpage{number}x")), "{:?}", sign);
    }
    for number in 0..4 {
        assert!(!site.contains(&format!("zqx{number}x")), "{number}");
    }
}

#[test]
fn a_sign_that_is_not_understood_holds_back_with_a_warning() {
    let archive = Archive::new()
        .raw(
            "a.json",
            format!(
                "[{{\"title\": \"One\", \"status\": \"evergreen\", \"text\": \"zqone {PROSE}\"}}]"
            ),
        )
        .article("b.md", "title: Two\nstatus: evergreen", "zqtwo");
    let said = archive.run(&["build"]);
    let codes: Vec<&str> = said.json["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|d| d["code"].as_str())
        .collect();
    assert_eq!(
        codes
            .iter()
            .filter(|code| **code == "publicity-unclear")
            .count(),
        2,
        "{}",
        said.json
    );
    assert!(!built(&archive).contains("zqone"));
    archive.write("backfile.toml", "[import]\npublic = [\"Evergreen\"]\n");
    archive.run(&["import", "--again"]);
    let site = built(&archive);
    assert!(site.contains("zqone") && !site.contains("zqtwo"));
}

#[test]
fn comments_of_writers_are_not_read_by_readers() {
    let archive = Archive::new()
        .raw(
            "a.md",
            "---\ntitle: One\n---\n\nOpen %%zqone%% text.\n\n%%\nzqtwo\n%%\n\n`%%code%%`\n",
        )
        .article(
            "b.md",
            "title: Two",
            "Open <!-- zqthree --> text {% comment %}zqfour{% endcomment %}.\n\nEnd %% zqfive",
        )
        .raw(
            "c.json",
            "[{\"title\": \"Three\", \"text\": \"It grew by 5%% and then 6%% and so on.\"}]",
        );
    let site = built(&archive);
    for word in ["zqone", "zqtwo", "zqthree", "zqfour", "zqfive"] {
        assert!(!site.contains(word), "{word}");
    }
    assert!(
        site.contains("%%code%%") && site.contains("5%% and then 6%% and"),
        "code and texts of others stay"
    );
}

#[test]
fn a_withdrawn_article_shows_no_text_with_or_without_a_reason() {
    let archive = Archive::new()
        .article("a.md", "title: One\nwithdrawn:", "zqone")
        .article("b.md", "title: Two\nwithdrawn: true", "zqtwo")
        .article("c.md", "title: Three\nwithdrawn: By a court.", "zqthree")
        .article("d.md", "title: Four\nwithdrawn: false", "zqfour")
        .raw("e.json", format!("[{{\"title\": \"Five\", \"withdrawn\": \"At her request.\", \"text\": \"zqfive {PROSE}\"}}]"));
    let site = built(&archive);
    for word in ["zqone", "zqtwo", "zqthree", "zqfive"] {
        assert!(!site.contains(word), "{word}");
    }
    assert!(
        site.contains("zqfour") && site.contains("By a court.") && site.contains("At her request.")
    );
    assert!(
        archive
            .read("public/undated/two.html")
            .contains("This article was withdrawn.")
    );
}

#[test]
fn what_is_around_a_record_holds_it_back_too() {
    let archive = Archive::new()
        .raw("a.json", format!("{{\"draft\": true, \"fields\": {{\"title\": \"One\", \"body\": \"zqone {PROSE}\"}}}}"))
        .raw("b.json", format!("{{\"status\": \"ok\", \"posts\": [{{\"title\": \"Two\", \"body\": \"zqtwo {PROSE}\"}}, {{\"title\": \"Three\", \"body\": \"zqthree {PROSE}\", \"meta\": {{\"hidden\": \"yes\"}}}}]}}"))
        .raw("c.xml", format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Q</title><entry><id>a</id><title>Four</title><content>zqfour {PROSE}</content><app:control xmlns:app=\"http://www.w3.org/2007/app\"><app:draft>yes</app:draft></app:control></entry></feed>"))
        .raw("d.mbox", format!("From ida@quay.example\nFrom: Ida <i@quay.example>\nX-Mozilla-Status: 0009\nSubject: Five\nMessage-ID: <5@q>\n\nzqfive {PROSE}\n\nFrom ida@quay.example\nFrom: Ida <i@quay.example>\nX-Mozilla-Status: 0001\nSubject: Six\nMessage-ID: <6@q>\n\nzqsix {PROSE}\n"));
    let site = built(&archive);
    for word in ["zqone", "zqthree", "zqfour", "zqfive"] {
        assert!(!site.contains(word), "{word}");
    }
    assert!(site.contains("zqtwo") && site.contains("zqsix"));
}
