// The question in one line, and its answer in a sentence. The answers come from the host (host.report.answers.compatibility).

const ANSWERS = await unpacked(byId("answers-data").textContent);
const ASKED = ["format", "producer", "use", "consumer"]; // the order in the address: #ask=h5,tf2.21-keras3,resume,tf2.21-keras3
const askKey = (question) => ASKED.map((axis) => question[axis]).join(",");
const SUPPORT = new Map(ANSWERS.support.map((entry) => [askKey(entry), entry]));
const FIRST_MODELS = 8;

const answerTitle = (id) => (ANSWERS.formats.find((f) => f.id === id) || { title: id }).title;
const answerName = (id) => (ANSWERS.runtimes.find((r) => r.id === id) || { name: id }).name;
const questionOf = (id) => ANSWERS.uses.find((u) => u.id === id).question;
const signOf = (id) => ANSWERS.statuses.find((s) => s.id === id).sign;

/** The question in the address; else the first field of the first table that fails for most, which teaches the most. */
function asked() {
  const parts = state.ask.split(",");
  if (parts.length === ASKED.length) return Object.fromEntries(ASKED.map((axis, i) => [axis, parts[i]]));
  const home = ANSWERS.support.filter((e) => e.producer === e.consumer && e.producer === ANSWERS.newest[0] && e.use === "resume");
  const first = home.find((e) => e.format === "h5") || home[0] || ANSWERS.support[0];
  return Object.fromEntries(ASKED.map((axis) => [axis, first[axis]]));
}

function fillQuestion() {
  const options = {
    format: ANSWERS.formats.map((f) => [f.id, f.title]),
    producer: ANSWERS.runtimes.filter((r) => ANSWERS.support.some((e) => e.producer === r.id)).map((r) => [r.id, r.name]),
    use: ANSWERS.uses.map((u) => [u.id, u.question]),
    consumer: ANSWERS.runtimes.filter((r) => ANSWERS.support.some((e) => e.consumer === r.id)).map((r) => [r.id, r.name]),
  };
  for (const axis of ASKED) {
    const select = byId(`ask-${axis}`);
    select.append(...options[axis].map(([id, text]) => el("option", { value: id }, text)));
    select.addEventListener("change", () => change({ ask: askKey(Object.fromEntries(ASKED.map((a) => [a, byId(`ask-${a}`).value]))) }));
  }
  byId("ask").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll(".more-formats")) {
    const others = byId(button.getAttribute("aria-controls"));
    const show = (shown) => { others.hidden = !shown; button.setAttribute("aria-expanded", String(shown)); };
    button.addEventListener("click", () => show(others.hidden));
    show(false);
  }
}

function drawAnswer() {
  if (!ANSWERS.support.length) return;
  const question = asked();
  byId("question").hidden = false;
  for (const axis of ASKED) byId(`ask-${axis}`).value = question[axis];
  const entry = SUPPORT.get(askKey(question));
  byId("answer").className = `answer a-${entry ? entry.status : "none"}`;
  byId("answer").replaceChildren(...(entry ? answered(entry) : unanswered(question)));
}

const present = (nodes) => nodes.filter(Boolean);

/** "No: it fails when training goes on (42 of 56 models), does not load (11) or cannot be saved (3)." */
function verdictSentence(entry) {
  const what = (groups) => groups.map((g, i) => `${i ? (i === groups.length - 1 ? " or " : ", ") : ""}${g.words} (${number(g.models.length)})`).join("");
  if (entry.status === "works") return `Yes: it works for ${entry.models === 1 ? "the one model that was run" : `all ${number(entry.models)} models that were run`}.`;
  const others = entry.groups.filter((g) => g.kind !== "works");
  if (entry.status === "works_but") return `Yes, for ${number(entry.works)} of ${plural(entry.models, "model")}. For the others it ${what(others)}.`;
  return `No. Of ${plural(entry.models, "model")} it works for ${entry.works ? number(entry.works) : "none"}: it ${what(others)}.`;
}

