// Games: importance over trade-offs, Shapley values, interactions, coalitions, ablation.
const colourOf = (view, names, name) => view.colours.series[names.indexOf(name) % view.colours.series.length];

kinds["tradeoff-lines"] = {
  height: 440,
  option(figure, view) {
    const { objectives, columns: at } = figure.chart;
    const rows = figure.table.rows;
    const names = unique(rows.map((row) => row[at.hyperparameter]))
      .map((name) => [name, Math.max(...rows.filter((row) => row[at.hyperparameter] === name).map((row) => row[at.value]))])
      .sort((a, b) => b[1] - a[1]).map(([name]) => name);
    const of = (name) => rows.filter((row) => row[at.hyperparameter] === name).sort((a, b) => a[1] - b[1]);
    return {
      grid: { left: 70, right: 30, top: 48, bottom: 60 },
      legend: legend(view, { data: names }),
      xAxis: axis(view, "", { scale: false, min: 0, max: 1, name: `only ${cut(objectives[0])}   ←   weight of ${cut(objectives[1])}   →   only ${cut(objectives[1])}` }),
      yAxis: upright(view, "tunability (Shapley value)", { scale: false, min: 0 }),
      tooltip: tooltip(view, (list) => [`weights ${short(1 - list[0].value[0])} : ${short(list[0].value[0])}`,
        ...list.filter((p) => p.seriesType === "line").sort((a, b) => b.value[1] - a.value[1]).slice(0, 10).map((p) => `${cut(p.seriesName)}: ${short(p.value[1])}`)].join("\n"), { trigger: "axis" }),
      series: [
        ...names.map((name, k) => ({ type: "line", name, symbol: lineStyleOf(k).symbol, symbolSize: 6, z: 3, lineStyle: { width: 2.2, type: lineStyleOf(k).dash }, itemStyle: { color: colourOf(view, names, name) }, data: of(name).map((row) => [row[1], row[at.value]]) })),
        ...names.map((name) => band(of(name).map((row) => [row[1], row[at.low], row[at.high]]), colourOf(view, names, name), { name })),
      ],
    };
  },
};

kinds.ternary = {
  height: (figure, view) => panels(unique(figure.table.rows.map((r) => r[figure.chart.columns.hyperparameter])).length, view.width, { least: 260, height: 270 }).height + 50,
  option(figure, view) {
    const { objectives, columns: at } = figure.chart;
    const rows = figure.table.rows;
    const names = unique(rows.map((row) => row[at.hyperparameter]));
    const places = panels(names.length, view.width, { least: 260, height: 270, left: 34, right: 34, top: 56, bottom: 34 });
    const certain = rows.every((row) => row[at.low] === null || row[at.high] === null);
    const greatest = Math.max(1e-12, ...rows.map((row) => Math.max(row[at.value], row[at.high] ?? 0)));
    const spot = (row) => [row[1] + row[2] / 2, (row[2] * Math.sqrt(3)) / 2];
    const corners = [[0, 0], [1, 0], [0.5, Math.sqrt(3) / 2]];
    const hidden = { show: false };
    // Ring, disc and dot of every weight vector: upper end of the interval, value, lower end.
    const layers = certain ? [[at.value, 26]] : [[at.high, 27], [at.value, 18], [at.low, 8]];
    return {
      title: names.map((name, i) => heading(view, name, { ...places.grids[i], left: places.grids[i].left - 10, top: places.grids[i].top - 22 })),
      grid: places.grids,
      xAxis: names.map((_, g) => ({ type: "value", gridIndex: g, min: -0.08, max: 1.08, ...hidden })),
      yAxis: names.map((_, g) => ({ type: "value", gridIndex: g, min: -0.1, max: 0.95, ...hidden })),
      visualMap: { min: 0, max: greatest, dimension: 2, seriesIndex: names.flatMap((_, i) => layers.map((_, k) => (layers.length + 1) * i + 1 + k)), orient: "horizontal", left: "center", bottom: 0, calculable: true, inRange: { color: view.colours.scale }, textStyle: { color: view.colours.soft }, formatter: short },
      tooltip: tooltip(view, (p) => (p.data?.row ? `${cut(p.seriesName)}: ${valueAndInterval(p.data.row, at)}\n` + objectives.map((o, j) => `weight of ${cut(o)}: ${short(p.data.row[j])}`).join("\n") : "")),
      series: names.flatMap((name, g) => [
        { type: "scatter", xAxisIndex: g, yAxisIndex: g, silent: true, symbolSize: 1, itemStyle: { color: "transparent" },
          data: corners.map((value, j) => ({ value, label: { show: true, position: j === 2 ? "top" : "bottom", distance: 17, color: view.colours.soft, fontSize: 11, formatter: wrapped(objectives[j], 18, 2) } })) },
        ...layers.map(([column, size], k) => ({ type: "scatter", name, xAxisIndex: g, yAxisIndex: g, symbol: "circle", symbolSize: size, z: 2 + k, itemStyle: { opacity: 1, borderColor: view.colours.line, borderWidth: k === 0 ? 0.6 : 0 },
          data: rows.filter((row) => row[at.hyperparameter] === name).map((row) => ({ value: [...spot(row), Math.max(0, row[column] ?? row[at.value])], row })) })),
      ]),
    };
  },
};

