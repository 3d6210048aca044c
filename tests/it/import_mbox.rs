//! Mailboxes: files of many messages.

use backfile::import::layouts::RawText;
use backfile::import::reading::Reading;

use crate::archive::Archive;
use crate::import_feeds::read;
use crate::import_mail::{FERRY, latin1, mail, read_bytes};

pub(crate) const MBOX: &str = "From ida@quay.example Tue Jul 13 23:47:09 2021
From: Ida Moss <ida@quay.example>
Subject: One
Date: Tue, 13 Jul 2021 23:47:09 +0100
Message-ID: <1@quay.example>

The first.

>From the quay it is far.

From here on: it rains
Note: still the first.

From MAILER-DAEMON Wed Jul 14 03:07:09 2021
>From old@quay.example Wed Jul 14 03:07:00 2021
From: Nils Farrow <nils@quay.example>
Subject: 
Date: some day
Message-ID: <1@quay.example>

The second has no subject at all.

From - Thu Jul 15 03:07:09 2021
From: Nils Farrow <nils@quay.example>
Subject: Empty
Message-ID: <3@quay.example>

";

#[test]
fn an_mbox_gives_each_of_its_messages() {
    for text in [MBOX.to_owned(), MBOX.replace('\n', "\r\n")] {
        let readings = read("mail", &text);
        assert_eq!(readings.len(), 3);
        assert_eq!(
            readings[0].body.markdown(),
            "The first.\n\nFrom the quay it is far.\n\nFrom here on: it rains\\\nNote: still the first.\n"
        );
        // The same id twice is no name for either.
        assert_eq!((&readings[0].record, &readings[1].record), (&None, &None));
        let second = &readings[1].front;
        assert_eq!(second.title, "The second has no subject at all");
        assert_eq!(second.inferred, ["title"]);
        assert_eq!(
            (second.date, &second.extra["date_text"]),
            (None, &"some day".into())
        );
        let problem = readings[2].problem.as_ref().expect("a problem");
        assert_eq!(problem.what, "a message has no text");
    }
    let archive = Archive::new().raw("list.mbox", MBOX);
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (1, 2), "{}", said.json);
    let before = archive.files("content");
    for text in before.values() {
        let text = String::from_utf8_lossy(text);
        let front = text.split("---").nth(1).unwrap_or_default();
        let shown = front.replace("1@quay.example", "");
        assert!(!shown.contains('@'), "{front}");
    }
    archive.run(&["import", "--again"]);
    archive.expect_same("content", &before);
}

#[test]
fn messages_of_one_mbox_may_be_in_different_encodings() {
    let message = |id: u8, charset: &str, text: &[u8]| {
        let head = "From a@b Tue Jul 13 23:47:09 2021\nFrom: a@b\nSubject: Gr";
        let middle =
            format!("\nMessage-ID: <{id}@b>\nContent-Type: text/plain; charset={charset}\n\n");
        [head.as_bytes(), text, middle.as_bytes(), text, b"\n\n"].concat()
    };
    let bytes = [
        message(1, "iso-8859-1", b"\xf6\xdfe"),
        message(2, "utf-8", "ößen sind".as_bytes()),
        message(3, "koi8-r", b"\xf0\xd2\xc9"),
    ]
    .concat();
    let readings = read_bytes(&latin1(&bytes), &bytes);
    let made = |at: usize| {
        let reading: &Reading = &readings[at];
        (reading.front.title.as_str(), reading.body.markdown())
    };
    assert_eq!(made(0), ("Größe", "öße\n"));
    assert_eq!(made(1), ("Größen sind", "ößen sind\n"));
    assert_eq!(made(2), ("GrПри", "При\n"));
    let archive = Archive::new().raw("list.mbox", &bytes);
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (0, 3), "{}", said.json);
    // Without bytes that fit, the text is what it is.
    let wide: Vec<u8> = MBOX.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [b"\xff\xfe".to_vec(), wide].concat();
    assert_eq!(read_bytes(MBOX, &wide).len(), 3);
}

#[test]
fn an_mbox_is_divided_where_its_last_message_begins() {
    let cut = |text: &str| mail().cut(&RawText::new("a", text));
    let second = MBOX.find("From MAILER").expect("there");
    let third = MBOX.find("From -").expect("there");
    assert_eq!(cut(MBOX), Some(third));
    assert_eq!(cut(&MBOX[..third + 10]), Some(second));
    assert_eq!(cut(&MBOX[..second]), None);
    assert_eq!(cut(FERRY), None);
    let whole = read("mail", MBOX);
    let parts = [&MBOX[..second], &MBOX[second..third], &MBOX[third..]];
    let cut: Vec<Reading> = parts.iter().flat_map(|part| read("mail", part)).collect();
    for (whole, cut) in whole.iter().zip(&cut) {
        assert_eq!(
            (whole.body.markdown(), &whole.front.title),
            (cut.body.markdown(), &cut.front.title)
        );
    }
}
