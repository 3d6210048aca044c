//! The 52 "Golden Rules" of English sentence segmentation (Kevin S. Dias, Pragmatic Segmenter), each with a sentence of our own.

use super::starts;

fn cut(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for at in starts(text) {
        parts.push(text[from..at].trim());
        from = at;
    }
    parts.push(text[from..].trim());
    parts
}

/// The number of the rule, and a text with `¦` at the ends of sentences.
const RULES: &[(u8, &str)] = &[
    (1, "The tide turned.¦ Nobody saw it."),
    (2, "Where is the boat?¦ Her owner asks."),
    (3, "Here she comes!¦ Ring the bell."),
    (4, "The keeper was Tom R. Reeve."),
    (5, "The chart is on p. 17."),
    (6, "Did Moss and co. sail that day?"),
    (7, "The pier went to Reed, Farrow & Co. in spring."),
    (8, "Leave it to Moss and co.¦ They know the bar."),
    (9, "The pier went to Reed, Farrow & Co.¦ It went cheaply."),
    (10, "From here you see Mt. Alder in fog."),
    (11, "St. Brannoc's chapel is in 3rd st. by the quay."),
    (12, "This was Tom Reeve Jr.'s lamp."),
    (13, "She toured the U.S.A. by mail boat."),
    (14, "The boat left the E.U.¦ How will she return?"),
    (15, "They sailed for the U.S.¦ How was the crossing?"),
    (16, "He draws charts for the U.S. Navy in Norfolk."),
    (17, "She was in the U.S. for two winters."),
    (
        18,
        "At 4 a.m. Mrs. Moss lit the lamp.¦ It burned until 7 P.M.¦ Mrs. Moss then put it out.",
    ),
    (19, "The ticket costs $12.50 on Sundays."),
    (20, "The ticket costs $12.50.¦ It was dearer once."),
    (
        21,
        "He steers (He had learned it as a boy.) by the church tower.",
    ),
    (
        22,
        "Write to Ida.Moss@quay.example today.¦ She answers quickly.",
    ),
    (
        23,
        "See: https://www.quay.50.example/old-boats/the_lark.html.¦ It has pictures.",
    ),
    (24, "He took the wheel, 'She floats.' he said."),
    (25, "He took the wheel, \"She floats.\" he said."),
    (
        26,
        "He took the wheel, \"She floats.\"¦ He let the rope go.",
    ),
    (27, "Land!!¦ All came on deck."),
    (28, "Now??¦ The tide is out."),
    (29, "Now!?¦ Is the tide in?"),
    (30, "Now?!¦ Is the tide in?"),
    (31, "1.) A rope ¦2.) A lamp"),
    (32, "1.) A rope. ¦2.) A lamp."),
    (33, "1) A rope ¦2) A lamp"),
    (34, "1) A rope. ¦2) A lamp."),
    (35, "1. A rope ¦2. A lamp"),
    (36, "1. A rope. ¦2. A lamp."),
    (37, "• 9. A rope ¦• 10. A lamp"),
    (38, "⁃9. A rope ¦⁃10. A lamp"),
    (39, "a. A rope ¦b. A lamp ¦c. A chart of the bar"),
    (40, "The keeper wrote down\nwhat he saw that night."),
    (41, "It blew from the \neast all week."),
    (42, "ropes\nold lamps\ncharts, tables\n"),
    (43, "The wreck is at N°. 4417.208.311.¦ There it rusts."),
    (44, "He once wrote for Yahoo! in the north."),
    (
        45,
        "There were two of us, she and I.¦ Do you know Karl I. Lind from the quay?",
    ),
    (
        46,
        "She writes that at sea “the nights are longer than the days and . . . .”",
    ),
    (
        47,
        "\"Lind [...] drew the coast from memory [...]\" (Moss 12).",
    ),
    (
        48,
        "Where the log breaks off, the keeper drew three marks and then the stop . . . . ¦Another page.",
    ),
    (49, "We had thought so....¦ He rowed home."),
    (
        50,
        "It is not ... or not what I saw...and . . . that I say, the light was . . . I forget.",
    ),
    (
        51,
        "A lamp that was . . . too dim in fog was to be seen from the bar. ¦. . . The lamp went. . . .",
    ),
    (
        52,
        "The quay is old.¦Nobody knows how old.¦Mrs. Moss has counted 1,000.¦That is too few.",
    ),
];

#[test]
fn the_golden_rules_hold() {
    let failed: Vec<_> = RULES
        .iter()
        .map(|(rule, text)| {
            let expected: Vec<&str> = match rule {
                42 => vec!["ropes", "old lamps", "charts, tables"],
                _ => text.split('¦').map(str::trim).collect(),
            };
            let text = text.replace('¦', "");
            let made: Vec<String> = cut(&text).into_iter().map(str::to_owned).collect();
            (*rule, expected, made)
        })
        .filter(|(_, expected, made)| expected != made)
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn sentences_of_newspapers_end_where_a_reader_ends_them() {
    for text in [
        "Dr. Ash met Gen. Birch at 3.30 p.m. on Sept. 4.",
        "J. R. Fern of the U.S. Senate spoke.¦ He left.",
        "“It rained.”¦ She went home.",
        "\"Why?\" he asked.¦ Nobody knew!¦ Then it rained.",
        "\"Why now?\" Ida Moss asked.¦ \"Because!\" Farrow said.",
        "\"Why now?\"¦ The harbour was shut.",
        "It cost 3.5 million.¦ No. 4 won.",
        "Who, me?¦ No.¦ Not me.",
        "The firm, Reed Inc. of Oakham, fell.",
        "“It is,” she said.¦ “It was.”",
        "She meets at 6 p.m. Monday, or 5 p.m. EST.¦ Bring a lamp.",
        "She takes vitamin C.¦ The doctor, J. Lind, takes none.",
        "The bar shifts.[12]¦ So does the channel.3¦ Pilots know.",
        "It rained in St. Alder.¦ \"It did,\" he said.",
        "“Stay.”¦ — “No.”",
        "雨が降った。¦「止んだ。」¦寒い。",
        "هل تمطر؟¦ نعم.",
    ] {
        let expected: Vec<&str> = text.split('¦').map(str::trim).collect();
        assert_eq!(cut(&text.replace('¦', "")), expected);
    }
}

#[test]
fn hostile_texts_take_bounded_time() {
    let started = std::time::Instant::now();
    for piece in [
        ".", ". ", ".\"", "\"", "1. ", "1) ", "a.Ab", "?A", "• ", "(", "!)\"", "[1]", ".[1", "\n",
        "a\n", "。", "é", "U.S. ", "... ", "x", " ", ".é",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        let starts = starts(&text);
        assert!(starts.is_sorted_by(|a, b| a < b));
        assert!(starts.iter().all(|at| text.is_char_boundary(*at)));
    }
    assert!(started.elapsed().as_secs() < 20);
}
