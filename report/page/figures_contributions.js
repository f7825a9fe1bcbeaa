// How predictions of single trials come about: waterfall, force, beeswarm; and Shapley values in parts.

/// The trial whose contributions are shown; those that stand out come first.
function trialChooser(figure) {
  const markOf = (trial) => trialTable.rows[trial]?.[place.mark] || "";
  const trials = unique(namesOf(figure)).sort((a, b) => (markOf(a) ? 0 : 1) - (markOf(b) ? 0 : 1));
  return chooser(figure, "trial", "Trial", trials.map((trial) => [trial, `${trial}${markOf(trial) ? " (" + cut(markOf(trial), 40) + ")" : ""}`]));
}
const rowsOfTrial = (figure) => figure.table.rows.filter((row) => row[0] === figure.state.trial);
const changeText = (row) => `${row[1]}: ${short(row[2])} → ${short(row[3])}`;
const mostRowsOfTrial = (figure) => { const counts = {}; for (const trial of namesOf(figure)) counts[trial] = (counts[trial] || 0) + 1; return Math.max(1, ...Object.values(counts)); };
const signed = (value) => (value >= 0 ? "+" : "") + short(value);

kinds.waterfall = {
  height: (figure, view) => 64 + Math.max(32, gutter(view, figure.table.rows.map(changeText)).row) * (1 + mostRowsOfTrial(figure)),
  controls: (figure) => [trialChooser(figure)],
  option(figure, view) {
    const rows = rowsOfTrial(figure).sort((a, b) => Math.abs(b[4]) - Math.abs(a[4]));
    let sum = 0;
    const bars = rows.map((row) => { const from = sum; sum += row[4]; return { name: changeText(row), from, to: sum, value: row[4] }; });
    bars.push({ name: "together", from: 0, to: sum, value: sum, total: true });
    const c = view.colours;
    const names = bars.map((bar) => bar.name);
    const side = gutter(view, names);
    return {
      grid: { left: side.left, right: 64, top: 8, bottom: 54 },
      xAxis: axis(view, figure.chart.value + " over the default", { scale: false }),
      yAxis: beside(view, names, side),
      tooltip: tooltip(view, (p) => `${cut(bars[p.dataIndex].name, 60)}\n${signed(bars[p.dataIndex].value)}`),
      series: [{
        type: "custom", data: bars.map((bar, i) => [i, bar.from, bar.to]), encode: { x: [1, 2], y: 0 },
        renderItem: (params, api) => {
          const bar = bars[params.dataIndex];
          const a = api.coord([bar.from, params.dataIndex]), b = api.coord([bar.to, params.dataIndex]);
          return { type: "group", children: [
            { type: "rect", shape: { x: Math.min(a[0], b[0]), y: a[1] - 9, width: Math.max(1.5, Math.abs(b[0] - a[0])), height: 18 }, style: { fill: bar.total ? c.dim : bar.value >= 0 ? c.front : c.chosen } },
            { type: "text", style: { x: Math.max(a[0], b[0]) + 6, y: a[1] - 6, text: signed(bar.value), fill: c.soft, fontSize: 11 } }] };
        },
      }],
    };
  },
};

/// Labels below a line, each in the first lane where it has room: [{text, x, lane}] of [{text, x}] by x.
function inLanes(labels, width) {
  const ends = [];
  return [...labels].sort((a, b) => a.x - b.x).map((label) => {
    const half = (label.text.length * letter) / 2 + 5;
    const x = Math.max(half, Math.min(width - half, label.x));
    let lane = ends.findIndex((end) => end <= x - half);
    if (lane < 0) lane = ends.length;
    ends[lane] = x + half;
    return { ...label, at: x, lane };
  });
}

/// An arrow from a to b, pixels of one line, as wide as `deep`.
function arrow(a, b, y, deep, fill, stroke) {
  const head = Math.sign(b - a) * Math.min(7, Math.abs(b - a));
  return { type: "polygon", shape: { points: [[a, y - deep], [b - head, y - deep], [b, y], [b - head, y + deep], [a, y + deep], [a + head, y]] }, style: { fill, stroke, lineWidth: 0.8 } };
}

