// One artifact, every reader: a row for each file that more than one runtime has read, by what the best route brings.

const oldestFirst = (a, b) => a.localeCompare(b, undefined, { numeric: true });

/** What the best route of one reader brings: everything, less, or nothing; it decides, for one good route is enough. */
function best(cells) {
  const ran = cells.filter((cell) => cell.outcome.startsWith("loaded"));
  const [route] = [...ran].sort((a, b) => a.lost.length - b.lost.length);
  if (!route) return { id: "broken", text: "does not load", note: cells[0].error ? cells[0].error.message.slice(0, 160) : cells[0].reason };
  if (!route.lost.length) return { id: "kept", text: "everything", note: route.loader };
  return { id: "degraded", text: `without ${route.lost.map(spaced).join(", ")}`, note: route.loader };
}

/** The artifact's largest file: name and the first digits of its SHA-256, the same for all readers. */
function fileOf(cell) {
  const [largest] = [...pooled(cell.files)].sort((a, b) => b.size - a.size);
  return largest ? `${largest.path}, sha256 ${largest.sha256.slice(0, 12)}` : "";
}

function drawConsumers(cells) {
  const artifacts = grouped(cells, (cell) => [cell.producer, cell.model, cell.modifier, cell.format, cell.use].join("\n"));
  const read = [...artifacts.values()].filter((found) => distinct(found, "consumer").length > 1);
  byId("consumers").hidden = !read.length;
  const readers = distinct(read.flat(), "consumer").sort(oldestFirst);
  const field = (found, wanted) => {
    if (!found) return el("td", null, null);
    const { id, text, note } = best(found);
    const label = `${wanted.consumer}: ${text}. ${plural(found.length, "route")}; ${note || ""}`;
    return el("td", null, el(`button.field.${id}`, { type: "button", title: label, "aria-label": label, onclick: () => open(wanted) },
      el("span.field-text", null, el("b", null, verdictOf(id).symbol), ` ${text}`)));
  };
  const rows = read.sort((a, b) => worseFirst(a, b)).map((found) => {
    const { producer, model, modifier, format, use } = found[0];
    const byReader = grouped(found, (cell) => cell.consumer);
    return el("tr", null,
      el("th", { scope: "row" }, `${format} of ${producer}, ${use}`, el("small", null, ` ${model}${modifier === "none" ? "" : `, ${modifier}`} `), el("small", null, fileOf(found[0]))),
      readers.map((consumer) => field(byReader.get(consumer), { producer, model, modifier, format, use, consumer })));
  });
  byId("consumers-table").replaceChildren(...(rows.length ? [table("consumers", ["the same file, read by", ...readers], rows, "One artifact, every reader")] : []));
}
