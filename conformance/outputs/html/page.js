// The page: what is shown follows from the address, and keys do what links do.

const KEYS = [
  ["?", "this list"], ["/", "the filter"], ["j  k", "next row, row before"], ["l  h", "next column, column before"],
  ["Enter", "open"], ["Esc", "back"], ["n  p", "next check that fails, the one before"], ["c", "copy the command"],
  ["r", "a row for each rule, or for each case"], ["]  [", "next rows, rows before"],
];

function definitions(pairs) {
  return el("dl", { class: "keys" }, pairs.map(([name, says]) => el("div", {}, el("dt", {}, el("kbd", {}, name)), el("dd", {}, says))));
}

class Page {
  constructor(data) {
    this.data = data;
    this.filter = el("input", { id: "filter", type: "search", "aria-label": "Filter", placeholder: "fails only:cut rule:SEG-1 area:length", autocomplete: "off", spellcheck: "false" });
    this.by = el("button", { type: "button", id: "by", click: () => this.go({ by: readAddress().by === "rule" ? "case" : "rule", from: 0 }) });
    this.rows = el("div", { id: "rows" });
    this.help = el("dialog", { id: "help", "aria-label": "Keys and filters" }, el("h2", {}, "Keys"), definitions(KEYS),
      el("h2", {}, "Words of the filter"), definitions(FILTER_HELP),
      el("p", {}, el("button", { type: "button", click: () => this.help.close() }, "Close")));
    this.checks = el("section", { id: "checks", "aria-label": "All checks" }, el("h2", {}, "All checks"),
      el("p", { class: "tools" }, this.filter, " ", this.by, " ", el("button", { type: "button", id: "ask", click: () => this.help.showModal() }, "Keys and words: ?")),
      el("p", { class: "tools" }, this.quick()), el("p", { id: "found", role: "status" }), this.rows);
    this.check = el("main", { id: "check" });
    document.getElementById("summary").append(this.checks);
    document.body.append(this.check, this.help);
    this.filter.addEventListener("input", () => this.type());
    addEventListener("hashchange", () => this.show());
    addEventListener("keydown", (event) => this.key(event));
    this.wasOpen = null;
    this.show();
  }

  quick() {
    const words = ["fails", "only:cut", "open"];
    if (this.data.columns.length > 1) words.push("differs");
    if (this.data.columns.some((column) => Object.keys(column.changed).length > 0)) words.push("changed");
    return ["show ", ...words.flatMap((word) => [el("a", { href: `#q=${word}` }, word), " · "]), el("a", { href: "#" }, "all")];
  }

  go(change) {
    location.hash = link(change);
  }

  /** What is typed stays one step of the history. */
  type() {
    history.replaceState(null, "", link({ q: this.filter.value, from: 0 }));
    showTable(this.data, readAddress(), this.rows);
  }

  show() {
    const state = readAddress();
    document.body.classList.toggle("is-open", state.open !== null);
    if (state.open !== null) {
      showCheck(this.data, state, this.check);
      scrollTo(0, 0);
      document.getElementById("title")?.focus({ preventScroll: true });
    } else {
      this.check.replaceChildren();
      if (document.activeElement !== this.filter) this.filter.value = state.q;
      this.by.textContent = state.by === "rule" ? "by case" : "by rule";
      showTable(this.data, state, this.rows);
      if (this.wasOpen) this.focusCell(this.wasOpen);
      else if (state.q) this.checks.scrollIntoView();
    }
    this.wasOpen = state.open === null ? null : state;
  }

  /** Goes back to where a check was opened from, or might have been. */
  focusCell(opened) {
    const column = this.data.columns[opened.in];
    const number = column ? this.data.find(column, opened.open) : -1;
    const each = number < 0 ? null : this.data.caseOf(column, number);
    const cell = each && [...this.rows.querySelectorAll("a.cell")].find((one) => Number(one.dataset.column) === opened.in
      && (one.dataset.row === each.key || each.rules.includes(one.dataset.row)));
    (cell ?? this.checks).scrollIntoView({ block: "center" });
    cell?.focus({ preventScroll: true });
  }

  /** Moves the focus in the table. */
  move(down, right) {
    const rows = [...this.rows.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("a.cell")]).filter((row) => row.length > 0);
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => row.includes(document.activeElement));
    if (at < 0) {
      rows[0][0].focus();
      return;
    }
    const place = rows[at].indexOf(document.activeElement);
    const row = rows[Math.min(rows.length - 1, Math.max(0, at + down))];
    row[Math.min(row.length - 1, Math.max(0, place + right))].focus();
  }

  /** The next check that fails, `by` 1 or -1, in this column and then in the next. */
  step(by) {
    const { data } = this;
    const state = readAddress();
    let place = Math.min(state.in, data.columns.length - 1);
    let number = data.find(data.columns[place], state.open);
    while (place >= 0 && place < data.columns.length) {
      const { bits } = data.columns[place];
      for (number += by; number >= 0 && number < bits.length; number += by) {
        if (bits[number] & DEVIATES) {
          this.go({ open: data.idOf(data.columns[place], number), in: place });
          return;
        }
      }
      place += by;
      number = by > 0 ? -1 : data.columns[place]?.bits.length ?? 0;
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.help.open) return;
    const isTyping = event.target instanceof HTMLInputElement;
    const isOpen = readAddress().open !== null;
    if (isTyping) {
      if (event.key === "Escape") this.filter.blur();
      else if (event.key === "Enter") this.move(0, 0);
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    const keys = {
      "?": () => this.help.showModal(), n: () => this.step(1), p: () => this.step(-1),
      ...(isOpen ? { Escape: () => this.go({ open: null }), c: () => document.getElementById("copy")?.click() } : {
        "/": () => { this.filter.focus(); this.filter.select(); },
        j: () => this.move(1, 0), k: () => this.move(-1, 0), l: () => this.move(0, 1), h: () => this.move(0, -1),
        r: () => this.by.click(), "]": () => document.getElementById("page-behind")?.click(), "[": () => document.getElementById("page-before")?.click(),
      }),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }
}

readData().then((data) => { document.body.dataset.ready = "yes"; return new Page(data); });
