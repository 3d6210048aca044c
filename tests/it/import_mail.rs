//! Mail: messages, Usenet articles and mbox files.

use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, Layout, RawText};
use backfile::import::reading::Reading;
use proptest::prelude::*;

use crate::archive::Archive;
use crate::import_feeds::{one, read};
use crate::import_mbox::MBOX;

/// Reads bytes as mail, whatever they are; `text` is what they were decoded as.
pub(crate) fn read_bytes(text: &str, bytes: &[u8]) -> Vec<Reading> {
    let raw = RawText {
        bytes,
        ..RawText::new("a.mbox", text)
    };
    let mut readings = mail().read(&raw).expect("readable");
    for reading in readings.iter_mut().filter(|r| r.problem.is_none()) {
        let record = &text[reading.span.clone()];
        body::convert(reading, record);
        reading.verify(record).expect("all words");
    }
    readings
}

pub(crate) fn mail() -> &'static dyn Layout {
    let found = LAYOUTS.iter().find(|layout| layout.name() == "mail");
    *found.expect("the layout")
}

/// One byte a letter, as archives of that time are decoded.
pub(crate) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

pub(crate) const FERRY: &str = "Return-Path: <ida@quay.example>
Received: from mail.quay.example (mail.quay.example [192.0.2.7])
\tby list.example; Wed, 14 Jul 2021 01:02:03 +0200
From: \"Ida Moss\" <ida@quay.example>
To: Harbour list <harbour@list.example>
Subject: [harbour] Re: The night ferry is
 back
Date: Tue, 13 Jul 2021 23:47:09 +0100 (BST)
Message-ID: <77@quay.example>
In-Reply-To: <76@alder.example>
List-Id: Harbour talk <harbour.list.example>
Organization: The Quay
X-Mailer: Lark 2.0
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

On Monday Nils Farrow wrote:
> Does the night ferry sail again this week, and who is going to be at the
> helm of it?

It sails from Monday. The captain says that *nobody* should be late, because she
will not wait.

-- 
Ida Moss, harbour office
_______________________________________________
harbour mailing list
https://list.example/harbour
";

#[test]
fn a_message_gives_its_fields_and_no_address() {
    for text in [FERRY.to_owned(), FERRY.replace('\n', "\r\n")] {
        let reading = one("mail", &text);
        let front = &reading.front;
        assert_eq!(front.title, "[harbour] Re: The night ferry is back");
        assert_eq!(front.authors, ["Ida Moss"]);
        let date = front.date.expect("a date").to_string();
        assert_eq!(date, "2021-07-13T23:47:09+01:00");
        assert_eq!(front.id, "77@quay.example");
        assert_eq!(reading.record.as_deref(), Some("77@quay.example"));
        assert_eq!(front.extra["in_reply_to"], "76@alder.example");
        assert_eq!(front.extra["list"], "Harbour talk");
        assert_eq!(front.extra["organization"], "The Quay");
        assert_eq!(front.extra.len(), 3, "{:?}", front.extra);
        assert_eq!(front.inferred, Vec::<String>::new());
        assert_eq!(
            reading.body.markdown(),
            "On Monday Nils Farrow wrote:\n\n> Does the night ferry sail again this week, and who is going to be at the helm of it?\n\nIt sails from Monday. The captain says that \\*nobody\\* should be late, because she will not wait.\n"
        );
        assert_eq!(
            front.removed,
            [
                "-- Ida Moss, harbour office",
                "_______________________________________________ harbour mailing list https://list.example/harbour"
            ]
        );
    }
}

#[test]
fn an_article_of_usenet_has_its_newsgroups_as_topics() {
    let text = "Path: quay!alder!lark\nFrom: ida@quay.UUCP (Ida Moss)\nNewsgroups: net.boats,net.misc\nSubject: Ferries\nArticle-I.D.: quay.77\nDate: Saturday, 13-Jul-85 23:47:09 EDT\nKeywords: ferry, wind\n\nThe ferry sails.\n";
    let reading = one("mail", text);
    assert_eq!(
        reading.front.topics,
        ["net.boats", "net.misc", "ferry", "wind"]
    );
    assert_eq!(reading.front.authors, ["Ida Moss"]);
    let date = reading.front.date.expect("a date").to_string();
    assert_eq!(date, "1985-07-13T23:47:09-04:00");
    assert_eq!(reading.body.markdown(), "The ferry sails.\n");
}

