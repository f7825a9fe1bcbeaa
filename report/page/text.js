// Text and elements. Names and messages only ever become text nodes, attributes set by DOM calls, or SVG text.
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// As core/number_text.hpp shows numbers.
function toDigits(value, digits) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return Array.isArray(value) ? value.join(", ") : String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(digits - 2).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(value.toPrecision(digits)));
}
const short = (value) => toDigits(value, 4);  // one argument, as charts call it with more
const percent = (share) => short(100 * share) + " %";

// ECharts reads {style|text} in rich text; a name that looks like it must not be taken for it.
const plain = (text) => String(text).replace(/\|/g, "\u2223").replace(/\s+/g, " ");
const cut = (text, length = 24) => (plain(text).length > length ? plain(text).slice(0, length - 1) + "…" : plain(text));

const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = element("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function csv(table) {
  const field = (value) => {
    const text = value === null ? "" : Array.isArray(value) ? value.join("; ") : String(value);
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  };
  return [table.columns, ...table.rows].map((row) => row.map(field).join(",") + "\r\n").join("");
}

const unique = (values) => [...new Set(values)];
/// At most `most` of the rows, evenly.
const thinned = (rows, most) =>
  rows.length <= most ? rows : Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
