//! Packed files that are read as folders, web archives, and files that are read in chunks.

use std::io::Write as _;

use crate::archive::Archive;

const PROSE: &str = "More than two hundred gardeners brought seeds to the market hall on Sunday.";

fn titled(title: &str) -> String {
    format!("{title}\n\n{PROSE}\n")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).expect("packed");
    packed.finish().expect("packed")
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut made = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        made.start_file(*name, options).expect("packed");
        made.write_all(bytes).expect("packed");
    }
    made.finish().expect("packed").into_inner()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut made = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // Names that lead out of the folder are not made by the library.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        made.append(&header, *bytes).expect("packed");
    }
    made.into_inner().expect("packed")
}

#[test]
fn packed_files_are_opened_as_folders() {
    let one = titled("Seed exchange fills the hall");
    let two = titled("Ferry returns at last");
    let three = titled("Lamp is lit again");
    let bzip2 = {
        let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
        packed.write_all(two.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let files: &[(&str, &[u8])] = &[
        ("gardening/2004-05-17-seed.txt", one.as_bytes()),
        ("harbour/ferry.txt", two.as_bytes()),
        (".DS_Store", b"\0\0"),
        ("__MACOSX/harbour/._ferry.txt", b"\0\0"),
    ];
    for (name, bytes) in [
        ("dump.zip", zip(files)),
        ("dump.tar", tar(files)),
        ("dump.tgz", gzip(&tar(files))),
        (
            "dump.tar.zst",
            zstd::encode_all(&tar(files)[..], 1).unwrap(),
        ),
        ("dump.zip.gz", gzip(&zip(files))),
        ("outer.zip", zip(&[("dump.tar.gz", &gzip(&tar(files)))])),
    ] {
        let archive = Archive::new().raw(&format!("wire/{name}"), bytes);
        let said = archive.run(&["import"]);
        assert_eq!(
            (said.status, said.count("/new")),
            (0, 2),
            "{name}: {:?}",
            said.diagnostics()
        );
        let seed = archive.read(&archive.article_file("seed-exchange-fills-the-hall"));
        assert!(
            seed.contains("date: 2004-05-17\n") && seed.contains("- Gardening\n"),
            "{seed}"
        );
        assert!(seed.contains(&format!("path: wire/{name}\n")), "{seed}");
        assert!(seed.contains("gardening/2004-05-17-seed.txt"), "{seed}");
        let again = archive.run(&["import"]);
        assert_eq!(
            (again.count("/new"), again.count("/same")),
            (0, 2),
            "{name}"
        );
    }
    let archive = Archive::new()
        .raw("1999-01-02-lamp.txt.gz", gzip(three.as_bytes()))
        .raw("ferry.txt.bz2", bzip2);
    assert_eq!(archive.run(&["import"]).count("/new"), 2);
    let lamp = archive.read(&archive.article_file("lamp-is-lit-again"));
    assert!(lamp.contains("date: 1999-01-02\n"), "{lamp}");
}

#[test]
fn a_hostile_archive_is_one_diagnostic() {
    let parts: Vec<String> = (0..20).map(|at| format!("{at}.txt")).collect();
    let full = vec![b'a'; 5_000_000];
    let bomb: Vec<(&str, &[u8])> = parts.iter().map(|name| (&**name, &full[..])).collect();
    let bomb = gzip(&tar(&bomb));
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    link.set_path("link.txt").unwrap();
    link.set_link_name("/etc/passwd").unwrap();
    link.set_cksum();
    let mut links = tar::Builder::new(Vec::new());
    links.append(&link, &b""[..]).unwrap();
    let mut some_links = links.get_ref().clone();
    some_links.extend(tar(&[("a.txt", titled("Beside a link").as_bytes())]));
    let links = links.into_inner().unwrap();
    let outside = titled("Out of the folder");
    let out: &[(&str, &[u8])] = &[("../../out.txt", outside.as_bytes())];
    let mut deep = zip(&[("a.txt", titled("Deep down").as_bytes())]);
    for _ in 0..6 {
        deep = zip(&[("a.zip", &deep)]);
    }
    let whole = gzip(&tar(&[
        ("a.txt", titled("Before the break").as_bytes()),
        ("b", &[b'x'; 9_000]),
    ]));
    let pictures: &[(&str, &[u8])] = &[
        ("a.png", b"\0PNG"),
        ("b.png", b"\0PNG"),
        ("c.png", b"\0PNG"),
    ];
    let archive = Archive::new()
        .raw("a-bomb.gz", &bomb[..])
        .raw("b-bomb.zip", zip(&[("a.txt", &vec![b'a'; 70_000_000])]))
        .raw("c-links.tar", links)
        .raw("d-deep.zip", deep)
        .raw("e-torn.tar.gz", &whole[..whole.len() / 2])
        .raw("f-torn.zip", &zip(out)[..60])
        .raw("g-book.docx", zip(&[("[Content_Types].xml", b"<x/>")]))
        .raw("h-other.xz", b"\xfd7zXZ\0and more")
        .raw("i-pictures.zip", zip(pictures))
        .raw("j-outside.tar", tar(out))
        .raw("k-some-links.tar", some_links);
    let said = archive.run(&["import"]);
    let found = said.diagnostics();
    for (path, what) in [
        ("raw/a-bomb.gz/13.txt", "times its size"),
        ("raw/a-bomb.gz/0.txt", "and 12 more in this file"),
        ("raw/b-bomb.zip/a.txt", "more than 20 MB"),
        ("raw/c-links.tar", "contains no file"),
        ("raw/d-deep.zip/a.zip/a.zip", "too deeply"),
        ("raw/e-torn.tar.gz", "damaged or incomplete"),
        ("raw/f-torn.zip", "damaged or incomplete"),
        ("raw/g-book.docx", "office programs"),
        ("raw/h-other.xz", "packed as xz"),
        (
            "raw/i-pictures.zip/a.png",
            "not text (and 2 more in this file)",
        ),
        ("raw/k-some-links.tar", "skipped: 1"),
    ] {
        let of_file = found
            .iter()
            .filter(|d| d.starts_with(path))
            .collect::<Vec<_>>();
        assert!(
            of_file.len() == 1 && of_file[0].contains(what),
            "{path}: {found:#?}"
        );
    }
    assert_eq!(found.len(), 11, "{found:#?}");
    assert!(archive.has(&archive.article_file("out-of-the-folder")));
    assert!(!archive.root().join("out.txt").exists());
    assert!(!archive.root().parent().unwrap().join("out.txt").exists());
}

#[test]
fn a_file_of_an_archive_may_be_ignored_and_its_article_stays() {
    let files: &[(&str, &[u8])] = &[
        ("a.txt", b"One\n\nEight words of prose are enough for this."),
        (
            "b/c.txt",
            b"Two\n\nEight words of prose are enough for that.",
        ),
    ];
    let archive = Archive::new().raw("dump.zip", zip(files));
    assert_eq!(archive.run(&["import"]).count("/new"), 2);
    archive.write("backfile.toml", "[import]\nignore = [\"dump.zip/b/**\"]\n");
    let said = archive.run(&["import"]);
    assert_eq!(
        (
            said.count("/new"),
            said.count("/removed"),
            said.count("/same")
        ),
        (0, 0, 1)
    );
    assert!(archive.has(&archive.article_file("two")));
}

fn response(url: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let http = [format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), body].concat();
    record("response", url, "application/http; msgtype=response", &http)
}

fn record(kind: &str, url: &str, mime: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2019-03-02T10:20:30Z\r\n\
         WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    [head.as_bytes(), content, b"\r\n\r\n"].concat()
}

fn html(title: &str, more: &str) -> String {
    format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{PROSE} {more} \
         <a href=\"/more\">More</a> of the gardeners stayed until the evening, and nobody went home \
         without a bag of beans.</p></article></body></html>"
    )
}

