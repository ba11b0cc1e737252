// One artifact, every reader: a row for each artifact that several runtimes read, with the result of their best route.

const READINGS_AT_ONCE = 500; // fields that are drawn before a table is opened

/** The result of one reader's best route: everything, less, or nothing. One good route is enough. */
function best(cells) {
  const judged = [...cells].filter((cell) => verdictOf(cell.verdict).kind !== "no_proof"); // such tell nothing about the reader
  const { verdict, reason, error } = cells.at(0);
  if (!judged.length) return { id: verdict, text: spaced(verdict), note: reason };
  const ran = judged.filter((cell) => cell.outcome.startsWith("loaded"));
  const [route] = [...ran].sort((a, b) => a.lost.length - b.lost.length);
  const failed = cells.some((cell) => cell.stage === "use") ? "loads, but fails in use" : "does not load";
  if (!route) return { id: "broken", text: failed, note: error ? error.message.slice(0, 160) : reason };
  if (!route.lost.length) return { id: "kept", text: "everything", note: route.loader };
  return { id: "degraded", text: `without ${route.lost.map(spaced).join(", ")}`, note: route.loader };
}

/** The artifact's largest file: name and the first digits of its SHA-256, the same for all readers. */
const fileOf = ({ artifact }) => (artifact ? `${artifact.path}, sha256 ${artifact.sha256}` : "");

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
  const apart = CROSSED ? ["apis"] : []; // one table for each pair of apis, else it has too many columns
  const artifacts = grouped(cells, ["producer", "model", "modifier", "format", "use", ...apart]);
  const { numbers } = COLUMNS.consumer;
  const read = [...artifacts.values()].filter(({ rows }) => rows.some((row) => numbers[row] !== numbers[rows[0]]));
  byId("consumers").hidden = !read.length;
  if (CROSSED) byId("matrix").before(byId("consumers")); // the main question of such a run
  const kinds = new Map();
  for (const some of read) {
    const { format, use, model, modifier, apis } = some.at(0);
    const kind = CROSSED ? `${[format, use, model, modifier].filter((id) => id !== "none").join(", ")}: ${apis}` : "";
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push(some);
  }
  let fields = 0; // that are drawn at once
  const tables = [...kinds].sort((a, b) => byName(a[0], b[0])).map(([kind, those]) => {
    const readers = distinct(new Cells(those.flatMap((some) => [...some.rows])), "consumer");
    const order = CROSSED ? (a, b) => byName(a.at(0).producer, b.at(0).producer) : worseFirst;
    const row = (readings) => {
      const { producer, model, modifier, format, use } = readings.at(0);
      const byReader = grouped(readings, "consumer");
      const name = CROSSED ? producer : `${format} of ${producer}, ${use}`;
      const of = CROSSED ? "" : ` ${model}${modifier === "none" ? "" : `, ${modifier}`} `;
      return el("tr", null, el("th", { scope: "row" }, name, el("small", null, of), el("small", null, ` ${fileOf(readings.at(0))}`)),
        readers.map((consumer) => readerField(byReader.get(consumer), { producer, model, modifier, format, use, consumer }, CROSSED)));
    };
    const heads = [CROSSED ? "artifact of" : "artifact, read by", ...readers.map((id) => (CROSSED ? el("span.upright", null, id) : id))];
    const size = Math.max(12, Math.floor(READINGS_AT_ONCE / readers.length));
    const drawn = () => table("consumers", heads, pages(those.sort(order), row, size, heads.length), kind || "Artifacts by reader");
    if (!CROSSED) return drawn();
    const open = fields < READINGS_AT_ONCE;
    fields += Math.min(size, those.length) * readers.length;
    return lazily(el("details.runtime", { open }, el("summary", null, el("span.runtime-name", null, kind))), drawn);
  });
  byId("consumers-table").replaceChildren(...(read.length ? tables : []));
}
