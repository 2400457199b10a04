// From the table to a problem and back, by mouse, keyboard and address; then all begins.

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

masthead();
if (summary) {
  headline();
  charts();
  table();
  addEventListener("hashchange", show);
  addEventListener("keydown", keys);
  show();
} else refinement();
