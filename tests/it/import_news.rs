//! NITF, NewsML and ninjs: items, their versions, and items that an agency withdraws.

use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, RawText};
use backfile::import::reading::Reading;
use proptest::prelude::*;
use serde_json::json;

use crate::archive::Archive;
use crate::import_feeds::{one, read};

/// A document of NITF with these elements in `docdata` and this content.
fn nitf(data: &str, content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE nitf SYSTEM \"nitf-3-5.dtd\">
<nitf version=\"-//IPTC//DTD NITF 3.5//EN\"><head><title>slug-title</title>
<tobject tobject.type=\"News\"><tobject.subject tobject.subject.refnum=\"04015000\" tobject.subject.type=\"Economy\" tobject.subject.matter=\"Transport\"/></tobject>
{data}</head>
<body><body.head><hedline><hl1>Ferry <em>sails</em> again &amp; again</hl1><hl2>After nine years</hl2></hedline>
<byline>By <person>Ida Moss</person> and <person>Nils Farrow</person> <byttl>Quay Desk</byttl></byline>
<dateline><location>PORT ELLERY</location>, <story.date norm=\"20210712\">July 12</story.date></dateline>
<abstract><p>In short, it sails.</p></abstract></body.head>
<body.content>{content}</body.content>
<body.end><tagline>Ida Moss writes on boats.</tagline></body.end></body></nitf>
"
    )
}

const DATA: &str = "<docdata management-status=\"usable\"><correction info=\"Corrects the day.\"/><doc-id id-string=\"quay-77\" regsrc=\"QW\"/><urgency ed-urg=\"4\"/><date.issue norm=\"20210713T114700Z\"/><date.release norm=\"20210713T120000Z\"/><doc.copyright holder=\"Quay Wire\" year=\"2021\"/><key-list><keyword key=\"harbour\"/><keyword key=\"Transport\"/></key-list><series series.name=\"Nine Years\" series.part=\"2\"/><fixture fix-id=\"Boats Today\"/><identified-content><org>Ferry Board</org></identified-content></docdata>";

#[test]
fn nitf_gives_all_its_fields() {
    let content = "<block><p>It <em>sails</em> from <location>Monday</location>.</p><hl2>On board</hl2><p/><ul><li>a</li><li>b</li></ul><bq><block><p>At last.</p></block><credit>The captain</credit></bq><table><tr><th>Day</th><th>Boats</th></tr><tr><td>Mon</td><td>3</td></tr></table><media media-type=\"image\"><media-reference source=\"a.jpg\"/><media-caption>The pier.</media-caption><media-producer>Ada Lind</media-producer></media><p>See <a href=\"https://quay.example/\">the &eacute;tat</a>.</p></block>";
    let reading = one("nitf", &nitf(DATA, content));
    let front = &reading.front;
    assert_eq!(front.title, "Ferry sails again & again");
    assert_eq!(reading.record.as_deref(), Some("quay-77"));
    assert_eq!(front.date.expect("one").to_string(), "2021-07-13T11:47Z");
    assert_eq!(front.authors, ["Ida Moss", "Nils Farrow"]);
    assert_eq!(front.place.as_deref(), Some("Port Ellery"));
    assert_eq!(front.source.as_deref(), Some("Quay Wire"));
    assert_eq!(front.topics, ["Transport", "harbour"]);
    assert_eq!(front.summary.as_deref(), Some("In short, it sails."));
    assert!(!front.draft && front.withdrawn.is_none());
    for (key, value) in [
        ("subtitle", "After nine years"),
        ("byline_title", "Quay Desk"),
        ("correction", "Corrects the day."),
        ("urgency", "4"),
        ("copyright", "Quay Wire 2021"),
        ("series", "Nine Years 2"),
        ("fixture", "Boats Today"),
        ("org", "Ferry Board"),
        ("subject_codes", "04015000"),
        ("date_release", "20210713T120000Z"),
    ] {
        assert_eq!(front.extra[key], value, "{key}");
    }
    assert_eq!(
        reading.body.markdown(),
        "PORT ELLERY, July 12 It *sails* from Monday.\n\n## On board\n\n- a\n- b\n\n> At last.\n>\n> The captain\n\n| Day | Boats |\n|---|---|\n| Mon | 3 |\n\nThe pier.\n\nAda Lind\n\nSee [the état](https://quay.example/).\n\nIda Moss writes on boats.\n"
    );
}

