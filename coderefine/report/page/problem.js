// A problem, read when it is opened: its programs, their verdicts, the iterations beside each other.

const MOST_FAILURES = 4;

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
