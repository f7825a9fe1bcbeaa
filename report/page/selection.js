// The chosen trial: its configuration, its result and why it was suggested.
function listing(values) {
  return element("table", {}, element("tbody", {}, ...Object.entries(values).map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", { class: typeof value === "number" ? "number" : "text" }, toDigits(value, 6))))));
}

function choose(trial) {
  chosen.trial = trial;
  const panel = document.getElementById("selection");
  panel.hidden = trial === null;
  if (trial !== null) showTrial(panel, trial);
  document.querySelectorAll("tr[data-trial]").forEach((row) => row.classList.toggle("chosen", Number(row.dataset.trial) === trial));
  redrawMarks();
  for (const figure of figures.values()) {
    const choice = figure.choosers?.trial;
    const index = choice ? choice.options.findIndex(([value]) => value === trial) : -1;
    if (index >= 0) {
      figure.state.trial = trial;
      choice.list.selectedIndex = index;
      redraw(figure);
    }
  }
}

const chooseByClick = (instance) => instance.on("click", (event) => { if (event.data?.trial !== undefined) choose(event.data.trial); });

function constraintsText(trial) {
  const row = trialTable.rows[trial];
  const constraints = trialChart().constraints.filter((o) => row[o.column] !== null);
  if (constraints.length === 0) return [];
  return [element("p", {}, element("strong", {}, "Constraints")),
    listing(Object.fromEntries(constraints.map((o) => [o.name, `${short(row[o.column])}, ${breaks(o, row[o.column]) ? "broken: must be" : "kept:"} ${limitText(o)}`])))];
}

function showTrial(panel, trial) {
  const row = trialTable.rows[trial];
  const last = trialTable.columns.length - 1;
  const reason = row[last - 1], message = row[last];
  const copy = element("button", { type: "button", onclick: () => copied(JSON.stringify(configurationOf(trial))) }, "Copy as JSON");
  panel.replaceChildren(
    element("div", { class: "bar" }, element("h2", {}, `Trial ${trial}${row[place.mark] ? ": " + row[place.mark] : ""}`),
      element("button", { type: "button", "aria-label": "Close", onclick: () => choose(null) }, "×")),
    element("p", { class: "dim" }, `${row[place.status]}${row[place.standing] === "front" ? ", on the front" : ""}${row[place.seconds] !== null ? ", took " + short(row[place.seconds]) + " s" : ""}${report.digits && row[place.standing] !== "front" ? `; numbers to ${report.digits} digits` : ""}`),
    listing(objectivesOf(trial)),
    ...constraintsText(trial),
    element("p", {}, element("strong", {}, "Configuration")), listing(configurationOf(trial)), copy,
    element("p", {}, element("strong", {}, "Why it was suggested: "), `${reason} (phase: ${phaseNames[row[place.phase]] || row[place.phase]}).`),
    ...(message ? [element("p", {}, element("strong", {}, "Message: "), message)] : []));
}

document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen.trial !== null) choose(null); });
