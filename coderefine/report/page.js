
"use strict";
// Puts the page's data on it. All of that is foreign text: it becomes text nodes and nothing else, never markup.
// The details of a problem are read when it is opened, and rows of the table are made as they come into view.

const ROWS_AT_ONCE = 100;
const MOST_TILES = 120;
const MOST_FAILURES = 4;
const MOST_GROUPS = 20;

const $ = (id) => document.getElementById(id);
const read = (id) => JSON.parse($(id).textContent);
const report = read("report");
const summary = report.summary ?? null;
const problems = report.problems ?? [];

/* --- elements ------------------------------------------------------------------------------------------------ */

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

/* --- figures: no more digits than they are worth ---------------------------------------------------------------- */

const NBSP = "\u00a0";
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const two = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });
const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const big = (number) => (number < 10000 ? whole : short).format(number);
const count = (number, noun) => `${big(number)} ${noun}${number === 1 ? "" : "s"}`;
function money(usd) {
  if (usd === null || usd === undefined) return "cost unknown";
  return `$${usd >= 100 ? whole.format(usd) : usd >= 1 ? cents.format(usd) : two.format(usd)}`;
}
function time(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 0.1) return seconds ? `<${NBSP}0.1${NBSP}s` : `0${NBSP}s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${NBSP}s`;
  if (seconds < 120) return `${Math.round(seconds)}${NBSP}s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}${NBSP}min` : `${(seconds / 3600).toFixed(1)}${NBSP}h`;
}
/** A tenth of a percent says something only where the interval is narrower than four percent. */
const digitsOf = (...estimates) => (estimates.every(({ low, high }) => high > low && high - low < 0.04) ? 1 : 0);
/** As a percentage; 0.575 * 100 is a little less than 57.5. */
const fixed = (share, digits) => Number((share * 100).toFixed(6)).toFixed(digits);
function percent(share, digits = 0, sign = false) {
  const text = fixed(share, digits);
  if (Number(text) === 0 && share > 0) return `<${NBSP}${digits ? "0.1" : "1"}${NBSP}%`;
  if (Number(text) === 100 && share < 1) return `>${NBSP}${digits ? "99.9" : "99"}${NBSP}%`;
  if (!sign) return `${text}${NBSP}%`;
  return `${Number(text) > 0 ? "+" : Number(text) < 0 ? "\u2212" : ""}${text.replace("-", "")}`;
}
const mean = (estimate, digits = digitsOf(estimate)) => percent(estimate.mean, digits);
const range = (estimate, digits = digitsOf(estimate)) =>
  `${fixed(estimate.low, digits)} to ${fixed(estimate.high, digits)}`;

/* --- verdicts: a mark and a word, the colour comes last -------------------------------------------------------- */

const MARKS = { AC: "✓", JE: "!" };
function verdict(code, text = code) {
  if (!code) return el("span", { class: "verdict", "data-verdict": "none" }, "– none");
  return el("span", { class: "verdict", "data-verdict": code, title: report.words[code] }, `${MARKS[code] ?? "✗"} ${text}`);
}
function share(right, of) {
  if (right === of) return verdict("AC", `${right} of ${of}`);
  const code = right ? "some" : "WA";
  return el("span", { class: "verdict", "data-verdict": code }, `${right ? "◐" : "✗"} ${right} of ${of}`);
}
/** Cases as tiles; equal ones beside each other become one where there are too many. */
function tiles(cases, label) {
  const grouped = [];
  for (const one of cases) {
    const last = grouped.at(-1);
    if (cases.length > MOST_TILES && last?.verdict === one.verdict) last.times += 1;
    else grouped.push({ ...one, times: 1 });
  }
  return el("ul", { class: "tiles", "aria-label": label }, grouped.map((one) =>
    el("li", { "data-verdict": one.verdict, title: one.times > 1 ? null : `${one.name}: ${report.words[one.verdict]}` },
      verdict(one.verdict), one.times > 1 ? ` × ${one.times}` : null)));
}
const unnamed = (codes, suite) =>
  codes.trim().split(" ").filter(Boolean).map((code, index) => ({ name: `${suite} test ${index + 1}`, verdict: code }));

/* --- the run ---------------------------------------------------------------------------------------------------- */