#[test]
fn a_repeated_lead_is_read_once() {
    let twice = "<block class=\"lead_paragraph\"><p>It sails.</p></block><block class=\"full_text\"><p>It sails.</p><p>It is late.</p></block>";
    let reading = one(
        "nitf",
        &nitf(
            "<docdata/><pubdata date.publication=\"19870226T000000\" name=\"The Quay\"/>",
            twice,
        ),
    );
    assert_eq!(
        reading.body.markdown(),
        "PORT ELLERY, July 12 It sails.\n\nIt is late.\n\nIda Moss writes on boats.\n"
    );
    assert_eq!(reading.front.date.expect("one").to_string(), "1987-02-26");
    assert_eq!(reading.front.source.as_deref(), Some("The Quay"));
    let other = twice.replacen("It sails.", "LEAD: it sails.", 1);
    let reading = one("nitf", &nitf("<docdata/>", &other));
    assert!(
        reading
            .body
            .markdown()
            .contains("LEAD: it sails.\n\nIt sails."),
        "{}",
        reading.body.markdown()
    );
}

#[test]
fn a_killed_item_is_withdrawn_and_an_embargoed_one_is_a_draft() {
    let with = |status: &str| {
        let data = DATA.replace("usable", status);
        one("nitf", &nitf(&data, "<p>It sails.</p>")).front
    };
    for status in ["killed", "canceled"] {
        assert_eq!(with(status).withdrawn.as_deref(), Some("Corrects the day."));
    }
    let held = with("withheld");
    assert!(held.draft && held.withdrawn.is_none());
    assert_eq!(held.extra["status"], "withheld");
    let later = with("embargoed");
    assert!(later.draft);
    assert_eq!(later.extra["embargoed"], "2021-07-13T12:00Z");
}

/// An item of NewsML-G2: its guid, version, what else its `itemMeta` says, and its content.
fn item(guid: &str, version: u32, meta: &str, content: &str) -> String {
    format!(
        "<newsItem guid=\"{guid}\" version=\"{version}\" xml:lang=\"en-GB\" standard=\"NewsML-G2\" xmlns=\"http://iptc.org/std/nar/2006-10-01/\">
<rightsInfo><copyrightHolder literal=\"x\"><name>Quay Wire Ltd</name></copyrightHolder></rightsInfo>
<itemMeta><itemClass qcode=\"ninat:text\"/><provider literal=\"QW\"><name>Quay Wire</name></provider><versionCreated>2021-07-1{version}T09:00:00Z</versionCreated><firstCreated>2021-07-10T08:00:00+01:00</firstCreated>{meta}</itemMeta>
<contentMeta><urgency>3</urgency><contentCreated>2021-07-09T08:00:00Z</contentCreated><located type=\"loctyp:City\"><name>Port Ellery</name></located><by>By Ida Moss</by><headline>Ferry sails {version}</headline><slugline>FERRY/</slugline><language tag=\"en-GB\"/>
<subject qcode=\"medtop:20000337\"><name xml:lang=\"de\">Verkehr</name><name xml:lang=\"en-gb\">Transport</name></subject><subject literal=\"harbour\"/></contentMeta>
<contentSet>{content}</contentSet></newsItem>"
    )
}

const XHTML: &str = "<inlineXML contenttype=\"application/xhtml+xml\"><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title/></head><body><p>It <b>sails</b>.</p><p>It is <i>late</i>.<br/>Very.</p></body></html></inlineXML>";

