// One artifact, every reader: a row for each artifact that several runtimes read, with the result of their best route.

/** The result of one reader's best route: everything, less, or nothing. One good route is enough. */
function best(cells) {
  const judged = cells.filter((cell) => verdictOf(cell.verdict).kind !== "no_proof"); // such tell nothing about the reader
  if (!judged.length) return { id: cells[0].verdict, text: spaced(cells[0].verdict), note: cells[0].reason };
  const ran = judged.filter((cell) => cell.outcome.startsWith("loaded"));
  const [route] = [...ran].sort((a, b) => a.lost.length - b.lost.length);
  const failed = cells.some((cell) => cell.stage === "use") ? "loads, but fails in use" : "does not load";
  if (!route) return { id: "broken", text: failed, note: cells[0].error ? cells[0].error.message.slice(0, 160) : cells[0].reason };
  if (!route.lost.length) return { id: "kept", text: "everything", note: route.loader };
  return { id: "degraded", text: `without ${route.lost.map(spaced).join(", ")}`, note: route.loader };
}

/** The artifact's largest file: name and the first digits of its SHA-256, the same for all readers. */
function fileOf(cell) {
  const [largest] = [...pooled(cell.files)].sort((a, b) => b.size - a.size);
  return largest ? `${largest.path}, sha256 ${largest.sha256.slice(0, 12)}` : "";
}

/** One reader's field: the result of its best route, in words, or ``brief``: as a symbol. */
function readerField(cells, wanted, brief) {
  if (!cells) return el("td");
  const { id, text, note } = best(cells);
  const label = `${wanted.consumer}: ${text}. ${plural(cells.length, "route")}; ${note || ""}`;
  const words = brief ? (id === "degraded" ? el("small", null, ` ${text.split(" ")[1].replace(",", "")}`) : null) : ` ${text}`;
  return el("td", null, el(`button.field.${classOf(id)}`, { type: "button", title: label, "aria-label": label, onclick: () => open(wanted) },
    el("span.field-text", null, el("b", null, verdictOf(id).symbol), words)));
}

function drawConsumers(cells) {
  const apart = (cell) => (CROSSED ? cell.apis : ""); // one table for each pair of apis, else it has too many columns
  const artifacts = grouped(cells, (cell) => [cell.producer, cell.model, cell.modifier, cell.format, cell.use, apart(cell)].join("\n"));
  const read = [...artifacts.values()].filter((some) => distinct(some, "consumer").length > 1);
  byId("consumers").hidden = !read.length;
  if (CROSSED) byId("matrix").before(byId("consumers")); // the main question of such a run
  const kinds = CROSSED ? grouped(read, ([cell]) => [cell.format, cell.use, cell.model, cell.modifier].filter((id) => id !== "none").join(", ") + `: ${cell.apis}`) : new Map([["", read]]);
  const tables = [...kinds].sort((a, b) => byName(a[0], b[0])).map(([kind, those]) => {
    const readers = distinct(those.flat(), "consumer");
    const order = CROSSED ? (a, b) => byName(a[0].producer, b[0].producer) : worseFirst;
    const rows = those.sort(order).map((readings) => {
      const { producer, model, modifier, format, use } = readings[0];
      const byReader = grouped(readings, (cell) => cell.consumer);
      const name = CROSSED ? producer : `${format} of ${producer}, ${use}`;
      const of = CROSSED ? "" : ` ${model}${modifier === "none" ? "" : `, ${modifier}`} `;
      return el("tr", null, el("th", { scope: "row" }, name, el("small", null, of), el("small", null, ` ${fileOf(readings[0])}`)),
        readers.map((consumer) => readerField(byReader.get(consumer), { producer, model, modifier, format, use, consumer }, CROSSED)));
    });
    const heads = [CROSSED ? "artifact of" : "artifact, read by", ...readers.map((id) => (CROSSED ? el("span.upright", null, id) : id))];
    const drawn = () => table("consumers", heads, rows, kind || "Artifacts by reader");
    if (!CROSSED) return drawn();
    return el("details.runtime", { open: true }, el("summary", null, el("span.runtime-name", null, kind)), drawn());
  });
  byId("consumers-table").replaceChildren(...(read.length ? tables : []));
}
