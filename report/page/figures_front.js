// Trials: the front, how it grew, hypervolumes, comparisons.
const trialTable = report.shared.trials;
const place = trialTable ? Object.fromEntries(trialTable.columns.map((name, i) => [name, i]).slice(0, 6)) : {};
const mostPoints = 2000;

const chosen = { trial: null, brushed: null };
const frontTrials = trialTable ? trialTable.rows.filter((row) => row[place.standing] === "front") : [];

const trialText = (chart, row) =>
  [`trial ${row[0]}${row[place.mark] ? " (" + plain(row[place.mark]) + ")" : ""}, ${row[place.standing]}`,
    ...chart.objectives.map((o) => `${cut(o.name, 40)}: ${short(row[o.column])}`)].join("\n");

function frontSeries(chart, view, x, y, grid) {
  const c = view.colours;
  const at = (row) => ({ value: [x < 0 ? row[0] : row[chart.objectives[x].column], row[chart.objectives[y].column]], trial: row[0] });
  const has = (row) => row[chart.objectives[y].column] !== null && (x < 0 || row[chart.objectives[x].column] !== null);
  const of = (standing) => trialTable.rows.filter((row) => row[place.standing] === standing && has(row));
  const common = { type: "scatter", xAxisIndex: grid, yAxisIndex: grid };
  const marked = frontTrials.filter((row) => row[place.mark] && has(row));
  const brushed = chosen.brushed ? trialTable.rows.filter((row) => chosen.brushed.has(row[0]) && has(row)) : [];
  const selected = trialTable.rows.filter((row) => row[0] === chosen.trial && has(row));
  return [
    { ...common, name: "dominated", data: thinned(of("dominated"), mostPoints).map(at), symbolSize: 6, z: 2, itemStyle: { color: c.dim, opacity: 0.55 },
      markLine: limits(chart, view, x, y) },
    { ...common, name: "infeasible", data: thinned(of("infeasible"), mostPoints).map(at), symbolSize: 7, z: 2, itemStyle: { color: "transparent", borderColor: c.infeasible, borderWidth: 1.3 } },
    { ...common, name: "front", data: of("front").map(at), symbolSize: 10, z: 4, itemStyle: { color: c.front, borderColor: c.surface, borderWidth: 1 } },
    { ...common, name: "marks", data: marked.map((row) => ({ ...at(row), label: { position: x < 0 ? "top" : isRight(chart.objectives[x], row, view) ? "left" : "right" } })), symbol: "emptyCircle", symbolSize: 17, z: 3, silent: true, itemStyle: { color: c.front, borderWidth: 1.6 },
      label: { show: grid === 0, distance: 5, color: c.text, fontSize: 11, formatter: (p) => cut(marked[p.dataIndex][place.mark], 26) }, labelLayout: { hideOverlap: true } },
    { ...common, name: "brushed", data: thinned(brushed, mostPoints).map(at), symbol: "emptyCircle", symbolSize: 11, z: 5, silent: true, itemStyle: { color: c.brushed, borderWidth: 2 } },
    { ...common, name: "chosen", data: selected.map(at), symbol: "emptyCircle", symbolSize: 22, z: 6, silent: true, itemStyle: { color: c.chosen, borderWidth: 3 } },
  ];
}

function limits(chart, view, x, y) {
  const lines = [];
  if (x >= 0) for (const limit of chart.objectives[x].limits) lines.push({ xAxis: limit });
  for (const limit of chart.objectives[y].limits) lines.push({ yAxis: limit });
  return { silent: true, symbol: "none", data: lines, lineStyle: { color: view.colours.infeasible, type: "dashed" }, label: { formatter: "limit", color: view.colours.soft } };
}

const pairsOf = (m) => {
  if (m === 1) return [[-1, 0]];
  const pairs = [];
  for (let i = 0; i < m; ++i) for (let j = i + 1; j < m; ++j) pairs.push([i, j]);
  return pairs.slice(0, 10);
};
const toward = (o) => `${o.name} (${o.direction === "maximize" ? "larger" : "smaller"} is better)`;

