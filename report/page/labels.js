// Names beside axes: they are broken into lines before anything of them is cut.
const letter = 6.7;  // width of a letter of 12 pixels, about

/// A name on at most `limit` lines of at most `most` letters, broken after words and after _ - . / where that helps.
function lines(name, most, limit = 3) {
  const result = [""];
  for (let part of plain(name).split(/(?<=[\s_\-./:])/)) {
    if (result.at(-1) && result.at(-1).length + part.trimEnd().length > most) result.push("");
    for (; part.length > most; part = part.slice(most)) {
      result[result.length - 1] = part.slice(0, most);
      result.push("");
    }
    result[result.length - 1] += part;
  }
  const shown = result.map((line) => line.trim()).filter((line) => line !== "");
  return shown.length <= limit ? shown : [...shown.slice(0, limit - 1), cut(shown.slice(limit - 1).join(""), most)];
}
const wrapped = (name, most, limit) => lines(name, Math.max(4, Math.floor(most)), limit).join("\n");

const longestLine = (names, most, limit) => Math.max(1, ...names.flatMap((name) => lines(name, most, limit).map((line) => line.length)));

/// Room for names to the left of a figure, {left, row, label}: pixels, the least height of a row, and how to break them.
function gutter(view, names) {
  const most = Math.floor(Math.min(0.4 * view.width, 230) / letter);
  const deep = Math.max(1, ...names.map((name) => lines(name, most).length));
  return { left: Math.max(48, Math.ceil(longestLine(names, most) * letter) + 14), row: 14 * deep + 6, label: (name) => wrapped(name, most) };
}

/// Room for names below an axis, slanted where they would meet, {room, rotate, label}.
function footer(names, width) {
  const each = Math.floor(width / Math.max(1, names.length) / letter);
  if (names.every((name) => plain(name).length <= each)) return { room: 24, rotate: 0, label: plain };
  const most = 18;
  return { room: Math.ceil(0.66 * longestLine(names, most, 2) * letter) + 30, rotate: 40, label: (name) => wrapped(name, most, 2) };
}