#[test]
fn an_item_of_newsml_gives_all_its_fields() {
    let reading = one(
        "newsml",
        &item(
            "urn:qw:1",
            2,
            "<pubStatus qcode=\"stat:usable\"/><edNote>Adds the day.</edNote>",
            XHTML,
        ),
    );
    let front = &reading.front;
    assert_eq!(reading.record.as_deref(), Some("urn:qw:1"));
    assert_eq!(front.title, "Ferry sails 2");
    assert_eq!(
        front.date.expect("one").to_string(),
        "2021-07-10T08:00+01:00"
    );
    assert_eq!(front.extra["modified"], "2021-07-12T09:00Z");
    assert_eq!(front.authors, ["Ida Moss"]);
    assert_eq!(
        (front.place.as_deref(), front.source.as_deref()),
        (Some("Port Ellery"), Some("Quay Wire"))
    );
    assert_eq!(front.topics, ["Transport", "harbour"]);
    assert_eq!(front.lang.as_deref(), Some("en-gb"));
    assert_eq!(front.extra["subject_codes"], "medtop:20000337");
    assert_eq!(front.extra["editorial_note"], "Adds the day.");
    assert_eq!(front.extra["copyright"], "Quay Wire Ltd");
    assert_eq!(
        reading.body.markdown(),
        "It **sails**.\n\nIt is *late*.\\\nVery.\n"
    );

    let inner = nitf(DATA, "<p>It sails.</p>");
    let inner = &inner[inner.find("<nitf").expect("a root")..];
    let reading = one(
        "newsml",
        &item(
            "urn:qw:1",
            2,
            "",
            &format!("<inlineXML contenttype=\"application/nitf+xml\">{inner}</inlineXML>"),
        ),
    );
    assert_eq!(reading.front.title, "Ferry sails 2");
    assert!(
        reading
            .body
            .markdown()
            .starts_with("PORT ELLERY, July 12 It sails.\n"),
        "{}",
        reading.body.markdown()
    );
    let plain = one(
        "newsml",
        &item(
            "urn:qw:1",
            2,
            "",
            "<inlineData contenttype=\"text/plain\">It *sails* &amp; sails.\n\nLate.</inlineData>",
        ),
    );
    assert_eq!(plain.body.markdown(), "It \\*sails\\* & sails.\n\nLate.\n");
}

#[test]
fn of_several_versions_the_newest_is_the_article() {
    let usable = "<pubStatus qcode=\"stat:usable\"/>";
    let kill = item(
        "urn:qw:2",
        4,
        "<pubStatus qcode=\"stat:canceled\"/><edNote>The board denies it.</edNote>",
        "",
    )
    .replace("<headline>Ferry sails 4</headline>", "");
    let picture = item("urn:qw:3", 1, usable, "<remoteContent href=\"a.jpg\"/>")
        .replace("ninat:text", "ninat:picture");
    let message = format!(
        "<newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><header><sent>2021-07-13T00:00:00Z</sent></header><itemSet>{}{}{}{}{}{picture}</itemSet></newsMessage>",
        item("urn:qw:1", 1, usable, XHTML),
        item("urn:qw:1", 3, usable, XHTML),
        item("urn:qw:1", 2, usable, XHTML),
        item("urn:qw:2", 1, usable, XHTML),
        kill,
    );
    let readings = read("newsml", &message);
    let articles: Vec<&Reading> = readings.iter().filter(|r| r.problem.is_none()).collect();
    assert_eq!(articles.len(), 2);
    assert_eq!(articles[0].front.title, "Ferry sails 3");
    assert_eq!(articles[1].front.title, "Ferry sails 1");
    assert_eq!(
        articles[1].front.withdrawn.as_deref(),
        Some("The board denies it.")
    );

    let archive = Archive::new().raw("a.xml", message.clone());
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (0, 2), "{}", said.json);
    let found = said.diagnostics().join("\n");
    assert!(found.contains("an older version of an item is left out; the newest is the article (and 2 more in this file)"), "{found}");
    assert!(
        found.contains("a news item without text (a picture"),
        "{found}"
    );
    // A newer version renews its article.
    let newer = item("urn:qw:1", 5, usable, XHTML);
    archive.write(
        "raw/a.xml",
        message.replace("<itemSet>", &format!("<itemSet>{newer}")),
    );
    let said = archive.run(&["import"]);
    let counts = (
        said.count("/new"),
        said.count("/changed"),
        said.count("/removed"),
    );
    assert_eq!(counts, (0, 1, 0), "{}", said.json);
    assert_eq!(archive.run(&["build"]).status, 0);
}

