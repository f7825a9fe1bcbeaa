// The data of the page, and light and dark.
const report = JSON.parse(document.getElementById("report-data").textContent);

/// Long tables come column by column (report/page/detail/packed_table.hpp).
function unpacked(table) {
  if (!table.packed) return table;
  const cells = table.packed.map((column) =>
    Array.isArray(column) ? (i) => column[i] : column.codes ? (i) => column.values[column.codes[i]] : (i) => column.from + i);
  return { columns: table.columns, rows: Array.from({ length: table.count }, (_, i) => cells.map((cell) => cell(i))) };
}
for (const [name, table] of Object.entries(report.shared)) report.shared[name] = unpacked(table);
for (const figure of Object.values(report.figures)) if (typeof figure.data === "object") figure.data = unpacked(figure.data);

const memory = {
  get(key) {
    try { return sessionStorage.getItem("hyperego " + key); } catch { return null; }
  },
  set(key, value) {
    try { sessionStorage.setItem("hyperego " + key, value); } catch { /* a page from a file may have no storage */ }
  },
};

// Okabe and Ito's palette, which holds for all common kinds of colour vision; lines differ in their dashes as well.
const palettes = {
  light: {
    series: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5B4B8A", "#7A7A7A"],
    text: "#1b1f24", soft: "#57606a", line: "#b6bec8", grid: "#e6e9ed", surface: "#ffffff", dim: "#a9b2bc",
    front: "#0072B2", chosen: "#D55E00", brushed: "#009E73", infeasible: "#E69F00",
    scale: ["#f1f6fa", "#bcd9ec", "#6fb1d8", "#2a7fb8", "#08456f"],
    swarm: ["#0072B2", "#9d86b5", "#D55E00"],
    diverging: ["#B3470A", "#E8A26B", "#f4f5f7", "#6FB1D8", "#08527F"],
    phases: { initial: "rgba(120,130,140,.14)", full: "rgba(0,0,0,0)", frozen: "rgba(0,114,178,.12)", hypervolume: "rgba(0,158,115,.12)", offspring: "rgba(240,228,66,.2)", random: "rgba(230,159,0,.16)", imported: "rgba(0,0,0,0)", repeat: "rgba(204,121,167,.14)", explain: "rgba(86,180,233,.16)", fallback: "rgba(213,94,0,.16)" },
  },
  dark: {
    series: ["#56B4E9", "#F0894A", "#2CC79B", "#E3A3C8", "#F0B840", "#9AD0F0", "#B5A6E0", "#B0B0B0"],
    text: "#e6e9ed", soft: "#a3adb8", line: "#56606a", grid: "#2c333a", surface: "#1d2126", dim: "#626c77",
    front: "#56B4E9", chosen: "#F0894A", brushed: "#2CC79B", infeasible: "#F0B840",
    scale: ["#232a31", "#1f4560", "#266f9c", "#4fa6d8", "#b5e0fa"],
    swarm: ["#56B4E9", "#b3a6c4", "#F0894A"],
    diverging: ["#F0894A", "#9A5A32", "#262c33", "#2F7CAB", "#7CC8F5"],
    phases: { initial: "rgba(160,170,180,.14)", full: "rgba(0,0,0,0)", frozen: "rgba(86,180,233,.16)", hypervolume: "rgba(60,190,150,.16)", offspring: "rgba(240,228,66,.18)", random: "rgba(240,184,64,.16)", imported: "rgba(0,0,0,0)", repeat: "rgba(224,150,190,.16)", explain: "rgba(150,120,220,.18)", fallback: "rgba(240,137,74,.18)" },
  },
};
const dashes = ["solid", "dashed", "dotted", [8, 3, 2, 3], [12, 4], [2, 4], [6, 2, 2, 2, 2, 2], [1, 2]];
const symbols = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];

let theme = memory.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
document.documentElement.dataset.theme = theme;
const colours = () => palettes[theme];

function setTheme(name) {
  theme = name;
  document.documentElement.dataset.theme = name;
  redrawAll();
}
