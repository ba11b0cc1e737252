// The sections around the matrix: in short, facets by formats, known issues, excluded.

/** Three lines: which promised facets are lost, which are kept, and which facets are never promised and never kept. */
function drawShort(cells) {
  const entries = [...grouped(cells, APART)].flatMap(([at, some]) => countedFacets(some).map((f) => ({ ...f, at })));
  const named = FACETS.map((name) => {
    const [promised, free] = [true, false].map((wanted) => entries.filter((f) => f.facet === name && !!f.promised === wanted));
    return { name, promised: promised.length, free, judged: promised.filter((f) => gone(f) || kept(f)), lost: promised.filter(gone) };
  });
  const safe = named.filter((f) => f.judged.length && !f.lost.length);
  const lostShare = (f) => total(f.lost) / total(f.judged);
  const lossy = named.filter((f) => f.lost.length).sort((a, b) => lostShare(b) - lostShare(a));
  const never = named.filter((f) => !f.promised && f.free.some(gone) && !f.free.some(kept));
  const line = (id, label, items) => items.length ? el("div.short-line", null, el("h3", null, el(`span.badge.${classOf(id)}`, { "aria-hidden": "true" }, verdictOf(id).symbol), ` ${label}`), el("p", null, items)) : null;
  const listed = (items) => items.flatMap((item, i) => (i ? [", ", item] : [item]));
  const shares = (f) => [...new Set(f.lost.map((entry) => entry.at))].sort(byName).map((at) => {
    const [lost, judged] = [f.lost, f.judged].map((some) => total(some.filter((entry) => entry.at === at)));
    return `${at} ${number(lost)} of ${number(judged)}`;
  }).join(", ");
  const failed = cells.where("bad", (bad) => bad).where("failed", (yes) => yes);
  const where = [...grouped(failed, APART)].sort((a, b) => byName(a[0], b[0])).map(([at, some]) => `${at} ${number(some.length)}`).join(", ");
  byId("short").replaceChildren(...[
    failed.length > 0 && el("div.short-line", null, el("h3", null, el("span.badge.v-broken", { "aria-hidden": "true" }, verdictOf("broken").symbol), " Promised, but saving, loading or using it fails"),
      el("p", null, el("button.link", { type: "button", onclick: () => open({ bad: "true", failed: "true" }) }, plural(failed.length, "cell"), el("small", null, ` ${where}`)))),
    line("broken", "Promised, but lost somewhere", lossy.map((f) =>
      el("button.link", { type: "button", onclick: () => open({ facet: f.name, promise: "true" }) }, spaced(f.name), el("small", null, ` ${shares(f)}`)))),
    line("kept", "Kept wherever promised", listed(safe.map((f) => spaced(f.name)))),
    line("not_promised_lost", "Never promised, never kept", listed(never.map((f) => spaced(f.name)))),
  ].filter(Boolean));
}

/** Formats by facets, a table for each runtime: the share of cells that kept the facet, apart for promised and not. */
function drawHeat(cells) {
  const groups = [...grouped(cells.where("judged", (facets) => facets.some((f) => gone(f) || kept(f))), APART)]
    .sort((a, b) => byName(a[0], b[0]));
  const tables = groups.map(([at, some], i) => (groups.length === 1 ? heatTable(at, some)
    : lazily(el("details.runtime", { open: i < OPEN_TABLES }, el("summary", null, el("span.runtime-name", null, at))), () => heatTable(at, some))));
  byId("heat-table").replaceChildren(...(tables.length ? tables : [el("p.nothing", null, "Nothing was compared.")]));
}

