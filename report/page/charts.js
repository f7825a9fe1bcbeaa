// Drawing: every kind of chart is a function from a figure and a view {colours, width} to an ECharts option.
const kinds = {};
const figures = new Map();  // id -> {id, title, chart, table, holder, instance, state}

function tableOf(figure) {
  return typeof figure.data === "string" ? report.shared[figure.data] : figure.data;
}

const base = (view) => ({
  animation: false,
  backgroundColor: view.colours.surface,
  textStyle: { color: view.colours.text, fontFamily: "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif", fontSize: 12 },
  color: view.colours.series,
});

const tooltip = (view, formatter, more = {}) => ({
  renderMode: "richText", confine: true, backgroundColor: view.colours.surface, borderColor: view.colours.line,
  textStyle: { color: view.colours.text, fontSize: 12 }, formatter, ...more,
});

const axis = (view, name, more = {}) => ({
  type: "value", scale: true, name: wrapped(name, Math.max(24, (view.width - 90) / 6.2), 2), nameLocation: "middle", nameGap: 30,
  nameTextStyle: { color: view.colours.soft, lineHeight: 14 }, axisLine: { show: true, onZero: false, lineStyle: { color: view.colours.line } },
  axisTick: { lineStyle: { color: view.colours.line } }, splitLine: { lineStyle: { color: view.colours.grid } },
  axisLabel: { color: view.colours.soft, hideOverlap: true, formatter: short }, ...more,
});
const upright = (view, name, more = {}) => axis(view, "", { name: cut(name, 60), nameGap: 52, nameRotate: 90, ...more });
const categories = (view, names, more = {}) =>
  axis(view, "", {
    type: "category", scale: undefined, data: names, splitLine: { show: false },
    axisLabel: { color: view.colours.soft, formatter: (name) => cut(name, 24), interval: 0 }, ...more,
  });

/// Categories from top to bottom with the names of gutter().
const beside = (view, names, side, more = {}) =>
  categories(view, names, { inverse: true, axisLabel: { color: view.colours.soft, formatter: side.label, interval: 0, lineHeight: 13 }, ...more });

const legend = (view, more = {}) => ({
  type: "scroll", top: 0, textStyle: { color: view.colours.text }, pageTextStyle: { color: view.colours.soft },
  formatter: (name) => cut(name, Math.max(28, Math.floor(view.width / 9))), inactiveColor: view.colours.dim, ...more,
});

/// A logarithmic axis from low to high, with more than a tick or two where it spans few decades.
const logarithmic = (low, high) => ({ type: "log", logBase: high / low < 150 ? 2 : 10 });
/// Marks of the k-th of many lines: neither colour nor dash nor symbol repeats together.
const lineStyleOf = (k) => ({ symbol: symbols[(k + 3 * Math.floor(k / 8)) % 8], dash: dashes[(k + 3 * Math.floor(k / 8)) % 8] });

/// Lines across a chart where they belong: ECharts would round their places to two decimals.
const markLines = { silent: true, symbol: "none", precision: 15 };

/// A filled band between two curves: points [[x, low, high], …] by x.
function band(points, colour, more = {}) {
  const known = points.filter((p) => p[1] !== null && p[2] !== null);
  const outline = [...known.map((p) => [p[0], p[1]]), ...known.map((p) => [p[0], p[2]]).reverse()];
  return {
    type: "custom", silent: true, data: outline, z: 1, clip: true, tooltip: { show: false },
    renderItem: (params, api) =>
      params.dataIndex > 0 || outline.length < 4
        ? null
        : { type: "polygon", shape: { points: outline.map((p) => api.coord(p)) }, style: { fill: colour, opacity: 0.18 } },
    ...more,
  };
}

/// A line with ends from low to high, for every row [position, low, high] of a category or value axis.
function whiskers(rows, horizontal, colour, more = {}) {
  return {
    type: "custom", silent: true, z: 5, data: rows.filter((r) => r[1] !== null && r[2] !== null), tooltip: { show: false },
    encode: horizontal ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      const at = api.value(0);
      const a = api.coord(horizontal ? [api.value(1), at] : [at, api.value(1)]);
      const b = api.coord(horizontal ? [api.value(2), at] : [at, api.value(2)]);
      const e = more.end ?? 4;
      const side = horizontal ? [0, e] : [e, 0];
      const line = (p, q) => ({ type: "line", shape: { x1: p[0], y1: p[1], x2: q[0], y2: q[1] }, style: { stroke: colour, lineWidth: 1.2, opacity: more.opacity ?? 1 } });
      return {
        type: "group",
        children: [line(a, b), line([a[0] - side[0], a[1] - side[1]], [a[0] + side[0], a[1] + side[1]]),
          line([b[0] - side[0], b[1] - side[1]], [b[0] + side[0], b[1] + side[1]])],
      };
    },
    ...more,
  };
}