function when(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}
function masthead() {
  const what = summary ? "Scoring run" : "Refinement";
  $("kicker").textContent = `coderefine · ${what} ${report.id}`;
  $("name").textContent = report.slug;
  const models = report.models.length ? [report.models.join(", then ")] : [];
  $("facts").textContent = [...models, when(report.began_at), `${report.backend} sandbox`, `version ${report.version}`].join(" · ");
  document.title = `${report.slug} – coderefine ${report.id}`;
  if (report.status === "done") return;
  const command = `coderefine ${summary ? "score --resume" : "resume"} ${report.id}`;
  $("notice").textContent = report.status === "running" ? "This run was still going on when the page was made."
    : `This run ended before its time (${report.status}); to go on: ${command}`;
  $("notice").hidden = false;
}
function figure(label, value, note, kind) {
  return el("div", { class: kind }, el("dt", {}, label), el("dd", { class: "value" }, value), note ? el("dd", { class: "interval" }, note) : null);
}
/** Where all problems are alike, drawing other ones of them shows no spread: that is no interval. */
const spread = (estimate, text) => (estimate.high > estimate.low ? `95${NBSP}%: ${text}` : "alike in all problems");
const estimated = (label, estimate, kind) => figure(label, mean(estimate), spread(estimate, `${range(estimate)}${NBSP}%`), kind);
function difference(label, estimate) {
  const digits = digitsOf(estimate);
  const ends = [estimate.low, estimate.high].map((end) => percent(end, digits, true)).join(" to ");
  return figure(label, [percent(estimate.mean, digits, true), el("small", {}, " points")], spread(estimate, ends));
}
function headline() {
  const shown = summary.refined
    ? [estimated("Completed before", summary.before), estimated("Completed after", summary.after, "main"), difference("Gain", summary.gain)]
    : [estimated("Completed", summary.after, "main")];
  for (const [k, estimate] of Object.entries(summary.pass_at)) if (k !== "1") shown.push(estimated(`pass@${k}`, estimate));
  shown.push(difference("Visible minus hidden", summary.gap));
  if (summary.refined) {
    const worse = summary.regressions;
    shown.push(figure("Regressions", worse ? `! ${whole.format(worse)}` : "0", worse ? "right before, wrong after" : "none got worse", worse ? "alarm" : null));
  }
  $("figures").append(...shown);
  const calls = summary.calls || summary.refined;
  $("spent").textContent = [
    count(summary.problems, "problem"), count(summary.attempts, "program"),
    summary.failed && `${whole.format(summary.failed)} failed`, summary.missing && `${whole.format(summary.missing)} without a program`,
    summary.candidates && count(summary.candidates, "candidate"), calls && count(summary.calls, "call"), summary.cached && `${big(summary.cached)} cached`,
    summary.calls && count(summary.prompt_tokens + summary.completion_tokens, "token"), calls && money(summary.cost_usd),
    `${time(summary.seconds)} of work`,
  ].filter(Boolean).join(" · ");
}

/* --- charts ----------------------------------------------------------------------------------------------------- */

