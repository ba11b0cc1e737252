// The matrix: cells counted by a row axis and one or two column axes, in one table or several.

const ROWS = { format: "formats", model: "models", loader: "loaders", producer: "producers", consumer: "consumers", modifier: "modifiers" };
const COLS = {
  "runtime,use": "runtimes × uses", "loader,use": "loaders × uses", use: "uses", "consumer,use": "consumers × uses",
  format: "formats", model: "models", consumer: "consumers",
};
const TABLES = { none: "one", runtime: "one for each runtime pair", producer: "one for each producer", apis: "one for each pair of apis" };
const RUNTIMES = ["producer", "consumer"];
const OPEN_TABLES = 6; // the other tables are drawn when they are opened
const FIELDS_AT_ONCE = 1500; // of one table, and of all that are open at first: more take the browser a second

function pivotControls() {
  for (const [id, options] of [["rows", ROWS], ["then", { none: "not split", ...ROWS }], ["cols", COLS], ["by", TABLES]]) {
    const select = byId(id);
    select.append(...Object.entries(options).map(([value, text]) => el("option", { value }, text)));
    select.addEventListener("change", () => change({ [id]: select.value, expand: "" }));
  }
  byId("expand").addEventListener("click", () => change({ expand: state.expand === "all" ? "" : "all" }));
}

function drawMatrix(cells) {
  for (const id of ["rows", "then", "cols", "by"]) byId(id).value = state[id];
  byId("expand").textContent = state.expand === "all" ? "Fold all rows" : "Unfold all rows";
  byId("expand").hidden = !splits();
  const by = state.by;
  const groups = by === "none" ? (cells.length ? [["", cells]] : []) : [...grouped(cells, by)];
  groups.sort((a, b) => worseFirst(a[1], b[1]));
  const sizes = groups.map(([, some]) => sizeOf(some));
  const before = (i) => sizes.slice(0, i).reduce((sum, n) => sum + n, 0);
  byId("tables").replaceChildren(...groups.map(([name, some], i) => section(name, some, i < OPEN_TABLES && before(i) < FIELDS_AT_ONCE)));
  byId("shown").textContent = cells.length === CELLS.length ? "" : `Showing ${number(cells.length)} of ${plural(CELLS.length, "cell")}.`;
  if (!cells.length) {
    byId("tables").append(el("p.nothing", null, CELLS.length ? "No cell matches these filters." : "No cell was judged, so the gate fails."));
  }
}

const splits = () => state.then in ROWS && state.then !== state.rows;

function section(name, cells, open) {
  const fixed = name && state.by !== "none" ? { [state.by]: name } : {};
  if (!name) return pivot(cells, fixed);
  const details = el("details.runtime", { open }, el("summary", null,
    el("span.runtime-name", null, name),
    el("span.runtime-bar.bar", { "aria-hidden": "true" }, proportions(cells)),
    el("span.runtime-count", null, tally(cells).map(([id, n]) => badge(id, n)))));
  return lazily(details, () => pivot(cells, fixed));
}

const rowAxis = () => (state.rows in ROWS ? state.rows : "format");
const columnAxes = () => (state.cols in COLS ? state.cols : DEFAULTS.cols).split(",");
/** The number of fields that are drawn of a table of these cells. */
const sizeOf = (cells) => Math.min(FIELDS_AT_ONCE, distinct(cells, rowAxis()).length * distinct(cells, columnAxes()).length);

/** The columns: groups of keys, in order. With one axis there is one group, without a heading. */
function columns(cells, axes) {
  const [outer, inner] = axes.length === 2 ? axes : [null, axes[0]];
  const groups = outer ? [...grouped(cells, outer)] : [[null, cells]];
  // The routes with most cells first: readers start there.
  groups.sort((a, b) => (outer === "use" ? compareUses(a[0], b[0]) : b[1].length - a[1].length));
  return groups.map(([key, some]) => ({ key, keys: distinct(some, inner) }));
}

