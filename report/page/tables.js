// Tables that can be sorted, and the front's rows as a way to a trial for those who do not use a pointer.
function valueIn(cell) {
  return cell.dataset.value !== undefined ? Number(cell.dataset.value) : cell.textContent;
}

function makeSortable(table) {
  const body = table.tBodies[0];
  table.querySelectorAll("thead th").forEach((head, column) => {
    const text = head.textContent;
    const button = element("button", { type: "button", title: "Sort by this column" }, text);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th").forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        const x = valueIn(a.cells[column]), y = valueIn(b.cells[column]);
        const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true });
        return down ? -order : order;
      });
      body.append(...rows);
    });
    head.replaceChildren(button);
  });
}

/// A line above a table that is wider than its place, as long as it is.
function sayThatItScrolls(box) {
  const hint = element("p", { class: "scrolls", "aria-hidden": "true" }, "⟷ scroll sideways for more columns");
  hint.hidden = true;
  box.before(hint);
  const look = () => { hint.hidden = box.scrollWidth <= box.clientWidth + 1; };
  new ResizeObserver(look).observe(box);
  look();
}

function configurationOf(trial) {
  const row = trialTable.rows[trial];
  const chart = trialChart();
  const values = {};
  trialTable.columns.slice(6, chart.objectives[0].column).forEach((name, i) => { if (row[6 + i] !== null) values[name] = row[6 + i]; });
  return values;
}

function objectivesOf(trial) {
  return Object.fromEntries(trialChart().objectives.map((o) => [o.name, trialTable.rows[trial][o.column]]));
}

const trialChart = () => [...figures.values()].find((figure) => figure.chart.objectives && figure.table === trialTable).chart;

function makeTrialTable(table) {
  for (const row of table.tBodies[0].rows) {
    const trial = Number(row.cells[0].dataset.value);
    row.dataset.trial = trial;
    row.cells[0].replaceChildren(element("button", { type: "button", title: "Show this trial" }, String(trial)));
    row.addEventListener("click", () => choose(trial));
  }
  const copy = element("button", { type: "button" }, "Copy all as JSON");
  copy.addEventListener("click", () => {
    const trials = [...table.tBodies[0].rows].map((row) => Number(row.dataset.trial));
    copied(JSON.stringify(trials.map((trial) => ({ trial, configuration: configurationOf(trial), objectives: objectivesOf(trial) })), null, 1));
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy all as JSON"; }, 1500);
  });
  table.closest(".table").querySelector("h3").after(element("div", { class: "tools" }, copy));
}