function track(estimate, kind) {
  const bar = el("div", { class: "bar" });
  const whisker = el("div", { class: "range" });
  bar.style.width = `${estimate.mean * 100}%`;
  whisker.style.left = `${estimate.low * 100}%`;
  whisker.style.width = `${(estimate.high - estimate.low) * 100}%`;
  return el("div", { class: `track ${kind}` }, bar, estimate.high > estimate.low ? whisker : null);
}
function bars(groups) {
  const kinds = summary.refined ? ["before", "after"] : ["after"];
  const digits = digitsOf(...groups.flatMap((group) => kinds.map((kind) => group[kind])));
  const rows = groups.flatMap((group) => {
    return [
      el("div", { class: "name" }, group.name, el("small", {}, count(group.problems, "problem"))),
      el("div", { class: "tracks", "aria-hidden": "true" }, kinds.map((kind) => track(group[kind], kind))),
      el("div", { class: "numbers" }, kinds.map((kind) => el("div", {}, mean(group[kind], digits), " ",
        group[kind].high > group[kind].low && el("span", { class: "range" }, `(${range(group[kind], digits)})`)))),
    ];
  });
  return el("div", { class: "bars" }, rows, el("div", { class: "axis", "aria-hidden": "true" }, el("span", {}, "0"), el("span", {}, `100${NBSP}%`)));
}
function groupChart(title, groups) {
  const key = summary.refined
    ? el("p", { class: "legend" }, el("span", {}, el("span", { class: "key" }), "before"), el("span", {}, el("span", { class: "key after" }), "after")) : null;
  const most = [...groups].sort((a, b) => b.problems - a.problems).slice(0, MOST_GROUPS);
  const rest = groups.length - most.length;
  return el("section", {}, el("h2", {}, title),
    el("p", { class: "caption" }, `Share completed; the thin line and the brackets are the 95${NBSP}% interval.`, rest > 0 && ` The ${most.length} largest of ${groups.length}.`),
    key, bars(groups.filter((group) => most.includes(group))));
}
const MEASURES = {
  cost_usd: { name: "cost", each: (x) => money(x) },
  calls: { name: "calls", each: (x) => count(Math.round(x), "call") },
  candidates: { name: "candidates", each: (x) => count(Math.round(x), "candidate") },
  seconds: { name: "time", each: (x) => time(x) },
};
/** The curve of what is completed within so much of a measure; drawn as wide as there is room for. */
function curveChart() {
  const known = Object.keys(MEASURES).filter((name) => report.curves[name].length);
  if (!known.length || !(summary.refined || summary.calls)) return null;
  let chosen = known[0];
  const title = el("h2", {});
  const place = el("div", {});
  const readout = el("output", {});
  const choice = known.length < 2 ? null : el("fieldset", { class: "choice", "aria-label": "Measure" }, known.map((name) =>
    el("label", {}, el("input", { type: "radio", name: "measure", value: name, checked: name === chosen,
      onchange: () => { chosen = name; draw(); } }), MEASURES[name].name)));
  const figure = el("figure", { class: "curve" }, choice, place, el("figcaption", {}, readout));
  function draw() {
    const width = Math.max(260, Math.min(place.clientWidth || 560, 760));
    title.textContent = `Completed by ${MEASURES[chosen].name} per attempt`;
    readout.textContent = "";
    place.replaceChildren(curve(report.curves[chosen], MEASURES[chosen], width, readout));
  }
  new ResizeObserver(draw).observe(place);
  return el("section", {}, title,
    el("p", { class: "caption" }, "Share completed by attempts that took no more than this."), figure);
}
function scaleOf(points, width) {
  const most = points.at(-1)[0];
  const least = points.find(([x]) => x > 0)?.[0] ?? most;
  if (most / least < 30) {
    const step = [1, 2, 5, 10].map((n) => n * 10 ** Math.floor(Math.log10(most / 4 || 1))).find((n) => most / n <= 5) ?? most;
    const ticks = Array.from({ length: Math.floor(most / step * 1.0001) + 1 }, (_, index) => index * step);
    return { at: (x) => (x / most) * width, from: (place) => (place / width) * most, ticks };
  }
  const [low, high] = [Math.floor(Math.log10(least)), Math.log10(most)];  // by powers of ten; 0 is the left end
  const ticks = [0];
  for (let power = low + 1; power <= high; power += 1) ticks.push(10 ** power);
  const room = Math.max(1, Math.ceil(ticks.length / (width / 75)));
  return {
    at: (x) => (x <= 10 ** low ? 0 : ((Math.log10(x) - low) / (high - low)) * width),
    from: (place) => (place <= 0 ? 0 : 10 ** (low + (place / width) * (high - low))),
    ticks: ticks.filter((_, index) => index % room === 0),
  };
}
function curve(points, measure, outer, readout) {
  const [left, right, top, height] = [44, 62, 14, 220];
  const width = outer - left - right;
  const end = points.at(-1)[1];
  const ceiling = [0.05, 0.1, 0.2, 0.5, 1].find((limit) => limit >= Math.min(1, Math.max(end, summary.before.mean) * 1.05)) ?? 1;
  const scale = scaleOf(points, width);
  const X = (x) => left + scale.at(x);
  const Y = (y) => top + height * (1 - y / ceiling);
  let path = `M${X(0).toFixed(1)} ${Y(points[0][1]).toFixed(1)}`;
  for (const [x, y] of points.slice(1)) path += `H${X(x).toFixed(1)}V${Y(y).toFixed(1)}`;
  const marker = svg("g", { visibility: "hidden" }, svg("line", { class: "at", y1: top, y2: top + height }), svg("circle", { class: "dot", r: 4 }));
  let at = 0;
  function show(place) {
    at = Math.max(0, Math.min(width, place));
    const limit = scale.from(at);
    const y = points.findLast(([x]) => x <= limit * 1.000001)?.[1] ?? points[0][1];
    for (const name of ["x1", "x2"]) marker.firstChild.setAttribute(name, left + at);
    marker.lastChild.setAttribute("cx", left + at);
    marker.lastChild.setAttribute("cy", Y(y));
    marker.setAttribute("visibility", "visible");
    readout.textContent = `Within ${measure.each(limit)} each: ${percent(y, digitsOf(summary.after))}.`;
  }
  const label = `Completed with no more than so much ${measure.name}: ${percent(points[0][1])} with nothing, ${mean(summary.after)} with ${measure.each(points.at(-1)[0])}. Arrow keys read values.`;
  const before = summary.refined && summary.before.mean > 0 && summary.before.mean < end && Y(summary.before.mean) - Y(end) > 16;
  return svg("svg", {
    width: outer, height: top + height + 28, viewBox: `0 0 ${outer} ${top + height + 28}`, role: "img", tabindex: 0, "aria-label": label,
    onpointermove: (event) => show(event.offsetX * (outer / event.currentTarget.clientWidth) - left),
    onkeydown: (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) { event.preventDefault(); show(at + by * width / 40); }
    },
  },
    [0, 0.5, 1].map((part) => [
      svg("line", { class: "grid", x1: left, x2: left + width, y1: Y(part * ceiling), y2: Y(part * ceiling) }),
      svg("text", { x: left - 8, y: Y(part * ceiling) + 4, "text-anchor": "end" }, percent(part * ceiling, part * ceiling * 100 % 1 ? 1 : 0)),
    ]),
    scale.ticks.map((tick) => svg("text", { x: X(tick), y: top + height + 20, "text-anchor": "middle" }, tick === 0 ? "0" : measure.each(tick).replace(/ (call|candidate)s?$/, ""))),
    before && [
      svg("line", { class: "first", x1: left, x2: left + width, y1: Y(summary.before.mean), y2: Y(summary.before.mean) }),
      svg("text", { x: left + width + 6, y: Y(summary.before.mean) + 4 }, "before"),
    ],
    svg("path", { class: "area", d: `${path}V${Y(0)}H${left}Z` }), svg("path", { class: "line", d: path }),
    svg("text", { class: "strong", x: left + width + 6, y: Y(end) + 4 }, mean(summary.after)), marker);
}
function verdictTable() {
  const codes = Object.keys(report.words).filter((code) => summary.verdicts_before[code] || summary.verdicts_after[code]);
  const kinds = summary.refined ? ["before", "after"] : ["after"];
  return el("section", {}, el("h2", {}, "Verdicts"), el("p", { class: "caption" }, "Of all programs, on visible and hidden tests."),
    el("table", { class: "verdicts" },
      el("thead", {}, el("tr", {}, el("td"), kinds.map((kind) => el("th", { scope: "col" }, summary.refined ? kind : "programs")))),
      el("tbody", {}, codes.map((code) => el("tr", {}, el("th", { scope: "row" }, verdict(code, `${code} ${report.words[code]}`)),
        kinds.map((kind) => el("td", {}, whole.format(summary[`verdicts_${kind}`][code] ?? 0))))))));
}
function charts() {
  const found = [summary.difficulties.length && groupChart("By difficulty", summary.difficulties), curveChart(), verdictTable(),
    summary.kinds.length > 1 && groupChart("By kind", summary.kinds), summary.tags.length && groupChart("By tag", summary.tags)];
  $("charts").append(...found.filter(Boolean));
}

