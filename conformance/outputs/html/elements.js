"use strict";
// Makes elements. Text is only ever text: nothing in the data becomes markup or an address.

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== ""));
  return node;
}

function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function drawn(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "1-3, 7": ascending numbers in ranges, of which the last are left out where they are many. */
function ranges(numbers) {
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else found.push([number, number]);
  }
  const shown = found.slice(0, 24).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return shown.join(", ") + (found.length > shown.length ? `, and ${found.length - shown.length} more` : "");
}

function milliseconds(us) {
  return us < 10000 ? `${(us / 1000).toFixed(1)} ms` : us < 1e7 ? `${Math.round(us / 1000)} ms` : `${(us / 1e6).toFixed(1)} s`;
}