#[test]
fn headers_that_fit_another_layout_are_not_mail() {
    let is_mail = |text: &str| mail().recognises(&RawText::new("a", text));
    for none in [
        "Title: Ferry\nDate: 2021-07-13\nBy: Ida Moss\n\nThe ferry sails.\n",
        "Subject: Ferry\nDate: 2021-07-13\n\nThe ferry sails.\n",
        "From: Ida\nDate: 2021-07-13\nTitle: Ferry\nSubject: Boats\n\nThe ferry sails.\n",
        "From here on it rains.\n\nFrom: a\nSubject: b\nDate: c\n",
        "From the quay: a report\nIt-rains: always\n\nText.\n",
        "",
        "From ",
    ] {
        assert!(!is_mail(none), "{none}");
    }
    assert!(is_mail("From: Ida\nSubject: b\nDate: c\n\nd\n"));
    assert!(is_mail(
        "From: ida@q.example (Ida)\nSubject: Re: boats\n\nThe ferry.\n"
    ));
    assert!(is_mail(
        "Message-ID: <a@b>\r\nReceived: x\r\n y\r\n\r\nd\r\n"
    ));
}

#[test]
fn the_author_is_a_name_or_the_local_part_of_an_address() {
    let of = |from: &str| {
        let text = format!("From: {from}\nSubject: A\nDate: 13 Jul 2021 1:02\n\nIt rains.\n");
        let front = one("mail", &text).front;
        (
            front.authors.join(" | "),
            front.inferred.contains(&"authors".to_owned()),
        )
    };
    for (from, name, is_inferred) in [
        ("Ida Moss <ida@quay.example>", "Ida Moss", false),
        ("\"Moss, Ida\" <ida@quay.example>", "Moss, Ida", false),
        ("ida@quay.example (Ida Moss)", "Ida Moss", false),
        ("ida at quay.example (Ida Moss)", "Ida Moss", false),
        ("ida.moss@quay.example", "ida.moss", true),
        ("<ida@quay.example>", "ida", true),
        ("\"ida@quay.example\" <ida@quay.example>", "ida", true),
        (
            "Ida <i@q.example>, Nils Farrow <n@q.example>",
            "Ida | Nils Farrow",
            false,
        ),
        (
            "=?utf-8?Q?Ida_M=C3=B6ss=2C_Quay?= <i@q.example>",
            "Ida Möss, Quay",
            false,
        ),
        ("Moss", "Moss", false),
        ("Moss at sea", "Moss at sea", false),
    ] {
        assert_eq!(of(from), (name.to_owned(), is_inferred), "{from}");
    }
}

#[test]
fn encoded_words_are_read_if_they_split_a_character() {
    let subject = |subject: &str| {
        let text = format!("From: a@b\nSubject: {subject}\nDate: 13 Jul 2021 1:02\n\nIt rains.\n");
        one("mail", &text).front.title
    };
    assert_eq!(subject("=?utf-8?Q?Gr=C3?= =?UTF-8?q?=B6=C3=9Fe?="), "Größe");
    assert_eq!(subject("=?utf-8?B?R3LD?=\n =?utf-8?B?tsOfZQ==?="), "Größe");
    assert_eq!(
        subject("=?iso-8859-1?Q?Gr=F6=DFe?= of =?koi8-r?B?8NLJ18XU?="),
        "Größe of Привет"
    );
    assert_eq!(subject("a =?utf-8?Q?b?= =? c ?= d"), "a b =? c ?= d");
    assert_eq!(subject("Fwd: what? =?= so"), "Fwd: what? =?= so");
    assert_eq!(subject("=?iso-8859-1?Q?Gr=F6ße_?="), "Größe");
}

#[test]
fn transfer_encodings_and_charsets_are_those_of_each_part() {
    let text = "From: a@b\nSubject: A\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=-x\"\n\n--=-x\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nDie Gr=F6=\n=DFe w=E4chst.\n--=-x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nU2llIHfDpGNo\nc3QgaW1tZXIu\n--=-x\nContent-Type: image/png; name*=utf-8''gr%C3%B6%C3%9Fe.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--=-x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=\"notes.txt\"\n\nNot shown.\n--=-x--\n";
    let reading = one("mail", text);
    assert_eq!(
        reading.body.markdown(),
        "Die Größe wächst.\n\nSie wächst immer.\n"
    );
    assert_eq!(reading.front.extra["attachments"][0], "größe.png");
    assert_eq!(reading.front.extra["attachments"][1], "notes.txt");
}