const valueAndInterval = (row, at) => short(row[at.value]) + (row[at.low] === null || row[at.high] === null ? "" : ` (${short(row[at.low])} to ${short(row[at.high])})`);

/// A map of coloured cells, columns `xs` by rows `ys`; `heatFrame` says what room its names take.
function heatFrame(view, xs, ys) {
  const side = gutter(view, ys);
  const below = footer(xs, view.width - side.left - 24);
  return { side, below, around: 14 + below.room + 56, cell: Math.max(22, side.row) };
}
function heat(view, { xs, ys, cells, scale, min, max, text, name, format = short }) {
  const { side, below } = heatFrame(view, xs, ys);
  return {
    grid: { left: side.left, right: 24, top: 14, bottom: below.room + 56 },
    xAxis: categories(view, xs, { axisLabel: { color: view.colours.soft, rotate: below.rotate, lineHeight: 12, formatter: below.label, interval: xs.length > 40 ? "auto" : 0, hideOverlap: true } }),
    yAxis: categories(view, ys, { inverse: true, axisLabel: { color: view.colours.soft, lineHeight: 13, formatter: side.label, interval: ys.length > 40 ? "auto" : 0 } }),
    visualMap: { min, max, dimension: 2, calculable: true, orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 12, inRange: { color: scale }, textStyle: { color: view.colours.soft }, formatter: format },
    tooltip: tooltip(view, text),
    series: [{ type: "heatmap", name, data: cells, itemStyle: { borderColor: view.colours.surface, borderWidth: xs.length > 80 ? 0 : 1 }, label: { show: xs.length <= 10 && ys.length <= 10 && (view.width - side.left) / xs.length > 44, fontSize: 10, formatter: (p) => (p.value[2] === 0 ? "" : format(Number(p.value[2].toPrecision(2)))) } }],
  };
}
const heatHeight = (view, xs, ys, least) => { const frame = heatFrame(view, xs, ys); return frame.around + Math.max(least, frame.cell) * ys.length; };

kinds["tradeoff-map"] = {
  sides(figure) {
    const m = figure.chart.columns.hyperparameter;
    const rows = figure.table.rows;
    const label = (row) => row.slice(0, m).map((w) => short(w)).join(" : ");
    return { m, rows, label, xs: unique(rows.map((row) => row[m])), ys: unique(rows.map(label)) };
  },
  height: (figure, view) => { const { xs, ys } = kinds["tradeoff-map"].sides(figure); return heatHeight(view, xs, ys, 24); },
  option(figure, view) {
    const { columns: at } = figure.chart;
    const { m, rows, label, xs, ys } = this.sides(figure);
    return heat(view, {
      xs, ys, cells: rows.map((row) => [xs.indexOf(row[m]), ys.indexOf(label(row)), row[at.value]]), scale: view.colours.scale, min: 0,
      max: Math.max(1e-12, ...rows.map((row) => row[at.value])),
      text: (p) => `${cut(xs[p.value[0]])}\nweights ${ys[p.value[1]]}\n${valueAndInterval(rows.find((row) => row[m] === xs[p.value[0]] && label(row) === ys[p.value[1]]), at)}`,
    });
  },
};

