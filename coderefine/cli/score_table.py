"""Prints the tables of a scoring run and of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from coderefine.cli import show
from coderefine.judge.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from coderefine.scoring.comparison import Agreement, RunComparison
    from coderefine.scoring.estimates import Estimate
    from coderefine.scoring.summary import Group, Summary

MOST_TAGS = 20
MOST_NAMES = 20
_WORTH_TELLING = 0.1


def percent(found: Estimate, sign: str = "") -> str:
    """Return `62.5 %  (50.0 to 75.0)`."""
    return f"{found.mean * 100:{sign}.1f} %  ({found.low * 100:{sign}.1f} to {found.high * 100:{sign}.1f})"


def share(found: Estimate) -> str:
    """Return `0.625  (0.500 to 0.750)`, the usual form of pass@k."""
    return f"{found.mean:.3f}  ({found.low:.3f} to {found.high:.3f})"


def print_summary(console: Console, summary: Summary, run: str) -> None:
    """Print the table of a run."""
    rows = [("completed", percent(summary.after))]
    if summary.refined:
        rows = [
            ("before", percent(summary.before)),
            ("after", percent(summary.after)),
            ("gain", percent(summary.gain, "+")),
        ]
    if summary.with_examples:
        rows.append(("with examples", percent(summary.with_examples)))
    rows += [(f"base pass@{k}", share(found)) for k, found in summary.base_pass_at.items()]
    plus = "base + plus " if summary.base_pass_at else ""
    rows += [(f"{plus}pass@{k}", share(found)) for k, found in summary.pass_at.items()]
    if summary.votes:
        rows += [(f"majority@{k}", share(found)) for k, found in summary.votes.majority_at.items() if k > 1]
        rows.append(("self-consistency", share(summary.votes.consistency)))
    elif summary.gap:
        rows.append(("visible - hidden", percent(summary.gap, "+")))
    table = _table("", f"{show.count(summary.problems, 'problem')}, 95 % intervals")
    for name, text in rows:
        table.add_row(name, text)
    console.print(table)
    console.print(show.line(("verdicts", "bold"), _verdicts(summary.verdicts_before)))
    if summary.refined:
        style = "red" if summary.regressions else ""
        console.print(show.line(("refined", "bold"), _verdicts(summary.verdicts_after)))
        console.print(show.line(("regressions", "bold"), (f"{summary.regressions}", style)))
    if summary.votes and summary.votes.unread:
        console.print(show.line(("no answer to be read in", "bold"), (show.count(summary.votes.unread, "text"), "")))
    if _is_slow(summary):
        console.print(show.line(("time", "bold"), _times(summary.verdict_seconds)))
    for title, groups in (("difficulty", summary.difficulties), ("kind", summary.kinds), ("tag", summary.tags)):
        _print_groups(console, title, groups, refined=summary.refined)
    console.print(_line(summary, run))


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for head in heads:
        table.add_column(head, no_wrap=True)
    return table


def _verdicts(counts: dict[str, int]) -> Text:
    parts = [show.verdict_text(Verdict(verdict)) + Text(f" {count}") for verdict, count in counts.items()]
    return Text("  ").join(parts) if parts else Text("–")


def _is_slow(summary: Summary) -> bool:
    """Whether time limits cost enough to be worth a line."""
    return summary.verdict_seconds.get(Verdict.TLE.value, 0.0) > _WORTH_TELLING * summary.seconds


def _times(seconds: dict[str, float]) -> Text:
    """Return `AC 12.3 s  TLE 40.1 s (77 %)`: how the time of all attempts divides among verdicts."""
    whole = sum(seconds.values()) or 1.0
    parts = [
        show.verdict_text(Verdict(verdict)) + Text(f" {spent:.1f} s ({spent / whole:.0%})")
        for verdict, spent in seconds.items()
    ]
    return Text("  ").join(parts)


def _print_groups(console: Console, title: str, groups: Sequence[Group], *, refined: bool) -> None:
    if not groups:
        return
    largest = sorted(groups, key=lambda group: -group.problems)[:MOST_TAGS]
    ks = [*groups[0].pass_at][1:]
    base = ["base pass@1"] if groups[0].base_pass_at else []
    heads = ("before", "after") if refined else ("completed",)
    table = _table(title, "problems", *heads, *base, *(f"pass@{k}" for k in ks))
    for group in groups:
        if group in largest:
            found = (group.before, group.after) if refined else (group.after,)
            shares = [*(group.base_pass_at[1] for _ in base), *(group.pass_at[k] for k in ks)]
            table.add_row(show.plain(group.name), f"{group.problems}", *map(percent, found), *map(share, shares))
    console.print()
    console.print(table)
    if len(groups) > MOST_TAGS:
        console.print(show.plain(f"and {len(groups) - MOST_TAGS} smaller ones", "dim"))


def _line(summary: Summary, run: str) -> Text:
    tokens = summary.prompt_tokens + summary.completion_tokens
    parts = [show.count(summary.attempts, "attempt")]
    parts += [f"{summary.failed} failed"] if summary.failed else []
    parts += [f"{summary.missing} without a solution"] if summary.missing else []
    parts += [show.count(summary.candidates, "candidate")] if summary.candidates else []
    parts += [show.count(summary.calls, "call")] if summary.calls or summary.refined else []
    parts += [show.count(tokens, "token"), show.money(summary.cost_usd)] if summary.calls else []
    return show.plain("\n" + " · ".join([*parts, f"{summary.seconds:.1f} s of work", f"run {run}"]))


def print_leaderboard(console: Console, runs: Sequence[tuple[str, Summary]]) -> None:
    """Print the completed shares of several runs, the best first."""
    ks = sorted({k for _, summary in runs for k in summary.pass_at})
    has_base = any(summary.base_pass_at for _, summary in runs)
    table = _table(
        "run", "problems", "completed", *(["base"] if has_base else []), *(f"pass@{k}" for k in ks), "verdicts"
    )
    for run, summary in runs:
        base = [f"{summary.base_pass_at[1].mean:.3f}" if summary.base_pass_at else ""] if has_base else []
        shown = [f"{summary.pass_at[k].mean:.3f}" if k in summary.pass_at else "" for k in ks]
        verdicts = _verdicts(summary.verdicts_after)
        table.add_row(show.plain(run), f"{summary.problems}", percent(summary.after), *base, *shown, verdicts)
    console.print(table)


def print_comparison(console: Console, found: RunComparison, agreed: Agreement, runs: tuple[str, str]) -> None:
    """Print the difference between two runs."""
    table = _table("run", "completed")
    table.add_row(show.plain(runs[0]), f"{found.first:.1%}")
    table.add_row(show.plain(runs[1]), f"{found.second:.1%}")
    console.print(table)
    apart = f"; {found.unpaired} in one run only" if found.unpaired else ""
    console.print(show.line(("difference", "bold"), (percent(found.difference, "+"), "")))
    console.print(show.plain(f"{show.count(found.problems, 'problem')}, paired, 95 % interval{apart}", "dim"))
    if agreed.programs:
        same = f"{agreed.same_right} of {show.count(agreed.programs, 'program')} that both judged"
        exactly = f", with the same verdict {agreed.same_verdict}"
        console.print(show.line(("agreement", "bold"), (f"{same}{exactly}", "")))
        if agreed.moved:
            told = ", ".join(f"{change} {count}" for change, count in agreed.moved.items())
            console.print(show.line(("other verdicts", "bold"), (told, "")))
    for title, slugs in (("differing", agreed.differing), ("better", found.better), ("worse", found.worse)):
        if slugs:
            names = ", ".join(slugs[:MOST_NAMES]) + (" ..." if len(slugs) > MOST_NAMES else "")
            console.print(show.line((f"{title} {len(slugs)}", "bold"), (names, "")))