#[test]
fn plain_text_is_preferred_to_html_unless_it_is_empty() {
    let both = |plain: &str, html: &str| {
        format!(
            "From: a@b\nSubject: A\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\n{plain}\n--x\nContent-Type: multipart/related; boundary=y\n\n--y\nContent-Type: text/html\n\n{html}\n--y\nContent-Type: image/gif; name=lark.gif\n\nGIF\n--y--\n--x--\n"
        )
    };
    let html = "<p>It <b>rains</b> on the town.</p><script>alert(1)</script>";
    assert_eq!(
        one("mail", &both("It *rains*.", html)).body.markdown(),
        "It \\*rains\\*.\n"
    );
    for plain in ["", "See HTML."] {
        let long = html.replace(
            "town",
            "town, on the sea, and on all the boats that are out",
        );
        let reading = one("mail", &both(plain, &long));
        assert!(
            reading
                .body
                .markdown()
                .starts_with("It **rains** on the town, on"),
            "{}",
            reading.body.markdown()
        );
        assert!(!reading.body.markdown().contains("alert"));
        assert_eq!(reading.front.extra["attachments"][0], "lark.gif");
    }
    let only = "From: a@b\nSubject: A\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><head><style>p{}</style></head><body onload=x()><p>It <a href=\"javascript:x()\">rains</a>.</p><script>alert(1)</script></body></html>\n";
    assert_eq!(one("mail", only).body.markdown(), "It rains.\n");
}

#[test]
fn an_attached_message_follows_a_horizontal_rule() {
    let text = "From: a@b\nSubject: Fwd: Ferry\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nSee below.\n--x\nContent-Type: message/rfc822\n\nFrom: Ida Moss <ida@quay.example>\nSubject: Ferry\nDate: 13 Jul 2021 1:02\n\nThe ferry sails.\n--x--\n";
    let reading = one("mail", text);
    assert_eq!(
        reading.body.markdown(),
        "See below.\n\n---\n\nFrom: Ida Moss\\\nDate: 13 Jul 2021 1:02\\\nSubject: Ferry\n\nThe ferry sails.\n"
    );
    assert_eq!(reading.front.title, "Fwd: Ferry");
    let deep = (0..4).fold("From: a@b\nSubject: In\n\nInnermost.\n".to_owned(), |inner, n| {
        format!("From: a@b\nSubject: Out {n}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x{n}\n\n--x{n}\n\nLevel {n}.\n--x{n}\nContent-Type: message/rfc822\n\n{inner}\n--x{n}--\n")
    });
    let body = one("mail", &deep).body.into_markdown();
    assert!(
        body.contains("Level 0.") && !body.contains("Innermost"),
        "{body}"
    );
}

#[test]
fn a_record_without_date_or_id_is_an_article() {
    let reading = one(
        "mail",
        "From: Ida Moss <i@q.example>\nSubject: A\nMIME-Version: 1.0\n\nIt rains.\n",
    );
    assert_eq!((reading.record, reading.front.date), (None, None));
    assert_eq!(reading.front.extra.len(), 0);
    for none in [
        "",
        "\n",
        "\n\n-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----\n",
    ] {
        let text = format!("From: a@b\nSubject: A\nMIME-Version: 1.0\n{none}");
        let readings = read("mail", &text);
        assert!(readings[0].problem.is_some(), "{text}");
    }
    let file = "From: a@b\nSubject: A\nMIME-Version: 1.0\n\nbegin 644 a.jpg\n#ABC\n`\nend\n";
    let readings = read("mail", file);
    let problem = readings[0].problem.as_ref().expect("a problem");
    assert_eq!(problem.what, "a message has attachments, but no text");
}

