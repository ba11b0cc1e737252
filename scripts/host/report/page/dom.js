// Creates elements and text. Values from the data become text nodes or attributes, never markup.

const byId = (id) => document.getElementById(id);

/** An element: el("a.note", {href: "#x", onclick: f}, "text", child, [more]). */
function el(kind, props, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

/** A link to another page, or plain text if the address is not one of a web page. */
function outLink(address, text) {
  if (!/^https?:\/\//i.test(address || "")) return address ? el("span", null, text ? `${text} (${address})` : address) : null;
  return el("a.out", { href: address, rel: "noreferrer noopener", target: "_blank" }, text || address);
}

const verdictOf = (id) => DATA.verdicts.find((v) => v.id === id) || { id, word: id, symbol: "?", meaning: "" };
/** The class that gives an element the colour of a verdict. */
const classOf = (id) => (/^[a-z_]+$/.test(id) ? `v-${id}` : "v-unproved");

const noteOf = (id) => DATA.notes.find((n) => n.id === id);

/** The symbol of a note, small, beside a verdict; in words for those who point at it or hear it. */
function mark(id, worded) {
  const n = noteOf(id);
  if (!n.symbol) return null;
  return el(`span.mark.n-${id}`, { title: n.meaning }, el("span", { "aria-hidden": "true" }, n.symbol),
    worded ? ` ${n.word}` : el("span.offscreen", null, ` ${n.word}`));
}

/** Symbol, word and colour of a verdict. */
function badge(id, count) {
  const v = verdictOf(id);
  return el(`span.badge.${classOf(id)}`, { title: v.meaning }, el("span", { "aria-hidden": "true" }, v.symbol), ` ${v.word}`,
    count === undefined ? null : ` ${number(count)}`);
}

const plural = (n, word) => `${number(n)} ${word}${n === 1 ? "" : "s"}`;
const spaced = (id) => String(id).replaceAll("_", " ");

/** A number for people to read; texts (inf, nan) unchanged. */
function number(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return value.toLocaleString("en");
  return value.toPrecision(3).replace(/\.?0+(e|$)/, "$1");
}

function bytes(size) {
  if (typeof size !== "number") return "";
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  while (size >= 1000 && unit < 3) { size /= 1000; unit += 1; }
  return `${unit ? size.toPrecision(3) : size} ${units[unit]}`;
}

const seconds = (s) => (typeof s === "number" ? `${s < 10 ? s.toFixed(2) : s.toFixed(0)}\u00a0s` : "");

/** A button that copies a text, and then shows "Copied". */
function copyButton(text, label) {
  const button = el("button.small", { type: "button", onclick: async () => {
    try { await navigator.clipboard.writeText(text); } catch { copyBySelection(text, button); }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  } }, label);
  return button;
}

/** For pages opened from a file, which may not have the clipboard interface. */
function copyBySelection(text, near) {
  const area = el("textarea.offscreen", { "aria-hidden": "true" });
  area.value = text;
  near.after(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  near.focus();
}

const command = (text) => el("div.command", null, el("pre", { tabindex: "0" }, text), copyButton(text, "Copy"));

/** The rows of `items`, `size` at first, and then a row with a button that draws the next ones. `make` makes an item's rows. */
function pages(items, make, size, columns) {
  const rows = Array.from(items.slice(0, size), (item) => make(item));
  const left = items.length - size;
  if (left <= 0) return rows;
  const more = el("tr", null, el("td", { colspan: columns }, el("button.small", { type: "button", onclick: () => {
    const next = pages(items.slice(size), make, size, columns).flat(Infinity).filter(Boolean);
    more.replaceWith(...next);
    next[0].querySelector("button, a")?.focus();
  } }, `Show ${number(Math.min(size, left))} more of ${number(left)}`)));
  return [...rows, more];
}

/** A details element whose content is made when it is first open, or at once. */
function lazily(details, make, atOnce = false) {
  const draw = () => { if ((details.open || atOnce) && details.children.length === 1) details.append(...[make()].flat()); };
  details.addEventListener("toggle", draw);
  draw();
  return details;
}

/** A table of header texts and rows of cells (nodes or texts). */
function table(kind, headers, rows, caption) {
  return el("div.scroll", { tabindex: "0", role: "region", "aria-label": caption },
    el(`table.${kind}`, null, el("thead", null, el("tr", null, headers.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", null, rows)));
}