/* --- the table of problems -------------------------------------------------------------------------------------- */

const LEVELS = new Map((summary?.difficulties ?? []).map((group, index) => [group.name, index]));
const RANKS = new Map(Object.keys(report.words).map((code, index) => [code, index]));
const OUTCOMES = {
  all: ["all", () => true],
  right: ["completed", (it) => it.right_after === it.attempts],
  wrong: ["not completed", (it) => it.right_after < it.attempts],
  gained: ["gained by refinement", (it) => it.right_after > it.right_before],
  worse: ["got worse", (it) => it.regressions > 0],
  overfit: ["passes visible tests only", (it) => it.plausible_after > it.right_after],
  failed: ["failed", (it) => it.failed > 0],
  missing: ["without a program", (it) => it.missing > 0],
};
const state = { key: "number", down: false, found: [], made: 0 };

function ended(problem, place) {
  if (problem.missing) return verdict("", "");
  const right = place ? problem.right_after : problem.right_before;
  if (!problem.verdicts) return share(right, problem.attempts);
  const plausible = place ? problem.plausible_after : problem.plausible_before;
  const code = problem.verdicts[place] || "JE";
  return [verdict(code), plausible && !right ? el("span", { class: "muted", title: "passes the visible tests, not the hidden ones" }, " hidden") : null];
}
const rank = (problem, place) =>
  (place ? problem.right_after : problem.right_before) / problem.attempts - (problem.verdicts ? (RANKS.get(problem.verdicts[place]) ?? 9) : 0) / 100;
