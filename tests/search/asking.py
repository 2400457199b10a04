"""What operators propose for a program, as tests look at it."""

from typing import NamedTuple

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.search import proposals
from coderefine.search.facts.edits import apply
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import parse
from coderefine.search.given.evidence import Evidence
from coderefine.search.table import TABLE
from tests.samples import PROBLEM


class Proposed(NamedTuple):
    text: str
    note: str
    prior: float


def failing(message, kind="AttributeError"):
    """Return the report of a program that one test ends with that exception."""
    case = CaseResult(0, "first", Verdict.RE, error=CandidateError(kind, message))
    return TestReport("p", "visible", (case,), "local")


def evidence(report=None, problem=PROBLEM, is_alone=True):
    return Evidence(problem, report or TestReport("p", "visible", (), "local"), is_alone)


def texts(propose, source, given=None):
    """Return what one operator makes of a program, in its order."""
    program = Program(source)
    return [apply(source, change.edits) for change in propose(program, given or evidence())]


def mutated(source, weights=None):
    """Return what is proposed at the places of a program, likeliest first."""
    base = proposals.base(Program(source), evidence())
    return [
        Proposed(apply(source, proposal.change.edits), proposal.note, prior)
        for proposal, prior in base.mutations(weights or {})
    ]


def diagnosed(source, report=None, *, symptom="names", is_alone=True):
    """Return what is proposed for a symptom, likeliest first: what parses, each text once."""
    program, found = Program(source), {}
    table = [operator for operator in TABLE if operator.symptom == symptom]
    for proposal in proposals.diagnoses(program, evidence(report, is_alone=is_alone), table):
        text = apply(source, proposal.change.edits)
        if text != source and not isinstance(parse(text), SyntaxError):
            found.setdefault(text, Proposed(text, proposal.note, proposal.prior))
    return list(found.values())
