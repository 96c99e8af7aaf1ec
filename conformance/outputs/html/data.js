// The data of the page, as outputs/html_data.cc writes it.
//
//   rules            of each rule that a case shows: level, text (SPEC.md)
//   words            texts that others name by number
//   cases            key, area, title, why, rules, level, since
//   ids              of checks; case_of, segmentation_of (a word) and control_of (an id) of each
//   columns          a testee in a dialect. In it, of each check: "check" (its id), "segments", "us", and a letter each in
//                    "verdict", "role", "proof", "end"; only of some, by the number of the check: "proven", "attempts",
//                    "known" and "reason" (words), "changed", "detail" (what was played); by the id of a control: "minimal"

const VERDICTS = {
  p: ["✓", "passes"], f: ["✗", "fails"], s: ["!", "not strict: a SHOULD is missed"], i: ["i", "a MAY is not taken up"],
  u: ["∅", "unimplemented"], q: ["?", "inconclusive"], e: ["E", "framespec could not work"], x: ["–", "not run"],
};
const PROOFS = { n: "nothing to prove", y: "proven", p: "paced, not proven", u: "not proven" };
const ENDS = {
  n: "there was no connection", o: "stayed open", f: "closed by the testee (FIN)", r: "reset by the testee",
  u: "reset by the testee over unread bytes", h: "open, and nothing came that had to come",
};
const CHANGES = { f: "newly failing", p: "newly passing", n: "new case" };

// What filters ask of a check: a bit each.
const FAILS = 1, CUT = 2, WHOLE = 4, KNOWN = 8, OPEN = 16, PASSES = 32, NOT_RUN = 64, CHANGED = 128, MISSES = 256;
// Whichever of its rules a check shows not to hold: a MUST, or one that is not required.
const DEVIATES = FAILS | MISSES;

function bitsOf(column, number) {
  const verdict = column.verdict[number];
  let bits = 0;
  if (verdict === "p") bits = PASSES;
  else if (verdict === "q" || verdict === "e") bits = OPEN;
  else if (verdict === "x" || verdict === "u") bits = NOT_RUN;
  else bits = (verdict === "f" ? FAILS : MISSES) | (column.role[number] === "v" ? CUT : WHOLE);
  return bits;
}

async function unpacked(text) {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; ++at) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

/** What a case came to in a column. */
class Cell {
  constructor() {
    this.checks = 0;
    this.failing = 0;
    this.missing = 0;  // what is not required
    this.known = 0;    // of those that fail
    this.open = 0;
    this.passing = 0;
    this.whole = 0;    // of those that fail: unsplit
    this.changed = 0;
    this.shown = -1;   // the check to look at
  }

  add(bits, number) {
    ++this.checks;
    const isWorse = bits & FAILS ? this.failing === 0 : bits & MISSES && this.failing + this.missing === 0;
    if (isWorse) this.shown = number;
    if (this.shown < 0) this.shown = number;
    if (bits & FAILS) ++this.failing;
    if (bits & MISSES) ++this.missing;
    if (bits & FAILS && bits & KNOWN) ++this.known;
    if (bits & OPEN) ++this.open;
    if (bits & PASSES) ++this.passing;
    if (bits & WHOLE) ++this.whole;
    if (bits & CHANGED) ++this.changed;
  }

  get isOnlyCut() { return this.failing + this.missing > 0 && this.whole === 0; }

  get glyph() {
    if (this.failing > this.known) return "✗";
    return this.failing > 0 ? "≈" : this.missing > 0 ? "!" : this.open > 0 ? "?" : this.passing > 0 ? "✓" : "–";
  }

  get words() {
    const parts = [];
    if (this.failing > 0) parts.push(`${this.failing} of ${this.checks} fail`);
    if (this.missing > 0) parts.push(`${this.missing} of ${this.checks} miss what is not required`);
    if (this.isOnlyCut) parts.push("only when cut");
    if (this.known > 0) parts.push(`${this.known} known`);
    if (this.open > 0) parts.push(`${this.open} not judged`);
    if (parts.length === 0) parts.push(this.passing > 0 ? `${this.passing} of ${this.checks} pass` : "not run");
    if (this.changed > 0) parts.push(`${this.changed} changed`);
    return parts.join(", ");
  }
}

class Data {
  constructor(json) {
    Object.assign(this, json);
    this.cells = this.cases.map(() => this.columns.map(() => null));
    this.columns.forEach((column, place) => this.addColumn(column, place));
  }

  /** Whether a case fails in one of these columns, and passes in another. */
  differsIn(number, columns) {
    const row = this.cells[number].filter((cell, place) => cell && columns[place]);
    return row.some((cell) => cell.failing > 0) && row.some((cell) => cell.failing === 0 && cell.passing > 0);
  }

  addColumn(column, place) {
    const count = column.check.length;
    column.bits = new Uint8Array(count);
    for (let number = 0; number < count; ++number) column.bits[number] = bitsOf(column, number);
    for (const number of Object.keys(column.known)) column.bits[number] |= KNOWN;
    for (const number of Object.keys(column.changed)) column.bits[number] |= CHANGED;
    for (let number = 0; number < count; ++number) {
      const row = this.cells[this.case_of[column.check[number]]];
      row[place] ??= new Cell();
      row[place].add(column.bits[number], number);
    }
    for (const finding of column.findings) {
      const cell = this.cells[this.case_of[column.check[finding.check]]][place];
      // The finding of what is not cut comes first, and says more.
      if (cell && !cell.finding) cell.shown = finding.check;
      if (cell) cell.finding = true;
    }
    column.title = this.titleOf(column);
  }

  /** What tells a column from the others. */
  titleOf(column) {
    const isOne = (name) => new Set(this.columns.map((each) => each[name])).size === 1;
    if (isOne("name")) return column.dialect;
    return isOne("dialect") ? column.name : `${column.name} · ${column.dialect}`;
  }

  caseOf(column, number) { return this.cases[this.case_of[column.check[number]]]; }
  idOf(column, number) { return this.ids[column.check[number]]; }
  cutOf(column, number) { return this.words[this.segmentation_of[column.check[number]]]; }

  /** The number of a check by its id; -1: it is not in the column. */
  find(column, id) {
    return column.check.findIndex((check) => this.ids[check] === id);
  }

  /** The numbers of all checks of the case that a check is of. */
  siblings(column, number) {
    const key = this.case_of[column.check[number]];
    const found = [];
    column.check.forEach((check, at) => { if (this.case_of[check] === key) found.push(at); });
    return found;
  }

  /** The command that shows a check again. */
  again(column, id) {
    return column.again + (/^[\w@%+=:,./-]+$/.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`);
  }
}

async function readData() {
  const holder = document.getElementById("data");
  const text = holder.dataset.packed ? await unpacked(holder.textContent) : holder.textContent;
  holder.remove();
  return new Data(JSON.parse(text));
}
