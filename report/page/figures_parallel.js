// Parallel coordinates of all trials, and the ranges that are chosen on them.
const mostLines = 600;
/// Trials by how they are drawn: [[name, rows], …], those that stand out last.
function parallelGroups() {
  const of = (...standings) => trialTable.rows.filter((row) => standings.includes(row[place.standing]));
  return [["dominated or failed", thinned(of("dominated", "failed"), mostLines)], ["infeasible", thinned(of("infeasible"), mostLines / 2)], ["front", of("front")]]
    .filter(([name, rows]) => rows.length > 0 || name !== "infeasible");
}

/// On a phone axes lie one below the other, where their names have room.
const isNarrow = (view) => view.width < 480;
const parallelAxes = ({ chart }) => [...chart.hyperparameters, ...axesOf(chart).map((o) => ({ ...o, choices: null, log: o.log && trialTable.rows.every((r) => r[o.column] === null || r[o.column] > 0) }))];

kinds.parallel = {
  height: (figure, view) => (isNarrow(view) ? 90 + 62 * parallelAxes(figure).length : 420),
  controls: (figure) => [
    element("button", { type: "button", onclick: () => clearRanges(figure) }, "Clear ranges"),
    figure.brushedText = element("span", { role: "status" }, ""),
  ],
  option(figure, view) {
    const { hyperparameters } = figure.chart;
    const axes = parallelAxes(figure);
    const narrow = isNarrow(view);
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
      parallel: { ...(narrow ? { layout: "vertical", left: 24, right: 24, top: 34, bottom: 62 } : { left: 60, right: 70, top: 56, bottom: 26 }), parallelAxisDefault: { nameTextStyle: { color: c.text, fontSize: 11, lineHeight: 12, backgroundColor: narrow ? c.surface : "transparent" }, areaSelectStyle: { color: c.brushed, opacity: 0.25, width: 22 } } },
      parallelAxis: axes.map((about, i) => ({
        dim: i, scale: true,
        ...(narrow ? { name: cut(about.name, Math.floor(view.width / 7)), nameLocation: "middle", nameGap: -14 }
          : { name: wrapped(about.name, Math.max(8, view.width / axes.length / 6.2), 2), nameLocation: "end", nameGap: i % 2 ? 8 : 26 }),
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
    chooseByClick(instance);
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