/// The range of the front in an objective and some room around it.
function aroundFront(o) {
  const values = frontTrials.map((row) => row[o.column]);
  const low = Math.min(...values), high = Math.max(...values);
  const all = trialTable.rows.map((row) => row[o.column]).filter((v) => v !== null);
  const room = 0.3 * (high - low) || 0.05 * (Math.max(...all) - Math.min(...all)) || 1;
  return { min: low > 0 ? Math.max(0.5 * low, low - room) : low - room, max: high + room };
}
function spanOf(o, view) {
  const values = (view.state.range === "front" ? frontTrials : trialTable.rows).map((row) => row[o.column]).filter((v) => v !== null);
  return [Math.min(...values), Math.max(...values)];
}
/// Whether a trial stands in the right part of the axis, where a label goes to its left.
function isRight(o, row, view) {
  const [low, high] = spanOf(o, view);
  return row[o.column] - low > 0.55 * (high - low);
}
const share = (o) => {
  const range = (rows) => { const v = rows.map((row) => row[o.column]).filter((x) => x !== null); return Math.max(...v) - Math.min(...v); };
  return range(frontTrials) / (range(trialTable.rows) || 1);
};

kinds.front = {
  controls: (figure) => {
    if (figure.chart.objectives.length < 2) return [];
    const near = figure.chart.objectives.some((o) => share(o) < 0.2);
    const options = [["all", "all trials"], ["front", "around the front"]];
    return [chooser(figure, "range", "Show", near ? options.reverse() : options)];
  },
  height: (figure, view) => (figure.chart.objectives.length < 3 ? 430 : panels(pairsOf(figure.chart.objectives.length).length, view.width, { least: 330, height: 320 }).height),
  option(figure, view) {
    const chart = figure.chart;
    const pairs = pairsOf(chart.objectives.length);
    const many = pairs.length > 1;
    const places = panels(pairs.length, view.width, { least: 330, height: many ? 320 : 430, top: 40, left: 70, bottom: 52 });
    const axisOf = (o, make, grid) => make(view, toward(o), { gridIndex: grid, ...(o.log && trialTable.rows.every((r) => r[o.column] === null || r[o.column] > 0) ? logarithmic(...spanOf(o, view)) : {}),
      ...(view.state.range === "front" ? { ...aroundFront(o), axisLabel: { color: view.colours.soft, formatter: short, hideOverlap: true, showMinLabel: false, showMaxLabel: false } } : {}) });
    return {
      grid: places.grids,
      xAxis: pairs.map(([x], g) => (x < 0 ? axis(view, "trial", { gridIndex: g }) : axisOf(chart.objectives[x], axis, g))),
      yAxis: pairs.map(([, y], g) => axisOf(chart.objectives[y], upright, g)),
      legend: legend(view, { data: ["front", "dominated", "infeasible"] }),
      tooltip: tooltip(view, (p) => (p.data?.trial === undefined ? "" : trialText(chart, trialTable.rows[p.data.trial]))),
      series: pairs.flatMap(([x, y], g) => frontSeries(chart, view, x, y, g)),
    };
  },
  events(figure, instance) {
    instance.on("click", (event) => { if (event.data?.trial !== undefined) choose(event.data.trial); });
    const order = [...frontTrials].sort((a, b) => a[figure.chart.objectives[0].column] - b[figure.chart.objectives[0].column]);
    figure.holder.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") choose(null);
      if (!step || order.length === 0) return;
      event.preventDefault();
      const now = order.findIndex((row) => row[0] === chosen.trial);
      choose(order[now < 0 ? 0 : (now + step + order.length) % order.length][0]);
    });
  },
};

kinds.attainment = {
  height: 430,
  option(figure, view) {
    const { columns, rows } = figure.table;
    const stages = unique(rows.map((row) => row[0]));
    const [dx] = figure.chart.directions;
    return {
      grid: { left: 70, right: 20, top: 40, bottom: 52 },
      legend: legend(view),
      xAxis: axis(view, columns[1]), yAxis: upright(view, columns[2]),
      tooltip: tooltip(view, (p) => `${p.seriesName}\n${cut(columns[1])}: ${short(p.value[0])}\n${cut(columns[2])}: ${short(p.value[1])}`),
      series: stages.map((stage, k) => ({
        type: "line", name: `after ${stage} trials`, step: dx === "maximize" ? "start" : "end", symbol: symbols[k], symbolSize: 6,
        lineStyle: { width: 1 + 0.5 * k, type: dashes[stages.length - 1 - k] },
        data: rows.filter((row) => row[0] === stage).map((row) => [row[1], row[2]]).sort((a, b) => a[0] - b[0]),
      })),
    };
  },
};

