(events, digest, since) => {
  // An address may have a `%` that encodes nothing.
  const decode = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const here = decode(location.pathname);
  const seen = new Map([[here, digest]]);
  const pathOf = (address) => {
    if (!URL.canParse(address, location.href)) return "";
    const url = new URL(address, location.href);
    return url.origin === location.origin && url.protocol.startsWith("http") ? decode(url.pathname) : "";
  };
  const longest = 4000;
  const parts = "link[rel~=stylesheet][href], script[src], img[src]";
  const addressOf = (node) => node.getAttribute("href") || node.getAttribute("src");

  // The diagnostics, above the last good page. Outside of the body, which is replaced. What does not keep the site from being
  // built is one small button, which opens them; both can be closed until something else is wrong.
  const overlay = document.createElement("div");
  overlay.setAttribute("role", "alert");
  overlay.id = "backfile-diagnostics";
  const colours = "z-index:2147483647;background:#1b1a17;color:#f4efe4;font:14px/1.5 ui-monospace,monospace;";
  const large = "position:fixed;inset:auto 0 0 0;max-height:40vh;overflow:auto;padding:.75rem 1.25rem;" +
    "border-top:3px solid #d9502e;white-space:pre-wrap;" + colours;
  const small = "position:fixed;inset:auto .75rem .75rem auto;border-radius:6px;overflow:hidden;" + colours;
  const add = (name, text, style, act) => {
    const node = document.createElement(name);
    node.textContent = text;
    node.style.cssText = style || "";
    if (act) node.onclick = act;
    overlay.append(node);
    return node;
  };
  const plain = "font:inherit;color:inherit;background:none;border:0;cursor:pointer;min-width:44px;min-height:32px;padding:.25rem .75rem;";
  let closed;
  const show = (state, isOpen = state.failed) => {
    const { failed, diagnostics } = state;
    const all = JSON.stringify([failed, diagnostics]);
    overlay.replaceChildren();
    if (!diagnostics.length || closed === all) return overlay.remove();
    const close = () => { closed = all; overlay.remove(); };
    overlay.style.cssText = isOpen ? large : small;
    if (!isOpen) {
      const number = diagnostics.length === 1 ? "1 problem" : `${diagnostics.length} problems`;
      add("button", number, plain, () => show(state, true));
      add("button", "\u00d7", plain, close).setAttribute("aria-label", "close");
      return document.documentElement.append(overlay);
    }
    add("button", "\u00d7", plain + "float:right;", close).setAttribute("aria-label", "close");
    const title = failed ? "This cannot be built; below is the last good page." : "Left out of the site:";
    add("div", title, "font-weight:bold;margin-bottom:.5rem");
    for (const { path, line: row, column, what, hint } of diagnostics) {
      const place = [path, row, column].filter(Boolean).join(":");
      add("div", (place ? place + ": " : "") + what);
      if (hint) add("div", "hint: " + hint, "opacity:.75;margin-bottom:.5rem");
    }
    document.documentElement.append(overlay);
  };

  // Changes one tree into another, only where they differ, which keeps scroll positions, open details and input.
  const isKept = (old, fresh) =>
    old.nodeName === "SCRIPT" && fresh.nodeName === "SCRIPT" && old.hasAttribute("data-backfile") ||
    old.nodeName === "LINK" && fresh.nodeName === "LINK" && old.rel === fresh.rel &&
      pathOf(old.getAttribute("href")) === pathOf(fresh.getAttribute("href"));
  const isSame = (old, fresh) => old.isEqualNode(fresh) || isKept(old, fresh);
  const morph = (old, fresh) => {
    if (isSame(old, fresh)) return;
    if (old.nodeType !== 1) { old.nodeValue = fresh.nodeValue; return; }
    for (const { name } of [...old.attributes])
      if (!fresh.hasAttribute(name) && !(old.nodeName === "DETAILS" && name === "open")) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes)
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const olds = [...old.childNodes], news = [...fresh.childNodes];
    let tail = 0, head = 0;
    const least = Math.min(olds.length, news.length);
    while (head < least && isSame(olds[head], news[head])) head++;
    while (tail < least - head && isSame(olds.at(-1 - tail), news.at(-1 - tail))) tail++;
    const end = tail ? olds.at(-tail) : null;
    const from = olds.slice(head, olds.length - tail), to = news.slice(head, news.length - tail);
    to.forEach((node, at) => {
      const other = from[at];
      if (other && other.nodeName === node.nodeName) morph(other, node);
      else if (other) other.replaceWith(document.importNode(node, true));
      else old.insertBefore(document.importNode(node, true), end);
    });
    from.slice(to.length).forEach((node) => node.remove());
  };
  const scripts = (tree) => [...tree.querySelectorAll("script:not([data-backfile])")].map((node) => node.outerHTML).join("\n");
  const swapPage = async () => {
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A changed script has to run on a new page.
    if (scripts(fresh) !== scripts(document)) return location.reload();
    morph(document.head, fresh.head);
    morph(document.body, fresh.body);
    for (const name of ["lang", "dir"]) document.documentElement.setAttribute(name, fresh.documentElement.getAttribute(name) || "");
  };
  const swapPart = (node, digest) => {
    if (node.nodeName === "SCRIPT") return location.reload();
    const address = new URL(addressOf(node), location.href);
    address.searchParams.set("backfile", digest);
    if (node.nodeName === "IMG") { node.src = address; return; }
    // The old style sheet is kept until the new one is loaded, to avoid a flash of unstyled content. Changes may come faster than they load.
    const path = pathOf(addressOf(node));
    const all = () => [...document.querySelectorAll("link[rel~=stylesheet][href]")].filter((link) => pathOf(addressOf(link)) === path);
    if (node !== all().at(-1)) return;
    const next = node.cloneNode();
    next.href = address;
    next.onload = () => { const links = all(); links.slice(0, links.indexOf(next)).forEach((link) => link.remove()); };
    next.onerror = () => next.remove();
    node.after(next);
  };

  let source, timer, calls = 0;
  const close = () => { clearTimeout(timer); source?.close(); source = undefined; };
  const listen = async () => {
    close();
    const call = ++calls;
    for (const node of document.querySelectorAll(parts)) {
      const path = pathOf(addressOf(node));
      if (path && !seen.has(path)) seen.set(path, since);
    }
    const query = [...seen].map(([path, known]) => "p=" + encodeURIComponent(encodeURIComponent(path)) + "=" + known);
    let address = events + "?" + query.join("&");
    // An address has a limit, and a page may have thousands of pictures: a long list is sent before.
    if (address.length > longest) {
      const answer = await fetch(events, { method: "POST", body: query.join("&") }).catch(() => undefined);
      if (call !== calls) return;
      if (!answer?.ok) { timer = setTimeout(listen, 500); return; }
      address = events + "?list=" + await answer.text();
    }
    if (call !== calls) return;
    source = new EventSource(address);
    source.onmessage = async (event) => {
      const { changed, known, ...state } = JSON.parse(event.data);
      show(state);
      for (const [path, digest] of Object.entries({ ...known, ...changed })) seen.set(path, digest);
      for (const node of document.querySelectorAll(parts)) {
        const digest = changed[pathOf(addressOf(node))];
        if (digest) swapPart(node, digest);
      }
      if (changed[here]) {
        await swapPage();
        const isNew = (node) => { const path = pathOf(addressOf(node)); return path && !seen.has(path); };
        if ([...document.querySelectorAll(parts)].some(isNew)) listen();
      }
    };
    // The server ended. It may be started again, with another page.
    source.onerror = () => { close(); timer = setTimeout(listen, 500); };
  };
  // A browser opens few connections to one server: hidden tabs do not keep one.
  document.addEventListener("visibilitychange", () => document.hidden ? close() : listen());
  if (!document.hidden) listen();
}
