// Along hyperparameters: trials, partial dependence; predictions of left-out trials.
const described = (figure, name) => figure.chart.hyperparameters.find((one) => one.name === name) || { choices: null, log: false };

/// The axis of a hyperparameter below a small chart.
const alongAxis = (view, about, grid, g, values) =>
  about.choices
    ? categories(view, unique(values).map(String), { gridIndex: g, axisLabel: { color: view.colours.soft, lineHeight: 12, hideOverlap: true, interval: 0, formatter: (n) => wrapped(n, grid.width / unique(values).length / letter - 1, 2) } })
    : axis(view, "", { gridIndex: g, type: about.log ? "log" : "value", min: "dataMin", max: "dataMax", splitNumber: 4, minInterval: values.every(Number.isInteger) ? 1 : 0 });

kinds.dependence = {
  height: (figure, view) => panels(unique(namesOf(figure)).length, view.width, { height: 220 }).height,
  option(figure, view) {
    const rows = figure.table.rows;
    const names = unique(rows.map((row) => row[0]));
    const places = panels(names.length, view.width, { height: 220, left: 78 });
    const low = Math.min(...rows.map((r) => r[3] ?? r[2])), high = Math.max(...rows.map((r) => r[4] ?? r[2]));
    const room = figure.chart.log ? 0 : 0.04 * (high - low);
    const of = (name) => rows.filter((row) => row[0] === name);
    return {
      title: names.map((name, i) => heading(view, name, places.titleAt(i))),
      grid: places.grids,
      xAxis: names.map((name, g) => alongAxis(view, described(figure, name), places.grids[g], g, of(name).map((row) => row[1]))),
      yAxis: names.map((_, g) => upright(view, g % places.columns === 0 ? figure.chart.value : "", { gridIndex: g, nameGap: 60, min: low - room, max: high + room, ...(figure.chart.log && low > 0 ? logarithmic(low, high) : { type: "value" }), splitNumber: 4,
        axisLabel: { color: view.colours.soft, formatter: short, showMinLabel: false, showMaxLabel: false } })),
      tooltip: tooltip(view, (list) => list.filter((p) => p.seriesType === "line").map((p) => `${cut(names[p.axisIndex])} = ${p.axisValueLabel ?? short(p.value[0])}\n${cut(figure.chart.value)}: ${short(p.value[1])}`).join("\n"), { trigger: "axis" }),
      series: names.flatMap((name, g) => {
        const categorical = described(figure, name).choices;
        const data = of(name).map((row, i) => [categorical ? i : row[1], row[2], row[3], row[4]]);
        const where = { xAxisIndex: g, yAxisIndex: g };
        return [
          categorical ? { ...whiskers(data.map((d) => [d[0], d[2], d[3]]), false, view.colours.front), ...where } : band(data.map((d) => [d[0], d[2], d[3]]), view.colours.front, where),
          { type: "line", ...where, symbol: categorical ? "circle" : "none", symbolSize: 7, lineStyle: { width: categorical ? 0 : 2 }, itemStyle: { color: view.colours.front }, data: data.map((d) => [d[0], d[1]]), z: 3 },
        ];
      }),
    };
  },
};

const curveOf = (figure, name) => (figure.chart.curve ? tableOf(figures.get(figure.chart.curve)).rows.filter((row) => row[0] === name) : []);

