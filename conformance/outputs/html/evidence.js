// What was played in a check, as outputs/html_evidence.cc tells it: its steps, its bytes, and what came back.

/** What a step does that sends no bytes. */
function wordsOf(step) {
  const rest = Object.entries(step).filter(([name]) => !["on", "do", "expect", "await", "frames", "bytes", "answer", "varies"].includes(name))
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ");
  const said = {
    open: "open one more connection", finish: "end our side (FIN)", abort: "reset the connection", pause: `only read for ${step.ms} ms`,
    flood: `send one frame again and again, up to ${step.total} bytes`, measure: `begin to measure “${step.name}”`,
    frames: `wait for ${plural(step.frames?.length ?? 0, "frame")}`, closed: "wait for the testee to end the connection",
    answer: `wait for the answer of ${(step.bytes?.length ?? 0) / 2} bytes`, exit: "wait for the client to end by itself",
  }[step.do ?? step.expect];
  if (step.await) return `wait for a request: ${JSON.stringify(step.await)}`;
  return said ?? `${step.do ?? `expect ${step.expect}`}${rest ? `: ${rest}` : ""}`;
}

/** How far a cut is proven: `proof` has the state, and how many segments were. */
function cutsOf(step, proof) {
  return (step.cuts ?? []).map((at, number) => {
    if (proof.state === "p") return { at, is: "paced", words: `cut at ${at}: a pause, no proof` };
    if (proof.state === "y" && number < proof.proven) {
      return { at, is: "proven", words: `cut at ${at}: proven, the testee had taken all before it` };
    }
    return { at, is: "unproven", words: `cut at ${at}: not proven, or never sent` };
  });
}

function manner(step, proof) {
  if (step.coalesced) return `joined: all of it waited in its queue (${PROOFS[proof.state]})`;
  if (!step.cuts) return "sent whole";
  if (step.cuts.length === 0) return "sent at once";
  return `in ${step.cuts.length + 1} segments, ${Math.min(proof.proven, step.cuts.length + 1)} of them proven`;
}

function stepItems(steps, detail, proof) {
  const sent = new Map();
  return steps.map((step) => {
    const on = step.on === "main" ? "" : ` on ${step.on}`;
    if (step.do !== "send" || typeof step.bytes !== "string") return el("li", {}, el("span", { class: "quiet" }, `${wordsOf(step)}${on}`));
    const from = sent.get(step.on) ?? 0;
    const all = detail.sent.get(step.on);
    const to = from + step.bytes.length / 2;
    sent.set(step.on, to);
    const parts = detail.parts[step.on] ?? [];
    return el("li", {}, el("span", { class: "quiet" }, `send ${plural(to - from, "byte")}${on}, ${manner(step, proof)}`),
      ruler(all, { from, to, parts, cuts: cutsOf(step, proof) }));
  });
}

function came(line, back) {
  const mark = back.differs ?? -1;
  const bytes = bytesOf(line.came);
  const items = [];
  const on = line.on === "main" ? "" : ` on ${line.on}`;
  if (typeof back.wanted === "string") {
    const wanted = bytesOf(back.wanted);
    items.push(el("h3", {}, `Expected${on}: ${plural(wanted.length, "byte")}`),
      wanted.length > 0 ? ruler(wanted, { parts: back.wanted_parts, mark }) : el("p", { class: "quiet" }, "nothing"));
  }
  items.push(el("h3", {}, `Came back${on}: ${plural(line.size, "byte")}${line.size > bytes.length ? `, the first ${bytes.length} of them` : ""}`),
    bytes.length > 0 || mark === 0 ? ruler(bytes, { parts: back.parts, mark }) : el("p", { class: "quiet" }, "nothing"));
  if (mark >= 0) items.push(el("p", {}, `The first difference is at offset ${mark}.`));
  return items;
}

function saveButton(text, id) {
  const name = `${id.replaceAll("/", "_")}.replay.ndjson`;
  return el("button", { type: "button", click: () => {
    const address = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  } }, "Save replay");
}

/** What a failing check tells; `proof` has "state" and "proven". */
function evidence(detail, id, proof) {
  const items = [el("dl", { class: "facts" },
    el("div", {}, el("dt", {}, detail.at_sentinel ? "afterwards expected" : "expected"), el("dd", {}, detail.expected ?? "")),
    el("div", {}, el("dt", {}, "came"), el("dd", {}, detail.came ?? "")))];
  if (detail.replay) {
    const lines = detail.replay.trim().split("\n").map((line) => JSON.parse(line));
    const steps = lines.filter((line) => line.do || (line.expect && line.on) || line.await);
    detail.sent = new Map();
    for (const step of steps) {
      if (step.do === "send") detail.sent.set(step.on, (detail.sent.get(step.on) ?? "") + step.bytes);
    }
    for (const [on, hex] of detail.sent) detail.sent.set(on, bytesOf(hex));
    items.push(el("h2", {}, "What was sent, and when"), el("ol", { class: "steps" }, stepItems(steps, detail, proof)),
      ...lines.filter((line) => typeof line.size === "number" && typeof line.came === "string")
        .flatMap((line) => came(line, detail.back[line.on] ?? {})),
      el("p", {}, saveButton(detail.replay, id), el("span", { class: "quiet" }, " to play it again: framespec replay FILE")));
  } else {
    items.push(el("p", { class: "quiet" }, detail.left_out ? "Its bytes are left out here, as there are too many: framespec replay has them, with the events of the run."
      : "Its bytes are not kept: they are many, or the testee failed behind its answer. Its id makes them again."));
  }
  if (detail.output) items.push(el("h2", {}, "What the testee wrote"), el("pre", { tabindex: "0" }, detail.output));
  return items;
}