#[test]
fn hostile_messages_are_bounded() {
    let head = "From: a@b\nSubject: A\nMIME-Version: 1.0\n";
    let from = "From a@b Tue Jul 13 23:47:09 2021\n";
    let nested: String = (0..1_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    let long = "x".repeat(5_000_000);
    let folded = " y\n".repeat(1_500_000);
    let archive = Archive::new()
        .raw("nested.eml", format!("{head}{nested}\n\nDeep.\n"))
        .raw(
            "messages.eml",
            format!(
                "{head}{}",
                "Content-Type: message/rfc822\n\n".repeat(200_000)
            ),
        )
        .raw(
            "boundaries.eml",
            format!(
                "{head}Content-Type: multipart/mixed; boundary=b\n\n{}",
                "--b\nContent-Type: multipart/mixed; boundary=none\n\n".repeat(100_000)
            ),
        )
        .raw(
            "long.eml",
            format!("{head}X-Long: {long}\n\nAfter a long header.\n"),
        )
        .raw(
            "subject.eml",
            format!("From: a@b\nDate: b\nSubject: long {long}\n\nAfter a long subject.\n"),
        )
        .raw(
            "folded.eml",
            format!("{head}References: x\n{folded}\nAfter a folded header.\n"),
        )
        .raw(
            "armor.eml",
            format!(
                "{head}\nBefore armor.\n{}",
                "-----BEGIN PGP SIGNATURE-----\n=ybegin name=a\nbegin 644 a\n".repeat(100_000)
            ),
        )
        .raw(
            "quoted.eml",
            format!(
                "{head}\nBefore quotes.\n{}\n{}",
                ">".repeat(1_000_000),
                "> a\n>> b\n".repeat(100_000)
            ),
        )
        .raw(
            "words.eml",
            format!(
                "From: a@b\nDate: b\nSubject: {}\n\nAfter words.\n",
                "=?utf-8?Q?".repeat(300_000)
            ),
        )
        .raw(
            "marks.mbox",
            format!(
                "{from}{head}\nBefore marks.\n\n{}",
                "From 1:2\n\n".repeat(300_000)
            ),
        )
        .raw(
            "deep.eml",
            format!(
                "{head}Content-Type: text/html\n\n{}x",
                "<div>".repeat(200_000)
            ),
        );
    let said = archive.run(&["import"]);
    let found = said.diagnostics();
    for file in ["nested.eml", "messages.eml", "boundaries.eml", "deep.eml"] {
        let of_file = found.iter().filter(|d| d.contains(&format!("raw/{file}")));
        assert_eq!(of_file.count(), 1, "{file}: {found:?}");
    }
    assert_eq!((found.len(), said.count("/new")), (4, 7), "{found:?}");
}

/// Letters of a text, without white space.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_word_of_a_message_is_lost(
        lines in prop::collection::vec("(> |>> |    |- |[0-9]\\. |\t)?([a-zA-Zäß語*_#>`|<&$\\\\\\[\\]-]{1,12}[ ]{0,4}){0,9}", 1..30),
        flowed in any::<bool>(),
    ) {
        let flow = if flowed { "; format=flowed" } else { "" };
        let body = lines.join("\n");
        let text = format!("From: a@b\nSubject: A\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8{flow}\n\n{body}\n");
        for reading in read_bytes(&text, text.as_bytes()).into_iter().filter(|r| r.problem.is_none()) {
            let made = reading.body.markdown().to_owned() + &reading.front.removed.concat();
            prop_assert_eq!(letters(&made), letters(&body), "{}", reading.body.markdown());
        }
    }

    #[test]
    fn a_mutilated_message_loses_no_word(
        which in 0..4_usize,
        cuts in prop::collection::vec((0..3_000_usize, 0..200_usize, "(\\n|\r\n|--x|--x--|=|>|From |\\?=|:|ä| |-- |=\\?utf-8\\?Q\\?|\u{1}){0,3}"), 1..8),
    ) {
        let parts = "From a@b Tue Jul 13 23:47:09 2021\nFrom: a@b\nSubject: =?utf-8?Q?Gr=C3?= =?utf-8?Q?=B6=C3=9Fe?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\nContent-Type: text/plain; charset=iso-8859-1; format=flowed\nContent-Transfer-Encoding: quoted-printable\n\n> Gr=F6=\n=DFe \n-- \nIda\n--y\nContent-Type: text/html\n\n<p>It <b>rains</b>\n--y--\n--x\nContent-Type: message/rfc822\n\nSubject: In\nContent-Transfer-Encoding: base64\n\nSXQgcmFpbnMu\n--x--\n";
        let mut text = [FERRY, MBOX, parts, &parts.replace('\n', "\r\n")][which].to_owned();
        for (at, length, put) in cuts {
            let boundary = |at: usize| (at.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).expect("an end");
            let (from, to) = (boundary(at % (text.len() + 1)), boundary(at % (text.len() + 1) + length));
            text.replace_range(from..to, &put);
        }
        read_bytes(&text, text.as_bytes());
        let bytes = text.as_bytes();
        read_bytes(&latin1(bytes), bytes);
    }
}
