// A picture of a family of cuts: at which offsets a single cut fails.

const MAP_CELLS_MAX = 320;

/** The single cuts of the control of a check: [{at, is: "fail" | "pass" | "open", number}]. */
function singleCuts(data, column, number) {
  const control = data.control_of[column.check[number]];
  const found = [];
  column.check.forEach((check, at) => {
    if (data.control_of[check] !== control) return;
    const cut = /^cut_at-(\d+)/.exec(data.words[data.segmentation_of[check]]);
    if (!cut) return;
    const bits = column.bits[at];
    found.push({ at: Number(cut[1]), number: at, is: bits & DEVIATES ? "fail" : bits & PASSES ? "pass" : "open" });
  });
  return found.sort((one, other) => one.at - other.at);
}

/** Several neighbours as one, where there is no room for each: one that fails is never hidden. */
function binned(cuts) {
  const size = Math.ceil(cuts.length / MAP_CELLS_MAX);
  const bins = [];
  for (let from = 0; from < cuts.length; from += size) {
    const group = cuts.slice(from, from + size);
    const is = ["fail", "pass", "open"].find((each) => group.some((cut) => cut.is === each));
    bins.push({ from: group[0].at, to: group.at(-1).at, is });
  }
  return bins;
}

function cutMap(data, column, number) {
  const cuts = singleCuts(data, column, number);
  if (cuts.length < 2 || cuts.every((cut) => cut.is === "open")) return null;
  const bins = binned(cuts);
  const width = bins.length * 10;
  const heights = { fail: 40, pass: 16, open: 6 };
  const picture = drawn("svg", { class: "cuts", viewBox: `0 0 ${width} 46`, width, height: 46, "aria-hidden": "true" },
    bins.map((bin, place) => drawn("g", {},
      drawn("title", {}, `cut at ${bin.from === bin.to ? bin.from : `${bin.from}-${bin.to}`}: ${{ fail: "fails", pass: "passes", open: "not judged" }[bin.is]}`),
      drawn("rect", { class: bin.is, x: place * 10 + 1, y: 44 - heights[bin.is], width: 8, height: heights[bin.is] }))));
  const offsets = (is) => cuts.filter((cut) => cut.is === is).map((cut) => cut.at);
  const words = [["fail", "fails"], ["pass", "passes"], ["open", "not run or not judged"]]
    .filter(([is]) => offsets(is).length > 0).map(([is, name]) => `${name} at ${ranges(offsets(is))}`);
  return el("figure", {}, el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Map of single cuts" }, picture),
    el("figcaption", {}, `One cut alone, by its offset (a high bar fails, a low one passes): ${words.join("; ")}.`));
}