#[test]
fn an_embargo_makes_a_draft_whatever_its_date() {
    for (embargo, kept) in [
        (
            "<embargoed>2031-01-01T00:00:00Z</embargoed>",
            "2031-01-01T00:00Z",
        ),
        (
            "<embargoed>1999-01-01T00:00:00Z</embargoed>",
            "1999-01-01T00:00Z",
        ),
        ("<embargoed/>", "yes"),
    ] {
        let front = one("newsml", &item("urn:qw:1", 1, embargo, XHTML)).front;
        assert!(front.draft);
        assert_eq!(front.extra["embargoed"], kept);
    }
    let front = one(
        "newsml",
        &item("urn:qw:1", 1, "<pubStatus qcode=\"stat:withheld\"/>", XHTML),
    )
    .front;
    assert!(front.draft);
}

#[test]
fn newsml_1_is_read_too() {
    let text = "<?xml version=\"1.0\"?><NewsML Version=\"1.2\"><NewsEnvelope><DateAndTime>20210713T090000Z</DateAndTime></NewsEnvelope>
<NewsItem><Identification><NewsIdentifier><ProviderId>qw.example</ProviderId><DateId>20210713</DateId><NewsItemId>ferry</NewsItemId><RevisionId PreviousRevision=\"0\" Update=\"N\">1</RevisionId><PublicIdentifier>urn:newsml:qw.example:20210713:ferry:1</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName=\"News\"/><FirstCreated>20210713T080000Z</FirstCreated><ThisRevisionCreated>20210713T083000Z</ThisRevisionCreated><Status FormalName=\"Usable\"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>Ferry sails</HeadLine><ByLine>By Ida Moss</ByLine><DateLine>PORT ELLERY, July 13</DateLine></NewsLines><AdministrativeMetadata><Provider><Party FormalName=\"Quay Wire\"/></Provider></AdministrativeMetadata>
<DescriptiveMetadata><Language FormalName=\"en\"/><SubjectCode><Subject FormalName=\"04000000\"/></SubjectCode></DescriptiveMetadata>
<ContentItem><DataContent><nitf><body><body.content><p>It sails.</p></body.content></body></nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>";
    let reading = one("newsml", text);
    let front = &reading.front;
    assert_eq!(
        (front.id.as_str(), front.title.as_str()),
        ("qw.example:20210713:ferry", "Ferry sails")
    );
    assert_eq!(front.date.expect("one").to_string(), "2021-07-13T08:00Z");
    assert_eq!(
        (front.authors.as_slice(), front.source.as_deref()),
        (&["Ida Moss".to_owned()][..], Some("Quay Wire"))
    );
    assert_eq!(front.extra["subject_codes"], "04000000");
    assert_eq!(reading.body.markdown(), "PORT ELLERY, July 13 It sails.\n");
}