function heatTable(at, cells) {
  const names = new Set(countedFacets(cells).map((f) => f.facet));
  const facets = FACETS.filter((name) => names.has(name));
  const formats = [...grouped(cells, "format")].sort((a, b) => worseFirst(a[1], b[1]));
  const rows = formats.map(([format, some]) => {
    const entries = countedFacets(some);
    return el("tr", null, el("th", { scope: "row" }, format), facets.map((facet) => {
      const here = entries.filter((f) => f.facet === facet);
      return el("td", null, share({ [APART]: at, format, facet }, here, true), share({ [APART]: at, format, facet }, here, false));
    }));
  });
  return table("heat", ["format", ...facets.map(spaced)], rows, `Facets by formats, ${at}`);
}

/** The share of these entries of a facet that are kept; what could not be loaded counts as lost. */
function share(wanted, entries, promised) {
  const counted = entries.filter((f) => !!f.promised === promised && (gone(f) || kept(f)));
  if (!counted.length) return null;
  const [n, all] = [total(counted.filter(kept)), total(counted)];
  const part_ = n / all;
  const percent = n === all ? "100" : n === 0 ? "0" : String(Math.min(99, Math.max(1, Math.round(part_ * 100))));
  const label = `${wanted[APART]}, ${wanted.format}, ${spaced(wanted.facet)}, ${promised ? "promised" : "not promised"}: kept in ${n} of ${all}`;
  return el(`button.heat${promised ? ".promised" : ".unpromised"}${n === all ? ".all" : n ? ".some" : ".none"}`, {
    type: "button", title: label, "aria-label": label, style: `--share:${Math.round(part_ * 100)}%`, disabled: n === all,
    onclick: () => open({ ...wanted, promise: String(promised) }) }, `${percent}%`);
}

function drawKnown() {
  const today = new Date().toISOString().slice(0, 10);
  const row = ({ entry, cells, i }) => el("tr", null,
    el("td.num", null, cells ? el("button.link", { type: "button", onclick: () => open({ known: i }) }, number(cells)) : "0"),
    el("td", null, entry.verdict ? badge(entry.verdict) : ""),
    el("td", null, entry.reason || "", el("br"), outLink(entry.link)),
    el("td", null, Object.entries(entry.match || {}).map(([k, v]) => el("code.match", null, `${k}: ${typeof v === "object" ? JSON.stringify(v) : v}`))),
    el("td", null, entry.review || "", entry.review && entry.review < today ? el("strong", null, " due") : ""));
  const [met, others] = [true, false].map((wanted) => DATA.known.map((k, i) => ({ ...k, i })).filter((k) => k.cells > 0 === wanted));
  const listed = (some, caption) => table("list", ["cells", "verdict", "reason", "matches", "review"], some.map(row), caption);
  byId("known-list").replaceChildren(...[
    met.length ? listed(met, "Known issues that occur") : el("p.nothing", null, DATA.known.length ? "None among these cells." : "No expectations."),
    others.length && el("details", null, el("summary", null, `${plural(others.length, "other expectation")} without a cell in this run`), listed(others, "Known issues that do not occur")),
  ].filter(Boolean));
}

const MOST_IDS = 4;

/** A row for each reason, with the ids that it concerns. */
function drawExcluded() {
  const listed = (ids) => (ids.length === 1 && ids[0] === "*" ? el("span.soft", null, "any")
    : [ids.slice(0, MOST_IDS).join(", "), ids.length > MOST_IDS && el("span.soft", { title: ids.join(", ") }, ` and ${ids.length - MOST_IDS} more`)]);
  const axes = AXES.filter((axis) => DATA.excluded.some(({ ids }) => ids[axis].some((id) => id !== "*")));
  const rows = DATA.excluded.map(({ reason, entries, ids }) => el("tr", null, el("th", { scope: "row" }, reason), el("td.num", null, number(entries)), axes.map((axis) => el("td", null, listed(ids[axis])))));
  const find = el("input", { type: "search", placeholder: "Filter the reasons", "aria-label": "Filter the reasons" });
  find.addEventListener("input", () => rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(find.value.toLowerCase()); }));
  if (rows.length) byId("excluded-list").replaceChildren(find, table("list", ["reason", "entries", ...axes], rows, "Excluded combinations"));
}
