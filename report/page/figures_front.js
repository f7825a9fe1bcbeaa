// Trials: the front, how it grew, hypervolumes, comparisons.
const trialTable = report.shared.trials;
const place = trialTable ? Object.fromEntries(trialTable.columns.map((name, i) => [name, i]).slice(0, 6)) : {};
const mostPoints = 1200;

const chosen = { trial: null, brushed: null };
const frontTrials = trialTable ? trialTable.rows.filter((row) => row[place.standing] === "front") : [];

/// The axes that a trial has values on: objectives, then constraints.
const axesOf = (chart) => [...chart.objectives, ...chart.constraints];
const isConstraint = (about) => about.direction === undefined;
const limitText = (o) => (o.lower === null ? `at most ${short(o.upper)}` : o.upper === null ? `at least ${short(o.lower)}` : `from ${short(o.lower)} to ${short(o.upper)}`);
const breaks = (o, value) => value !== null && ((o.lower !== null && value < o.lower) || (o.upper !== null && value > o.upper));

const trialText = (chart, row) =>
  [`trial ${row[0]}${row[place.mark] ? " (" + plain(row[place.mark]) + ")" : ""}, ${row[place.standing]}`,
    ...chart.objectives.map((o) => `${cut(o.name, 40)}: ${short(row[o.column])}`),
    ...chart.constraints.map((o) => `${cut(o.name, 40)}: ${short(row[o.column])}${breaks(o, row[o.column]) ? ", must be " + limitText(o) : ""}`)].join("\n");

/// How trials become points of a panel: which have a place in it, and where.
function panelPoints(chart, x, y) {
  const axes = axesOf(chart);
  return {
    at: (row) => ({ value: [x < 0 ? row[0] : row[axes[x].column], row[axes[y].column]], trial: row[0] }),
    has: (row) => row[axes[y].column] !== null && (x < 0 || row[axes[x].column] !== null),
  };
}

/// The trials that a range or a choice marks, as series that can be replaced by themselves.
function markedSeries(chart, view, x, y, grid) {
  const { at, has } = panelPoints(chart, x, y);
  const brushed = chosen.brushed ? trialTable.rows.filter((row) => chosen.brushed.has(row[0]) && has(row)) : [];
  const selected = trialTable.rows.filter((row) => row[0] === chosen.trial && has(row));
  const common = { type: "scatter", xAxisIndex: grid, yAxisIndex: grid, symbol: "emptyCircle", silent: true };
  return [
    { ...common, id: "brushed" + grid, name: "brushed", data: thinned(brushed, mostPoints).map(at), symbolSize: 11, z: 5, itemStyle: { color: view.colours.brushed, borderWidth: 2 } },
    { ...common, id: "chosen" + grid, name: "chosen", data: selected.map(at), symbolSize: 22, z: 6, itemStyle: { color: view.colours.chosen, borderWidth: 3 } },
  ];
}

function frontSeries(chart, view, x, y, grid) {
  const c = view.colours;
  const axes = axesOf(chart);
  const { at, has } = panelPoints(chart, x, y);
  const of = (standing) => trialTable.rows.filter((row) => row[place.standing] === standing && has(row));
  const common = { type: "scatter", xAxisIndex: grid, yAxisIndex: grid };
  const marked = frontTrials.filter((row) => row[place.mark] && has(row));
  return [
    { ...common, name: "dominated", data: thinned(of("dominated"), mostPoints).map(at), symbolSize: 6, z: 2, itemStyle: { color: c.dim, opacity: 0.55 } },
    { ...common, name: "infeasible", data: thinned(of("infeasible"), mostPoints).map(at), symbolSize: 7, z: 2, itemStyle: { color: "transparent", borderColor: c.infeasible, borderWidth: 1.3 } },
    { ...common, name: "front", data: of("front").map(at), symbolSize: 10, z: 4, itemStyle: { color: c.front, borderColor: c.surface, borderWidth: 1 } },
    { ...common, name: "marks", data: marked.map((row) => ({ ...at(row), label: { position: x < 0 ? "top" : isRight(axes[x], row, view) ? "left" : "right" } })), symbol: "emptyCircle", symbolSize: 17, z: 3, silent: true, itemStyle: { color: c.front, borderWidth: 1.6 },
      label: { show: grid === 0, distance: 5, color: c.text, fontSize: 11, formatter: (p) => cut(marked[p.dataIndex][place.mark], 26) }, labelLayout: { hideOverlap: true } },
    ...markedSeries(chart, view, x, y, grid),
    ...(x >= 0 && isConstraint(axes[x]) ? [limitsOf(axes[x], axes[y], view, common)] : []),
  ];
}

