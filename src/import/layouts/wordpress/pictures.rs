//! Pictures that a post shows by their number: its featured image, and those of `[gallery]`. WordPress exports them as records of
//! their own. Knows addresses; never the files.

use std::collections::BTreeMap;

use super::{Post, SCHEMA};
use crate::import::layouts::xml_records::XmlRecord;
use crate::import::layouts::{RawText, html_text, xml_records};

/// The most pictures that one gallery shows.
const LARGEST_GALLERY: usize = 500;

/// A picture of an export.
struct Picture {
    address: String,
    /// Its description, caption or title.
    text: String,
    /// The post to which it was uploaded.
    parent: String,
}

/// The pictures of an export, by the numbers that WordPress gives them.
#[derive(Default)]
pub(crate) struct Pictures(BTreeMap<u64, Picture>);

impl Pictures {
    /// The pictures of an export, if a post may show one by its number.
    pub(crate) fn of(raw: &RawText<'_>) -> Self {
        let mut pictures = Self::default();
        if raw.text.contains("[gallery") || raw.text.contains("_thumbnail_id") {
            // The reading after this one reports what is wrong with the file.
            let _ = xml_records::read(raw, &SCHEMA, |_, record| {
                pictures.add(record);
                None
            });
        }
        pictures
    }

    fn add(&mut self, record: &XmlRecord) {
        let post = Post(record);
        let address = post.text("wp:attachment_url");
        let Ok(number) = post.text("wp:post_id").parse() else {
            return;
        };
        if address.is_empty() {
            return;
        }
        let described = meta(record, "_wp_attachment_image_alt");
        let texts = [described, post.text("excerpt:encoded"), post.text("title")];
        let text = texts
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        let picture = Picture {
            address: address.to_owned(),
            text: html_text::text(text),
            parent: post.text("wp:post_parent").to_owned(),
        };
        self.0.insert(number, picture);
    }

    /// The text of a post with the pictures that it shows by number: the featured image before it, those of a gallery after its
    /// shortcode.
    pub(crate) fn shown_in(&self, record: &XmlRecord, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let featured = meta(record, "_thumbnail_id").parse().ok();
        let featured = featured.and_then(|number: u64| self.0.get(&number));
        let mut out = String::with_capacity(text.len());
        if let Some(picture) = featured.filter(|picture| !text.contains(stem(&picture.address))) {
            write(&mut out, picture);
        }
        let own = Post(record).text("wp:post_id");
        let mut rest = text;
        while let Some(at) = rest.find("[gallery") {
            let end = rest[at..].find(']').map_or(rest.len(), |end| at + end + 1);
            out.push_str(&rest[..end]);
            out.push_str("\n\n");
            for picture in self.gallery(&rest[at..end], own) {
                write(&mut out, picture);
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }

    /// The pictures of a gallery: those that it names, else all that were uploaded to the post.
    fn gallery(&self, shortcode: &str, own: &str) -> Vec<&Picture> {
        let named = ["ids=", "include="]
            .iter()
            .find_map(|key| shortcode.split_once(key));
        match named {
            Some((_, list)) => {
                let list = list.trim_start_matches(['"', '\'', '\u{201c}', '\u{201d}']);
                let is_end = |c: char| !(c.is_ascii_digit() || matches!(c, ',' | ' '));
                let numbers = list.split(is_end).next().unwrap_or_default().split(',');
                let pictures =
                    numbers.filter_map(|number| self.0.get(&number.trim().parse().ok()?));
                pictures.take(LARGEST_GALLERY).collect()
            }
            None => {
                let uploaded = self.0.values().filter(|picture| picture.parent == own);
                uploaded.take(LARGEST_GALLERY).collect()
            }
        }
    }
}

fn write(out: &mut String, picture: &Picture) {
    out.push_str("<img src=\"");
    html_text::escape_attribute(out, &picture.address);
    out.push_str("\" alt=\"");
    html_text::escape_attribute(out, &picture.text);
    out.push_str("\" />\n\n");
}

/// The address of a picture without its ending: a text may show it in another size.
fn stem(address: &str) -> &str {
    address.rsplit_once('.').map_or(address, |(stem, _)| stem)
}

/// The value of a hidden or custom field.
fn meta<'r>(record: &'r XmlRecord, key: &str) -> &'r str {
    let mut elements = record.elements.iter();
    let is_key = |e: &&super::Element| e.name == "wp:meta_key" && e.text.trim() == key;
    let value = elements.find(is_key).and_then(|_| elements.next());
    value.map_or("", |element| element.text.trim())
}