function promiseSentence(entry) {
  if (!entry.promised) return "No documentation promises that it works.";
  if (entry.promised === entry.models) return "The documentation promises that it works.";
  return `The documentation promises that it works for ${number(entry.promised)} of these ${number(entry.models)} models.`;
}

function answered(entry) {
  const home = { producer: entry.producer, consumer: entry.consumer, use: entry.use };
  const list = (some) => `#${new URLSearchParams({ list: selectionOf(some) })}`;
  const way = entry.way_around;
  const others = entry.groups.filter((g) => g.kind !== "works");
  return present([
    el("p.answer-line", null, el("span.sign", { "aria-hidden": "true" }, signOf(entry.status)), ` ${verdictSentence(entry)} `, promiseSentence(entry)),
    way && el("p", null, el("strong", null, entry.status === "works_but" ? "For the others: " : "Instead: "), way.format === entry.format ? `load it by ${spaced(way.loader)}` : `save it as ${answerTitle(way.format)}, and load it by ${spaced(way.loader)}`,
      `. This was run for ${number(way.of)} of these models, and works for ${number(way.works)}. `,
      el("a", { href: `#${new URLSearchParams({ cell: way.cell })}` }, "A cell that shows it")),
    !way && ["fails", "silent", "warns"].includes(entry.status) && el("p", null, "No other way that was run works here."),
    others.length > 0 && el("details", { open: others.length === 1 }, el("summary", null, "Which models, and why"),
      el("ul.exceptions", null, others.map((g) => el("li", null, el("strong", null, g.words), ": ",
        g.models.slice(0, FIRST_MODELS).join(", "), g.models.length > FIRST_MODELS ? ` and ${g.models.length - FIRST_MODELS} more` : "", ". ",
        el("a", { href: `#${new URLSearchParams({ cell: g.cell })}`, "aria-label": `A cell: ${g.words}` }, "A cell"), ". ", g.findings.map(reported))))),
    el("p.soft", null, el("a", { href: list({ ...home, format: entry.format }) }, "Evidence: the cells of this question"), ". ",
      entry.models === 1 ? "One model was run, so this says little of others. " : "", "How to show it with Keras alone: open a cell, its last section has the command."),
  ]);
}

/** A finding in the answer, with what upstream says of it; pressing its name shows the finding. */
function reported(id) {
  const finding = FINDINGS.find((f) => f.id === id);
  if (!finding) return null;
  const words = { reported: "reported", intended: "meant to be so", unreported: "unreported", unknown: "not looked up" }[finding.upstream.state];
  const said = finding.upstream.links.length && finding.upstream.state !== "unreported" ? outLink(finding.upstream.links[0], words) : words;
  return [" ", el("a", { href: `#finding-${id}`, onclick: () => { byId(`finding-${id}`).open = true; } }, finding.name.replaceAll("`", "")), " (", said, ")."];
}

/** Nothing was run: because the members do not fit together, or because the configuration did not select it. */
function unanswered(question) {
  const reason = DATA.excluded.find((e) => e.ids.format.includes(question.format) && (e.ids.producer.includes(question.producer) || e.ids.producer.includes("*"))
    && (e.ids.consumer.includes(question.consumer) || e.ids.consumer.includes("*")) && e.ids.loader.includes("*") && (e.ids.use.includes(question.use) || e.ids.use.includes("*")));
  const pair = question.producer === question.consumer ? `producers: [${question.producer}]` : `pairs: [[${question.producer}, ${question.consumer}]]`;
  return present([
    el("p.answer-line", null, "This was not run here. ", reason ? `${reason.reason}.` : "The configuration of this run did not select it."),
    !reason && el("p", null, "These lines in a configuration select it (config/README.md):"),
    !reason && command(`matrix:\n  - ${pair}\n    models: [mlp_functional]\n    formats: [${question.format}]\n    uses: [${question.use}]`),
  ]);
}
