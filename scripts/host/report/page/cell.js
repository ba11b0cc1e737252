// The view of one cell, with all that was recorded, and of a cell whose evidence the page does not have.

function cellView(cell, evidence) {
  const { facets = cell.facets, trajectory, doors = [], trusted, signatures, notes, files = [] } = evidence || {};
  return [
    el("p.reason", null, cell.reason || verdictOf(cell.verdict).meaning),
    el("dl.facts", null, facts(cell, evidence || {}).map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value)))),
    expectation(cell),
    !evidence && elsewhere(cell),
    part("Facets", facets.length ? facetTable(facets) : el("p.note", null, "There was nothing to compare."), facets.length),
    trajectory && part("Resumed and uninterrupted training", curvesOf(trajectory)),
    doorsView(doors, trusted),
    signaturesView(signatures),
    errorView(cell.error, evidence ? evidence.traceback : []),
    notesView(notes),
    warningsView(cell.warnings, evidence ? evidence.messages : []),
    filesView(files),
    reproductionView(cell, evidence && evidence.reproduction),
    part("Run it again", [command(rerun(cell))]),
  ];
}

/** The address of a file of the run. A kept report lies deeper than the last one. */
const fromTop = (file) => location.pathname.replace(/(.*)results\/reports?\/.*/, "$1") + file;

/** Where the evidence is that the page has no room for. */
function elsewhere(cell) {
  const file = verdictFile(cell);
  return el("p.note.elsewhere", null, "The numbers of the facets, the files, the traceback and the batch logs of this cell are not in this page, which would be too large. ",
    "All of it is in ", el("a", { href: fromTop(file) }, file), ".");
}

/** A part with its heading. */
const part = (title, body, count) => el("section.part", null, el("h3", null, title, count > 1 ? el("span.count", null, ` ${count}`) : null), body);

function facts(cell, { seconds: took = [], total: last = null, memory }) {
  const axes = AXES.filter((axis) => axis !== "modifier" || cell.modifier !== "none").map((axis) =>
    [axis, [el("code", null, cell[axis]), titleOf(axis, cell[axis]) && el("small", null, ` ${titleOf(axis, cell[axis])}`)]]);
  const steps = ["train", "save", "load", "use"].map((step, i) => typeof took[i] === "number" && `${step}\u00a0${seconds(took[i])}`).filter(Boolean).join(", ");
  return [
    ...axes,
    ["outcome", [el("code", null, cell.outcome), cell.stage && ` at stage ${cell.stage}`]],
    last !== null && ["time of the last step", [seconds(last), steps && el("small", null, steps)]],
    memory && ["peak memory", `${number(memory)} MB`],
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
function facetTable(facets) {
  const rank = (f) => (f.relevant === false ? 5 : gone(f) ? (f.promised ? 0 : 1) : { close: 2, identical: 3 }[f.status] ?? 4);
  const rows = [...facets].sort((a, b) => rank(a) - rank(b) || inOrder(a.facet, b.facet)).map((f) => {
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

function errorView(error, lines) {
  if (!error) return null;
  const traceback = lines.join("\n").trim();
  return part("Error", [
    el("p.error", null, el("code", null, error.type), error.stage && ` at stage ${error.stage}`),
    el("pre.message", { tabindex: "0" }, error.message || ""),
    traceback && el("details", null, el("summary", null, "Traceback"), el("pre.traceback", { tabindex: "0" }, traceback)),
  ]);
}

/** What a file that needs Keras alone showed of this cell, or the command that writes and runs it. */
function reproductionView(cell, r) {
  if (!r) return part("Reproduce it with Keras alone", [command(`make reproduce CELL=${cell.path}`)]);
  const link = r.result !== "none" && el("a", { href: fromTop(r.file) }, r.file);
  return part("Reproduced with Keras alone", [
    el("p", null, el("strong", null, r.result), ". ", r.reason, link),
    r.output && el("pre", { tabindex: "0" }, r.output),
  ]);
}

function warningsView(warnings, kinds) {
  if (!warnings.length) return null;
  const shown = warnings.map((text, i) => el("li", null, el("span.soft", null, (kinds[i] || []).filter(Boolean).join(" ")), el("pre", null, text)));
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
      el("td", null, el("code.hash", { title: "the first digits; manifest.json has all" }, f.sha256)))), "Files on disk"));
}
