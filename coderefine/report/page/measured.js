// What was measured: the course of each figure over the candidates, and the candidates that none dominates.

const brief = (value) => (Number.isInteger(value) ? whole.format(value) : value.toPrecision(4));

/** The figure of every candidate as a dot, that of the best so far as a line, the target as a dashed one. */
function course(data, place, outer) {
  const metric = data.metrics[place];
  const [left, right, top, height] = [62, 14, 10, 150];
  const width = outer - left - right;
  const lined = data.best.map((it) => it.values[place]);
  const near = data.points.filter((it) => it.valid).map((it) => it.values[place]).sort((a, b) => a - b);
  const inner = near.length ? [near[Math.floor(near.length * 0.3)], near[Math.ceil(near.length * 0.7) - 1]] : lined;
  const bounds = [...lined, ...inner, ...(metric.target === null ? [] : [metric.target])];
  let [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  if (low === high) [low, high] = [low - 1, high + 1];
  const X = (number) => left + (number / Math.max(1, data.candidates - 1)) * width;
  const Y = (value) => top + height * (1 - (value - low) / (high - low));
  let path = "";
  data.best.forEach((it, at) => { path += `${at ? "H" : "M"}${X(it.number).toFixed(1)}${at ? "V" : " "}${Y(it.values[place]).toFixed(1)}`; });
  const dots = data.points.filter((it) => it.values[place] >= low && it.values[place] <= high);
  return svg("svg", { width: outer, height: top + height + 24, viewBox: `0 0 ${outer} ${top + height + 24}`, role: "img",
    "aria-label": `${metric.name}: from ${brief(lined[0])} to ${brief(lined.at(-1))} in ${count(data.candidates, "measured candidate")}; wanted: ${metric.wish}` },
    [low, high].map((value) => [svg("line", { class: "grid", x1: left, x2: left + width, y1: Y(value), y2: Y(value) }),
      svg("text", { x: left - 8, y: Y(value) + 4, "text-anchor": "end" }, brief(value))]),
    metric.target === null ? null : svg("line", { class: "first", x1: left, x2: left + width, y1: Y(metric.target), y2: Y(metric.target) }),
    dots.map((it) => svg("circle", { class: it.valid ? "tried" : "tried broken", r: 1.5, cx: X(it.number).toFixed(1), cy: Y(it.values[place]).toFixed(1) })),
    svg("path", { class: "line", d: `${path}H${X(data.candidates - 1)}` }),
    svg("text", { x: left, y: top + height + 20 }, "0"),
    svg("text", { x: left + width, y: top + height + 20, "text-anchor": "end" }, count(data.candidates, "measured candidate")));
}
function courses(data) {
  const place = el("div", {});
  const figure = el("figure", { class: "curve" }, place);
  const draw = () => {
    const width = Math.max(260, Math.min(place.clientWidth || 560, 760));
    place.replaceChildren(...data.metrics.map((metric, at) => el("div", {}, el("h3", {}, metric.name),
      el("p", { class: "caption" }, `Wanted: ${metric.wish}.`), course(data, at, width))));
  };
  new ResizeObserver(draw).observe(place);
  return el("section", {}, el("h2", {}, "What was measured"),
    el("p", { class: "caption" }, "Each candidate is a dot, the best so far the line, a target the dashed line."), figure);
}
function paretoFront(data) {
  if (data.metrics.length < 2 || !data.front.length) return null;
  return el("section", {}, el("h2", {}, "Pareto front"),
    el("p", { class: "caption" }, "Candidates that meet all constraints, and that no other one is better than in one figure and as good in all."),
    el("table", { class: "verdicts" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "candidate"), data.metrics.map((metric) => el("th", { scope: "col" }, metric.name)))),
      el("tbody", {}, data.front.map((it) => el("tr", {}, el("th", { scope: "row" }, whole.format(it.number)),
        it.values.map((value) => el("td", {}, brief(value))))))));
}
function measuredCharts(data) {
  $("charts").append(...[courses(data), paretoFront(data)].filter(Boolean));
}
