// What is shown stands in the address, behind the #: a link restores it.
//
//   q     the filter          by    "rule": the table has a row for each rule, not for each case
//   from  the first row       open  the id of the check that is shown, in the column "in"

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  return {
    q: given.get("q") ?? "", by: given.get("by") === "rule" ? "rule" : "case",
    from: Math.max(0, Number.parseInt(given.get("from") ?? "0", 10) || 0),
    open: given.get("open"), in: Math.max(0, Number.parseInt(given.get("in") ?? "0", 10) || 0),
  };
}

function addressOf(state) {
  const parts = new URLSearchParams();
  if (state.q) parts.set("q", state.q);
  if (state.by === "rule") parts.set("by", "rule");
  if (state.from > 0) parts.set("from", state.from);
  if (state.open) {
    parts.set("open", state.open);
    parts.set("in", state.in);
  }
  return `#${parts}`;
}

/** The address with something changed in it. */
function link(change) {
  return addressOf({ ...readAddress(), ...change });
}