const some = (test) => problems.some(test);
const COLUMNS = !summary ? [] : [
  { key: "number", head: "#", class: "number narrow-off", sort: (it) => it.number, cell: (it) => whole.format(it.number) },
  { key: "slug", head: "Problem", class: "wide", sort: (it) => it.slug, link: true },
  { key: "difficulty", head: "Difficulty", class: "narrow-off", sort: (it) => LEVELS.get(it.difficulty) ?? 99, cell: (it) => it.difficulty, if: some((it) => it.difficulty) },
  { key: "tags", head: "Tags", class: "wide tags", sort: (it) => it.tags.join(), cell: (it) => it.tags.join(", "), if: some((it) => it.tags.length) },
  { key: "before", head: "Before", sort: (it) => rank(it, 0), cell: (it) => ended(it, 0), if: summary.refined },
  { key: "after", head: summary.refined ? "After" : "Verdict", sort: (it) => rank(it, 1), cell: (it) => ended(it, 1) },
  { key: "calls", head: "Calls", class: "number optional", sort: (it) => -it.calls, cell: (it) => whole.format(it.calls), if: some((it) => it.calls) },
  { key: "cost", head: "Cost", class: "number narrow-off", sort: (it) => -(it.cost_usd ?? -1), cell: (it) => (it.cost_usd === null ? "unknown" : money(it.cost_usd)), if: some((it) => it.calls) },
  { key: "seconds", head: "Time", class: "number narrow-off", sort: (it) => -it.seconds, cell: (it) => time(it.seconds) },
].filter((column) => column.if !== false);

