// The sections around the matrix: in short, findings, facets by formats, known issues, excluded.

const PASSING = new Set(DATA.verdicts.filter((v) => v.passes).map((v) => v.id));

/** Three lines: which promised facets are lost, which are kept, and which facets are never promised and never kept. */
function drawShort(cells) {
  const facets = new Map();
  for (const cell of cells) {
    for (const f of cell.judged) {
      if (!facets.has(f.facet)) facets.set(f.facet, { promised: 0, lost: 0, formats: new Map(), free: 0, freeKept: 0 });
      const sum = facets.get(f.facet);
      const [lost, kept] = [DATA.lost.includes(f.status), DATA.kept.includes(f.status)];
      if (f.promised && (lost || kept)) sum.promised += 1;
      if (f.promised && lost) { sum.lost += 1; sum.formats.set(cell.format, (sum.formats.get(cell.format) || 0) + 1); }
      if (!f.promised && (lost || kept)) { sum.free += 1; sum.freeKept += kept; }
    }
  }
  const named = [...facets].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => inOrder(a.name, b.name));
  const safe = named.filter((f) => f.promised && !f.lost);
  const lossy = named.filter((f) => f.lost).sort((a, b) => b.lost / b.promised - a.lost / a.promised);
  const never = named.filter((f) => f.free && !f.freeKept && !f.promised);
  const line = (id, label, items) => items.length ? el("div.short-line", null, el("h3", null, el(`span.badge.${known(id)}`, { "aria-hidden": "true" }, verdictOf(id).symbol), ` ${label}`), el("p", null, items)) : null;
  const listed = (items) => items.flatMap((item, i) => (i ? [", ", item] : [item]));
  const failed = cells.filter((cell) => cell.final === "broken" || (cell.final === "known" && cell.verdict === "broken"));
  byId("short").replaceChildren(...[
    line("broken", "Promised, but lost somewhere", listed([
      ...(failed.length ? [el("button.link", { type: "button", onclick: () => open({ verdict: "broken" }) }, "everything", el("small", null, ` ${plural(failed.length, "path")} failed to save, load or run`))] : []),
      ...lossy.map((f) => el("button.link", { type: "button", onclick: () => open({ facet: f.name, promise: "true" }),
      title: [...f.formats].map(([name, n]) => `${name}: ${n}`).join("\n") }, spaced(f.name), el("small", null, ` ${number(f.lost)} of ${number(f.promised)}`)))])),
    line("kept", "Kept wherever promised", listed(safe.map((f) => spaced(f.name)))),
    line("not_promised", "Never promised, never kept", listed(never.map((f) => spaced(f.name)))),
  ].filter(Boolean));
}

const FIRST_FINDINGS = 12;

function drawFindings(cells) {
  const bad = cells.filter((cell) => !PASSING.has(cell.final));
  const kind = (cell) => JSON.stringify([cell.final, cell.format, cell.outcome, cell.lostKey]);
  const groups = [...grouped(bad, kind).values()].sort((a, b) => SEVERITY[a[0].final] - SEVERITY[b[0].final] || b.length - a.length);
  const row = (group) => {
    const { final, format, outcome, lostKey } = group[0];
    const names = (axis) => { const ids = distinct(group, axis); return ids.length > 3 ? plural(ids.length, axis) : ids.join(", "); };
    return el("tr", null, el("td", null, badge(final)), el("td.num", null, number(group.length)),
      el("th", { scope: "row" }, el("button.link", { type: "button", onclick: () => (group.length === 1 ? change({ cell: group[0].path, list: "" }) : open({ final, format, outcome, lostKey })) }, format)),
      el("td", null, lostKey ? group[0].lost.map(spaced).join(", ") : spaced(outcome)),
      el("td", null, names("loader")), el("td", null, names("use")), el("td", null, names("model")), el("td.why", null, group[0].reason || ""));
  };
  const heads = ["verdict", "cells", "format", "lost", "loader", "use", "model", "for example"];
  const [first, more] = [groups.slice(0, FIRST_FINDINGS), groups.slice(FIRST_FINDINGS)];
  const later = more.length ? el("details", null, el("summary", null, `${plural(more.length, "more finding")}`)) : null;
  if (later) later.addEventListener("toggle", () => later.append(table("list", heads, more.map(row), "More findings")), { once: true });
  byId("findings-list").replaceChildren(...(groups.length ? [table("list", heads, first.map(row), "Findings"), later] : [el("p.nothing", null, cells.length ? "None: each cell here is kept, not promised, or known." : "No cell was judged.")]).filter(Boolean));
}

/** Formats by facets: the share of cells that kept the facet, separately for promised and not promised. */
function drawHeat(cells) {
  const facets = FACETS.filter((name) => cells.some((cell) => cell.judged.some((f) => f.facet === name)));
  const formats = [...grouped(cells, (cell) => cell.format)].sort((a, b) => worseFirst(a[1], b[1]));
  const share = (format, facet, entries, promised) => {
    const compared = entries.filter((f) => !!f.promised === promised && (DATA.lost.includes(f.status) || DATA.kept.includes(f.status)));
    if (!compared.length) return null;
    const kept = compared.filter((f) => DATA.kept.includes(f.status)).length;
    const part_ = kept / compared.length;
    const percent = kept === compared.length ? "100" : kept === 0 ? "0" : String(Math.min(99, Math.max(1, Math.round(part_ * 100))));
    const label = `${format}, ${spaced(facet)}, ${promised ? "promised" : "not promised"}: kept in ${kept} of ${compared.length}`;
    return el(`button.heat${promised ? ".promised" : ".unpromised"}${kept === compared.length ? ".all" : kept ? ".some" : ".none"}`, {
      type: "button", title: label, "aria-label": label, style: `--share:${Math.round(part_ * 100)}%`, disabled: kept === compared.length,
      onclick: () => open({ format, facet, promise: String(promised) }) }, `${percent}%`);
  };
  const rows = formats.map(([format, some]) => {
    const entries = grouped(some.flatMap((cell) => cell.judged), (f) => f.facet);
    return el("tr", null, el("th", { scope: "row" }, format), facets.map((facet) => {
      const here = entries.get(facet) || [];
      return el("td", null, share(format, facet, here, true), share(format, facet, here, false));
    }));
  });
  byId("heat-table").replaceChildren(rows.length ? table("heat", ["format", ...facets.map(spaced)], rows, "Facets by formats") : el("p.nothing", null, "Nothing was compared."));
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
  const listed = (some) => table("list", ["cells", "verdict", "reason", "matches", "review"], some.map(row), "Known issues");
  byId("known-list").replaceChildren(...[
    met.length ? listed(met) : el("p.nothing", null, DATA.known.length ? "None among these cells." : "No expectations."),
    others.length && el("details", null, el("summary", null, `${plural(others.length, "other expectation")} without a cell in this run`), listed(others)),
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
  if (rows.length) byId("excluded-list").replaceChildren(find, table("list", ["reason", "entries", ...axes], rows, "Excluded"));
}
