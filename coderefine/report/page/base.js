"use strict";
// Puts the page's data on it. All of that is foreign text: it becomes text nodes and nothing else, never markup.

const $ = (id) => document.getElementById(id);
const read = (id) => JSON.parse($(id).textContent);
const report = read("report");
const summary = report.summary ?? null;
const problems = report.problems ?? [];

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
