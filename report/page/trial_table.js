// The table of all trials: made here because it is long; sorted, filtered, and shown in parts.
const rowsAtOnce = 100;

/// What is typed above a column as a test of its cells: "<0.1", ">= 3", "0.1..0.5", "=adam", or a part of the text.
function testOf(text) {
  const asked = text.trim().toLowerCase();
  if (asked === "") return null;
  const number = "([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)";
  const range = asked.match(new RegExp(`^${number}\\s*\\.\\.\\s*${number}$`));
  if (range) return (cell) => typeof cell === "number" && cell >= Number(range[1]) && cell <= Number(range[2]);
  const compared = asked.match(new RegExp(`^(<=|>=|<|>)\\s*${number}$`));
  const limit = compared && Number(compared[2]);
  if (compared) return { "<": (c) => typeof c === "number" && c < limit, ">": (c) => typeof c === "number" && c > limit, "<=": (c) => typeof c === "number" && c <= limit, ">=": (c) => typeof c === "number" && c >= limit }[compared[1]];
  const textOf = (cell) => (cell === null ? "" : String(cell)).toLowerCase();
  if (asked.startsWith("=")) return (cell) => textOf(cell) === asked.slice(1).trim() || (typeof cell === "number" && cell === Number(asked.slice(1)));
  return (cell) => textOf(cell).includes(asked) || (typeof cell === "number" && short(cell).includes(asked));
}

/// Numbers before texts, missing values last in either direction.
function orderOf(column, down) {
  return (a, b) => {
    const x = a[column], y = b[column];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true });
    return down ? -order : order;
  };
}

function trialRow(row) {
  const cells = row.map((cell, column) =>
    element("td", { class: typeof cell === "number" ? "number" : "text" }, ...(column === 0 ? [element("button", { type: "button", title: "Show this trial" }, String(cell))] : [cell === null ? "" : short(cell)])));
  const line = element("tr", { "data-trial": row[0], onclick: () => choose(row[0]) }, ...cells);
  line.classList.toggle("chosen", row[0] === chosen.trial);
  return line;
}

/// What is looked for first comes first: results, then the configuration, then the rest.
function inReadingOrder(table) {
  const chart = trialChart();
  const first = ["trial", "mark", "standing"].map((name) => place[name]).concat(axesOf(chart).map((o) => o.column), chart.hyperparameters.map((one) => one.column));
  const order = [...first, ...table.columns.keys()].filter((column, i, all) => all.indexOf(column) === i);
  return { columns: order.map((column) => table.columns[column]), rows: table.rows.map((row) => order.map((column) => row[column])) };
}

function makeLongTable(holder, unordered) {
  const table = inReadingOrder(unordered);
  const state = { sorted: 0, down: false, shown: rowsAtOnce };
  const body = element("tbody");
  const said = element("span", { role: "status" });
  const more = element("button", { type: "button", onclick: () => { state.shown += rowsAtOnce; show(); } }, `Show ${rowsAtOnce} more`);
  const heads = table.columns.map((name, column) => element("th", { scope: "col" },
    element("button", { type: "button", title: "Sort by this column", onclick: () => { state.down = state.sorted === column && !state.down; state.sorted = column; show(); } }, plain(name))));
  const filters = table.columns.map((name) => element("input", { type: "search", "aria-label": "Filter " + name, placeholder: "filter", oninput: () => { state.shown = rowsAtOnce; show(); } }));
  let kept = [];
  function show() {
    const tests = filters.map((input) => testOf(input.value));
    kept = table.rows.filter((row) => tests.every((test, column) => !test || test(row[column]))).sort(orderOf(state.sorted, state.down));
    heads.forEach((head, column) => {
      if (column === state.sorted) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren(...kept.slice(0, state.shown).map(trialRow));
    more.hidden = kept.length <= state.shown;
    said.textContent = `${kept.length} of ${table.rows.length} trials${kept.length > state.shown ? `, the first ${state.shown} shown` : ""}`;
  }
  const clear = element("button", { type: "button", onclick: () => { filters.forEach((input) => { input.value = ""; }); show(); } }, "Clear filters");
  const saved = element("button", { type: "button", title: "Save the trials that are kept as CSV", onclick: () => save(report.title.replace(/[^A-Za-z0-9._-]+/g, "-") + "-trials.csv", "text/csv", csv({ columns: table.columns, rows: kept })) }, "CSV");
  holder.append(
    element("p", { class: "how" }, "Above a column: a part of a text, =text, <0.1, >=3 or 0.1..0.5."),
    element("div", { class: "tools" }, said, clear, saved),
    element("div", { class: "wide", tabindex: "0" }, element("table", {}, element("thead", {}, element("tr", {}, ...heads), element("tr", { class: "filters" }, ...filters.map((input) => element("td", {}, input)))), body)),
    more);
  show();
}