function row(problem) {
  const address = `#problem/${problem.number}`;
  return el("tr", { "data-number": problem.number }, COLUMNS.map((column) => column.link
    ? el("th", { scope: "row", class: column.class }, el("a", { href: address }, problem.slug))
    : el("td", { class: column.class }, column.cell(problem))));
}
function addRows(count = ROWS_AT_ONCE) {
  const next = state.found.slice(state.made, state.made + count);
  $("table").tBodies[0].append(...next.map(row));
  state.made += next.length;
  const left = state.found.length - state.made;
  $("more").hidden = left === 0;
  $("more").textContent = `Show ${whole.format(Math.min(left, ROWS_AT_ONCE))} more of ${whole.format(left)}`;
}
function update() {
  const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const level = $("difficulty").value;
  const fits = OUTCOMES[$("outcome").value][1];
  const column = COLUMNS.find((it) => it.key === state.key);
  const sign = state.down ? -1 : 1;
  state.found = problems
    .filter((it) => (!level || it.difficulty === level) && fits(it) && words.every((word) => it.words.includes(word)))
    .map((it) => [column.sort(it), it])
    .sort(([a, one], [b, other]) => sign * (a < b ? -1 : a > b ? 1 : 0) || one.number - other.number)
    .map(([, it]) => it);
  state.made = 0;
  $("table").tBodies[0].replaceChildren();
  addRows();
  $("shown").textContent = state.found.length === problems.length ? count(problems.length, "problem")
    : `${whole.format(state.found.length)} of ${count(problems.length, "problem")}`;
  for (const [index, head] of [...$("table").tHead.rows[0].cells].entries()) {
    const sorted = COLUMNS[index].key === state.key;
    if (sorted) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
    head.querySelector(".mark").textContent = sorted ? (state.down ? " ↓" : " ↑") : "";
  }
}
function table() {
  problems.forEach((it, index) => {
    it.number = index + 1;
    it.words = [it.slug, it.difficulty, it.kind, ...it.tags, ...(it.verdicts ?? [])].join(" ").toLowerCase();
  });
  $("table").tHead.append(el("tr", {}, COLUMNS.map((column) => el("th", { scope: "col", class: column.class },
    el("button", { type: "button", onclick: () => {
      Object.assign(state, { down: state.key === column.key && !state.down, key: column.key });
      update();
    } }, column.head, el("span", { class: "mark", "aria-hidden": "true" }))))));
  const levels = summary.difficulties;
  $("difficulty").append(el("option", { value: "" }, "all"), ...levels.map((group) => el("option", { value: group.name }, group.name)));
  $("difficulty").parentElement.hidden = levels.length < 2;
  for (const [key, [name, fits]] of Object.entries(OUTCOMES)) {
    const number = problems.filter(fits).length;
    if (number) $("outcome").append(el("option", { value: key }, `${name} (${whole.format(number)})`));
  }
  $("filter").addEventListener("input", update);
  for (const id of ["difficulty", "outcome"]) $(id).addEventListener("change", update);
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => addRows());
  $("table").tBodies[0].addEventListener("click", (event) => {
    const line = event.target.closest("tr");
    if (line && !event.target.closest("a") && !getSelection().toString()) line.querySelector("a").click();
  });
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((it) => it.isIntersecting)) return;
    addRows();
    watch.unobserve($("more"));  // it may still be in view, which would be no news
    watch.observe($("more"));
  }, { rootMargin: "600px" });
  watch.observe($("more"));
  addEventListener("beforeprint", () => addRows(Infinity));
  $("problems").hidden = false;
  update();
}
function move(event) {
  const links = [...$("table").tBodies[0].querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (at < 0 && document.activeElement !== $("filter")) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: at < 0 ? -1 : 0, End: at < 0 ? -1 : links.length - 1 }[event.key];
  if (to === undefined || (at < 0 && event.key !== "ArrowDown")) return;
  event.preventDefault();
  if (to >= links.length - 1 && state.made < state.found.length) addRows();
  (to < 0 ? $("filter") : links[to])?.focus();
}

/* --- a problem -------------------------------------------------------------------------------------------------- */

