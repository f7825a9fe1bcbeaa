// Partial dependence, parallel coordinates, predictions of left-out trials.
const described = (figure, name) => figure.chart.hyperparameters.find((one) => one.name === name) || { choices: null, log: false };

kinds.dependence = {
  height: (figure, view) => panels(unique(figure.table.rows.map((r) => r[0])).length, view.width, { height: 210 }).height,
  option(figure, view) {
    const rows = figure.table.rows;
    const names = unique(rows.map((row) => row[0]));
    const places = panels(names.length, view.width, { height: 210, left: 66 });
    const low = Math.min(...rows.map((r) => r[3] ?? r[2])), high = Math.max(...rows.map((r) => r[4] ?? r[2]));
    const room = figure.chart.log ? 0 : 0.04 * (high - low);
    const of = (name) => rows.filter((row) => row[0] === name);
    return {
      title: names.map((name, i) => heading(view, name, places.titleAt(i))),
      grid: places.grids,
      xAxis: names.map((name, g) => {
        const about = described(figure, name);
        return about.choices
          ? categories(view, of(name).map((row) => String(row[1])), { gridIndex: g, axisLabel: { color: view.colours.soft, formatter: (n) => cut(n, 10), hideOverlap: true } })
          : axis(view, "", { gridIndex: g, type: about.log ? "log" : "value", min: "dataMin", max: "dataMax", splitNumber: 4, minInterval: of(name).every((row) => Number.isInteger(row[1])) ? 1 : 0 });
      }),
      yAxis: names.map((_, g) => upright(view, g % places.columns === 0 ? figure.chart.value : "", { gridIndex: g, min: low - room, max: high + room, ...(figure.chart.log && low > 0 ? logarithmic(low, high) : { type: "value" }), splitNumber: 4,
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

kinds.surface = {
  height: (figure, view) => panels(unique(figure.table.rows.map((r) => r[0] + "\n" + r[1])).length, view.width, { least: 300, height: 300 }).height + 46,
  option(figure, view) {
    const rows = figure.table.rows;
    const pairs = unique(rows.map((row) => JSON.stringify([row[0], row[1]]))).map((text) => JSON.parse(text));
    const places = panels(pairs.length, view.width, { least: 300, height: 300, left: 98, top: 30, bottom: 56 });
    const values = rows.map((row) => row[4]).filter((v) => v !== null);
    const of = ([a, b]) => rows.filter((row) => row[0] === a && row[1] === b);
    const label = (values) => values.map((v) => short(v));
    const data = pairs.map((pair) => { const mine = of(pair); return { xs: unique(mine.map((r) => r[2])), ys: unique(mine.map((r) => r[3])), mine }; });
    return {
      title: pairs.map(([a, b], i) => heading(view, `${cut(a, 18)} and ${cut(b, 18)}`, places.titleAt(i))),
      grid: places.grids,
      xAxis: pairs.map(([a], g) => categories(view, label(data[g].xs), { gridIndex: g, name: cut(a), nameGap: 26, axisLabel: { color: view.colours.soft, hideOverlap: true, formatter: (n) => cut(n, 9) } })),
      yAxis: pairs.map(([, b], g) => categories(view, label(data[g].ys), { gridIndex: g, name: cut(b), nameRotate: 90, nameGap: 74, axisLabel: { color: view.colours.soft, hideOverlap: true, formatter: (n) => cut(n, 9) } })),
      visualMap: { min: Math.min(...values), max: Math.max(...values), dimension: 2, calculable: true, orient: "horizontal", left: "center", bottom: 0, itemHeight: 140, itemWidth: 12, inRange: { color: view.colours.scale }, textStyle: { color: view.colours.soft }, formatter: short },
      tooltip: tooltip(view, (p) => { const [a, b] = pairs[p.seriesIndex]; const d = data[p.seriesIndex]; return `${cut(a)} = ${short(d.xs[p.value[0]])}\n${cut(b)} = ${short(d.ys[p.value[1]])}\n${cut(figure.chart.value)}: ${short(p.value[2])}`; }),
      series: pairs.map((_, g) => ({ type: "heatmap", xAxisIndex: g, yAxisIndex: g, data: data[g].mine.map((row) => [data[g].xs.indexOf(row[2]), data[g].ys.indexOf(row[3]), row[4]]) })),
    };
  },
};

const mostLines = 600;
/// Trials by how they are drawn: [[name, rows], …], those that stand out last.
function parallelGroups() {
  const of = (...standings) => trialTable.rows.filter((row) => standings.includes(row[place.standing]));
  return [["dominated or failed", thinned(of("dominated", "failed"), mostLines)], ["infeasible", thinned(of("infeasible"), mostLines / 2)], ["front", of("front")]]
    .filter(([name, rows]) => rows.length > 0 || name !== "infeasible");
}

kinds.parallel = {
  height: 420,
  controls: (figure) => [
    element("button", { type: "button", onclick: () => clearRanges(figure) }, "Clear ranges"),
    figure.brushedText = element("span", { role: "status" }, ""),
  ],
  option(figure, view) {
    const { hyperparameters } = figure.chart;
    const axes = [...hyperparameters, ...axesOf(figure.chart).map((o) => ({ ...o, choices: null, log: o.log && trialTable.rows.every((r) => r[o.column] === null || r[o.column] > 0) }))];
    const c = view.colours;
    const code = (about, value) => (value === null ? "-" : about.choices ? String(value) : value);
    const groups = parallelGroups();
    figure.drawn = groups.map(([, rows]) => rows);
    // Of all groups: ECharts takes the extent of an axis from the first series alone.
    const shown = groups.flatMap(([, rows]) => rows);
    const extent = (about) => {
      const values = shown.map((row) => row[about.column]).filter((value) => value !== null);
      if (values.length === 0) return {};
      const low = values.reduce((a, b) => Math.min(a, b)), high = values.reduce((a, b) => Math.max(a, b));
      return low < high ? { min: low, max: high } : about.log ? { min: low / 2, max: 2 * low } : { min: low - 0.5, max: low + 0.5 };
    };
    const line = (row) => ({ value: axes.map((about) => code(about, row[about.column])), trial: row[0] });
    const style = (name, count) =>
      name === "front" ? { z: 4, lineStyle: { color: c.front, width: 2, opacity: 0.85 }, inactiveOpacity: 0.08, activeOpacity: 1, itemStyle: { color: c.front } }
        : name === "infeasible" ? { lineStyle: { color: c.infeasible, width: 1, type: "dashed", opacity: count > 300 ? 0.25 : 0.6 }, inactiveOpacity: 0.03, activeOpacity: 0.9, itemStyle: { color: c.infeasible } }
          : { lineStyle: { color: c.dim, width: 1, opacity: count > 300 ? 0.18 : 0.4 }, inactiveOpacity: 0.03, activeOpacity: 0.8, itemStyle: { color: c.dim } };
    return {
      parallel: { left: 60, right: 70, top: 56, bottom: 26, parallelAxisDefault: { nameTextStyle: { color: c.text, fontSize: 11 }, areaSelectStyle: { color: c.brushed, opacity: 0.25, width: 22 } } },
      parallelAxis: axes.map((about, i) => ({
        dim: i, name: cut(about.name, Math.max(8, Math.floor(view.width / axes.length / 7))), nameLocation: "end", nameGap: i % 2 ? 12 : 28, scale: true,
        axisLine: { lineStyle: { color: i < hyperparameters.length ? c.line : c.front } }, axisTick: { lineStyle: { color: c.line } },
        axisLabel: { color: c.soft, formatter: (v) => (about.choices ? cut(v, 10) : short(v)), hideOverlap: true },
        ...(about.choices ? { type: "category", data: about.choices.map(String) } : { type: about.log ? "log" : "value", ...extent(about) }),
      })),
      legend: legend(view, { data: groups.map(([name]) => name), top: "bottom", bottom: 0, selectedMode: true }),
      tooltip: tooltip(view, (p) => (p.data?.trial === undefined ? "" : trialText(figure.chart, trialTable.rows[p.data.trial]))),
      series: groups.map(([name, rows]) => ({ type: "parallel", name, data: rows.map(line), ...style(name, rows.length) })),
    };
  },
  events(figure, instance) {
    let waiting = 0;
    instance.on("axisareaselected", () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => setBrushed(trialsInside(figure, instance)));
    });
    instance.on("click", (event) => { if (event.data?.trial !== undefined) choose(event.data.trial); });
    figure.holder.addEventListener("keydown", (event) => brushByKey(figure, instance, event));
  },
};

/// The trials inside all chosen ranges; null where there is none.
function trialsInside(figure, instance) {
  const inside = new Set();
  let limited = false;
  figure.drawn.forEach((rows, k) => {
    const series = instance.getModel().getSeries()[k];
    if (!series || !series.coordinateSystem) return;
    const active = series.getRawIndicesByActiveState("active");
    limited = limited || (active.length < rows.length && series.coordinateSystem.hasAxisBrushed());
    for (const i of active) inside.add(rows[i][0]);
  });
  return limited ? inside : null;
}

/// Left and right choose an axis, up and down a quarter of it, Escape clears all ranges.
function brushByKey(figure, instance, event) {
  const state = figure.state;
  const axes = instance.getModel().queryComponents({ mainType: "parallelAxis" });
  const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key] || 0, up = { ArrowUp: 1, ArrowDown: -1 }[event.key] || 0;
  if (event.key === "Escape") return clearRanges(figure);
  if (!along && !up) return;
  event.preventDefault();
  state.axis = ((state.axis ?? (along > 0 ? -1 : 0)) + along + axes.length) % axes.length;
  state.quarter = along ? -1 : Math.min(3, Math.max(-1, (state.quarter ?? -1) + up));
  const axis = axes[state.axis].axis;
  const [low, high] = axis.getExtent();
  const at = (share) => axis.coordToData(low + share * (high - low), true);
  const range = state.quarter < 0 ? [] : [[at(state.quarter / 4), at((state.quarter + 1) / 4)].sort((a, b) => a - b)];
  state.said = `${axes[state.axis].get("name")}: ${state.quarter < 0 ? "all" : "quarter " + (state.quarter + 1) + " of 4"}. `;
  instance.dispatchAction({ type: "axisAreaSelect", parallelAxisIndex: state.axis, intervals: range });
}

function clearRanges(figure) {
  figure.state.quarter = -1;
  figure.state.said = "";
  setBrushed(null);
  redraw(figure);
}

let marksWaiting = 0;
/// What is inside is said at once; the front follows when the range rests.
function setBrushed(trials) {
  chosen.brushed = trials;
  const parallel = [...figures.values()].find((figure) => figure.chart.kind === "parallel");
  if (parallel?.brushedText) {
    const onFront = frontTrials.filter((row) => trials?.has(row[0])).length;
    parallel.brushedText.textContent = (parallel.state.said || "") + (trials ? `${trials.size} trials inside, ${onFront} of them on the front` : "");
  }
  clearTimeout(marksWaiting);
  marksWaiting = setTimeout(redrawMarks, 120);
}

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