#[test]
fn ninjs_gives_all_its_fields_in_each_of_its_versions() {
    let first = json!({
        "uri": "https://quay.example/1", "type": "text", "version": "1", "versioncreated": "2021-07-13T11:00:00Z", "firstcreated": "2021-07-13T09:47:00+02:00",
        "pubstatus": "usable", "language": "en", "headline": "Ferry sails", "byline": "By Ida Moss and Nils Farrow", "located": "Port Ellery",
        "subject": [{"name": "Transport", "code": "20000337", "rel": "about"}], "description_text": "In short.", "ednote": "Adds the day.", "urgency": 3,
        "body_xhtml": "<p>It <b>sails</b>.</p>", "body_text": "It sails.", "person": [{"name": "Ada Lind"}], "mood": null,
    });
    let third = json!({
        "uri": "https://quay.example/1", "standard": {"name": "ninjs", "version": "3.0"}, "type": "text", "versionCreated": "2021-07-13T11:00:00Z", "firstCreated": "2021-07-13T09:47:00+02:00",
        "pubStatus": "usable", "language": "en", "headlines": [{"role": "main", "value": "Ferry sails"}], "by": "By Ida Moss and Nils Farrow", "located": "Port Ellery",
        "subjects": [{"name": "Transport", "uri": "20000337"}], "descriptions": [{"value": "In short."}], "edNote": "Adds the day.", "urgency": 3,
        "bodies": [{"contentType": "text/plain", "value": "It sails."}, {"contentType": "text/html", "value": "<p>It <b>sails</b>.</p>"}],
    });
    for text in [
        first.to_string(),
        third.to_string(),
        json!([first]).to_string(),
        format!("{first}\n\n"),
        serde_json::to_string_pretty(&first).expect("JSON"),
    ] {
        let reading = one("ninjs", &text);
        let front = &reading.front;
        assert_eq!(
            (front.id.as_str(), front.title.as_str()),
            ("https://quay.example/1", "Ferry sails")
        );
        assert_eq!(
            front.date.expect("one").to_string(),
            "2021-07-13T09:47+02:00"
        );
        assert_eq!(front.authors, ["Ida Moss", "Nils Farrow"]);
        assert_eq!(
            (front.place.as_deref(), front.lang.as_deref()),
            (Some("Port Ellery"), Some("en"))
        );
        assert_eq!(front.topics, ["Transport"]);
        assert_eq!(front.summary.as_deref(), Some("In short."));
        assert_eq!(front.extra["editorial_note"], "Adds the day.");
        assert_eq!(front.extra["subject_codes"], "20000337");
        assert_eq!(front.extra["modified"], "2021-07-13T11:00Z");
        assert_eq!(front.extra["urgency"], 3);
        assert!(!front.extra.contains_key("mood") && !front.extra.contains_key("other_bodies"));
        assert_eq!(reading.body.markdown(), "It **sails**.\n");
    }
}

#[test]
fn ninjs_has_versions_embargoes_and_kills_as_well() {
    let item = |uri: &str, version: &str, more: serde_json::Value| {
        let mut item = json!({"uri": uri, "version": version, "versioncreated": format!("2021-07-1{version}T00:00:00Z"), "headline": format!("Version {version}"), "body_text": "It sails.\n\nLate."});
        let more = more.as_object().expect("an object").clone();
        item.as_object_mut().expect("an object").extend(more);
        item.to_string() + "\n"
    };
    let lines = [
        item("a", "2", json!({})),
        item("a", "1", json!({})),
        item("b", "1", json!({"embargoed": "2031-01-01T00:00:00Z"})),
        item(
            "c",
            "1",
            json!({"pubstatus": "canceled", "ednote": "Not true."}),
        ),
        item("d", "1", json!({"type": "picture", "body_text": ""})),
        "{\"uri\": \"torn".to_owned(),
    ];
    let readings = read("ninjs", &lines.concat());
    assert_eq!(readings.len(), 6);
    assert_eq!(readings[0].front.title, "Version 2");
    assert_eq!(readings[0].body.markdown(), "It sails.\n\nLate.\n");
    assert_eq!(
        readings[0].front.date.expect("one").to_string(),
        "2021-07-12T00:00Z"
    );
    assert_eq!(readings[0].front.inferred, ["date"]);
    assert!(readings[2].front.draft);
    assert_eq!(readings[3].front.withdrawn.as_deref(), Some("Not true."));
    for at in [1, 4, 5] {
        assert!(readings[at].problem.is_some(), "{at}");
    }
}

