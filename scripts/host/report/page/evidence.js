// The evidence of a cell, from the chunks that report/chunks.py made; a chunk is unpacked when one of its cells is opened.

const CHUNKS = byId("evidence").textContent.split("\n").filter(Boolean);
const OF_CHUNK = Number(byId("evidence").dataset.chunk);
const unpackedChunks = new Map();
let places = null; // {row: place among the cells that have evidence}

const chunkOf = (i) => unpackedChunks.get(i) || unpackedChunks.set(i, unpacked(CHUNKS[i])).get(i);

async function placeOf(cell) {
  if (!places) {
    let row = 0;
    places = new Map((CHUNKS.length ? await chunkOf(0) : []).map((step, place) => [row += step, place]));
  }
  return places.get(cell.row);
}

/**
 * The evidence of a cell, or null where the page has none (verdictFile has it): seconds, total, memory, facets (those of
 * the cell, with compared, differing, max_ulp, max_abs, tolerance, detail, announced), files, traceback (lines),
 * messages ([source, category] of each of cell.warnings), notes, trajectory, signatures, doors, trusted, reproduction.
 */
async function evidenceOf(cell) {
  const place = await placeOf(cell);
  if (place === undefined) return null;
  const chunk = await chunkOf(1 + Math.floor(place / OF_CHUNK));
  const found = {};
  for (const [field, packed] of Object.entries(chunk)) {
    const { values, numbers } = packed.whole ??= column(packed);
    found[field] = values[numbers[place % OF_CHUNK]];
  }
  found.facets = cell.facets.map((f, i) => {
    const [compared, differing, max_ulp, max_abs, tolerance, detail, announced] = found.facets[i];
    return { ...f, compared, differing, max_ulp, max_abs, tolerance, detail, announced };
  });
  found.trajectory = found.reference && trajectory(found.reference, found.observed);
  return found;
}

/** The batch logs: {names, reference, observed, difference}, each a list of batches. */
function trajectory({ names, batches }, observed) {
  const difference = observed || batches.map((batch) => batch.map(() => 0));
  const seen = (d, r) => (d === 0 ? r : typeof d === "number" ? r + d : d === null ? null : Number(d));
  return {
    names, reference: batches, difference,
    observed: difference.map((batch, at) => batch.map((d, i) => seen(d, (batches[at] || [])[i]))),
  };
}

/** The file that has all the evidence of a cell, relative to the folder of the run. */
const verdictFile = (cell) => DATA.rerun.target.replace("{cell}", cell.path);
