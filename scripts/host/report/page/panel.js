// The side panel: a list of cells, or one cell. Its content is part of the state, so a link can open it.

const ORDER = ["model", "format", "runtime", "loader", "use", "modifier"];
const AT_ONCE = 300; // rows of a list

function drawPanel() {
  const panel = byId("panel");
  const cell = state.cell ? cellAt(state.cell) : null;
  const cells = state.list ? worstFirst(selected(filtered(), state.list)) : null;
  if (!cell && !state.cell && !state.list) {
    if (panel.open) panel.close();
    return;
  }
  panel.replaceChildren(...(cell ? oneCell(cell, cells) : state.cell ? unknownCell() : manyCells(cells)));
  if (cell) fillIn(cell, panel.querySelector(".panel-body"));
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  byId("panel-title").focus({ preventScroll: true });
}

function frame(title, buttons, body) {
  return [
    el("div.panel-head", null, el("h2", { id: "panel-title", tabindex: "-1" }, title),
      el("div.panel-buttons", null, buttons, el("button.small", { type: "button", onclick: closePanel, "aria-label": "Close" }, "Close"))),
    el("div.panel-body", null, body),
  ];
}

function oneCell(cell, cells) {
  const at = cells ? cells.rows.indexOf(cell.row) : -1;
  const step = (to, text, label) => el("button.small", { type: "button", disabled: to < 0 || to >= cells.length, "aria-label": label, onclick: () => change({ cell: cells.at(to).path }) }, text);
  const walk = at < 0 ? null : [
    el("button.small", { type: "button", onclick: () => change({ cell: "" }) }, "List"),
    step(at - 1, "←", "Previous cell"), step(at + 1, "→", "Next cell"),
  ];
  const title = [badge(cell.verdict), " ", mark(cell.note, true), " ", el("span.panel-path", null, `${cell.model}, ${cell.format}, ${cell.loader}, ${cell.use}`)];
  const link = () => location.href.split("#")[0] + hashOf({ cell: cell.path });
  return frame(title, [walk, copyButton(link(), "Copy link")], []);
}

/** Put a cell's view into the panel, as soon as its evidence is unpacked. */
async function fillIn(cell, body) {
  body.setAttribute("aria-busy", "true");
  body.replaceChildren(...el("div", null, cellView(cell, await evidenceOf(cell))).childNodes);
  body.removeAttribute("aria-busy");
}

const unknownCell = () => frame("No such cell", null, el("p", null, "This report holds no cell ", el("code", null, state.cell), "."));

/** A part of a selection in words. */
function inWords([key, value]) {
  const words = {
    facet: () => `${spaced(value)} lost`, promise: () => (value === "true" ? "promised" : "not promised"),
    verdict: () => verdictOf(value).word, note: () => noteOf(value).word, bad: () => "bad", passes: () => value === "false" && "fails the gate", findings: () => value, failed: () => "not saved, loaded or used", known: () => DATA.known[value].entry.reason, finding: () => (FINDINGS.find((f) => f.id === value) || { name: value }).name,
    lostKey: () => value && `lost: ${value.split(" ").map(spaced).join(", ")}`,
  };
  return words[key] ? words[key]() : value;
}

/** A list of cells. The title has what all cells share, the columns have what they do not share. */
function manyCells(cells) {
  const wanted = [...new URLSearchParams(state.list)].map(inWords).filter(Boolean);
  const varying = ORDER.filter((axis) => distinct(cells, axis).length > 1);
  const shared = ORDER.filter((axis) => cells.length && !varying.includes(axis)).map((axis) => cells.at(0)[axis]);
  const more = shared.filter((value) => value !== "none" && !wanted.includes(value));
  const title = [plural(cells.length, "cell"), el("span.panel-path", null, ` ${[...wanted, ...more].join(", ")}`)];
  const row = (cell) => el("tr", null,
    el("td", null, badge(cell.verdict), " ", mark(cell.note, true)),
    el("th", { scope: "row" }, el("button.link", { type: "button", onclick: () => change({ cell: cell.path }) },
      (varying.length ? varying : ["model"]).map((axis) => cell[axis]).join(" · "))),
    el("td", null, cell.reason || ""));
  return frame(title, null, [
    el("p.tallies", null, tally(cells).map(([id, n]) => badge(id, n))),
    table("list", ["verdict", varying.join(" · ") || "model", "why"], pages(cells.rows, (i) => row(new Cell(i)), AT_ONCE, 3), "Cells"),
  ]);
}

function closePanel() {
  byId("panel").close();
}

function panelEvents() {
  const panel = byId("panel");
  // The browser closes a dialog on Escape; the state must follow.
  panel.addEventListener("close", () => { if (state.cell || state.list) change({ cell: "", list: "" }); });
  panel.addEventListener("click", (event) => { if (event.target === panel) closePanel(); });
  panel.addEventListener("keydown", (event) => {
    if (event.target.closest("select, input, pre, .scroll")) return;
    const label = { ArrowLeft: "Previous cell", ArrowRight: "Next cell" }[event.key];
    const button = label && panel.querySelector(`button[aria-label="${label}"]:not([disabled])`);
    if (button) button.click();
  });
}