/// Places for `count` small charts.
function panels(count, width, { least = 250, height = 200, left = 62, right = 14, top = 40, bottom = 44 } = {}) {
  const columns = Math.max(1, Math.min(count, Math.floor(width / least)));
  const rows = Math.ceil(count / columns);
  const each = width / columns;
  const grids = Array.from({ length: count }, (_, i) => ({
    left: (i % columns) * each + left, top: Math.floor(i / columns) * height + top,
    width: Math.max(20, each - left - right), height: height - top - bottom,
  }));
  return { grids, columns, rows, height: rows * height, titleAt: (i) => grids[i] };
}
/// A title above a small chart, on two lines where it needs them.
const heading = (view, text, grid) => ({
  text: wrapped(text, grid.width / 7, 2), left: grid.left, top: grid.top - 8, textVerticalAlign: "bottom", padding: 0,
  textStyle: { color: view.colours.text, fontSize: 12, fontWeight: 600, lineHeight: 14 },
});

const phaseNames = { initial: "initial design", full: "full space", frozen: "some frozen", hypervolume: "hypervolume improvement", offspring: "children of the front", random: "random", imported: "imported", repeat: "repeated", explain: "importance", fallback: "fallback" };

function optionOf(figure, view) {
  return { ...base(view), ...kinds[figure.chart.kind].option(figure, view) };
}

/// On paper every figure has this width, in pixels, a little more than A4 and Letter have: browsers then shrink the page as a whole.
const paperWidth = 800;
let printing = false;

function draw(figure) {
  const kind = kinds[figure.chart.kind];
  const view = { colours: colours(), width: printing ? paperWidth : figure.holder.clientWidth || 600, state: figure.state };
  const height = typeof kind.height === "function" ? kind.height(figure, view) : kind.height || 340;
  figure.holder.style.height = height + "px";
  if (!figure.instance) {
    figure.instance = echarts.init(figure.holder, null, { renderer: "svg", width: view.width, height });
    if (kind.events) kind.events(figure, figure.instance);
  } else {
    figure.instance.resize({ width: view.width, height });
  }
  figure.instance.setOption(optionOf(figure, view), true);
  figure.stale = false;
}

function redraw(figure) {
  if (figure.instance) draw(figure);
}
/// Those near the window at once, the others when they come there.
function redrawAll() {
  for (const figure of figures.values()) {
    if (!figure.instance) continue;
    figure.stale = true;
    watcher.unobserve(figure.holder.closest("figure"));
    watcher.observe(figure.holder.closest("figure"));
  }
}
function drawAll() {
  for (const figure of figures.values()) draw(figure);
}

/// The figure in light colours, whatever the page shows, as a file for papers.
function svgOf(figure) {
  const kind = kinds[figure.chart.kind];
  const view = { colours: palettes.light, width: 800, state: figure.state };
  const height = typeof kind.height === "function" ? kind.height(figure, view) : kind.height || 340;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 800, height });
  chart.setOption(optionOf(figure, view));
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

function addTools(figure, place) {
  const kind = kinds[figure.chart.kind];
  if (kind.controls) place.append(...kind.controls(figure));
  const name = report.title.replace(/[^A-Za-z0-9._-]+/g, "-") + "-" + figure.id;
  place.append(
    element("span", { class: "save" },
      element("button", { type: "button", title: "Save this figure as SVG", onclick: () => save(name + ".svg", "image/svg+xml", svgOf(figure)) }, "SVG"),
      element("button", { type: "button", title: "Save the numbers as CSV", onclick: () => save(name + ".csv", "text/csv", csv(figure.table)) }, "CSV"),
      element("button", { type: "button", title: "Save the numbers as JSON", onclick: () => save(name + ".json", "application/json", JSON.stringify({ title: figure.title, ...figure.table })) }, "JSON")));
}

/// A labelled choice; `options` are [value, text].
function chooser(figure, key, label, options) {
  figure.state[key] ??= options[0]?.[0];
  const list = element("select", { onchange: (event) => { figure.state[key] = options[event.target.selectedIndex][0]; redraw(figure); } },
    ...options.map(([, text]) => element("option", {}, text)));
  figure.choosers = { ...figure.choosers, [key]: { list, options } };
  return element("label", {}, label + " ", list);
}
