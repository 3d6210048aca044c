//! A text/plain part → paragraphs, quotations and code. Never knows MIME.

mod removal;

use crate::import::plain_lines::{
    Wrapping, fence, is_preformatted, push_code, push_lines, unwrapped,
};

/// Quotations are nested to this depth; what is quoted deeper is shown there.
const MOST_QUOTED: usize = 12;

/// A paragraph, or lines that are shown as written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    /// How deep it is quoted.
    depth: usize,
    /// Lines that end on purpose; a `\n` within one is where it was only wrapped.
    lines: Vec<String>,
    is_code: bool,
}

/// The blocks of a text, and what was removed from it.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlainBody {
    blocks: Vec<Block>,
    pub removed: Vec<String>,
    /// Names of files that were in the text.
    pub attachments: Vec<String>,
}

/// How long lines were wrapped.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flow {
    /// RFC 3676.
    pub is_flowed: bool,
    pub deletes_space: bool,
}

impl PlainBody {
    /// `text` has its lines ended by `\n`.
    pub(crate) fn read(text: &str, flow: Flow) -> Self {
        let mut plain = Self::default();
        let lines: Vec<&str> = text.split('\n').collect();
        let kept = plain.without_removals(&lines);
        let mut quoted: Vec<(usize, String)> = Vec::with_capacity(kept.len());
        let mut is_open = false;
        for line in kept {
            let (depth, rest) = quotation(line);
            let flows = flow.is_flowed && rest.ends_with(' ') && rest != "-- ";
            let rest = match (flow.is_flowed, flows && flow.deletes_space) {
                (true, true) => rest.trim_end_matches(' '),
                _ => rest,
            };
            match quoted
                .last_mut()
                .filter(|(before, _)| is_open && *before == depth)
            {
                Some((_, joined)) => joined.push_str(rest),
                None => quoted.push((depth, rest.to_owned())),
            }
            is_open = flows;
        }
        plain.blocks = blocks(&quoted);
        plain
    }

    /// The text with blank lines between paragraphs; `None` if a line of it needs markup.
    pub(crate) fn prose(&self) -> Option<String> {
        let is_prose = |b: &Block| b.depth == 0 && !b.is_code && b.lines.len() == 1;
        let texts = self.blocks.iter().map(|b| b.lines[..].join("\n"));
        self.blocks
            .iter()
            .all(is_prose)
            .then(|| texts.collect::<Vec<_>>().join("\n\n"))
    }

    /// The words in order.
    pub(crate) fn words(&self) -> String {
        let texts = self.blocks.iter().map(|b| b.lines.join("\n") + "\n\n");
        texts.collect()
    }

    /// The body as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut out = String::new();
        let mut before: Option<usize> = None;
        for block in &self.blocks {
            let prefix = "> ".repeat(block.depth);
            if let Some(before) = before {
                out.push_str("> ".repeat(before.min(block.depth)).trim_end());
                out.push('\n');
            }
            match block.is_code {
                true => push_code(&mut out, &prefix, &block.lines),
                false => push_lines(&mut out, &prefix, &block.lines),
            }
            before = Some(block.depth);
        }
        out
    }
}

/// How deep a line is quoted, and the rest of it.
fn quotation(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(after) = rest.strip_prefix('>') {
        depth += 1;
        rest = after;
        if let Some(next) = rest.strip_prefix(' ').filter(|next| next.starts_with('>')) {
            rest = next;
        }
    }
    // A space separates marks and text.
    let rest = match depth {
        0 => rest,
        _ => rest.strip_prefix(' ').unwrap_or(rest),
    };
    (depth.min(MOST_QUOTED), rest)
}