kinds.slice = {
  controls: (figure) => [chooser(figure, "range", "Show", [["all", "all trials"], ["better", "the better half"]])],
  height: (figure, view) => panels(figure.chart.hyperparameters.length, view.width, { height: 230 }).height + 30,
  option(figure, view) {
    const { chart } = figure;
    const objective = chart.objectives[chart.objective];
    const measured = trialTable.rows.filter((row) => row[objective.column] !== null);
    const values = measured.map((row) => row[objective.column]).sort((a, b) => a - b);
    const middle = values[Math.floor(values.length / 2)];
    const low = view.state.range === "better" && objective.direction === "maximize" ? middle : values[0];
    const high = view.state.range === "better" && objective.direction !== "maximize" ? middle : values.at(-1);
    const log = chart.log && low > 0;
    const room = log ? 0 : 0.04 * (high - low || Math.abs(high) || 1);
    const names = chart.hyperparameters.map((one) => one.name);
    if (chart.curve) { const order = unique(namesOf(figures.get(chart.curve))); names.sort((a, b) => order.indexOf(a) - order.indexOf(b)); }
    const places = panels(names.length, view.width, { height: 230, left: 78 });
    const grids = places.grids.map((grid) => ({ ...grid, top: grid.top + 26 }));
    const of = (about) => measured.filter((row) => row[about.column] !== null && row[objective.column] >= low && row[objective.column] <= high);
    return {
      title: names.map((name, i) => heading(view, name, grids[i])),
      grid: grids,
      legend: legend(view, { data: ["dominated", "infeasible", "front"].filter((standing) => measured.some((row) => row[place.standing] === standing)) }),
      xAxis: names.map((name, g) => { const about = described(figure, name); return alongAxis(view, about, grids[g], g, about.choices || trialTable.rows.map((row) => row[about.column]).filter((v) => v !== null)); }),
      yAxis: names.map((_, g) => upright(view, g % places.columns === 0 ? objective.name : "", { gridIndex: g, nameGap: 60, min: low - room, max: high + room, ...(log ? logarithmic(low, high) : { type: "value" }), splitNumber: 4,
        axisLabel: { color: view.colours.soft, formatter: short, showMinLabel: log, showMaxLabel: log } })),
      tooltip: tooltip(view, (p) => (p.data?.trial === undefined ? "" : `${cut(names[p.data.panel], 40)} = ${short(trialTable.rows[p.data.trial][described(figure, names[p.data.panel]).column])}\n` + trialText(chart, trialTable.rows[p.data.trial]))),
      series: names.flatMap((name, g) => sliceSeries(figure, view, { about: described(figure, name), objective, trials: of(described(figure, name)), g })),
    };
  },
  events: (figure, instance) => chooseByClick(instance),
};

/// The trials of a panel over the model's curve and its band.
function sliceSeries(figure, view, { about, objective, trials, g }) {
  const c = view.colours;
  const where = { xAxisIndex: g, yAxisIndex: g };
  const at = (value) => (about.choices ? about.choices.indexOf(value) : value);
  const curve = curveOf(figure, about.name).map((row) => [at(row[1]), row[2], row[3], row[4]]);
  const points = (standing) => thinned(trials.filter((row) => row[place.standing] === standing), 400)
    .map((row) => ({ value: [at(row[about.column]), row[objective.column]], trial: row[0], panel: g }));
  const scatter = (name, symbolSize, itemStyle, z) => ({ type: "scatter", name, ...where, data: points(name), symbolSize, itemStyle, z });
  return [
    about.choices ? { ...whiskers(curve.map((p) => [p[0], p[2], p[3]]), false, c.soft), ...where } : band(curve.map((p) => [p[0], p[2], p[3]]), c.soft, where),
    { type: "line", ...where, silent: true, symbol: about.choices ? "rect" : "none", symbolSize: [16, 3], lineStyle: { width: about.choices ? 0 : 2, color: c.soft }, itemStyle: { color: c.soft }, data: curve.map((p) => [p[0], p[1]]), z: 2, tooltip: { show: false } },
    scatter("dominated", 5, { color: c.dim, opacity: 0.7 }, 3),
    scatter("infeasible", 6, { color: "transparent", borderColor: c.infeasible, borderWidth: 1.2 }, 3),
    scatter("front", 8, { color: c.front, borderColor: c.surface, borderWidth: 1 }, 4),
  ];
}

