// The view of one cell, with all that was recorded.

function cellView(cell) {
  return [
    el("p.reason", null, cell.reason || verdictOf(cell.verdict).meaning),
    el("dl.facts", null, facts(cell).map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value)))),
    expectation(cell),
    part("Facets", cell.facets.length ? facetTable(cell) : el("p.note", null, "There was nothing to compare."), cell.facets.length),
    cell.trajectory && part("Resumed and uninterrupted training", curvesOf(cell.trajectory)),
    doorsView(pooled(cell.doors), cell.trusted),
    signaturesView(cell.signatures),
    errorView(cell.error),
    notesView(cell.notes),
    warningsView(pooled(cell.warnings)),
    filesView(pooled(cell.files)),
    reproductionView(cell),
    part("Run it again", [command(rerun(cell))]),
  ];
}

/** A part with its heading. */
const part = (title, body, count) => el("section.part", null, el("h3", null, title, count > 1 ? el("span.count", null, ` ${count}`) : null), body);

function facts(cell) {
  const axes = AXES.filter((axis) => axis !== "modifier" || cell.modifier !== "none").map((axis) =>
    [axis, [el("code", null, cell[axis]), titleOf(axis, cell[axis]) && el("small", null, ` ${titleOf(axis, cell[axis])}`)]]);
  const took = ["train", "save", "load", "use"].filter((step) => (cell.seconds || {})[step] !== undefined).map((step) => `${step}\u00a0${seconds(cell.seconds[step])}`).join(", ");
  return [
    ...axes,
    ["outcome", [el("code", null, cell.outcome), cell.stage && ` at stage ${cell.stage}`]],
    cell.total_seconds !== null && ["time of the last step", [seconds(cell.total_seconds), took && el("small", null, took)]],
    cell.memory && ["peak memory", `${number(Math.round(cell.memory))} MB`],
  ].filter(Boolean);
}

function expectation(cell) {
  const e = cell.expectation;
  if (!e) return null;
  return el(`div.expectation.${classOf(cell.verdict)}`, null,
    el("p", null, mark(cell.note, true), " ", el("strong", null, cell.note === "fixed" ? "This expectation no longer holds. " : "As expected, and still bad. "), e.reason || ""),
    el("p.note", null, outLink(e.link), e.review && ` Review on ${e.review}.`));
}

/** The facets in this order: promised and lost, lost, close, identical, not compared, not needed by the use. */
function facetTable(cell) {
  const rank = (f) => (f.relevant === false ? 5 : gone(f) ? (f.promised ? 0 : 1) : { close: 2, identical: 3 }[f.status] ?? 4);
  const rows = [...cell.facets].sort((a, b) => rank(a) - rank(b) || inOrder(a.facet, b.facet)).map((f) => {
    const status = DATA.statuses[f.status] || { symbol: "?", meaning: "" };
    const lines = f.detail || [];
    const announcements = f.announced || [];
    const row = el(`tr.rank-${rank(f)}`, null,
      el("th", { scope: "row", title: DATA.facets[f.facet] || "" }, spaced(f.facet), f.relevant === false && el("small", null, " not needed here")),
      el("td", null, el(`span.status${DATA.statuses[f.status] ? `.s-${f.status}` : ""}`, { title: status.meaning }, el("span", { "aria-hidden": "true" }, status.symbol), ` ${spaced(f.status)}`)),
      el("td", null, f.promised ? outLink(f.link, "promised") || "promised" : el("span.soft", null, f.link ? outLink(f.link, "not promised") : "not promised")),
      el("td.num", null, !f.compared ? "" : `${number(f.differing || 0)} of ${number(f.compared)}`),
      el("td.num", null, number(f.max_ulp)), el("td.num", null, number(f.max_abs)), el("td.tolerance", null, f.tolerance || ""));
    if (!lines.length && !announcements.length) return [row];
    row.classList.add("has-detail");
    return [row, el(`tr.detail.rank-${rank(f)}`, null, el("td", { colspan: 7 }, folded(lines), announcements.map((m) => el("p.said", null, "Announced: ", el("q", null, m)))))];
  });
  return table("facets", ["facet", "status", "contract", "differing", "max ULP", "max abs", "tolerance"], rows.flat(), "Facets");
}