function code(text, diff, label) {
  const lines = text.replace(/\n$/, "").split("\n").filter((line) => !diff || !(line.startsWith("--- ") || line.startsWith("+++ ")));
  const kind = (line) => (!diff ? null : { "+": "add", "-": "del", "@": "hunk" }[line[0]]);
  return el("pre", { class: "code", tabindex: 0, role: "region", "aria-label": label },
    el("div", {}, lines.map((line) => el("span", { class: kind(line) }, line))));
}
function part(title, ...content) {
  const inside = content.flat().filter(Boolean);
  return el("section", {}, inside.length ? [el("h4", {}, title), inside] : null);
}
function failing(cases) {
  const failed = cases.filter((one) => one.verdict !== "AC");
  const item = (one) => el("li", {}, el("div", {}, verdict(one.verdict), " ", el("span", { class: "case" }, one.name)),
    one.call && el("div", {}, el("code", {}, one.call)),
    one.got !== undefined && el("div", {}, "got ", el("code", {}, one.got), " expected ", el("code", {}, one.expected)),
    one.error && el("div", {}, el("code", {}, one.error)), one.reason && el("div", {}, one.reason));
  const rest = failed.slice(MOST_FAILURES);
  return failed.length ? [el("ul", { class: "failing" }, failed.slice(0, MOST_FAILURES).map(item)),
    rest.length ? el("details", {}, el("summary", {}, `${rest.length} more`), el("ul", { class: "failing" }, rest.slice(0, 100).map(item))) : null] : null;
}
function callList(calls) {
  return calls.length ? el("ul", { class: "calls" }, calls.map((call) => el("li", {}, [
    call.model, call.status === "answered" ? null : call.status, `${big(call.prompt_tokens)} + ${big(call.completion_tokens)} tokens`,
    call.status === "cached" ? "$0" : money(call.cost_usd), call.seconds === null ? null : time(call.seconds),
  ].filter(Boolean).join(" · ")))) : null;
}
function card(title, engine, tested, parts) {
  return el("section", { class: "card", "aria-label": title },
    el("header", {}, el("h3", {}, title), engine && el("span", { class: "engine" }, engine), tested && verdict(tested.verdict)),
    part(tested?.score ?? "Tests", tested && tiles(tested.cases, "Tests")), parts);
}
function start(story) {
  const first = story.start;
  return card("Start", "", first, [part("Criticism"), part("Program", first && code(first.source, false, "Program")),
    part("Failing", first && failing(first.cases)), part("Calls", callList(story.drafting))]);
}
function iteration(step) {
  const [best, ...others] = step.tested;
  return card(`Iteration ${step.number}`, step.engine, best, [
    part("Criticism", step.criticism && el("p", { class: "prose" }, step.criticism)),
    part("Change", best ? [best.note && el("p", { class: "note" }, best.note), code(best.diff, true, `Change of iteration ${step.number}`)] : "No patch was found."),
    part("Failing", best && failing(best.cases),
      others.length ? el("details", {}, el("summary", {}, `${count(others.length, "other candidate")}`), others.map((it) =>
        [el("p", { class: "note" }, verdict(it.verdict), ` ${it.score}`, it.note && ` · ${it.note}`), code(it.diff, true, "Change of another candidate")])) : null),
    part("Calls", callList(step.calls)),
  ]);
}
function sets(codes) {
  const [visible, hidden] = codes.split("/").map((it, index) => unnamed(it, index ? "hidden" : "visible"));
  const set = (name, cases) => cases.length && el("div", { class: "set" }, el("span", {}, name), tiles(cases, `${name} tests`));
  return el("div", { class: "sets" }, set("visible", visible) || null, set("hidden", hidden) || null);
}
function attempt(found, of) {
  const facts = [
    found.calls || found.cached ? ["calls", whole.format(found.calls) + (found.cached ? ` + ${whole.format(found.cached)} cached` : "")] : null,
    found.calls ? ["tokens", big(found.prompt_tokens + found.completion_tokens)] : null,
    found.story ? ["cost", found.cost_usd === null ? "unknown" : money(found.cost_usd)] : null,
    found.candidates ? ["candidates", whole.format(found.candidates)] : null,
    ["time", time(found.seconds)], found.story ? ["run", found.story.run] : null,
  ].filter(Boolean);
  const refined = found.cases_after !== null && found.cases_after !== undefined;
  if (of === 1 && found.verdicts[0]) facts.unshift(["verdict", [verdict(found.verdicts[0]), refined && [" → ", verdict(found.verdicts[1])]]]);
  const outcomes = [[refined ? "before" : "tests", found.cases_before], ["after", found.cases_after]].filter(([, codes]) => codes);
  const verdicts = found.verdicts.filter((it, index) => index === 0 || refined).map((it) => verdict(it));
  const inside = [
    found.sample && el("dl", { class: "facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    found.status === "missing" ? el("p", { class: "notice" }, "There is no program for this problem.") : null,
    found.error ? el("p", { class: "notice bad" }, `! Failed: ${found.error}`) : null,
    outcomes.length ? el("div", { class: "outcomes" }, outcomes.map(([name, codes]) => [el("div", { class: "name" }, name), sets(codes)])) : null,
    found.story ? [
      el("div", { class: "cards", tabindex: 0, role: "region", "aria-label": "Iterations" }, start(found.story), found.story.steps.map(iteration)),
      el("p", { class: "ending" }, `Ended: ${found.story.ending}.`, found.story.hardening && ` Hardening: ${found.story.hardening}.`),
    ] : null,
    found.diff && found.diff !== found.story?.steps.at(-1)?.tested[0]?.diff ? el("details", {}, el("summary", {}, "The whole change"), code(found.diff, true, "The whole change")) : null,
    found.source && !found.story?.start ? el("details", { open: true }, el("summary", {}, "Program"), code(found.source, false, "Program")) : null,
  ];
  if (of === 1) return el("section", { class: "attempt" }, inside);
  return el("details", { class: "attempt", open: found.sample === 1 },
    el("summary", {}, `Program ${found.sample} of ${of} `, verdicts[0], verdicts[1] && [" → ", verdicts[1]]), inside);
}
function details(number) {
  const found = read(`details-${number - 1}`);
  const line = problems[number - 1];
  const level = line ? [line.difficulty, line.kind, ...line.tags].filter(Boolean).join(" · ") : "";
  return [
    el("h2", { tabindex: -1 }, found.title || line?.slug || report.slug),
    el("p", { class: "muted" }, [found.title && line && found.title !== line.slug ? line.slug : "", level].filter(Boolean).join(" · ")),
    found.statement ? el("details", {}, el("summary", {}, "Statement"), el("p", { class: "statement" }, found.statement)) : null,
    found.attempts.map((it) => attempt(it, found.attempts.length)),
  ];
}
function neighbours(number) {
  const order = state.found.map((it) => it.number);
  const at = order.indexOf(number);
  return at < 0 ? [] : [order[at - 1], order[at + 1]];
}
function open(number) {
  const [previous, next] = neighbours(number);
  const link = (to, text) => to && el("a", { href: `#problem/${to}` }, text);
  $("problem").replaceChildren(...[
    el("nav", { class: "bar-of-links", "aria-label": "Problems" }, el("a", { class: "back", href: "#" }, "← All problems"),
      el("span", { class: "muted" }, `${whole.format(number)} of ${whole.format(problems.length)}`), link(previous, "← Previous"), link(next, "Next →")),
    details(number),
  ].flat(Infinity).filter(Boolean));
  $("problem").dataset.number = number;
}
function show() {
  const asked = Number(/^#problem\/(\d+)$/.exec(location.hash)?.[1] ?? 0);
  const was = Number($("problem").dataset.number ?? 0);
  const one = asked >= 1 && asked <= problems.length;
  if (one) open(asked);
  else {
    $("problem").replaceChildren();
    delete $("problem").dataset.number;
  }
  $("problem").hidden = !one;
  $("overview").hidden = one;
  document.body.classList.toggle("reading", one);
  if (one) {
    scrollTo(0, 0);
    $("problem").querySelector("h2").focus({ preventScroll: true });
  } else if (was) {
    while (state.made < state.found.length && !$("table").querySelector(`tr[data-number="${was}"]`)) addRows();
    const back = $("table").querySelector(`tr[data-number="${was}"] a`);
    back?.focus({ preventScroll: true });
    back?.scrollIntoView({ block: "center" });
  }
}
function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const writing = event.target.closest("input, select, textarea");
  const reading = !$("problem").hidden;
  if (event.key === "/" && !writing) {
    event.preventDefault();
    if (reading) location.hash = "";
    setTimeout(() => $("filter").select());
  } else if (event.key === "Escape" && reading) location.hash = "";
  else if (event.key === "Escape" && writing === $("filter") && writing.value) {
    event.preventDefault();
    writing.value = "";
    update();
  } else if (reading && !event.target.closest("[tabindex='0']")) {
    const to = { ArrowLeft: 0, ArrowRight: 1 }[event.key];
    const number = to === undefined ? undefined : neighbours(Number($("problem").dataset.number))[to];
    if (number) location.hash = `#problem/${number}`;
  } else if (!reading) move(event);
}

/* --- a single refinement ---------------------------------------------------------------------------------------- */

function refinement() {
  const found = read("details-0");
  const [only] = found.attempts;
  $("figures").append(figure("Before", verdict(report.verdicts[0]), report.scores[0]),
    figure("After", verdict(report.verdicts[1]), report.scores[1]),
    figure("Iterations", whole.format(only.story.steps.length)),
    figure("Calls", whole.format(only.calls), only.cached ? `and ${whole.format(only.cached)} cached` : ""),
    figure("Cost", only.cost_usd === null ? "unknown" : money(only.cost_usd)), figure("Candidates", only.candidates ? whole.format(only.candidates) : "–"), figure("Time", time(only.seconds)));
  $("spent").hidden = $("charts").hidden = true;
  $("problem").append(...details(1).flat(Infinity).filter(Boolean));
  $("problem").hidden = false;
  document.body.classList.add("reading");
}

masthead();
if (summary) {
  headline();
  charts();
  table();
  addEventListener("hashchange", show);
  addEventListener("keydown", keys);
  show();
} else refinement();