function pivot(cells, fixed) {
  const row = rowAxis();
  const axes = columnAxes();
  const heads = columns(cells, axes);
  const width = heads.reduce((sum, h) => sum + h.keys.length, 0);
  const head = el("thead", null,
    axes.length === 2 && el("tr", null, el("td.corner"), heads.map((h) =>
      el("th.group", { scope: "colgroup", colspan: h.keys.length, title: titleOf(axes[0], h.key) }, h.key))),
    el("tr", null, el("th.corner", { scope: "col" }, splits() ? `${row}, ${state.then}` : row), heads.map((h) => h.keys.map((key, i) =>
      el(`${i ? "th" : "th.first"}${upright(h, axes) ? ".upright" : ""}`, { scope: "col", title: titleOf(axes.at(-1), key) }, spaced(key))))));
  const body = el("tbody", null, pages(rowsOf(cells, row), ([name, some]) => {
    const line = rowLine(some, heads, axes, { ...fixed, [row]: name }, row, name);
    if (splits()) unfolding(line, name, () => rowsOf(some, state.then).map(([sub, those]) =>
      rowLine(those, heads, axes, { ...fixed, [row]: name, [state.then]: sub }, state.then, sub, "sub")));
    return [line, ...(line.subRows || [])];
  }, Math.max(12, Math.floor(FIELDS_AT_ONCE / width)), width + 1));
  return el("div.matrix-scroll", { tabindex: "0", role: "region", "aria-label": `Matrix ${Object.values(fixed).join(" ")}` },
    el("table.matrix", null, head, body));
}

/** Whether to rotate the headings: with many runtimes, their names would make the columns too wide. */
const upright = (head, axes) => RUNTIMES.includes(axes.at(-1)) && head.keys.length > 6;

/** The rows, the worst first; runtimes are sorted from the oldest to the newest. */
const rowsOf = (cells, axis) => [...grouped(cells, axis)]
  .sort((a, b) => (RUNTIMES.includes(axis) ? 0 : worseFirst(a[1], b[1])) || byName(a[0], b[0]));

/** A row: its fields, and its name, which opens the list of all its cells. */
function rowLine(cells, heads, axes, wanted, axis, name, kind) {
  const fields = grouped(cells, axes);
  return el(kind ? `tr.${kind}` : "tr", null,
    el("th", { scope: "row" }, el("div.row-head", null, el("button.row-name", { type: "button", title: titleOf(axis, name), onclick: () => open(wanted) },
      el("span.row-id", null, name), titleOf(axis, name) && el("small", null, titleOf(axis, name))))),
    heads.map((h) => h.keys.map((key, i) => {
      const at = h.key === null ? { [axes[0]]: key } : { [axes[0]]: h.key, [axes[1]]: key };
      const here = fields.get(axes.map((a) => at[a]).join("\n"));
      return el(i ? "td" : "td.first", null, here ? field(here, { ...wanted, ...at }) : null);
    })));
}

/** Give a row a button that shows the rows below it; they are created when first shown. */
function unfolding(line, name, make) {
  const names = new Set(state.expand.split(",").filter(Boolean));
  const shown = state.expand === "all" || names.has(name);
  if (shown) line.subRows = make();
  const button = el("button.fold", { type: "button", "aria-expanded": String(shown), "aria-label": `${state.then}s of ${name}` });
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-expanded") === "true";
    if (now) line.subRows.forEach((sub) => sub.remove());
    else line.after(...(line.subRows = make()));
    button.setAttribute("aria-expanded", String(!now));
    // The rows are in place already: the address follows without drawing anew.
    remember({ expand: [...document.querySelectorAll(".fold[aria-expanded=true]")].map((b) => b.dataset.name).join(",") });
  });
  button.dataset.name = name;
  line.querySelector(".row-head").prepend(button);
}

/** One field: the worst verdict, how many of its cells have it, and a bar with the shares of all verdicts. */
function field(cells, wanted) {
  const [id, count] = tally(cells)[0];
  const label = `${Object.values(wanted).join(", ")}: ${spoken(cells)}`;
  return el(`button.field.${classOf(id)}`, { type: "button", "aria-label": label, title: `${label}\n${cells.length === 1 ? cells.at(0).reason || "" : ""}`.trim(),
    onclick: () => (cells.length === 1 ? change({ cell: cells.at(0).path, list: "" }) : open(wanted)) },
  el("span.field-text", null, el("b", null, verdictOf(id).symbol), " ", number(count),
    count < cells.length && el("small", null, `/${number(cells.length)}`), " ", mark(noteOn(cells.where("verdict", (own) => own === id)))),
  el("span.bar", null, proportions(cells)));
}

/** Open the list of these cells. */
const open = (wanted) => change({ list: selectionOf(wanted), cell: "" });