kinds.surface = {
  height: (figure, view) => panels(unique(figure.table.rows.map((r) => r[0] + "\n" + r[1])).length, view.width, { least: 300, height: 310 }).height + 46,
  option(figure, view) {
    const rows = figure.table.rows;
    const pairs = unique(rows.map((row) => JSON.stringify([row[0], row[1]]))).map((text) => JSON.parse(text));
    const places = panels(pairs.length, view.width, { least: 300, height: 310, left: 98, top: 40, bottom: 56 });
    const values = rows.map((row) => row[4]).filter((v) => v !== null);
    const of = ([a, b]) => rows.filter((row) => row[0] === a && row[1] === b);
    const label = (values) => values.map((v) => short(v));
    const data = pairs.map((pair) => { const mine = of(pair); return { xs: unique(mine.map((r) => r[2])), ys: unique(mine.map((r) => r[3])), mine }; });
    return {
      title: pairs.map(([a, b], i) => heading(view, `${a} and ${b}`, places.titleAt(i))),
      grid: places.grids,
      xAxis: pairs.map(([a], g) => categories(view, label(data[g].xs), { gridIndex: g, name: cut(a, 40), nameGap: 26, axisLabel: { color: view.colours.soft, hideOverlap: true, formatter: (n) => cut(n, 9) } })),
      yAxis: pairs.map(([, b], g) => categories(view, label(data[g].ys), { gridIndex: g, name: cut(b, 36), nameRotate: 90, nameGap: 74, axisLabel: { color: view.colours.soft, hideOverlap: true, formatter: (n) => cut(n, 9) } })),
      visualMap: { min: Math.min(...values), max: Math.max(...values), dimension: 2, calculable: true, orient: "horizontal", left: "center", bottom: 0, itemHeight: 140, itemWidth: 12, inRange: { color: view.colours.scale }, textStyle: { color: view.colours.soft }, formatter: short },
      tooltip: tooltip(view, (p) => { const [a, b] = pairs[p.seriesIndex]; const d = data[p.seriesIndex]; return `${cut(a)} = ${short(d.xs[p.value[0]])}\n${cut(b)} = ${short(d.ys[p.value[1]])}\n${cut(figure.chart.value)}: ${short(p.value[2])}`; }),
      series: pairs.map((_, g) => ({ type: "heatmap", xAxisIndex: g, yAxisIndex: g, data: data[g].mine.map((row) => [data[g].xs.indexOf(row[2]), data[g].ys.indexOf(row[3]), row[4]]) })),
    };
  },
};

kinds["left-out"] = {
  height: 380,
  option(figure, view) {
    const rows = thinned(figure.table.rows, 1000);
    const values = rows.flatMap((row) => [row[1], row[2]]).filter((v) => v !== null);
    const low = Math.min(...values), high = Math.max(...values);
    const log = figure.chart.log && low > 0;
    const room = log ? 0 : 0.05 * (high - low);
    const span = { min: low - room, max: high + room, ...(log ? logarithmic(low, high) : { type: "value" }), scale: true, axisLabel: { color: view.colours.soft, formatter: short, hideOverlap: true, showMinLabel: log, showMaxLabel: log } };
    return {
      grid: { left: 74, right: 24, top: 12, bottom: 50 },
      xAxis: axis(view, "observed " + cut(figure.chart.value), span), yAxis: upright(view, "predicted without it", span),
      tooltip: tooltip(view, (p) => { const row = rows[p.dataIndex]; return row ? `trial ${row[0]}\nobserved ${short(row[1])}\npredicted ${short(row[2])}\n90 %: ${short(row[3])} to ${short(row[4])}` : ""; }),
      series: [
        { ...whiskers(rows.map((row) => [row[1], row[3], row[4]]), false, view.colours.dim, { end: 0, opacity: 0.6 }), clip: true },
        { type: "line", silent: true, symbol: "none", data: [[low - room, low - room], [high + room, high + room]], lineStyle: { color: view.colours.soft, type: "dashed", width: 1 }, tooltip: { show: false } },
        { type: "scatter", data: rows.map((row) => [row[1], row[2]]), symbolSize: 6, itemStyle: { color: view.colours.front, opacity: 0.85 }, z: 4 },
      ],
    };
  },
};
