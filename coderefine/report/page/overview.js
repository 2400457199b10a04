// The run at large: what it is, what it came to.

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
/** As the field writes it: three decimals. */
const passes = (label, estimate) => figure(label, estimate.mean.toFixed(3), spread(estimate, `${estimate.low.toFixed(3)} to ${estimate.high.toFixed(3)}`));
function difference(label, estimate) {
  const digits = digitsOf(estimate);
  const ends = [estimate.low, estimate.high].map((end) => percent(end, digits, true)).join(" to ");
  return figure(label, [percent(estimate.mean, digits, true), el("small", {}, " points")], spread(estimate, ends));
}
/** What programs cost that run into the limit of time, where that is a tenth of the time or more. */
function slow() {
  const spent = summary.verdict_seconds.TLE ?? 0;
  return spent > summary.seconds / 10 ? [`${time(spent)} of it in ${count(summary.verdicts_after.TLE, "program")} beyond the limit of time`] : [];
}
function headline() {
  const shown = summary.refined
    ? [estimated("Completed before", summary.before), estimated("Completed after", summary.after, "main"), difference("Gain", summary.gain)]
    : [estimated("Completed", summary.after, "main")];
  if (summary.with_examples) shown.push(estimated("With examples", summary.with_examples));
  const base = Object.entries(summary.base_pass_at);
  for (const [k, estimate] of base) shown.push(passes(`Base pass@${k}`, estimate));
  const plus = base.length ? "Base + plus pass" : "pass";
  for (const [k, estimate] of Object.entries(summary.pass_at)) shown.push(passes(`${plus}@${k}`, estimate));
  if (summary.gap) shown.push(difference("Visible minus hidden", summary.gap));
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
    `${time(summary.seconds)} of work`, ...slow(),
  ].filter(Boolean).join(" · ");
}

function refinement() {
  const found = read("details-0");
  const [only] = found.attempts;
  $("figures").append(figure("Before", verdict(report.verdicts[0]), report.scores[0]),
    figure("After", verdict(report.verdicts[1]), report.scores[1]),
    figure("Iterations", whole.format(only.story.steps.length)),
    figure("Calls", whole.format(only.calls), only.cached ? `and ${whole.format(only.cached)} cached` : ""),
    figure("Cost", only.cost_usd === null ? "unknown" : money(only.cost_usd)), figure("Candidates", only.candidates ? whole.format(only.candidates) : "–"), figure("Time", time(only.seconds)));
  $("spent").hidden = true;
  if (report.measured) measuredCharts(report.measured);
  else $("charts").hidden = true;
  $("problem").append(...details(1).flat(Infinity).filter(Boolean));
  $("problem").hidden = false;
  document.body.classList.add("reading");
}