const namesOf = (figure) => figure.table.rows.map((row) => row[0]);
kinds.bars = {
  height: (figure, view) => 90 + Math.max(34, gutter(view, namesOf(figure)).row) * figure.table.rows.length,
  option(figure, view) {
    const { value, low, high } = figure.chart;
    const rows = figure.table.rows;
    const side = gutter(view, namesOf(figure));
    return {
      grid: { left: side.left, right: 24, top: 8, bottom: 54 },
      xAxis: axis(view, value, { scale: false }),
      yAxis: beside(view, namesOf(figure), side),
      tooltip: tooltip(view, (p) => { const row = rows[p.dataIndex]; return `${cut(row[0], 40)}: ${short(row[1])}` + (row[low] === null ? "" : `\n${figure.chart.interval || "90 %"}: ${short(row[low])} to ${short(row[high])}`); }),
      series: [
        { type: "bar", data: rows.map((row) => row[1]), itemStyle: { color: view.colours.front }, barMaxWidth: 20 },
        whiskers(rows.map((row, i) => [i, row[low], row[high]]), true, view.colours.text),
      ],
    };
  },
};

kinds["interaction-map"] = {
  height: (figure, view) => heatHeight(view, figure.chart.players, figure.chart.players, 34),
  option(figure, view) {
    const players = figure.chart.players;
    const rows = figure.table.rows;
    const cells = rows.flatMap(([a, b, v]) => {
      const i = players.indexOf(a), j = players.indexOf(b);
      return i === j ? [[i, j, v]] : [[i, j, v], [j, i, v]];
    });
    const greatest = Math.max(1e-12, ...rows.map((row) => Math.abs(row[2])));
    return heat(view, {
      xs: players, ys: players, cells, scale: view.colours.diverging, min: -greatest, max: greatest,
      text: (p) => (p.value[0] === p.value[1] ? cut(players[p.value[0]]) + " alone" : `${cut(players[p.value[0]])} with ${cut(players[p.value[1]])}`) + `: ${short(p.value[2])}`,
    });
  },
};

kinds["interaction-graph"] = {
  height: 380,
  option(figure, view) {
    const players = figure.chart.players;
    const rows = figure.table.rows;
    const c = view.colours;
    const single = players.map((name) => rows.find((row) => row[0] === name && row[1] === name)[2]);
    const pairs = rows.filter((row) => row[0] !== row[1]).sort((a, b) => Math.abs(a[2]) - Math.abs(b[2]));
    const largest = Math.max(1e-12, ...single.map(Math.abs));
    const strongest = Math.max(1e-12, ...pairs.map((row) => Math.abs(row[2])));
    const radius = Math.max(56, Math.min(130, view.width / 2 - 108));
    const beside = Math.max(9, (view.width / 2 - 0.9 * radius - 30) / letter);
    const spots = players.map((_, i) => {
      const angle = (2 * Math.PI * i) / players.length - Math.PI / 2;
      return { x: view.width / 2 + radius * Math.cos(angle), y: 190 + radius * Math.sin(angle), angle };
    });
    const edges = pairs.filter((row) => Math.abs(row[2]) > 0.01 * strongest).map(([a, b, v]) => ({
      text: `${cut(a)} with ${cut(b)}: ${short(v)}`, shape: { x1: spots[players.indexOf(a)].x, y1: spots[players.indexOf(a)].y, x2: spots[players.indexOf(b)].x, y2: spots[players.indexOf(b)].y },
      style: { stroke: v >= 0 ? c.front : c.chosen, lineWidth: 0.7 + (9 * Math.abs(v)) / strongest, lineDash: v >= 0 ? null : [9, 5], opacity: 0.3 + (0.6 * Math.abs(v)) / strongest },
    }));
    const nodes = players.map((name, i) => {
      const size = 5 + 17 * Math.sqrt(Math.abs(single[i]) / largest);
      const { x, y, angle } = spots[i];
      const side = Math.abs(Math.cos(angle)) < 0.3 ? 0 : Math.sign(Math.cos(angle));
      return {
        text: `${cut(name, 40)} alone: ${short(single[i])}`, shape: { cx: x, cy: y, r: size },
        style: { fill: single[i] >= 0 ? c.front : c.chosen, stroke: c.surface, lineWidth: 1.5 },
        label: { text: wrapped(name, side ? beside : 2 * beside, 3), x: x + side * (size + 6), y: side ? y : y + Math.sign(Math.sin(angle)) * (size + 4), align: side > 0 ? "left" : side < 0 ? "right" : "center", verticalAlign: side ? "middle" : Math.sin(angle) < 0 ? "bottom" : "top" },
      };
    });
    const free = { coordinateSystem: null, type: "custom", data: [] };
    return {
      tooltip: tooltip(view, (p) => (p.seriesIndex === 0 ? edges : nodes)[p.dataIndex].text),
      series: [
        { ...free, data: edges.map(() => 0), renderItem: (p) => ({ type: "line", shape: edges[p.dataIndex].shape, style: edges[p.dataIndex].style }) },
        { ...free, data: nodes.map(() => 0), z: 3, renderItem: (p) => { const n = nodes[p.dataIndex]; return { type: "group", children: [
          { type: "circle", shape: n.shape, style: n.style },
          { type: "text", style: { text: n.label.text, x: n.label.x, y: n.label.y, align: n.label.align, verticalAlign: n.label.verticalAlign, lineHeight: 14, fill: c.text, fontSize: 12 } }] }; } },
      ],
    };
  },
};

