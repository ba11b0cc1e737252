// Draws the page, and redraws the parts that a change of the state concerns. The template runs the scripts in an async
// function; main is marked as busy until the first drawing is done.

const EXTENT = ["producer", "model", "format", "loader"];

function drawAll() {
  const cells = filtered();
  showFilters();
  byId("bar").replaceChildren(...proportions(cells));
  drawShort(cells);
  drawMatrix(cells);
  drawConsumers(cells);
  drawFindings(cells);
  drawHeat(cells);
}

byId("extent").textContent = CELLS.length ? ": " + EXTENT.map((axis) => plural(distinct(CELLS, axis).length, axis === "producer" ? "runtime" : axis)).join(", ") : "";
filterForm(byId("filters"));
pivotControls();
panelEvents();
for (const tile of document.querySelectorAll(".tile")) {
  tile.addEventListener("click", () => {
    const chosen = new Set(state.verdict ? state.verdict.split(",") : []);
    if (!chosen.delete(tile.dataset.verdict)) chosen.add(tile.dataset.verdict);
    change({ verdict: [...chosen].join(",") });
  });
}
if (ANSWERS.support.length) fillQuestion();
drawAnswer();
drawKnown();
drawExcluded();
drawAll();
drawPanel();
onChange((changed) => {
  const keys = Object.keys(changed);
  if (keys.includes("ask")) drawAnswer();
  if (keys.some((key) => !["cell", "list", "ask"].includes(key))) drawAll();
  if (keys.includes("cell") || keys.includes("list")) drawPanel();
});
byId("main").removeAttribute("aria-busy");