/// Draws the marks anew and nothing else, so that a front of many trials answers at once.
function redrawMarks() {
  for (const figure of figures.values()) {
    if (figure.chart.kind !== "front" || !figure.instance) continue;
    const view = { colours: colours(), width: figure.holder.clientWidth || 600, state: figure.state };
    figure.instance.setOption({ series: panelsOf(figure.chart).flatMap(([x, y], g) => markedSeries(figure.chart, view, x, y, g)) });
  }
}

/// Dashed lines at the limits of a constraint on the horizontal axis, shade beyond them. The unseen points keep room for both.
function limitsOf(constraint, upright, view, common) {
  const known = (o) => trialTable.rows.map((row) => row[o.column]).filter((value) => value !== null);
  const limits = [constraint.lower, constraint.upper].filter((limit) => limit !== null);
  const all = [...known(constraint), ...limits];
  const room = 0.06 * (all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b)));
  const seen = [constraint.lower === null ? null : constraint.lower - room, constraint.upper === null ? null : constraint.upper + room].filter((value) => value !== null);
  const beyond = [];
  if (constraint.lower !== null) beyond.push([{}, { xAxis: constraint.lower }]);
  if (constraint.upper !== null) beyond.push([{ xAxis: constraint.upper }, {}]);
  return {
    ...common, name: "limits", silent: true, symbolSize: 0, data: seen.map((value) => [value, known(upright)[0] ?? 0]), tooltip: { show: false },
    markLine: { ...markLines, data: limits.map((limit) => ({ xAxis: limit })), lineStyle: { color: view.colours.infeasible, type: "dashed", width: 1.5 },
      label: { position: "end", distance: 3, fontSize: 10, formatter: (p) => "limit " + short(p.value), color: view.colours.soft } },
    markArea: { silent: true, data: beyond, itemStyle: { color: view.colours.phases.random } },
  };
}