/// The changes of a trial that are named: the largest, each a hundredth of all at least.
function named(rows) {
  const all = rows.reduce((sum, row) => sum + Math.abs(row[4]), 0);
  return rows.filter((row) => Math.abs(row[4]) > 0.01 * all).sort((a, b) => Math.abs(b[4]) - Math.abs(a[4])).slice(0, 7);
}

kinds.force = {
  height: (figure) => 156 + 17 * Math.max(1, ...unique(namesOf(figure)).map((trial) => named(figure.table.rows.filter((row) => row[0] === trial)).length)),
  controls: (figure) => [trialChooser(figure)],
  option(figure, view) {
    const { value, direction, log, baseline } = figure.chart;
    const rows = rowsOfTrial(figure);
    const c = view.colours;
    const gains = (row) => row[4] >= 0;
    const meeting = rows.find(gains)?.[6] ?? rows[0]?.[6] ?? baseline;
    const ends = [baseline, meeting, ...rows.flatMap((row) => [row[5], row[6]])].filter((v) => v !== null);
    const low = Math.min(...ends), high = Math.max(...ends);
    const scale = log && low > 0 ? { ...logarithmic(low, high), min: low / (high / low) ** 0.08, max: high * (high / low) ** 0.08 } : { type: "value", min: low - 0.06 * (high - low || 1), max: high + 0.06 * (high - low || 1) };
    const shown = named(rows);
    const line = (at, text, position) => ({ xAxis: at, name: text, label: { position: "end", formatter: text, color: c.text, fontSize: 11, align: position } });
    return {
      grid: { left: 20, right: 20, top: 40, height: 40 },
      xAxis: axis(view, `${value} (${direction === "maximize" ? "larger" : "smaller"} is better)`, { ...scale, position: "bottom", splitLine: { show: false }, nameGap: 32 + 17 * shown.length, axisLabel: { color: c.soft, hideOverlap: true, formatter: short, showMinLabel: false, showMaxLabel: false } }),
      yAxis: { type: "value", min: -1, max: 1, show: false },
      tooltip: tooltip(view, (p) => { const row = rows[p.dataIndex]; return row ? `${cut(changeText(row), 60)}\n${cut(value, 40)}: ${short(row[5])} → ${short(row[6])}` : ""; }),
      series: [{
        type: "custom", data: rows.map((row) => [row[5], 0, row[6]]), encode: { x: [0, 2], y: 1 },
        renderItem: (params, api) => {
          const row = rows[params.dataIndex];
          const a = api.coord([row[5], 0]), b = api.coord([row[6], 0]);
          return arrow(a[0], b[0], a[1], 13, gains(row) ? c.front : c.chosen, c.surface);
        },
      }, {
        // The names of the largest changes, each with a line to its middle.
        type: "custom", silent: true, data: [[baseline, 0]], tooltip: { show: false }, z: 4,
        renderItem: (params, api) => {
          const middle = (row) => (api.coord([row[5], 0])[0] + api.coord([row[6], 0])[0]) / 2;
          const labels = shown.map((row) => ({ text: cut(`${row[1]}: ${short(row[3])}`, Math.floor(view.width / letter) - 4), x: middle(row), row }));
          const y = api.coord([baseline, -1])[1] + 22;
          return { type: "group", children: inLanes(labels, view.width).flatMap(({ text, x, at, lane, row }) => [
            { type: "line", shape: { x1: x, y1: y - 28, x2: x, y2: y + 17 * lane + 2 }, style: { stroke: c.line, lineWidth: 1 } },
            { type: "text", style: { text, x: at, y: y + 17 * lane + 3, align: "center", fill: gains(row) ? c.front : c.chosen, fontSize: 11, backgroundColor: c.surface, padding: [1, 2] } }]) };
        },
      }, {
        type: "line", data: [], markLine: { ...markLines, lineStyle: { color: c.soft, type: "dashed" }, data: [
          line(baseline, `default ${short(baseline)}`, baseline > meeting ? "left" : "right"),
          line(meeting, `trial ${figure.state.trial}: ${short(meeting)}`, baseline > meeting ? "right" : "left")] },
      }],
    };
  },
};

/// Vertical places of points that would cover each other, in pixels around their row.
function swarm(points, width, room) {
  const columns = new Map();
  return points.map((x) => {
    const column = Math.round(x * width / 6);
    const k = columns.get(column) || 0;
    columns.set(column, k + 1);
    return Math.max(-room, Math.min(room, (k % 2 ? -1 : 1) * Math.ceil(k / 2) * 4));
  });
}