kinds.steps = {
  height: 300,
  option(figure, view) {
    const { columns, rows } = figure.table;
    const { x, y, phases } = figure.chart;
    const end = rows.length ? rows[rows.length - 1][x] : 1;
    const shown = phases.filter((phase) => phase.from < end);
    const seen = unique(shown.map((phase) => phase.name));
    return {
      grid: { left: 70, right: 20, top: 36, bottom: 48 },
      legend: legend(view, { selectedMode: false, data: seen.filter((n) => n !== "full").map((n) => phaseNames[n] || n) }),
      xAxis: axis(view, columns[x], { scale: false, min: 0, max: end }), yAxis: upright(view, columns[y], { scale: true }),
      tooltip: tooltip(view, (list) => `${columns[x]}: ${short(list[0]?.value[0])}\n${columns[y]}: ${short(list[0]?.value[1])}`, { trigger: "axis" }),
      series: [
        { type: "line", step: "end", name: columns[y], symbol: "none", lineStyle: { width: 2 }, data: rows.map((row) => [row[x], row[y]]),
          markArea: { silent: true, data: shown.map((phase) => [{ xAxis: phase.from, itemStyle: { color: view.colours.phases[phase.name] } }, { xAxis: Math.min(end, phase.to) }]) } },
        ...seen.filter((n) => n !== "full").map((n) => ({ type: "line", name: phaseNames[n] || n, data: [], symbol: "rect", itemStyle: { color: (view.colours.phases[n] || "").replace(/\.\d+\)/, ".6)") }, lineStyle: { width: 0 } })),
      ],
    };
  },
};

kinds.curves = {
  height: 360,
  option(figure, view) {
    const { columns, rows } = figure.table;
    const { x, y, studies } = figure.chart;
    return {
      grid: { left: 76, right: 20, top: 40, bottom: 48 },
      legend: legend(view), xAxis: axis(view, columns[x], { scale: false, min: 0 }), yAxis: upright(view, columns[y]),
      tooltip: tooltip(view, (p) => `${cut(p.seriesName, 40)}\n${columns[x]}: ${short(p.value[0])}\n${columns[y]}: ${short(p.value[1])}`),
      series: studies.map((study, k) => ({
        type: "line", name: study, step: "end", symbol: symbols[k % 8], symbolSize: 5, lineStyle: { width: 2, type: dashes[Math.floor(k / 8) % 8] },
        data: rows.filter((row) => row[0] === study).map((row) => [row[x], row[y]]),
      })),
    };
  },
};

kinds.fronts = {
  height: (figure, view) => panels(pairsOf(figure.chart.objectives.length).length, view.width, { least: 330, height: 400 }).height,
  option(figure, view) {
    const { studies, objectives } = figure.chart;
    const rows = figure.table.rows;
    const pairs = pairsOf(objectives.length).map(([a, b]) => [a < 0 ? -1 : a, b]);
    const places = panels(pairs.length, view.width, { least: 330, height: 400, top: 44, left: 70, bottom: 52 });
    return {
      grid: places.grids, legend: legend(view),
      xAxis: pairs.map(([a], g) => axis(view, a < 0 ? "trial" : objectives[a], { gridIndex: g })),
      yAxis: pairs.map(([, b], g) => upright(view, objectives[b], { gridIndex: g })),
      tooltip: tooltip(view, (p) => `${cut(p.seriesName, 40)}, trial ${p.data.trial}\n${p.value.map(short).join(", ")}`),
      series: pairs.flatMap(([a, b], g) => studies.map((study, k) => ({
        type: "scatter", name: study, xAxisIndex: g, yAxisIndex: g, symbol: symbols[k % 8], symbolSize: 9, itemStyle: { color: view.colours.series[k % 8], opacity: 0.85 },
        data: rows.filter((row) => row[0] === study).map((row) => ({ value: [a < 0 ? row[1] : row[2 + a], row[2 + b]], trial: row[1] })),
      }))),
    };
  },
};