/// What is drawn against what, by place in axesOf(): objectives in pairs, then each constraint against each objective. -1: trial numbers.
const panelsOf = (chart) => {
  const m = chart.objectives.length;
  const constrained = chart.constraints.flatMap((_, k) => chart.objectives.map((_, y) => [m + k, y]));
  return [...pairsOf(m), ...constrained].slice(0, 12);
};
const pairsOf = (m) => {
  if (m === 1) return [[-1, 0]];
  const pairs = [];
  for (let i = 0; i < m; ++i) for (let j = i + 1; j < m; ++j) pairs.push([i, j]);
  return pairs.slice(0, 10);
};
const toward = (o) => `${o.name} (${isConstraint(o) ? limitText(o) : o.direction === "maximize" ? "larger is better" : "smaller is better"})`;

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
    if (figure.chart.objectives.length < 2 || frontTrials.length === 0) return [];
    const near = figure.chart.objectives.some((o) => share(o) < 0.2);
    const options = [["all", "all trials"], ["front", "around the front"]];
    return [chooser(figure, "range", "Show", near ? options.reverse() : options)];
  },
  height: (figure, view) => { const count = panelsOf(figure.chart).length; return count === 1 ? 430 : panels(count, view.width, { least: 330, height: 320 }).height; },
  option(figure, view) {
    const chart = figure.chart;
    const axes = axesOf(chart);
    const pairs = panelsOf(chart);
    const many = pairs.length > 1;
    const places = panels(pairs.length, view.width, { least: 330, height: many ? 320 : 430, top: 44, left: 76, bottom: 52 });
    const near = (o) => view.state.range === "front" && !isConstraint(o);
    const axisOf = (o, make, grid) => make(view, toward(o), { gridIndex: grid, ...(o.log && trialTable.rows.every((r) => r[o.column] === null || r[o.column] > 0) ? logarithmic(...spanOf(o, view)) : {}),
      ...(near(o) ? { ...aroundFront(o), axisLabel: { color: view.colours.soft, formatter: short, hideOverlap: true, showMinLabel: false, showMaxLabel: false } } : {}) });
    return {
      grid: places.grids,
      xAxis: pairs.map(([x], g) => (x < 0 ? axis(view, "trial", { gridIndex: g }) : axisOf(axes[x], axis, g))),
      yAxis: pairs.map(([, y], g) => ({ ...axisOf(axes[y], upright, g), nameGap: 58 })),
      legend: legend(view, { data: ["front", "dominated", ...(trialTable.rows.some((row) => row[place.standing] === "infeasible") ? ["infeasible"] : [])] }),
      tooltip: tooltip(view, (p) => (p.data?.trial === undefined ? "" : trialText(chart, trialTable.rows[p.data.trial]))),
      series: pairs.flatMap(([x, y], g) => frontSeries(chart, view, x, y, g)),
    };
  },
  events(figure, instance) {
    chooseByClick(instance);
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
  height: (figure, view) => (figure.chart.directions.length < 3 ? 430 : panels(pairsOf(figure.chart.directions.length).length, view.width, { least: 330, height: 320 }).height),
  option(figure, view) {
    const { columns, rows } = figure.table;
    const stages = unique(rows.map((row) => row[0]));
    const { directions } = figure.chart;
    const pairs = pairsOf(directions.length);
    const many = pairs.length > 1;
    const places = panels(pairs.length, view.width, { least: 330, height: many ? 320 : 430, left: 70, right: 20, top: 40, bottom: 52 });
    const of = (stage, x, y) => rows.filter((row) => row[0] === stage).map((row) => [row[x + 1], row[y + 1]]).sort((a, b) => a[0] - b[0]);
    return {
      grid: places.grids,
      legend: legend(view),
      xAxis: pairs.map(([x], g) => axis(view, columns[x + 1], { gridIndex: g })), yAxis: pairs.map(([, y], g) => upright(view, columns[y + 1], { gridIndex: g })),
      tooltip: tooltip(view, (p) => `${p.seriesName}\n${p.value.map((v, i) => `${cut(columns[pairs[p.data.panel ?? 0][i] + 1])}: ${short(v)}`).join("\n")}`),
      series: pairs.flatMap(([x, y], g) => stages.map((stage, k) => ({
        ...(many ? { type: "scatter" } : { type: "line", step: directions[x] === "maximize" ? "start" : "end", lineStyle: { width: 1 + 0.5 * k, type: dashes[stages.length - 1 - k] } }),
        name: `after ${stage} trials`, xAxisIndex: g, yAxisIndex: g, symbol: symbols[k], symbolSize: 6, itemStyle: { color: view.colours.series[k] },
        data: of(stage, x, y).map((value) => ({ value, panel: g })),
      }))),
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
      // A number of seconds ends anywhere, and its label would touch that of the last whole one.
      xAxis: axis(view, columns[x], { scale: false, min: 0, max: end, axisLabel: { color: view.colours.soft, hideOverlap: true, formatter: short, ...(Number.isInteger(end) ? {} : { showMaxLabel: false }) } }),
      yAxis: upright(view, columns[y], { scale: true }),
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

kinds["task-curves"] = {
  height: (figure, view) => panels(unique(figure.table.rows.map((row) => row[0])).length, view.width, { least: 330, height: 260 }).height + 30,
  option(figure, view) {
    const rows = figure.table.rows;
    const { studies } = figure.chart;
    const tasks = unique(rows.map((row) => row[0]));
    const places = panels(tasks.length, view.width, { least: 330, height: 260, left: 66, top: 60, bottom: 14 });
    const of = (task, study) => rows.filter((row) => row[0] === task && row[1] === study);
    const colour = (study) => view.colours.series[studies.indexOf(study) % 8];
    // The first tenth of a budget is steep and alike for all; what comes after it has the room.
    const lowest = (task) => { const mine = rows.filter((row) => row[0] === task); const last = Math.max(...mine.map((row) => row[2])); return Math.min(...mine.filter((row) => row[2] >= last / 10).map((row) => row[3])); };
    return {
      title: tasks.map((task, g) => heading(view, task, places.titleAt(g))),
      legend: legend(view, { data: studies }), grid: places.grids,
      xAxis: tasks.map((_, g) => axis(view, "trials", { gridIndex: g, scale: false, min: 0, nameGap: 24 })),
      yAxis: tasks.map((task, g) => upright(view, "", { gridIndex: g, min: lowest(task), axisLabel: { color: view.colours.soft, formatter: short, hideOverlap: true, showMinLabel: false } })),
      tooltip: tooltip(view, (p) => (p.data?.row ? `${cut(p.seriesName, 40)} on ${cut(p.data.row[0], 40)}\nafter ${p.data.row[2]} trials: ${short(p.data.row[3])}\n${short(p.data.row[4])} to ${short(p.data.row[5])}` : "")),
      series: tasks.flatMap((task, g) => studies.flatMap((study, k) => {
        const mine = of(task, study);
        const where = { xAxisIndex: g, yAxisIndex: g, name: study };
        return [
          { type: "line", ...where, symbol: symbols[k % 8], symbolSize: 4, lineStyle: { width: 1.8, type: lineStyleOf(k).dash }, itemStyle: { color: colour(study) }, data: mine.map((row) => ({ value: [row[2], row[3]], row })), z: 3 },
          band(mine.map((row) => [row[2], row[4], row[5]]), colour(study), where),
        ];
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
