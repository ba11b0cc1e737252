// The findings: what fails alike is one row, which unfolds.

const FINDINGS = await unpacked(byId("findings-data").textContent);
const FIRST_FINDINGS = 60; // what the others unfold to is made when they are opened

/** The findings with a cell that is shown, each with those cells; then the cells that fail the gate and are none. */
function drawFindings(cells) {
  const shown = new Map();
  for (const [ids, some] of grouped(cells, "findings")) {
    for (const id of ids) shown.set(id, [...(shown.get(id) || []), some]);
  }
  const cellsOf = (id) => new Cells(shown.get(id).flatMap(({ rows }) => rows).sort((a, b) => a - b));
  const rows = FINDINGS.filter(({ id }) => shown.has(id)).map((f, i) => findingRow(f, cellsOf(f.id), i < FIRST_FINDINGS));
  const nothing = el("p.nothing", null, cells.length ? "None: nothing here is bad." : "No cell was judged.");
  const failing = cells.where("passes", (passes) => !passes).where("findings", (ids) => !ids.length);
  byId("findings-list").replaceChildren(...(rows.length ? rows : [nothing]), ...withoutProof(failing));
}

function findingRow(f, cells, whole) {
  const [[worst]] = tally(cells);
  const details = el(`details.finding.${classOf(worst)}`, { id: `finding-${f.id}` },
    el("summary", null, badge(worst), el("span.finding-name", null, coded(f.name)),
      el("span.soft", null, plural(cells.length, "cell")), mark(f.note, true)));
  return lazily(details, () => [
    el("p", null, coded(f.lost)), f.why.map((reason) => el("p.soft", null, coded(reason))),
    el("dl.facts", null, factsOf(f, cells).map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value)))),
    el("p", null, el("a", { href: hashOf({ ...state, cell: "", list: selectionOf({ finding: f.id }) }) }, `Show ${cells.length === 1 ? "the cell" : `the ${number(cells.length)} cells`}`)),
    el("p.soft", null, "Reproduce it with Keras alone:"), command(f.reproduction.command)].flat(), whole);
}

function factsOf(f, cells) {
  const axis = (name) => { const ids = distinct(cells, name); return [`${name}${ids.length > 1 ? `s, ${ids.length}` : ""}`, el("code", null, ids.join(", "))]; };
  return [...["use", "format", "loader", "model", "runtime"].map(axis), ["versions", f.versions.map((text) => el("div", null, text))],
    ["upstream", upstreamOf(f.upstream)], ["a way around", waysAround(f.around)]];
}

/** What upstream says: links to reports; of what is unreported, what was searched and when. */
function upstreamOf({ state, links, searched, day }) {
  const words = { reported: "reported", intended: "meant to be so", unreported: `unreported: nothing was found on ${day} in the trackers of Keras, tf_keras and TensorFlow with the words “${searched}”`, unknown: "nobody has looked for a report yet" };
  return [words[state], links.map((link) => el("div", null, outLink(link)))];
}

/** The ways around, each with its steps and a link to a path that was run. */
function waysAround(ways) {
  if (!ways.length) return "none of the paths that were run keeps what is promised";
  return ways.map((way) => el("div.way", null,
    el("a", { href: hashOf({ ...state, list: "", cell: way.cell }) }, `${way.format} by ${way.loader}`), ` (${number(way.works)} of ${number(way.of)} cells)`,
    way.lost.length > 0 && `; in some models still lost, and promised by nobody: ${way.lost.map(spaced).join(", ")}`,
    el("ol", null, way.steps.map((step) => el("li", null, coded(step))))));
}

/** Cells that fail the gate without being bad: nothing was proved, or an expectation no longer holds. */
function withoutProof(cells) {
  return tally(cells).map(([verdict, n]) => el("p", null, badge(verdict), " ",
    el("a", { href: hashOf({ ...state, cell: "", list: selectionOf({ verdict, passes: "false", findings: "" }) }) }, `${plural(n, "cell")} without a finding fail${n === 1 ? "s" : ""} the gate`)));
}

/** A text whose parts between backquotes are code. */
const coded = (text) => text.split("`").map((part, i) => (i % 2 ? el("code", null, part) : part));
