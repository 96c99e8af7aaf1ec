// One check: what it must show, its bytes, and the others of its case.

function copyButton(text) {
  const button = el("button", { type: "button", id: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed in every page of a file: the old way needs a selection.
      const area = el("textarea", { "aria-label": "command" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
  });
  return button;
}

function rulesList(data, each) {
  if (each.rules.length === 0) return null;
  return el("ul", { class: "rules" }, each.rules.map((rule) => el("li", {},
    el("a", { href: link({ open: null, by: "rule", q: `rule:${rule}`, from: 0 }) }, rule),
    ` (${(data.rules[rule]?.level ?? each.level).toUpperCase()}) ${data.rules[rule]?.text ?? ""}`)));
}

function factsOf(data, column, number) {
  const [glyph, words] = VERDICTS[column.verdict[number]];
  const segments = column.segments[number];
  const proven = column.proven[number] ?? segments;
  const facts = [["verdict", `${glyph} ${words}`]];
  if (column.known[number] !== undefined) facts.push(["known", data.words[column.known[number]]]);
  if (column.reason[number] !== undefined) facts.push(["why", data.words[column.reason[number]]]);
  if (column.changed[number]) facts.push(["changed", CHANGES[column.changed[number]]]);
  facts.push(["sent", segments > 0 ? `${data.cutOf(column, number)}: ${plural(segments, "segment")}, ${PROOFS[column.proof[number]]}${proven < segments ? ` (${proven} of them)` : ""}`
    : data.cutOf(column, number)],
    ["ended", ENDS[column.end[number]]],
    ["took", `${milliseconds(column.us[number])} in ${plural(column.attempts[number] ?? 1, "attempt")}`]);
  return el("dl", { class: "facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** The failure made minimal of the control of a check, where it is another than the check itself. */
function minimalOf(data, column, number) {
  const minimal = column.minimal[data.control_of[column.check[number]]];
  return minimal && column.bits[number] & CUT && minimal.id !== data.idOf(column, number) ? minimal : null;
}

function findingOf(data, column, number) {
  const key = data.case_of[column.check[number]];
  const isCut = Boolean(column.bits[number] & CUT);
  const finding = column.findings.find((each) => data.case_of[column.check[each.check]] === key && Boolean(column.bits[each.check] & CUT) === isCut);
  if (!finding || !(column.bits[number] & DEVIATES)) return null;
  return el("ul", {}, [finding.how_many, ...finding.in_common, ...finding.others, finding.hint].filter(Boolean).map((each) => el("li", {}, each)));
}

const SIBLINGS_MAX = 150;

function siblingsList(data, column, number, place) {
  const all = data.siblings(column, number);
  if (all.length < 2) return null;
  // Those that fail first: they are what is looked for.
  const order = [...all].sort((one, other) => Boolean(column.bits[other] & DEVIATES) - Boolean(column.bits[one] & DEVIATES) || one - other);
  const shown = order.slice(0, SIBLINGS_MAX);
  if (!shown.includes(number)) shown.unshift(number);
  return el("details", { open: all.length <= 30 }, el("summary", {}, `${plural(all.length, "check")} of this case`),
    el("ul", { class: "siblings" }, shown.map((each) => el("li", {}, el("a", {
      href: link({ open: data.idOf(column, each), in: place }), "aria-current": each === number ? "true" : null,
    }, `${VERDICTS[column.verdict[each]][0]} ${data.idOf(column, each)}`), el("span", { class: "quiet" }, ` ${milliseconds(column.us[each])}`)))),
    all.length > shown.length ? el("p", { class: "quiet" }, `and ${all.length - shown.length} more`) : null);
}

/** The same case elsewhere. */
function elsewhere(data, column, number) {
  const key = data.case_of[column.check[number]];
  const others = data.columns.map((other, place) => [other, place, data.cells[key][place]]).filter(([other, , cell]) => other !== column && cell);
  if (others.length === 0) return null;
  return el("p", {}, "The same case: ", others.map(([other, place, cell]) => [el("a", { href: link({ open: data.idOf(other, cell.shown), in: place }) },
    `${cell.glyph} ${other.title}`), el("span", { class: "quiet" }, ` ${cell.words}. `)]).flat());
}

function commandOf(data, column, id) {
  const command = data.again(column, id);
  return el("p", { class: "again" }, el("code", {}, command), " ", copyButton(command));
}

/** Fills `holder` with the check; false: there is no such check. */
function showCheck(data, state, holder) {
  const column = data.columns[state.in];
  const number = column ? data.find(column, state.open) : -1;
  if (number < 0) {
    holder.replaceChildren(el("p", {}, "There is no such check in this report. ", el("a", { href: link({ open: null }) }, "Back")));
    return;
  }
  const each = data.caseOf(column, number);
  const minimal = minimalOf(data, column, number);
  const detail = column.detail[number];
  const proof = { state: column.proof[number], proven: column.proven[number] ?? column.segments[number] };
  const parts = [
    el("p", {}, el("a", { href: link({ open: null }), id: "back" }, "← all checks")),
    el("h1", { tabindex: "-1", id: "title" }, `${VERDICTS[column.verdict[number]][0]} ${each.key}`, el("span", { class: "quiet" }, ` ${column.title}`)),
    el("p", { class: "id" }, el("code", {}, state.open)),
    el("p", {}, each.title, each.since ? el("span", { class: "quiet" }, ` (since ${each.since})`) : null),
    rulesList(data, each), factsOf(data, column, number), findingOf(data, column, number),
    column.bits[number] & DEVIATES && each.why ? el("p", { class: "cause" }, `Usually ${each.why}`) : null,
    cutMap(data, column, number),
    detail ? evidence(detail, state.open, proof) : null,
    el("h2", {}, "To see it again"), commandOf(data, column, state.open),
  ];
  if (minimal) {
    parts.push(el("h2", {}, `Made minimal: ${minimal.segmentation}`),
      el("p", { class: "quiet" }, `after ${plural(minimal.runs, "more run")}${minimal.complete ? "" : ", where the search was ended"}`),
      evidence(minimal.detail, minimal.id, { state: minimal.proof, proven: minimal.proven }), commandOf(data, column, minimal.id));
  }
  parts.push(elsewhere(data, column, number), siblingsList(data, column, number, state.in));
  holder.replaceChildren(...parts.flat().filter(Boolean));
}
