// The table of problems: filtered, sorted, and made row by row as it comes into view.

const ROWS_AT_ONCE = 100;

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
  if (problem.missing) return verdict("");
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