kinds.upset = {
  height: (figure, view) => 230 + Math.max(22, gutter(view, figure.chart.players).row) * figure.chart.players.length,
  option(figure, view) {
    const players = figure.chart.players;
    const rows = figure.table.rows;
    const side = gutter(view, players);
    const c = view.colours;
    const at = rows.map((_, i) => String(i));
    const members = rows.flatMap((row, i) => row[0].map((name) => [i, players.indexOf(name)]));
    const lines = rows.map((row, i) => { const ys = row[0].map((name) => players.indexOf(name)); return [i, Math.min(...ys), Math.max(...ys)]; });
    const all = rows.flatMap((_, i) => players.map((_, p) => [i, p]));
    const hidden = { axisLabel: { show: false }, axisTick: { show: false }, axisLine: { show: false }, splitLine: { show: false } };
    return {
      grid: [{ left: side.left, right: 20, top: 12, height: 160 }, { left: side.left, right: 20, top: 186, height: Math.max(22, side.row) * players.length }],
      xAxis: [{ type: "category", data: at, gridIndex: 0, ...hidden, axisLine: { show: true, lineStyle: { color: c.line } } }, { type: "category", data: at, gridIndex: 1, ...hidden }],
      yAxis: [upright(view, "gain", { gridIndex: 0, scale: false }), beside(view, players, side, { gridIndex: 1, axisLine: { show: false }, axisTick: { show: false } })],
      tooltip: tooltip(view, (p) => { const row = rows[p.value[0] ?? p.dataIndex]; return row ? `tuning ${cut(row[0].join(", "), 60)}\ngains ${short(row[2])}${row[3] === null ? "" : " (" + percent(row[3]) + " of all)"}` : ""; }),
      series: [
        { type: "bar", data: rows.map((row, i) => [i, row[2]]), itemStyle: { color: c.front }, barCategoryGap: "30%", label: { show: view.width - side.left - 20 > 36 * rows.length, position: "top", fontSize: 10, color: c.soft, formatter: (p) => (rows[p.dataIndex][3] === null ? "" : Math.round(100 * rows[p.dataIndex][3]) + " %") } },
        { type: "scatter", xAxisIndex: 1, yAxisIndex: 1, data: all, symbolSize: 7, silent: true, itemStyle: { color: c.grid } },
        { ...whiskers(lines, false, c.front, { end: 0 }), xAxisIndex: 1, yAxisIndex: 1 },
        { type: "scatter", xAxisIndex: 1, yAxisIndex: 1, data: members, symbolSize: 10, z: 6, itemStyle: { color: c.front } },
      ],
    };
  },
};
