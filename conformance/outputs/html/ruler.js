// Bytes as a ruler: what part of a frame each is, and where it was cut.

const PARTS = ["prefix", "header", "payload", "trailer", "rest"];
const PIECE_BYTES_MAX = 40;
const PIECES_MAX = 120;

function bytesOf(hex) {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; ++at) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

function hexOf(bytes, from, to) {
  return Array.from(bytes.subarray(from, to), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function textOf(bytes, from, to) {
  return Array.from(bytes.subarray(from, to), (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
}

/** The bytes [from, to), shortened in their middle; the one at `mark` is marked. */
function shownBytes(bytes, from, to, mark) {
  const runs = [];
  const size = to - from;
  if (size <= PIECE_BYTES_MAX) runs.push([from, to]);
  else {
    const around = mark >= from && mark < to ? [Math.max(from, mark - 8), Math.min(to, mark + 9)] : null;
    const wanted = [[from, from + 12], around, [to - 12, to]].filter(Boolean).sort((one, other) => one[0] - other[0]);
    for (const [begin, end] of wanted) {
      const last = runs.at(-1);
      if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
      else runs.push([begin, end]);
    }
  }
  const children = [];
  let at = from;
  for (const [begin, end] of runs) {
    if (begin > at) children.push(el("span", { class: "quiet" }, ` … ${begin - at} more … `));
    if (mark >= begin && mark < end) {
      children.push(`${hexOf(bytes, begin, mark)} `, el("mark", { title: `the first difference, at ${mark}` }, hexOf(bytes, mark, mark + 1)),
        ` ${hexOf(bytes, mark + 1, end)}`);
    } else children.push(hexOf(bytes, begin, end));
    at = end;
  }
  return children;
}

function piece(bytes, from, to, part, mark, begins) {
  const isRest = PARTS[part] === "rest";
  const text = to - from <= PIECE_BYTES_MAX && (isRest || PARTS[part] === "payload") ? `“${textOf(bytes, from, to)}”` : "";
  const name = begins ? PARTS[part] : "…";
  return el("span", { class: `piece ${PARTS[part]}` },
    el("span", { class: "hex" }, shownBytes(bytes, from, to, mark)),
    el("span", { class: "label" }, isRest && text ? text : `${name} ${text}`.trim()));
}

function cutLine(cut) {
  return el("span", { class: `cut ${cut.is}`, title: cut.words },
    el("span", { "aria-hidden": "true" }, cut.is === "proven" ? `┃${cut.at}✓` : cut.is === "paced" ? `┃${cut.at}~` : `┃${cut.at}?`),
    el("span", { class: "unseen" }, ` ${cut.words} `));
}

/**
 * The bytes [from, to) of a stream. `parts` are [part, begin, end] of the whole stream, `cuts` have "at" (from `from` on),
 * "is" (proven, paced, unproven) and "words"; the byte at `mark` is marked.
 */
function ruler(bytes, { from = 0, to = bytes.length, parts = [], cuts = [], mark = -1 }) {
  const edges = new Map(cuts.map((cut) => [cut.at + from, cut]));
  const pieces = [];
  for (const [part, begin, end] of parts.length > 0 ? parts : [[4, 0, bytes.length]]) {
    let at = Math.max(begin, from);
    const last = Math.min(end, to);
    while (at < last) {
      if (edges.has(at)) pieces.push({ cut: edges.get(at) });
      let next = last;
      for (const edge of edges.keys()) if (edge > at && edge < next) next = edge;
      pieces.push({ at, next, part, begins: at === begin });
      at = next;
    }
  }
  const left = Math.max(0, pieces.length - PIECES_MAX);
  const row = el("div", { class: "ruler" });
  pieces.forEach((each, number) => {
    if (left > 0 && number === PIECES_MAX - 20) row.append(el("span", { class: "quiet" }, `… ${left} more pieces and cuts …`));
    if (left > 0 && number >= PIECES_MAX - 20 && number < pieces.length - 20) return;
    row.append(each.cut ? cutLine(each.cut) : piece(bytes, each.at, each.next, each.part, mark, each.begins));
  });
  if (mark >= to) row.append(el("mark", { title: `the first difference, at ${mark}` }, "⟨ends here⟩"));
  return row;
}
