// Verdicts: a mark and a word; the colour comes last.

const MOST_TILES = 120;
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
  codes.trim().split(" ").filter((code) => code && code !== "-").map((code, index) => ({ name: `${suite} test ${index + 1}`, verdict: code }));