#[test]
fn a_web_archive_gives_its_pages() {
    let chunked = {
        let page = html("Beans for all", "");
        let (a, b) = page.split_at(50);
        format!("{:x}\r\n{a}\r\n{:x}\r\n{b}\r\n0\r\n\r\n", a.len(), b.len())
    };
    let cyrillic = "<html><head><title>\u{41b}\u{430}\u{43c}\u{43f}\u{430}</title></head><body><h1>\u{41b}\u{430}\u{43c}\u{43f}\u{430}</h1><p>\u{421}\u{432}\u{435}\u{442} \u{433}\u{43e}\u{440}\u{438}\u{442} \u{441}\u{43d}\u{43e}\u{432}\u{430}, \u{438} \u{432}\u{441}\u{435} \u{440}\u{430}\u{434}\u{44b} \u{44d}\u{442}\u{43e}\u{43c}\u{443} \u{432}\u{435}\u{447}\u{435}\u{440}\u{43e}\u{43c}.</p></body></html>";
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(cyrillic);
    let records = [
        record(
            "warcinfo",
            "",
            "application/warc-fields",
            b"software: none\r\n",
        ),
        response(
            "http://example.org/2018/05/04/seeds.html",
            "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
            &gzip(html("Seeds fill the hall", "").as_bytes()),
        ),
        record(
            "request",
            "http://example.org/",
            "application/http",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        response(
            "http://example.org/beans",
            "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n",
            chunked.as_bytes(),
        ),
        response(
            "http://example.org/lamp",
            "Content-Type: text/html; charset=windows-1251\r\n",
            &cyrillic,
        ),
        record(
            "revisit",
            "http://example.org/beans",
            "application/http",
            b"HTTP/1.1 200 OK\r\n\r\n",
        ),
        response(
            "http://example.org/a.png",
            "Content-Type: image/png\r\n",
            b"\x89PNG",
        ),
        // The same page once more, and once more as it was changed.
        response(
            "http://example.org/same",
            "Content-Type: text/html\r\n",
            html("The same", "").as_bytes(),
        ),
        response(
            "http://example.org/same",
            "Content-Type: text/html\r\n",
            html("The same", "").as_bytes(),
        ),
        response(
            "http://example.org/news",
            "Content-Type: text/html\r\n",
            html("News of May", "").as_bytes(),
        ),
        response(
            "http://example.org/news",
            "Content-Type: text/html\r\n",
            html("News of June", "").as_bytes(),
        ),
    ];
    let plain = records.concat();
    let packed: Vec<u8> = records.iter().flat_map(|record| gzip(record)).collect();
    for (name, bytes) in [("a.warc", plain), ("a.warc.gz", packed)] {
        let archive = Archive::new().raw(name, bytes);
        let said = archive.run(&["import"]);
        assert_eq!(
            (said.status, said.count("/new")),
            (0, 6),
            "{name} {:?}",
            said.diagnostics()
        );
        let seeds = archive.read(&archive.article_file("seeds-fill-the-hall"));
        assert!(seeds.contains("date: 2018-05-04\n"), "{seeds}");
        assert!(
            seeds.contains("source_url: \"http://example.org/2018/05/04/seeds.html\"\n"),
            "{seeds}"
        );
        assert!(seeds.contains("crawled: 2019-03-02T10:20:30Z\n"), "{seeds}");
        assert!(
            seeds.contains("record: \"http://example.org/2018/05/04/seeds.html\"\n"),
            "{seeds}"
        );
        assert!(seeds.contains("](http://example.org/more)"), "{seeds}");
        let beans = archive.read(&archive.article_file("beans-for-all"));
        assert!(
            !beans.contains("\ndate:"),
            "the day of a crawl is no date: {beans}"
        );
        assert!(archive.has(&archive.article_file("\u{43b}\u{430}\u{43c}\u{43f}\u{430}")));
        assert_eq!(archive.run(&["import"]).count("/same"), 6);
    }
}

#[test]
fn a_truncated_web_archive_gives_the_records_before_the_end() {
    let one = response(
        "http://example.org/a",
        "Content-Type: text/html\r\n",
        html("Before the break", "").as_bytes(),
    );
    let two = response(
        "http://example.org/b",
        "Content-Type: text/html\r\n",
        html("After the break", "").as_bytes(),
    );
    let torn = [&one[..], &two[..two.len() / 3]].concat();
    for (name, bytes) in [
        ("a.warc", torn.clone()),
        (
            "a.warc.gz",
            gzip(&[&one[..], &two].concat())[..400].to_vec(),
        ),
        (
            "b.warc",
            [
                &one[..],
                b"WARC/1.0\r\nContent-Length: 99999999999999\r\n\r\nabc",
            ]
            .concat(),
        ),
        ("c.warc", [&one[..], b"this is no record\r\n"].concat()),
        ("d.warc", b"WARC/1.0\r\nno: length\r\n\r\n".to_vec()),
    ] {
        let archive = Archive::new().raw(name, bytes);
        let said = archive.run(&["import"]);
        assert_eq!(
            (said.status, said.diagnostics().len()),
            (1, 1),
            "{name}: {:?}",
            said.diagnostics()
        );
    }
}

#[test]
fn an_arc_file_gives_its_pages() {
    let page = format!(
        "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n{}",
        html("Seeds of 2001", "")
    );
    let version = "1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n";
    let arc = format!(
        "filedesc://a.arc 0.0.0.0 20010413120000 text/plain {}\n{version}\n\
         http://example.org/seeds 192.0.2.1 20010413120102 text/html {}\n{page}\n",
        version.len(),
        page.len()
    );
    let archive = Archive::new().raw("a.arc.gz", gzip(arc.as_bytes()));
    let said = archive.run(&["import"]);
    assert_eq!(said.count("/new"), 1, "{:?}", said.diagnostics());
    let seeds = archive.read(&archive.article_file("seeds-of-2001"));
    assert!(seeds.contains("crawled: 2001-04-13T12:01:02Z\n"), "{seeds}");
}

/// Files of many records, larger than what is read whole, give what they give otherwise.
#[test]
fn a_file_that_is_read_in_chunks_gives_the_same_articles() {
    let number = 60;
    let json = |at: usize| {
        format!(
            "{{\"id\": {at}, \"title\": \"Story number {at}\", \"date\": \"2020-01-02\", \"text\": \"{PROSE} {{\\\"x\\\"}} gr\u{fc}n\"}}"
        )
    };
    let all = |part: &str| (1..=number).map(json).collect::<Vec<_>>().join(part);
    let rows: String = (1..=number)
        .map(|at| {
            format!("{at},Story number {at},2020-01-02,\"{PROSE}\n{{\"\"x\"\"}} gr\u{fc}n\"\n")
        })
        .collect();
    let sgml: String = (1..=number)
        .map(|at| format!("<REUTERS NEWID=\"{at}\">\n<DATE>2-JAN-2020</DATE>\n<TEXT><TITLE>Story number {at}</TITLE>\n<BODY>{PROSE} gr\u{fc}n</BODY></TEXT>\n</REUTERS>\n"))
        .collect();
    let latin1 = |text: String| encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    for (name, bytes) in [
        ("lines.jsonl", all("\n").into_bytes()),
        ("bom.jsonl", format!("\u{feff}{}", all("\n")).into_bytes()),
        ("list.json", format!("[\n{}\n]\n", all(",\n")).into_bytes()),
        (
            "indented.json",
            format!("[\n  {}\n]\n", all(",\n  ")).into_bytes(),
        ),
        ("lines.jsonl.gz", gzip(all("\n").as_bytes())),
        (
            "rows.csv",
            format!("id,title,date,text\n{rows}").into_bytes(),
        ),
        ("old.csv", latin1(format!("id,title,date,text\n{rows}"))),
        ("wire.sgm", sgml.into_bytes()),
    ] {
        let whole = Archive::new().raw(name, &bytes);
        assert_eq!(
            whole.run(&["import"]).count("/new"),
            number as u64,
            "{name}"
        );
        let pieces = Archive::new().raw(name, &bytes);
        pieces.write("backfile.toml", "[import]\nmax_bytes = 3000\n");
        let said = pieces.run(&["import"]);
        assert_eq!(
            (said.status, said.count("/new")),
            (0, number as u64),
            "{name}: {:?}",
            said.diagnostics()
        );
        pieces.expect_same("content", &whole.files("content"));
    }
}

#[test]
fn a_record_that_is_too_large_or_truncated_hides_no_other() {
    let json = |at: usize, text: &str| {
        format!("{{\"id\": {at}, \"title\": \"Story {at}\", \"text\": \"{text}\"}}\n")
    };
    let mut lines: Vec<String> = (1..=40).map(|at| json(at, PROSE)).collect();
    lines[20] = "{\"id\": 21, \"title\": \"Torn\n".to_owned();
    let archive = Archive::new()
        .file("backfile.toml", "[import]\nmax_bytes = 2000\n")
        .raw("a.jsonl", lines.concat());
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (1, 39));
    assert!(
        said.diagnostics()[0].starts_with("raw/a.jsonl:21 "),
        "{:?}",
        said.diagnostics()
    );
    lines[20] = json(21, &PROSE.repeat(100));
    archive.write("raw/a.jsonl", lines.concat());
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/removed")), (1, 0));
    assert!(
        said.diagnostics()[0].contains("a record has more than 2 kB"),
        "{:?}",
        said.diagnostics()
    );
}
