// What was frozen, the weights, and the games behind decisions.
kinds.timeline = {
  height: (figure, view) => 80 + Math.max(30, gutter(view, figure.chart.players).row) * figure.chart.players.length,
  option(figure, view) {
    const { players, trials } = figure.chart;
    const c = view.colours;
    const side = gutter(view, players);
    const seen = {};
    const bars = figure.table.rows.map((row) => {
      seen[row[0]] ??= [];
      if (!seen[row[0]].includes(JSON.stringify(row[3]))) seen[row[0]].push(JSON.stringify(row[3]));
      return { value: [players.indexOf(row[0]), row[1], row[2] + 1], row, shade: seen[row[0]].indexOf(JSON.stringify(row[3])) };
    });
    return {
      grid: { left: side.left, right: 24, top: 8, bottom: 46 },
      xAxis: axis(view, "trial", { scale: false, min: 0, max: trials }),
      yAxis: beside(view, players, side, { splitLine: { show: true, lineStyle: { color: c.grid } } }),
      tooltip: tooltip(view, (p) => `${cut(p.data.row[0], 40)} held at ${cut(short(p.data.row[3]), 40)}\ntrials ${p.data.row[1]} to ${p.data.row[2]}`),
      series: [{
        type: "custom", data: bars, encode: { x: [1, 2], y: 0 },
        renderItem: (params, api) => {
          const a = api.coord([api.value(1), api.value(0)]), b = api.coord([api.value(2), api.value(0)]);
          const bar = bars[params.dataIndex];
          const wide = b[0] - a[0];
          const text = cut(short(bar.row[3]), 16);
          const children = [{ type: "rect", shape: { x: a[0], y: a[1] - 10, width: Math.max(1.5, wide - 0.5), height: 20 }, style: { fill: c.front, opacity: bar.shade % 2 ? 0.45 : 0.75 } }];
          if (wide > 7 * text.length + 6) children.push({ type: "text", style: { x: a[0] + 4, y: a[1] - 6, text, fill: theme === "dark" && view.colours === palettes.dark ? "#0b1117" : "#fff", fontSize: 11 } });
          return { type: "group", children };
        },
      }],
    };
  },
};

kinds.weights = {
  height: 260,
  option(figure, view) {
    const { columns, rows } = figure.table;
    const shown = thinned(rows, 1000);
    return {
      grid: { left: 60, right: 20, top: 36, bottom: 46 },
      legend: legend(view),
      xAxis: axis(view, "trial", { type: "category", scale: undefined, data: shown.map((row) => String(row[0])), splitLine: { show: false } }),
      yAxis: upright(view, "weight", { scale: false, min: 0, max: 1, nameGap: 38 }),
      tooltip: tooltip(view, (p) => `trial ${p.name}\n` + columns.slice(1).map((name, j) => `${cut(name, 40)}: ${short(shown[p.dataIndex][j + 1])}`).join("\n")),
      series: columns.slice(1).map((name, j) => ({ type: "bar", stack: "weights", name, barCategoryGap: "8%", itemStyle: { color: view.colours.series[j % 8], opacity: 0.8 }, data: shown.map((row) => row[j + 1]) })),
    };
  },
};

kinds["share-map"] = {
  height: (figure, view) => heatHeight(view, thinned(figure.table.rows, 400).map((row) => String(row[0])), figure.table.columns.slice(figure.chart.first), 22),
  option(figure, view) {
    const { columns, rows } = figure.table;
    const first = figure.chart.first;
    const shown = thinned(rows, 400);
    const ys = columns.slice(first), xs = shown.map((row) => String(row[0]));
    return heat(view, {
      xs, ys, cells: shown.flatMap((row, i) => ys.map((_, j) => [i, j, row[first + j]])), scale: view.colours.scale, min: 0, max: 1, format: percent,
      text: (p) => `trial ${xs[p.value[0]]}\n${cut(ys[p.value[1]])}: ${percent(p.value[2])} of the gain` + (shown[p.value[0]][1] === null ? "" : `\nwhat stayed free was worth ${short(shown[p.value[0]][1])} of ${short(shown[p.value[0]][2])}`),
    });
  },
};

kinds.fit = {
  height: 260,
  option(figure, view) {
    const { columns, rows } = figure.table;
    const shown = thinned(rows, 1000);
    const bounded = (v) => (v === null ? null : Math.max(-1, v));
    return {
      grid: { left: 60, right: 60, top: 36, bottom: 46 },
      legend: legend(view), xAxis: axis(view, "trial"),
      yAxis: [upright(view, columns[1] + " (cut at −1)", { scale: false, max: 1, nameGap: 38 }), upright(view, columns[2], { scale: false, min: 0, splitLine: { show: false }, nameGap: 38, name: columns[2] })],
      tooltip: tooltip(view, (list) => `trial ${list[0]?.value[0]}\n` + list.map((p) => `${p.seriesName}: ${short(shown[p.dataIndex][p.seriesIndex + 1])}`).join("\n"), { trigger: "axis" }),
      series: [
        { type: "line", name: columns[1], symbol: "circle", symbolSize: 4, data: shown.map((row) => [row[0], bounded(row[1])]) },
        { type: "line", name: columns[2], yAxisIndex: 1, symbol: "rect", symbolSize: 4, lineStyle: { type: "dashed" }, data: shown.map((row) => [row[0], row[2]]), markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: view.colours.line }, data: [{ yAxis: 1 }] } },
      ],
    };
  },
};

const statusColour = (view, status) => ({ completed: view.colours.front, infeasible: view.colours.infeasible }[status] || view.colours.chosen);

kinds.workers = {
  height: (figure) => 90 + 26 * figure.chart.workers,
  option(figure, view) {
    const rows = figure.table.rows;
    const names = Array.from({ length: figure.chart.workers }, (_, w) => `worker ${w + 1}`);
    const statuses = unique(rows.map((row) => row[4]));
    return {
      grid: { left: 76, right: 24, top: 30, bottom: 46 },
      legend: legend(view, { data: statuses, selectedMode: false }),
      xAxis: axis(view, "running time in seconds", { scale: false, min: 0 }),
      yAxis: beside(view, names, { label: plain }),
      tooltip: tooltip(view, (p) => { const row = p.data?.row; return row ? `trial ${row[0]}, ${row[4]}\nfrom ${short(row[2])} s to ${short(row[3])} s (${short(row[3] - row[2])} s)` : ""; }),
      series: statuses.map((status) => ({
        type: "custom", name: status, itemStyle: { color: statusColour(view, status) }, encode: { x: [1, 2], y: 0 },
        data: rows.filter((row) => row[4] === status).map((row) => ({ value: [row[1] - 1, row[2], row[3]], row, trial: row[0] })),
        renderItem: (params, api) => {
          const a = api.coord([api.value(1), api.value(0)]), b = api.coord([api.value(2), api.value(0)]);
          return { type: "rect", shape: { x: a[0], y: a[1] - 8, width: Math.max(1.5, b[0] - a[0] - 0.5), height: 16 }, style: { fill: statusColour(view, status), opacity: 0.8 } };
        },
      })),
    };
  },
  events: (figure, instance) => chooseByClick(instance),
};