kinds.beeswarm = {
  height: (figure, view) => { const names = unique(figure.table.rows.map((row) => row[1])); return 122 + Math.max(40, gutter(view, names).row) * names.length; },
  option(figure, view) {
    const rows = figure.table.rows;
    const names = unique(rows.map((row) => row[1]));
    const side = gutter(view, names);
    const effects = rows.map((row) => row[4]);
    const low = effects.reduce((a, b) => Math.min(a, b), 0), high = effects.reduce((a, b) => Math.max(a, b), 0);
    const points = names.flatMap((name, i) => {
      const mine = rows.filter((row) => row[1] === name);
      const lifts = swarm(mine.map((row) => (row[4] - low) / (high - low || 1)), view.width - side.left - 24, 16);
      return mine.map((row, k) => ({ value: [row[4], i, row[3] ?? 0.5], row, trial: row[0], symbolOffset: [0, lifts[k]] }));
    });
    const series = { type: "scatter", symbolSize: 6 };
    return {
      grid: { left: side.left, right: 24, top: 8, bottom: 96 },
      xAxis: axis(view, figure.chart.value + " over the default", { scale: false }),
      yAxis: beside(view, names, side, { splitLine: { show: true, lineStyle: { color: view.colours.grid } } }),
      visualMap: { type: "continuous", min: 0, max: 1, dimension: 2, seriesIndex: 0, orient: "horizontal", left: "center", bottom: 0, itemHeight: 110, itemWidth: 12, text: ["high value", "low value"], inRange: { color: view.colours.swarm }, textStyle: { color: view.colours.soft } },
      tooltip: tooltip(view, (p) => { const row = p.data?.row; return row ? `trial ${row[0]}: ${cut(row[1], 40)} = ${short(row[2])}\n${signed(row[4])}` : ""; }),
      series: [
        { ...series, data: points.filter((point) => point.row[3] !== null), markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: view.colours.soft }, data: [{ xAxis: 0 }] } },
        { ...series, data: points.filter((point) => point.row[3] === null), itemStyle: { color: view.colours.dim } },
      ],
    };
  },
  events: (figure, instance) => chooseByClick(instance),
};

const orderNames = ["by itself", "with one other", "with two others"];
kinds["stacked-bars"] = {
  height: (figure, view) => { const names = unique(namesOf(figure)); return 108 + Math.max(34, gutter(view, names).row) * names.length; },
  option(figure, view) {
    const rows = figure.table.rows;
    const names = unique(namesOf(figure));
    const orders = unique(rows.map((row) => row[1]));
    const side = gutter(view, names);
    const total = (name) => rows.filter((row) => row[0] === name).reduce((sum, row) => sum + row[2] + row[3], 0);
    const of = (order, column) => names.map((name) => rows.find((row) => row[0] === name && row[1] === order)[column]);
    const colour = (order) => view.colours.series[[0, 5, 4][order - 1]];
    return {
      grid: { left: side.left, right: 24, top: 36, bottom: 54 },
      legend: legend(view, { data: [...orders.map((order) => orderNames[order - 1]), "together"] }),
      xAxis: axis(view, figure.chart.value, { scale: false }),
      yAxis: beside(view, names, side),
      tooltip: tooltip(view, (list) => `${cut(names[list[0].dataIndex], 40)}: ${short(total(names[list[0].dataIndex]))}\n`
        + orders.map((order) => `${orderNames[order - 1]}: ${signed(of(order, 2)[list[0].dataIndex] + of(order, 3)[list[0].dataIndex])}`).join("\n"), { trigger: "axis", axisPointer: { type: "none" } }),
      series: [
        ...orders.flatMap((order) => [2, 3].map((column) => ({ type: "bar", stack: "parts", name: orderNames[order - 1], barMaxWidth: 20, itemStyle: { color: colour(order) }, data: of(order, column) }))),
        { type: "scatter", name: "together", symbol: "diamond", symbolSize: 10, z: 5, itemStyle: { color: view.colours.text, borderColor: view.colours.surface, borderWidth: 1 }, data: names.map((name, i) => [total(name), i]) },
      ],
    };
  },
};
