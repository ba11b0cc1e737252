// Unpacks the embedded cells (report/embed.py packs them), groups and counts them.

const DATA = JSON.parse(byId("data").textContent);
const SEVERITY = Object.fromEntries(DATA.verdicts.map((v, i) => [v.id, i]));
const USES = ["inference", "evaluate", "resume"]; // shown first; the others follow by name
const AXES = DATA.axes;

const KNOWN = new Map(DATA.known.map(({ entry }, i) => [JSON.stringify(entry), i]));

const CELLS = DATA.cells.map((row) => {
  const cell = {};
  DATA.fields.forEach((field, i) => { cell[field] = DATA.pool[row[i]]; });
  cell.facets = cell.facets.map((i) => DATA.pool[i]);
  cell.judged = cell.facets.filter((f) => f.relevant !== false); // the facets that the verdict rests on
  cell.path = AXES.map((axis) => cell[axis]).join("/");
  cell.runtime = cell.producer === cell.consumer ? cell.producer : `${cell.producer} → ${cell.consumer}`;
  cell.bad = verdictOf(cell.verdict).kind === "bad";
  cell.apis = [...new Set([cell.producer, cell.consumer].map((id) => id.split("-").at(-1)))].join(" → ");
  cell.lostKey = cell.lost.join(" ");
  cell.known = cell.expectation ? KNOWN.get(JSON.stringify(cell.expectation)) : null;
  return cell;
});
const BY_PATH = new Map(CELLS.map((cell) => [cell.path, cell]));

const pooled = (numbers) => (numbers || []).map((i) => DATA.pool[i]);

/** A member's title, or "" if it only repeats the id. */
function titleOf(axis, id) {
  const title = (DATA.titles[axis] || {})[id] || "";
  return title.toLowerCase() === spaced(id || "").toLowerCase() ? "" : title;
}

/** The text that the text filter searches; built when first needed. */
function haystack(cell) {
  if (cell.haystack === undefined) {
    const titles = AXES.map((axis) => titleOf(axis, cell[axis]));
    const messages = pooled(cell.warnings).map((w) => w.message);
    const error = cell.error ? [cell.error.type, cell.error.message] : [];
    cell.haystack = [cell.path, verdictOf(cell.verdict).word, noteOf(cell.note).word, cell.outcome, cell.reason, cell.lostKey, ...titles, ...error, ...messages]
      .join(" ").toLowerCase();
  }
  return cell.haystack;
}

/** The command that runs this cell again, quoted for a shell. */
function rerun(cell) {
  const target = DATA.rerun.target.replace("{cell}", cell.path);
  return DATA.rerun.command + (/[^\w@%+=:,./-]/.test(target) ? `'${target.replaceAll("'", `'"'"'`)}'` : target);
}

/** Map from key to the cells that have it. */
function grouped(cells, key) {
  const groups = new Map();
  for (const cell of cells) {
    const k = key(cell);
    if (groups.has(k)) groups.get(k).push(cell);
    else groups.set(k, [cell]);
  }
  return groups;
}

/** [[verdict, count]], worst first, of the verdicts that occur. */
function tally(cells) {
  return [...grouped(cells, (cell) => cell.verdict)].map(([id, some]) => [id, some.length])
    .sort((a, b) => SEVERITY[a[0]] - SEVERITY[b[0]]);
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

const compareUses = (a, b) => {
  const [i, j] = [USES.indexOf(a), USES.indexOf(b)].map((n) => (n < 0 ? USES.length : n));
  return i - j || (a < b ? -1 : a > b ? 1 : 0);
};
/** The facets, in the order of report/words.py. */
const FACETS = Object.keys(DATA.facets);
const inOrder = (a, b) => FACETS.indexOf(a) - FACETS.indexOf(b);

/** Sort order of names, with the numbers in them compared as numbers: older versions come first. */
const byName = (a, b) => String(a).localeCompare(String(b), "en", { numeric: true });

/** The different values of an axis, in order. */
const distinct = (cells, axis) => [...new Set(cells.map((cell) => cell[axis]))].sort(axis === "use" ? compareUses : byName);

/** A bar that shows the share of each verdict. */
function proportions(cells) {
  return tally(cells).map(([id, n]) => el(`i.${classOf(id)}`, { style: `flex-grow:${n}` }));
}

/** The note on these cells that matters most: what is new comes first. */
const noteOn = (cells) => DATA.notes.find((n) => cells.some((cell) => cell.note === n.id)).id;

/** "3 silent loss (2 known, 1 new), 4 kept": in words, for screen readers. */
function spoken(cells) {
  const notes = (some) => DATA.notes.filter((n) => n.symbol).map((n) => [some.filter((cell) => cell.note === n.id).length, n.word])
    .filter(([n]) => n).map(([n, word]) => `${n} ${word}`).join(", ");
  return tally(cells).map(([id, n]) => {
    const noted = notes(cells.filter((cell) => cell.verdict === id));
    return `${n} ${verdictOf(id).word}${noted ? ` (${noted})` : ""}`;
  }).join(", ");
}

// Shares and tables: what is kept, and what counts as lost. A facet that a failed path did not come to is not there.
const gone = (f) => DATA.gone.includes(f.status);
const kept = (f) => DATA.kept.includes(f.status);
/** Runtimes are never mixed in a share: what Keras 3 keeps, tf_keras may lose. Many are grouped by their apis. */
const APART = new Set(CELLS.map((cell) => cell.runtime)).size > 12 ? "apis" : "runtime";
