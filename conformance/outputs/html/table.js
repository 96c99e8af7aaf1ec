// The table: a row for each case, or rule, and a column for each testee and dialect.

/** So many rows are in the document at a time: of many columns fewer, as what takes time are cells. */
function rowsMax(columns) {
  return columns > 4 ? 40 : 100;
}

/** The rows that the filter leaves: of each its name, its sentence, and its cases. */
function rowsOf(data, by, counts) {
  if (by !== "rule") {
    const rows = [];
    data.cases.forEach((each, number) => {
      if (counts[number] > 0) rows.push({ name: each.key, says: each.title, rules: each.rules, cases: [number] });
    });
    return rows;
  }
  const rules = new Map();
  data.cases.forEach((each, number) => {
    if (counts[number] === 0) return;
    for (const rule of each.rules) {
      if (!rules.has(rule)) rules.set(rule, { name: rule, says: data.rules[rule]?.text ?? "", rules: [], cases: [] });
      rules.get(rule).cases.push(number);
    }
  });
  return [...rules.values()].sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
}

/** Several cells as one: what is worst in them is what is opened. */
function joinedCell(cells) {
  if (cells.length === 1) return cells[0];
  const joined = new Cell();
  for (const cell of cells) {
    if (joined.shown < 0 || ((cell.failing > 0 && joined.failing === 0) || (cell.missing > 0 && joined.failing + joined.missing === 0))) joined.shown = cell.shown;
    for (const name of ["checks", "failing", "missing", "known", "open", "passing", "whole", "changed"]) joined[name] += cell[name];
  }
  return joined;
}

const CELL_STYLES = { "✗": "fail", "≈": "known", "!": "nonstrict", "?": "open", "✓": "pass", "–": "notrun" };

/** `before`: the address without a check. */
function cellOf(data, row, place, before) {
  const cells = row.cases.map((number) => data.cells[number][place]).filter(Boolean);
  if (cells.length === 0) return el("td", { class: "none" }, el("span", { class: "unseen" }, "has no such case"));
  const cell = joinedCell(cells);
  const column = data.columns[place];
  const worst = cell.failing || cell.missing;
  const count = worst > 0 ? ` ${worst}/${cell.checks}` : ` ${cell.checks}`;
  return el("td", {}, el("a", {
    class: `cell ${CELL_STYLES[cell.glyph]}`, href: `${before}open=${encodeURIComponent(data.idOf(column, cell.shown))}&in=${place}`,
    "aria-label": `${row.name}, ${column.title}: ${cell.words}`, title: cell.words, "data-row": row.name, "data-column": place,
  }, `${cell.glyph}${count}${cell.isOnlyCut ? " ✂" : ""}${cell.changed > 0 ? " Δ" : ""}`));
}

function rowOf(data, row, shown, before) {
  const rules = row.rules.length > 0 ? ` [${row.rules.join(" ")}]` : "";
  return el("tr", {}, el("th", { scope: "row" }, el("span", { class: "name" }, row.name), el("span", { class: "quiet" }, ` ${row.says}${rules}`)),
    shown.map((place) => cellOf(data, row, place, before)));
}

function pager(rows, from, size) {
  if (rows.length <= size) return null;
  const to = Math.min(rows.length, from + size);
  const step = (name, target, key) => (target === null ? el("span", { class: "quiet" }, name)
    : el("a", { href: link({ from: target }), id: `page-${key}` }, name));
  return el("nav", { "aria-label": "Rows" },
    step("← before", from > 0 ? Math.max(0, from - size) : null, "before"),
    ` rows ${from + 1}-${to} of ${rows.length} `,
    step("behind →", to < rows.length ? to : null, "behind"));
}

/** Fills `place` with what the address asks for. */
function showTable(data, state, place) {
  const found = select(data, state.q);
  const rows = rowsOf(data, state.by, found.counts);
  const shown = data.columns.map((_, number) => number).filter((number) => found.columns[number]);
  const size = rowsMax(shown.length);
  const from = Math.min(state.from, Math.max(0, Math.floor((rows.length - 1) / size) * size));
  const says = `${plural(found.checks, "check")} in ${plural(rows.length, state.by)}`
    + (found.wrong.length > 0 ? `; not understood: ${found.wrong.join(" ")} (? lists the words)` : "");
  document.getElementById("found").textContent = says;
  const own = addressOf({ ...state, open: null });
  const before = own === "#" ? own : `${own}&`;
  const table = el("table", { class: "checks" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, state.by), shown.map((number) => el("th", { scope: "col" }, data.columns[number].title)))),
    el("tbody", {}, rows.slice(from, from + size).map((row) => rowOf(data, row, shown, before))));
  place.replaceChildren(...[el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Checks" }, table), pager(rows, from, size)].filter(Boolean));
}
