// Before and after by group, what is completed at which cost, the counts of verdicts.

const MOST_GROUPS = 20;

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
        group[kind].high > group[kind].low && el("span", { class: "range" }, `(${range(group[kind], digits)})`))), groupPasses(group)),
    ];
  });
  return el("div", { class: "bars" }, rows, el("div", { class: "axis", "aria-hidden": "true" }, el("span", {}, "0"), el("span", {}, `100${NBSP}%`)));
}
/** pass@k for k beyond 1, and of a set with extra tests its base figure. */
function groupPasses(group) {
  const base = group.base_pass_at["1"] ? [`base ${group.base_pass_at["1"].mean.toFixed(3)}`] : [];
  const beyond = Object.entries(group.pass_at).filter(([k]) => k !== "1").map(([k, it]) => `pass@${k} ${it.mean.toFixed(3)}`);
  const told = [...base, ...beyond];
  return told.length ? el("div", { class: "range" }, told.join(" · ")) : null;
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
