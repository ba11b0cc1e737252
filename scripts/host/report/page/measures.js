// Words, counts, shares and orders of cells.

/** A member's title, or "" if it only repeats the id. */
function titleOf(axis, id) {
  const title = (DATA.titles[axis] || {})[id] || "";
  return title.toLowerCase() === spaced(id || "").toLowerCase() ? "" : title;
}

/** The command that runs this cell again, quoted for a shell. */
function rerun(cell) {
  const target = DATA.rerun.target.replace("{cell}", cell.path);
  return DATA.rerun.command + (/[^\w@%+=:,./-]/.test(target) ? `'${target.replaceAll("'", `'"'"'`)}'` : target);
}

/** [[verdict, count]], worst first, of the verdicts that occur. */
function tally(cells) {
  cells.tally ??= [...grouped(cells, "verdict")].map(([id, some]) => [id, some.length])
    .sort((a, b) => SEVERITY[a[0]] - SEVERITY[b[0]]);
  return cells.tally;
}

/** Sort order of two groups of cells: the worse first, by the share of each verdict in turn. */
function worseFirst(a, b) {
  const [left, right] = [a, b].map((cells) => Object.fromEntries(tally(cells).map(([id, n]) => [id, n / cells.length])));
  for (const v of DATA.verdicts) {
    const difference = (right[v.id] || 0) - (left[v.id] || 0);
    if (difference) return difference;
  }
  return b.length - a.length;
}

const NOTES = DATA.notes.map((n) => n.id);
const ranks = (field, rankOf) => Uint8Array.from(COLUMNS[field].numbers, (n) => rankOf(COLUMNS[field].values[n]));
const RANKS = [ranks("verdict", (id) => SEVERITY[id]), ranks("note", (id) => NOTES.indexOf(id))];
/** The cells, the worst first, and of those the new ones. */
const worstFirst = (cells) => cells.sorted(...RANKS);

const compareUses = (a, b) => {
  const [i, j] = [USES.indexOf(a), USES.indexOf(b)].map((n) => (n < 0 ? USES.length : n));
  return i - j || (a < b ? -1 : a > b ? 1 : 0);
};
/** The facets, in the order of report/words.py. */
const FACETS = Object.keys(DATA.facets);
const inOrder = (a, b) => FACETS.indexOf(a) - FACETS.indexOf(b);

/** Sort order of names, with the numbers in them compared as numbers: older versions come first. */
const byName = new Intl.Collator("en", { numeric: true }).compare;

/** The different values of an axis, in order. */
function distinct(cells, axis) {
  const { values, numbers } = columnOf(axis);
  const some = new Set();
  for (const row of cells.rows) some.add(numbers[row]);
  return Array.from(some, (n) => values[n]).sort(axis === "use" ? compareUses : byName);
}

/** A bar that shows the share of each verdict. */
function proportions(cells) {
  return tally(cells).map(([id, n]) => el(`i.${classOf(id)}`, { style: `flex-grow:${n}` }));
}

/** The note on these cells that matters most: what is new comes first. */
function noteOn(cells) {
  const notes = distinct(cells, "note");
  return NOTES.find((id) => notes.includes(id));
}

/** "3 silent loss (2 known, 1 new), 4 kept": in words, for screen readers. */
function spoken(cells) {
  const verdicts = grouped(cells, "verdict");
  const noted = (some) => [...grouped(some, "note")].filter(([id]) => noteOf(id).symbol).sort(([a], [b]) => NOTES.indexOf(a) - NOTES.indexOf(b))
    .map(([id, those]) => `${those.length} ${noteOf(id).word}`).join(", ");
  return tally(cells).map(([id, n]) => {
    const notes = noted(verdicts.get(id));
    return `${n} ${verdictOf(id).word}${notes ? ` (${notes})` : ""}`;
  }).join(", ");
}

// Shares and tables: what is kept, and what counts as lost. A facet that a failed path did not come to is not there.
const gone = (f) => DATA.gone.includes(f.status);
const kept = (f) => DATA.kept.includes(f.status);
/** Runtimes are never mixed in a share: what Keras 3 keeps, tf_keras may lose. Many are grouped by their apis. */
const APART = distinct(CELLS, "runtime").length > 12 ? "apis" : "runtime";

/** [{...facet, n}]: the facets that verdicts rest on, each kind with the number of these cells that have it. */
const countedFacets = (cells) => [...grouped(cells, "judged")].flatMap(([facets, some]) => facets.map((f) => ({ ...f, n: some.length })));
/** The number of cells of counted facets. */
const total = (counted) => counted.reduce((sum, f) => sum + f.n, 0);