/** Lines of detail; all but the first five are folded. */
function folded(lines) {
  const [few, many] = [lines.slice(0, 5), lines.slice(5)];
  return [few.length > 0 && el("pre", null, few.join("\n")),
    many.length > 0 && el("details", null, el("summary", null, `${many.length} more`), el("pre", null, many.join("\n")))];
}

/** What the artifact could run, read or write when it is loaded. */
function doorsView(doors, trusted) {
  if (!doors.length) return null;
  const rows = doors.map((d) => el("tr", null, el("th", { scope: "row" }, d.what), el("td", null, el("code", null, d.where)), el("td", null, d.why)));
  return part("What the file could run, read or write", [
    el("p.note", null, trusted ? "The file is marked as trusted: it was read without a sandbox." : "The file was read in a sandbox."),
    table("doors", ["door", "where", "why"], rows, "Doors"),
  ], doors.length);
}

/** Inputs and outputs of the artifact's signatures, as this route lists them. */
function signaturesView(signatures) {
  const names = Object.keys(signatures || {}).sort();
  if (!names.length) return null;
  const tensor = ([name, [shape, dtype]]) => `${name}: ${dtype}${shape ? ` (${shape.map((n) => n ?? "?").join(", ")})` : ", any shape"}`;
  const all = (tensors) => Object.entries(tensors).map(tensor).join("\n");
  const rows = names.map((name) => el("tr", null, el("th", { scope: "row" }, name), ...["inputs", "outputs"].map((side) => el("td", null, el("pre", null, all(signatures[name][side]))))));
  return part("Signatures", table("signatures", ["signature", "inputs", "outputs"], rows, "Signatures"), names.length);
}

function errorView(error) {
  if (!error) return null;
  const traceback = pooled(error.traceback).join("\n").trim();
  return part("Error", [
    el("p.error", null, el("code", null, error.type), error.stage && ` at stage ${error.stage}`),
    el("pre.message", { tabindex: "0" }, error.message || ""),
    traceback && el("details", null, el("summary", null, "Traceback"), el("pre.traceback", { tabindex: "0" }, traceback)),
  ]);
}

/** What a file that needs Keras alone showed of this cell, or the command that writes and runs it. */
function reproductionView(cell) {
  const r = cell.reproduction;
  if (!r) return part("Reproduce it with Keras alone", [command(`make reproduce CELL=${cell.path}`)]);
  const top = location.pathname.replace(/(.*)results\/reports?\/.*/, "$1"); // a kept report lies deeper than the last one
  const link = r.result !== "none" && el("a", { href: top + r.file }, r.file);
  return part("Reproduced with Keras alone", [
    el("p", null, el("strong", null, r.result), ". ", r.reason, link),
    r.output && el("pre", { tabindex: "0" }, r.output),
  ]);
}

function warningsView(warnings) {
  if (!warnings.length) return null;
  const shown = warnings.map((w) => el("li", null, el("span.soft", null, [w.source, w.category].filter(Boolean).join(" ")), el("pre", null, w.message)));
  return part("Messages", [el("ul.warnings", null, shown.slice(0, 6)),
    shown.length > 6 && el("details", null, el("summary", null, `${shown.length - 6} more`), el("ul.warnings", null, shown.slice(6)))], warnings.length);
}

/** The loader's notes, such as keys that it did not restore, or a restore status. */
function notesView(notes) {
  const rows = Object.entries(notes || {}).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join("\n") || "none" : typeof value === "object" ? Object.entries(value).map(([k, v]) => `${k}: ${v}`).join("\n") : String(value);
    return el("tr", null, el("th", { scope: "row" }, spaced(name)), el("td", null, folded(text.split("\n"))));
  });
  return rows.length ? part("Notes of the loader", table("notes", ["note", "value"], rows, "Notes of the loader")) : null;
}

function filesView(files) {
  if (!files.length) return null;
  const total = files.reduce((sum, f) => sum + (f.size || 0), 0);
  return part(`On disk, ${bytes(total)}`, table("files", ["file", "size", "what it is", "SHA-256"], files.map((f) =>
    el("tr", null, el("th", { scope: "row" }, el("code", null, f.path)), el("td.num", null, bytes(f.size)), el("td", null, f.explanation || ""),
      el("td", null, el("code.hash", { title: f.sha256 }, (f.sha256 || "").slice(0, 10))))), "Files on disk"));
}