#[test]
fn other_json_is_not_taken_for_ninjs() {
    for text in [
        json!([{"uri": "x", "headline": "Ferry sails again", "text": "It sails from Monday, at last."}]),
        json!({"id": "x", "headline": "Ferry sails again", "body_text": "It sails from Monday, at last."}),
        json!([{"uri": "x", "title": "Ferry", "pubstatus": "usable", "content": "It sails from Monday."}]),
    ] {
        let text = text.to_string();
        let raw = RawText::new("a", &text);
        let found = LAYOUTS
            .iter()
            .find(|l| l.recognises(&raw))
            .map(|l| l.name());
        assert_eq!(found, Some("json"), "{text}");
    }
}

#[test]
fn hostile_news_are_bounded() {
    let archive = Archive::new()
        .raw("deep.xml", nitf(DATA, &("<block>".repeat(50_000) + &"</block>".repeat(50_000))))
        .raw("subjects.xml", item("a", 1, "", XHTML).replace("<headline>", &("<subject literal=\"x\"/>".repeat(50_000) + "<headline>")))
        .raw("people.xml", nitf(DATA, "<p>It sails.</p>").replace("<byline>", &("<byline>".to_owned() + &"<person>Ada</person>".repeat(50_000))))
        .raw("nested.xml", nitf(DATA, "<p>It sails.</p>").replace("<byline>", &("<byline>".repeat(30_000) + &"</byline>".repeat(29_999))))
        .raw("deep.json", "{\"uri\": \"a\", \"headline\": \"b\", \"versioncreated\": \"c\", \"body_text\": ".to_owned() + &"[".repeat(500_000))
        .raw("many.json", "{\"uri\": \"a\", \"headline\": \"b\", \"versioncreated\": \"c\", \"body_text\": \"d\"}\n".repeat(100_000));
    let said = archive.run(&["import"]);
    assert!(said.status <= 1, "{}", said.json);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_news_is_refused_by_a_crash(
        noise in "(<|>|&|;|/|p|block|hl2|nitf|newsItem|body.content|guid|\"|=|\\{|\\}|\\[|\\]|:|,|uri|headline|é| |\n|<!\\[CDATA\\[|\\]\\]>|x){0,40}",
        at in 0..4_000_usize,
        length in 0..400_usize,
    ) {
        let ninjs = json!([{"uri": "a", "headline": "b é", "versioncreated": "2021-07-13T00:00:00Z", "body_xhtml": "<p>One <b>two</b>.</p>", "bodies": [{"value": "x"}]}]).to_string();
        for whole in [nitf(DATA, "<p>It <em>sails</em>.</p>"), item("a", 1, "<embargoed/>", XHTML), ninjs] {
            let boundary = |at: usize| (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
            let (from, to) = (boundary(at % whole.len()), boundary(at % whole.len() + length));
            let text = format!("{}{noise}{}", &whole[..from], &whole[to.max(from)..]);
            let raw = RawText::new("a", &text);
            for layout in LAYOUTS.iter().filter(|l| matches!(l.name(), "nitf" | "newsml" | "ninjs") && l.recognises(&raw)) {
                if let Ok(readings) = layout.read(&raw) {
                    for mut reading in readings.into_iter().filter(|r| r.problem.is_none()) {
                        let record = &text[reading.span.clone()];
                        body::convert(&mut reading, record);
                        prop_assert_eq!(reading.verify(record).err(), None);
                    }
                }
            }
        }
    }
}
