//! SGML of newswires, which is not XML, with many records in a file.

use crate::import_feeds::{one, read};

pub(crate) const REUTERS: &str = "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">
<REUTERS TOPICS=\"YES\" LEWISSPLIT=\"TRAIN\" CGISPLIT=\"TRAINING-SET\" OLDID=\"5544\" NEWID=\"1\">
<DATE>26-FEB-1987 15:01:01.79</DATE>
<TOPICS><D>cocoa</D><D>ship</D></TOPICS>
<PLACES><D>el-salvador</D><D>usa</D></PLACES>
<PEOPLE></PEOPLE>
<UNKNOWN>
&#5;&#5;&#5;C T
&#22;&#22;&#1;f0704&#31;reute
u f BC-HARBOUR-REVIEW   02-26 0105</UNKNOWN>
<TEXT>&#2;
<TITLE>HARBOUR &lt;QRY> REVIEW</TITLE>
<AUTHOR>    By Ida Moss, Reuters</AUTHOR>
<DATELINE>    PORT ELLERY, Feb 26 - </DATELINE><BODY>Boats came in all week,
the harbour office said in its report for AT&amp;T <QRY.O>.
    It was the first calm week
since January.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
<REUTERS TOPICS=\"NO\" NEWID=\"2\">
<DATE>26-FEB-1987 15:02:20.00</DATE>
<TOPICS></TOPICS>
<TEXT TYPE=\"BRIEF\">&#2;
******<TITLE>******HARBOUR OPENS ON MONDAY</TITLE>
Blah blah blah.
&#3;

</TEXT>
</REUTERS>
<REUTERS NEWID=\"3\">
<DATE> 5-APR-1987 ..E RM</DATE>
<TEXT TYPE=\"UNPROC\">&#2;
QUAY CORP 4TH QTR NET 19 CTS
Shr 19 cts vs 13 cts
&#3;
</TEXT>
<REUTERS NEWID=\"4\"><TEXT><TITLE>NO TEXT AT ALL</TITLE></TEXT></REUTERS>
";

#[test]
fn reuters_sgml_is_read_though_it_is_not_xml() {
    let readings = read("sgml", REUTERS);
    assert_eq!(readings.len(), 4);
    let front = &readings[0].front;
    assert_eq!(
        (front.id.as_str(), front.title.as_str()),
        ("1", "HARBOUR <QRY> REVIEW")
    );
    assert_eq!(front.topics, ["cocoa", "ship"]);
    assert_eq!(front.authors, ["Ida Moss"]);
    assert_eq!(front.source.as_deref(), Some("Reuters"));
    assert_eq!(front.place.as_deref(), Some("Port Ellery"));
    assert_eq!(front.date.expect("one").to_string(), "1987-02-26T15:01:01");
    assert_eq!(front.extra["places"][1], "usa");
    assert_eq!(
        front.removed,
        ["C T f0704reute u f BC-HARBOUR-REVIEW 02-26 0105", "Reuter"]
    );
    assert_eq!(
        readings[0].body.markdown(),
        "PORT ELLERY, Feb 26 - Boats came in all week, the harbour office said in its report for AT\\&T \\<QRY.O>.\n\nIt was the first calm week since January.\n"
    );
    assert_eq!(readings[1].front.title, "HARBOUR OPENS ON MONDAY");
    assert!(readings[1].body.markdown().contains("Blah blah blah."));
    assert_eq!(readings[2].front.inferred, ["title"]);
    assert_eq!(
        readings[2].front.date.expect("one").to_string(),
        "1987-04-05"
    );
    assert!(readings[2].body.markdown().contains("Shr 19 cts vs 13 cts"));
    assert!(readings[3].problem.is_some());
}

#[test]
fn sgml_of_other_agencies_is_read_by_its_own_names() {
    let text = "<DOC>\n<DOCNO> QW880212-0001 </DOCNO>\n<FILEID>QW-NR-02-12-88</FILEID>\n<HEAD>Ferry Sails</HEAD>\n<BYLINE>By IDA MOSS</BYLINE>\n<DATELINE>PORT ELLERY (QW) </DATELINE>\n<TEXT>\n   The ferry sails.\n   It is late.\n</TEXT>\n</DOC>\n";
    let reading = one("sgml", text);
    assert_eq!(reading.record.as_deref(), Some("QW880212-0001"));
    assert_eq!(reading.front.extra["fileid"], "QW-NR-02-12-88");
    assert_eq!(reading.front.authors, ["IDA MOSS"]);
    assert!(
        reading
            .body
            .markdown()
            .contains("The ferry sails.\n\nIt is late."),
        "{}",
        reading.body.markdown()
    );
}