fn blocks(lines: &[(usize, String)]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut rest = lines;
    while let Some((depth, first)) = rest.first() {
        if is_blank(first) {
            rest = &rest[1..];
            continue;
        }
        let of_patch = patch(rest);
        let same = rest
            .iter()
            .take_while(|(d, line)| d == depth && !is_blank(line));
        let count = if of_patch > 0 { of_patch } else { same.count() };
        let (group, after) = rest.split_at(count);
        let group: Vec<&str> = group.iter().map(|(_, line)| line.trim_end()).collect();
        let is_code = of_patch > 0 && fence(&group).is_some() || is_preformatted(&group);
        let lines = match is_code {
            true => group.into_iter().map(str::to_owned).collect(),
            false => unwrapped(&group, Wrapping::of_mail(&group)),
        };
        found.push(Block {
            depth: *depth,
            lines,
            is_code,
        });
        rest = after;
    }
    found
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// How many of the lines are a patch that begins with the first.
fn patch(lines: &[(usize, String)]) -> usize {
    let at = |rank: usize| lines.get(rank).map_or("", |(_, line)| line.as_str());
    let begins = at(0).starts_with("diff -")
        || at(0).starts_with("--- ") && at(1).starts_with("+++ ")
        || at(0).starts_with("@@ -");
    if !begins {
        return 0;
    }
    const BEGINNINGS: &[&str] = &[
        " ",
        "+",
        "-",
        "@@ ",
        "\\ ",
        "diff ",
        "index ",
        "new file ",
        "deleted file ",
        "old mode ",
        "new mode ",
        "rename ",
        "copy ",
        "similarity ",
        "Binary ",
        "Index: ",
        "====",
    ];
    let depth = lines.first().map(|(depth, _)| *depth);
    let mut count = 0;
    for (rank, (d, line)) in lines.iter().enumerate() {
        let is_part = BEGINNINGS.iter().any(|b| line.starts_with(b));
        if Some(*d) != depth || !is_part && !is_blank(line) {
            break;
        }
        // Blank lines belong to it if it continues below them.
        if is_part && !is_blank(line) {
            count = rank + 1;
        }
    }
    count
}

/// Lines that end on purpose, as Markdown.
pub(crate) fn lines(lines: &[String]) -> String {
    let mut out = String::new();
    push_lines(&mut out, "", lines);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> PlainBody {
        PlainBody::read(text, Flow::default())
    }

    #[test]
    fn quotations_nest_and_wrapped_lines_are_joined() {
        let text = "On Monday Ida wrote:\n> > Does the ferry sail on days when the wind is from the\n> > north, or not?\n> It does.\n>\n> *Always*.\nThanks!";
        assert_eq!(
            read(text).markdown(),
            "On Monday Ida wrote:\n\n> > Does the ferry sail on days when the wind is from the north, or not?\n>\n> It does.\n>\n> \\*Always\\*.\n\nThanks!\n"
        );
        assert_eq!(read(">>>a\n>>b").markdown(), "> > > a\n> >\n> > b\n");
    }

    #[test]
    fn lines_that_end_on_purpose_are_kept() {
        let text = "Boats:\n- Lark, which is as old as the harbour and much older than its\n  master\n- Alder\n\nIda Moss\nThe Quay 4\nPort Ellery";
        assert_eq!(
            read(text).markdown(),
            "Boats:\\\n\\- Lark, which is as old as the harbour and much older than its master\\\n\\- Alder\n\nIda Moss\\\nThe Quay 4\\\nPort Ellery\n"
        );
        let table = "Boat      Days\nLark      4\nAlder    12";
        assert_eq!(read(table).markdown(), format!("```\n{table}\n```\n"));
    }

    #[test]
    fn patches_are_kept_as_written() {
        let diff = "diff --git a/lark b/lark\n--- a/lark\n+++ b/lark\n@@ -1,2 +1,2 @@\n sails\n\n-```\n+at noon";
        let text = format!("It sails.\n---\n lark | 2 +-\n 1 file changed\n\n{diff}\n\nThe end.");
        assert_eq!(
            read(&text).markdown(),
            format!(
                "It sails.\\\n\\---\\\nlark \\| 2 +-\\\n1 file changed\n\n````\n{diff}\n````\n\nThe end.\n"
            )
        );
        let quoted: String = diff.lines().map(|line| format!("> {line}\n")).collect();
        assert!(
            read(&quoted)
                .markdown()
                .contains("\n> -```\n> +at noon\n> ````\n")
        );
        assert_eq!(read("diff is\na word").markdown(), "diff is\\\na word\n");
    }

    #[test]
    fn flowed_lines_are_joined_and_fixed_ones_are_not() {
        let flow = Flow {
            is_flowed: true,
            deletes_space: false,
        };
        let text = "It rains and \nit rains.\n> It did \n> before.\n Then\nnot. \n-- \nIda";
        let plain = PlainBody::read(text, flow);
        assert_eq!(
            plain.markdown(),
            "It rains and it rains.\n\n> It did before.\n\nThen\\\nnot.\n"
        );
        assert_eq!(plain.removed, ["-- Ida"]);
        let flow = Flow {
            deletes_space: true,
            ..flow
        };
        assert_eq!(PlainBody::read("雨 \nが", flow).markdown(), "雨が\n");
    }

    #[test]
    fn signatures_footers_and_armor_are_removed() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nIt rains.\n- --- so ---\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n=ab\n-----END PGP SIGNATURE-----\n-- \nIda Moss\n____________________________\nQuay mailing list\nhttps://lists.example/quay\n";
        let plain = read(text);
        assert_eq!(plain.markdown(), "It rains.\\\n\\--- so ---\n");
        assert_eq!(
            plain.removed,
            [
                "-----BEGIN PGP SIGNED MESSAGE----- Hash: SHA1",
                "-----BEGIN PGP SIGNATURE----- iQEz =ab -----END PGP SIGNATURE-----",
                "-- Ida Moss",
                "____________________________ Quay mailing list https://lists.example/quay",
            ]
        );
        let quoted = "It rains.\n-- \nIda\n\n> Does it?";
        assert!(read(quoted).removed.is_empty());
        assert!(
            read(&format!("It rains.\n--\n{}", "More.\n".repeat(20)))
                .removed
                .is_empty()
        );
        assert!(read("-- \nOnly this").removed.is_empty());
        let form = "Name:\n____________________________\nStreet:";
        assert!(read(form).removed.is_empty());
    }

    #[test]
    fn files_in_the_text_are_attachments() {
        let plain = read(
            "See:\n\nbegin 644 lark.jpg\nM1234567890\n#ABC\n`\nend\n\nbegin 5 days later\n=ybegin line=128 size=3 name=a b.bin\nxyz\n=yend size=3\nDone.",
        );
        assert_eq!(plain.attachments, ["lark.jpg", "a b.bin"]);
        assert_eq!(plain.markdown(), "See:\n\nbegin 5 days later\\\nDone.\n");
    }
}
