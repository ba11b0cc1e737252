// The chart of batch logs: one Vega-Lite specification, drawn with the data of a cell when the cell is opened.

let vega = null;

/** Run Vega when it is first needed. Until then it is packed, so that the page opens faster. */
const loadVega = () => vega ??= inflated(byId("vega").textContent).then((text) => {
  document.head.append(el("script", null, text));
  return window.vegaEmbed;
});

function curvesOf({ names, reference, observed, difference: differences }) {
  const start = Math.max(names.indexOf("loss"), 0);
  const holder = el("div.chart");
  const note = el("p.note", { role: "status" });
  const choose = el("select", { "aria-label": "which value", onchange: () => draw(choose.value) }, names.map((n) => el("option", { value: n }, n)));
  choose.value = names[start];

  function draw(name) {
    const column = names.indexOf(name);
    const at = (rows, i) => (rows[i] ? rows[i][column] : null);
    const length = Math.max(reference.length, observed.length);
    const curves = [], difference = [];
    let first = null, largest = 0;
    for (let i = 0; i < length; i += 1) {
      const [r, o] = [at(reference, i), at(observed, i)];
      if (r !== null && r !== undefined) curves.push({ batch: i + 1, run: "uninterrupted", value: r });
      if (o !== null && o !== undefined) curves.push({ batch: i + 1, run: "resumed", value: o });
      const d = at(differences, i);
      if (typeof r === "number" && typeof d === "number") {
        difference.push({ batch: i + 1, difference: d });
        largest = Math.max(largest, Math.abs(d));
      }
      if (first === null && d !== 0) first = i + 1;
    }
    note.textContent = first === null ? `The same in all ${number(length)} batches.`
      : `First difference at batch ${first} of ${length}; largest difference ${number(largest)}.`;
    drawSpec(holder, curves, difference, name, note.textContent);
  }
  // Vega measures the element that it draws into, so the element must be on the page first.
  requestAnimationFrame(() => draw(names[start]));
  return el("div", null, el("div.chart-head", null, note, names.length > 1 && choose), holder);
}

async function drawSpec(holder, curves, difference, name, description) {
  const spec = JSON.parse(byId("chart-spec").textContent);
  const style = getComputedStyle(document.body);
  const colour = (variable) => style.getPropertyValue(variable).trim();
  spec.datasets = { curves, difference };
  spec.description = `${name} of uninterrupted and resumed training. ${description}`;
  spec.vconcat.forEach((view) => { view.width = Math.max(holder.clientWidth - 90, 200); });
  for (const layer of spec.vconcat[0].layer) {
    layer.encoding.y.title = name;
    layer.encoding.color.scale.range = [colour("--curve-reference"), colour("--curve-observed")];
  }
  const text = { labelColor: colour("--text-soft"), titleColor: colour("--text-soft"), labelFont: "system-ui", titleFont: "system-ui" };
  spec.config = {
    background: "transparent", font: "system-ui", view: { stroke: "transparent" }, bar: { color: colour("--curve-observed") },
    axis: { ...text, titleFontWeight: "normal", gridColor: colour("--line"), domainColor: colour("--line"), tickColor: colour("--line") }, legend: text,
  };
  const embed = await loadVega();
  embed(holder, spec, { actions: false, renderer: "svg", loader: { load: () => Promise.reject(new Error("offline")) } })
    .catch((error) => { holder.textContent = `The chart could not be drawn: ${error.message}`; });
}
