// What is selected, filtered and open. The state is in the address after the #, so that a link contains all of it.

// A few runtimes share one table; more have one table each. If many runtimes read artifacts of others, the tables show
// producers by consumers.
const PAIRS = distinct(CELLS, "runtime").length;
const CROSSED = distinct(CELLS, "runtime").filter((id) => id.includes(" → ")).length > 8;
const DEFAULTS = CROSSED ? { rows: "producer", then: "format", cols: "consumer", by: "apis" }
  : { rows: "format", then: "loader", cols: PAIRS > 4 ? "use" : "runtime,use", by: PAIRS > 4 ? "runtime" : "none" };
const FILTERS = ["producer", "consumer", "model", "modifier", "format", "loader", "use", "note"];
const KEYS = ["ask", "rows", "then", "cols", "by", "expand", "q", "verdict", ...FILTERS, "list", "cell"];

let state = read();
const listeners = [];

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(KEYS.map((key) => [key, given.get(key) || DEFAULTS[key] || ""]));
}

/** The state as written after the #, without defaults. */
function hashOf(wanted) {
  const given = new URLSearchParams();
  for (const key of KEYS) if (wanted[key] && wanted[key] !== DEFAULTS[key]) given.set(key, wanted[key]);
  return `#${given}`.replaceAll("%2F", "/").replaceAll("%2C", ",");
}

/** Change some keys. The browser's back button undoes opening a cell or a list, but not filtering. */
function change(some) {
  const opens = "cell" in some || "list" in some;
  const next = { ...state, ...some };
  if (hashOf(next) === hashOf(state)) return;
  state = next;
  history[opens ? "pushState" : "replaceState"](null, "", hashOf(state));
  listeners.forEach((listener) => listener(some));
}

/** Change only the state and the address; the page shows it already. */
function remember(some) {
  state = { ...state, ...some };
  history.replaceState(null, "", hashOf(state));
}

/** Register a function that is called with the keys that changed. */
const onChange = (listener) => listeners.push(listener);

function followHash() {
  if (location.hash && !location.hash.includes("=")) return; // a plain anchor, to a section
  const next = read();
  const changed = Object.fromEntries(KEYS.filter((key) => next[key] !== state[key]).map((key) => [key, next[key]]));
  state = next;
  if (Object.keys(changed).length) listeners.forEach((listener) => listener(changed));
}
window.addEventListener("hashchange", followHash);
window.addEventListener("popstate", followHash);

let lastFilter = { hash: null, cells: CELLS };

/** The cells that match the filters. */
function filtered() {
  const hash = hashOf({ ...DEFAULTS, ...Object.fromEntries(["q", "verdict", ...FILTERS].map((key) => [key, state[key]])) });
  if (lastFilter.hash === hash) return lastFilter.cells;
  let cells = CELLS;
  for (const axis of FILTERS) if (state[axis]) cells = cells.where(axis, (id) => id === state[axis]);
  if (state.verdict) cells = cells.where("verdict", (id) => state.verdict.split(",").includes(id));
  for (const term of state.q.toLowerCase().split(/\s+/).filter(Boolean)) cells = containing(cells, term);
  lastFilter = { hash, cells };
  return cells;
}

/** Texts of a column's value that the text filter searches. */
const SEARCHED = {
  ...Object.fromEntries(AXES.map((axis) => [axis, (id) => `${id} ${titleOf(axis, id)}`])),
  verdict: (id) => verdictOf(id).word, note: (id) => noteOf(id).word, outcome: (id) => id, reason: (text) => text, lostKey: (ids) => ids,
  error: (error) => (error ? `${error.type} ${error.message}` : ""), warnings: (texts) => texts.join(" "),
};

/** The cells that have a word in a text, or in their path. Each distinct text is searched once. */
function containing(cells, term) {
  const columns = Object.entries(SEARCHED).map(([field, textOf]) => {
    const { values, numbers } = COLUMNS[field];
    return { numbers, has: values.map((value) => String(textOf(value) || "").toLowerCase().includes(term)) };
  }).filter(({ has }) => has.includes(true));
  const inPath = term.includes("/") ? (row) => new Cell(row).path.toLowerCase().includes(term) : () => false;
  return new Cells(cells.rows.filter((row) => columns.some(({ has, numbers }) => has[numbers[row]]) || inPath(row)));
}

/** A selection of cells as text. {format: "h5", facet: "weights"} selects the cells that match every key. */
const selectionOf = (wanted) => new URLSearchParams(wanted).toString();

/** The given cells that a selection matches; "facet" is a facet that counts as lost. */
function selected(cells, selection) {
  const wanted = new URLSearchParams(selection);
  const tests = {
    facet: ["judged", (value) => (facets) => facets.some((f) => f.facet === value && gone(f))],
    promise: ["judged", (value) => (facets) => facets.some((f) => f.facet === wanted.get("facet") && String(!!f.promised) === value)],
    finding: ["findings", (value) => (ids) => ids.includes(value)],
  };
  return [...wanted].reduce((some, [key, value]) => {
    const [field, test] = tests[key] || [key, () => (own) => String(own) === value];
    return field in COLUMNS ? some.where(field, test(value)) : some.filter(() => false);
  }, cells);
}

/** Fill the form with the page's filters. */
function filterForm(form) {
  const search = el("input", { type: "search", id: "q", placeholder: "Filter: any word of name, reason, warning, error", "aria-label": "Filter by text" });
  search.value = state.q;
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => change({ q: search.value }), 150);
  });
  const selects = FILTERS.filter((axis) => distinct(CELLS, axis).length > 1).map((axis) => {
    const select = el("select", { "data-axis": axis, "aria-label": axis, onchange: () => change({ [axis]: select.value }) },
      el("option", { value: "" }, `any ${axis}`), distinct(CELLS, axis).map((id) => el("option", { value: id }, id)));
    return select;
  });
  const none = Object.fromEntries(["q", "verdict", ...FILTERS].map((key) => [key, ""]));
  form.append(search, ...selects, el("button.small", { type: "reset", id: "clear", onclick: (event) => {
    event.preventDefault();
    change(none);
  } }, "Clear"));
  form.addEventListener("submit", (event) => event.preventDefault());
}

/** Show the state in the form's fields and the tiles. */
function showFilters() {
  if (document.activeElement !== byId("q")) byId("q").value = state.q;
  for (const select of document.querySelectorAll("select[data-axis]")) {
    select.value = state[select.dataset.axis];
    select.classList.toggle("set", !!select.value);
  }
  const verdicts = state.verdict ? state.verdict.split(",") : [];
  for (const tile of document.querySelectorAll(".tile")) {
    tile.setAttribute("aria-pressed", String(verdicts.includes(tile.dataset.verdict)));
  }
  byId("clear").hidden = !(state.q || state.verdict || FILTERS.some((axis) => state[axis]));
}
