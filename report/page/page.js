// Puts everything together: figures are drawn when they come near the window, all of them before printing.
const fullWidth = new Set(["timeline", "workers", "dependence", "slice", "force", "parallel", "tradeoff-lines", "ternary", "tradeoff-map", "share-map", "surface", "fronts", "task-curves"]);

for (const [id, { title, chart, data }] of Object.entries(report.figures)) {
  const place = document.getElementById("figure-" + id);
  const figure = { id, title, chart, data, holder: place.querySelector(".chart"), state: {} };
  figure.table = tableOf(figure);
  figures.set(id, figure);
  const many = (chart.kind === "front" && panelsOf(chart).length > 1) || (chart.kind === "attainment" && chart.directions.length > 2);
  place.classList.toggle("full", fullWidth.has(chart.kind) || many);
  addTools(figure, place.querySelector(".tools"));
  const kind = kinds[chart.kind];
  figure.holder.style.height = (typeof kind.height === "function" ? kind.height(figure, { colours: colours(), width: figure.holder.clientWidth || 600, state: figure.state }) : kind.height || 340) + "px";
}

document.querySelectorAll("main table").forEach((table) => {
  makeSortable(table);
  if (table.dataset.trials) makeTrialTable(table);
});
document.querySelectorAll(".table[data-shared]").forEach((place) => makeLongTable(place, report.shared[place.dataset.shared]));
document.querySelectorAll(".wide").forEach(sayThatItScrolls);

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    watcher.unobserve(entry.target);
    const figure = figures.get(entry.target.dataset.figure);
    if (!figure.instance || figure.stale) draw(figure);
  }
}, { rootMargin: "600px" });
for (const figure of figures.values()) watcher.observe(figure.holder.closest("figure"));

let resizing = 0;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(redrawAll, 150);
});

let themeBeforePrint = null;
addEventListener("beforeprint", () => {
  themeBeforePrint = theme;
  printing = true;
  if (theme !== "light") setTheme("light");
  drawAll();
});
addEventListener("afterprint", () => {
  printing = false;
  if (themeBeforePrint && themeBeforePrint !== theme) setTheme(themeBeforePrint);
  redrawAll();
});

const controls = document.getElementById("controls");
if (report.time.last_event) controls.append(element("span", {}, "as of " + report.time.last_event));
if (report.refreshing) {
  // The file is replaced while the study runs. Reading it again is all that can be done, and all that is needed.
  const reload = () => {
    memory.set("scroll", String(scrollY));
    location.reload();
  };
  let timer = 0;
  const every = element("input", { type: "checkbox", id: "every" });
  const follow = () => {
    clearInterval(timer);
    memory.set("follow", every.checked ? "yes" : "no");
    if (every.checked) timer = setInterval(reload, 10000);
  };
  every.checked = memory.get("follow") === "yes";
  every.addEventListener("change", follow);
  controls.append(element("button", { type: "button", id: "reload", onclick: reload }, "Running: reload"), element("label", { for: "every" }, every, " every 10 s"));
  if (every.checked) follow();
  const scroll = Number(memory.get("scroll"));
  if (scroll) scrollTo(0, scroll);
  memory.set("scroll", "0");
}
controls.append(element("button", { type: "button", id: "theme", onclick: () => {
  setTheme(theme === "dark" ? "light" : "dark");
  memory.set("theme", theme);
} }, "Light or dark"));
