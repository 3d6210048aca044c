//! Live reload: the script that a previewed page carries. It listens to the server, reloads the page where the site
//! changed, and lays what is wrong over the last good page.

use super::edition::News;

/// Where the script listens.
pub const EVENTS: &str = "/.backfile/events";

/// Puts the script before the end of a page. The published page never has it.
pub fn inject(html: Vec<u8>, news: &News) -> Vec<u8> {
    let state = serde_json::to_string(news)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let script = format!("<script>({SCRIPT})({state},\"{EVENTS}\")</script>\n");
    let end = html
        .windows(7)
        .rposition(|w| w.eq_ignore_ascii_case(b"</body>"))
        .unwrap_or(html.len());
    let mut out = html;
    out.splice(end..end, script.into_bytes());
    out
}

/// A page for a site that cannot be shown at all.
pub fn broken() -> Vec<u8> {
    b"<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Backfile</title><body></body></html>\n".to_vec()
}

const SCRIPT: &str = r##"(state, events) => {
  const overlay = document.createElement("div");
  overlay.setAttribute("role", "alert");
  overlay.style.cssText = "position:fixed;inset:auto 0 0 0;max-height:60vh;overflow:auto;z-index:2147483647;" +
    "background:#1b1a17;color:#f4efe4;font:14px/1.5 ui-monospace,monospace;padding:1rem 1.25rem;border-top:3px solid #d9502e;display:none";
  document.body.append(overlay);
  const line = (text, style) => {
    const p = document.createElement("div");
    p.textContent = text;
    p.style.cssText = style || "";
    return p;
  };
  const show = ({ failed, diagnostics }) => {
    const heavy = diagnostics.filter((d) => failed || d.severity !== "warning");
    overlay.replaceChildren();
    overlay.style.display = heavy.length ? "block" : "none";
    if (!heavy.length) return;
    overlay.append(line(failed ? "The site cannot be built; this is the last good page." : "Left out of the site:", "font-weight:bold;margin-bottom:.5rem"));
    for (const d of heavy.slice(0, 20)) {
      const place = [d.path, d.line, d.column].filter(Boolean).join(":");
      overlay.append(line((place ? place + ": " : "") + d.what));
      if (d.hint) overlay.append(line("hint: " + d.hint, "opacity:.75;margin-bottom:.5rem"));
    }
  };
  show(state);
  const source = new EventSource(events);
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    if (news.version === state.version) return;
    if (news.failed) { state = news; show(news); } else { location.reload(); }
  };
}"##;
