//! Saved pages of one site: what recurs on them is set aside, and nothing of the texts is.

use crate::archive::Archive;

/// Sentences that no other page has.
fn sentences(page: usize, paragraph: usize) -> String {
    let of = |word: &str| {
        format!(
            "{word}{}",
            char::from(b'a' + u8::try_from(page % 26).expect("a letter"))
        )
    };
    let number = page * 10 + paragraph;
    format!(
        "In case {number} the {} asked the {} whether boat {number} would sail again before the winter. \
         Nobody at the {} had an answer, and {number} people went home without a ticket.",
        of("council"),
        of("harbour"),
        of("office"),
    )
}

fn title(page: usize) -> String {
    format!("Boat number {page} waits for an answer of the council")
}

/// A page whose parts do not name themselves: everything stands in the element of the article.
fn page(number: usize, all: usize) -> String {
    let link = |page: usize| format!("<a href=\"/a/{page}.html\">{}</a>", title(page % all));
    let links = |from: usize| (1..5).map(move |n| link(number + from + n));
    let related: String = links(0).map(|link| format!("<li>{link}</li>")).collect();
    let popular: String = links(7).map(|link| format!("<p>{link}</p>")).collect();
    let day = number % 28 + 1;
    let month = ["March", "April", "May"][number % 3];
    format!(
        "<!DOCTYPE html><html><head><title>{title} | Port Gazette</title>\
         <meta name=\"keywords\" content=\"gazette online,boat {number}\"></head><body><div class=\"k\">\
         <div><h2>The Port Gazette</h2><p>The harbour\u{2019}s own paper since 1891</p>\
         <p><a href=\"/\">Home</a> \u{203a} <a href=\"/n\">News</a> \u{203a} Harbour</p></div>\
         <h1>{title}</h1><p>Put on this page on {day} {month} 2021 at noon by the desk</p>\
         <p>{first}</p>\
         <div><p>Get the Gazette in your box every morning</p><p>Our editors choose five stories.</p></div>\
         <p>{second}</p><p>Pictures of the harbour are in our library on Quay Street</p>\
         <h3>What the council says</h3><p>{third}</p><p>{fourth}</p>\
         <p>Seen by {number} readers</p>\
         <p>The Gazette belongs to its readers and takes no money from the harbour company, as its statutes say since 1952.</p>\
         <h3>More from the harbour</h3><ul>{related}</ul>\
         <div><h4>Looked at by many</h4>{popular}</div>\
         <p>\u{a9} 2021 Port Gazette Company, 3 Quay Street</p></div></body></html>",
        title = title(number),
        first = sentences(number, 1),
        second = sentences(number, 2),
        third = sentences(number, 3),
        fourth = sentences(number, 4),
    )
}

fn site(pages: usize, name: impl Fn(usize) -> usize) -> Archive {
    let empty = Archive::new();
    (0..pages).fold(empty, |archive, number| {
        archive.raw(
            &format!("web/{:03}.html", name(number)),
            page(number, pages),
        )
    })
}

/// The body of the article with a title.
fn body(archive: &Archive, title: &str) -> String {
    let file = archive.article_file(&title.to_lowercase().replace(' ', "-"));
    let article = archive.read(&file);
    article.split_once("\n---\n").expect("a body").1.to_owned()
}

fn text_of(number: usize) -> String {
    let part = |n| sentences(number, n);
    let parts = [
        part(1),
        part(2),
        "### What the council says".to_owned(),
        part(3),
        part(4),
    ];
    parts.join("\n\n")
}

#[test]
fn what_recurs_on_the_pages_of_a_site_is_no_text() {
    let archive = site(40, |number| number);
    let said = archive.run(&["import"]);
    assert_eq!(said.status, 0, "{:?}", said.diagnostics());
    assert!(said.json["recurring_texts"].as_u64().unwrap() >= 40 * 15);
    for number in 0..40 {
        assert_eq!(body(&archive, &title(number)).trim(), text_of(number));
    }
    let article = archive.read(&archive.article_file("boat-number-7-waits"));
    for expected in [
        "\ntitle: Boat number 7 waits for an answer of the council\n",
        "\nsource: Port Gazette\n",
        "\ntopics:\n  - boat 7\n",
        "| Looked at by many |",
        "Get the Gazette in your box every morning | Our editors choose five stories.",
    ] {
        assert!(
            article.contains(expected),
            "`{expected}` is not in\n{article}"
        );
    }
}

#[test]
fn the_order_of_files_changes_no_article_and_a_later_page_rewrites_none() {
    let archive = site(40, |number| number);
    let turned = site(40, |number| 39 - number);
    for archive in [&archive, &turned] {
        assert_eq!(archive.run(&["import"]).status, 0);
    }
    for number in 0..40 {
        assert_eq!(
            body(&archive, &title(number)),
            body(&turned, &title(number))
        );
    }
    let later = archive.raw("web/later.html", page(40, 41));
    let said = later.run(&["import"]);
    assert_eq!(
        (&said.json["new"], &said.json["same"]),
        (&1.into(), &40.into())
    );
    assert_eq!(body(&later, &title(40)).trim(), text_of(40));
}

#[test]
fn few_pages_teach_nothing_and_texts_that_recur_in_the_text_stay() {
    let few = site(4, |number| number);
    assert_eq!(few.run(&["import"]).json["recurring_texts"], 0);
    assert!(body(&few, &title(0)).contains("Get the Gazette in your box"));
    // Wire copy in two articles, a heading with a text of its own below it, a short line amid the text.
    let wire = "The company that owns the boats said in a statement that it would not answer questions of the press \
                before its shareholders have met in the autumn of this year.";
    let archive = (0..12).fold(Archive::new(), |archive, number| {
        let copy = if number < 2 { wire } else { "" };
        let page = format!(
            "<!DOCTYPE html><title>{title}</title><h1>{title}</h1><p>{one}</p><p>{copy}</p><h2>Method</h2><p>{two}</p>\
             <p>(Applause)</p><p>{three}</p>",
            title = title(number),
            one = sentences(number, 1),
            two = sentences(number, 2),
            three = sentences(number, 3),
        );
        archive.raw(&format!("web/{number}.html"), page)
    });
    assert_eq!(archive.run(&["import"]).json["recurring_texts"], 0);
    for number in 0..12 {
        let text = body(&archive, &title(number));
        assert_eq!(
            text.contains("would not answer questions"),
            number < 2,
            "{text}"
        );
        assert!(
            text.contains("## Method") && text.contains("(Applause)"),
            "{text}"
        );
    }
}
