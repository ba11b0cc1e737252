// The cells, as columns: each field has its distinct values and, for each cell, the number of its value.
//
// Other scripts use cells in two ways, and neither makes an object for each of 100,000 cells to keep:
//
// - `Cells`, a set of cells in order: CELLS (all), filtered(), selected(...), and each group of grouped(...). It has
//   length, at(i), filter(test), some(test), every(test), map(make), and can be iterated: `for (const cell of cells)`.
// - `Cell`, one of them, made when it is asked for: cell.model and so on, one getter for each of the fields:
//   the axes, verdict, note, passes, outcome, stage, reason, lost (facets), facets ({facet, status, promised, relevant,
//   link}), error ({type, message, stage} or null), warnings (texts), artifact ({path, sha256} of its largest file, where
//   several runtimes read it), and those that `derive` adds: path, runtime, apis, bad, judged, lostKey, known,
//   expectation. Two Cells are the same cell where their `row` is. Everything else is evidence: see evidence.js.
//
// Counting by column is fast, calling a function for each cell is ten times slower: grouped(cells, "format") and
// grouped(cells, ["format", "use"]) count, grouped(cells, (cell) => ...) calls.

const DATA = await unpacked(byId("data").textContent);
const SEVERITY = Object.fromEntries(DATA.verdicts.map((v, i) => [v.id, i]));
const USES = ["inference", "evaluate", "resume"]; // shown first; the others follow by name
const AXES = DATA.axes;
const COLUMNS = Object.fromEntries(Object.entries(DATA.columns).map(([field, packed]) => [field, column(packed)]));

/** One cell: a row of the columns. */
class Cell {
  constructor(row) { this.row = row; }
  get path() { return AXES.map((axis) => this[axis]).join("/"); }
}
function getter(field) {
  const { values, numbers } = COLUMNS[field];
  Object.defineProperty(Cell.prototype, field, { get() { return values[numbers[this.row]]; } });
}
Object.keys(COLUMNS).forEach(getter);

/** A set of cells, as their rows, in order. */
class Cells {
  constructor(rows) { this.rows = rows; }
  get length() { return this.rows.length; }
  at(i) { const row = this.rows.at(i); return row === undefined ? undefined : new Cell(row); }
  *[Symbol.iterator]() { for (const row of this.rows) yield new Cell(row); }
  filter(test) { return new Cells(this.rows.filter((row) => test(new Cell(row)))); }
  some(test) { return this.rows.some((row) => test(new Cell(row))); }
  every(test) { return this.rows.every((row) => test(new Cell(row))); }
  map(make) { return Array.from(this.rows, (row) => make(new Cell(row))); }
  slice(from, to) { return new Cells(this.rows.slice(from, to)); }
  /** The cells whose numbers in a column pass a test of its values, which is called once for each value. */
  where(field, test) {
    const { values, numbers } = COLUMNS[field];
    const passes = values.map(test);
    return new Cells(this.rows.filter((row) => passes[numbers[row]]));
  }
  /** The same cells, those with the smaller key first; the order of equal ones stays. */
  sorted(...keys) {
    const difference = (a, b) => { for (const key of keys) if (key[a] !== key[b]) return key[a] - key[b]; return a - b; };
    return new Cells(this.rows.slice().sort(difference));
  }
}

/** Add a column that is made of others: `make` is called once for each combination of their values. */
function derive(field, fields, make) {
  const sources = fields.map((f) => COLUMNS[f]);
  const values = [], numbers = new Uint32Array(sources[0].numbers.length);
  const ofCombination = new Map(), ofValue = new Map();
  for (let row = 0; row < numbers.length; row += 1) {
    let combination = 0;
    for (const { values: some, numbers: of } of sources) combination = combination * some.length + of[row];
    let number = ofCombination.get(combination);
    if (number === undefined) {
      const value = make(...sources.map((source) => source.values[source.numbers[row]]));
      if (!ofValue.has(value)) ofValue.set(value, values.push(value) - 1);
      ofCombination.set(combination, number = ofValue.get(value));
    }
    numbers[row] = number;
  }
  COLUMNS[field] = { values, numbers };
}

const CELLS = new Cells(Uint32Array.from(COLUMNS.verdict.numbers, (_, row) => row));
const DERIVED = {
  runtime: [["producer", "consumer"], (writer, reader) => (writer === reader ? writer : `${writer} → ${reader}`)],
  apis: [["producer", "consumer"], (...ids) => [...new Set(ids.map((id) => id.split("-").at(-1)))].join(" → ")],
  bad: [["verdict"], (id) => verdictOf(id).kind === "bad"],
  failed: [["stage"], (stage) => !!stage],
  lostKey: [["lost"], (lost) => lost.join(" ")],
  judged: [["facets"], (facets) => facets.filter((f) => f.relevant !== false)], // the facets that the verdict rests on
  expectation: [["known"], (i) => (i === null ? null : DATA.known[i].entry)],
};
for (const [field, [fields, make]] of Object.entries(DERIVED)) {
  derive(field, fields, make);
  getter(field);
}

/** The column of a field, or the combined one of several: its values are theirs, joined by line ends. */
function columnOf(key) {
  const field = [key].flat().join("\n");
  if (!(field in COLUMNS)) derive(field, key, (...values) => values.join("\n"));
  return COLUMNS[field];
}

/** Map from key to the Cells that have it. The key is a field, a list of fields, or a function of a cell. */
function grouped(cells, key) {
  const groups = new Map();
  const put = (name, row) => { const some = groups.get(name); if (some) some.push(row); else groups.set(name, [row]); };
  if (typeof key === "function") for (const row of cells.rows) put(key(new Cell(row)), row);
  else {
    const { numbers } = columnOf(key);
    for (const row of cells.rows) put(numbers[row], row);
  }
  const named = typeof key === "function" ? (name) => name : (number) => columnOf(key).values[number];
  return new Map([...groups].map(([name, rows]) => [named(name), new Cells(rows)]));
}

/** The cell with this path, or undefined. */
function cellAt(path) {
  const ids = path.split("/");
  const found = ids.length === AXES.length ? AXES.reduce((cells, axis, i) => cells.where(axis, (id) => id === ids[i]), CELLS) : [];
  return found.length ? found.at(0) : undefined;
}
