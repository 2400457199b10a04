"""What an answer costs the judge's own process: its memory at its peak, over all cases, in a fresh process."""

import json
import subprocess
import sys
from pathlib import Path

LIMIT_MIB = 150

# Answers written by hand, since to build them would take the candidate's own memory.
CANDIDATE = """
import gc, os, struct, time
def f(x):
    channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')
    while True:
        channel.send(%s)
        head = os.read(3, 12)
        if not head:  # no more questions: wait for the end
            os.closerange(1, 3)
            time.sleep(9)
        channel._nonce, size = struct.unpack('>8sI', head)
        while size: size -= len(os.read(3, size))
"""
ANSWERS = {
    "empty lists": "b'[\"value\",[' + b'[],' * 5_500_000 + b'0]]'",
    "ints": "b'[\"value\",[' + b'12345,' * 2_700_000 + b'0]]'",
    "just as many ints as may be": "b'[\"value\",[' + b'12345,' * 1_000_000 + b'0]]'",
    "just as many lists as may be": "b'[\"value\",[' + b'[],' * 310_000 + b'0]]'",
    "tuples": "b'[\"value\",[' + b'{\"$\":\"tuple\",\"v\":[1]},' * 700_000 + b'0]]'",
    "dicts": "b'[\"value\",[' + b'{\"$\":\"dict\",\"v\":[[1,2]]},' * 600_000 + b'0]]'",
    "just as many sets as may be": "b'[\"value\",[' + b'{\"$\":\"set\",\"v\":[1]},' * 110_000 + b'0]]'",
    "objects of many names": "b'[\"value\",' + b'{' + b','.join(b'\"%d\":0' % i for i in range(1_200_000)) + b'}]'",
    "empty texts": "b'[\"value\",[' + b'\"\",' * 5_500_000 + b'0]]'",
    "a text": "b'[\"value\",\"' + b'x' * 16_000_000 + b'\"]'",
    "a text of commas": "b'[\"value\",\"' + b'[,{' * 5_500_000 + b'\"]'",
    "a text of wide characters": "b'[\"value\",\"\\\\ud83d\\\\ude00' + b'x' * 16_000_000 + b'\"]'",
    "an int": "b'[\"value\",{\"$\":\"int\",\"v\":\"0x' + b'f' * 16_000_000 + b'\"}]'",
    "depth": "b'[\"value\",' + b'[' * 8_000_000 + b']' * 8_000_000 + b']'",
    "evidence": "b'[\"evidence\",[\"value\",[' + b'1,' * 8_000_000 + b'0]],[],[]]'",
    "evidence of a text": "b'[\"evidence\",[\"value\",1],[1],[[1,[[\"x\",\"' + b'x' * 15_000_000 + b'\"]]]]]'",
    "an error": "b'[\"error\",\"E\",\"' + b'x' * 15_000_000 + b'\",1,[]]'",
    "frames": "b'[\"error\",\"E\",\"\",1,[' + b'[1,\"f\"],' * 1_500_000 + b'[1,\"\"]]]'",
}  # fmt: skip


def peak_mib():
    """This process's own peak; ru_maxrss would be that of the process that started it, if that is larger."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) >> 10


IN_EVERY_WAY = ("just as many ints as may be", "a text", "an error")
HOST = """
import json, sys
from tests.hostile.test_memory_of_the_host import peak_mib
from coderefine.judge.opening import open_judge
from coderefine.problem.problem import Limits
from tests.problems_for_tests import function_problem
from tests.judge.test_codetests import problem as coded
from tests.hostile.test_memory_of_the_host import ANSWERS, CANDIDATE, IN_EVERY_WAY
limits = Limits(time_s=2.0, memory_mib=256, output_kib=64)
cases = [((i,), [i]) for i in range(2)]
calls = 'for i in range(3):\\n    try: candidate(i)\\n    except Exception: pass\\nassert 0'
problems = {how: function_problem(cases, compare=how, limits=limits) for how in ('exact', 'unordered', 'float:1e-6')}
problems['checker'] = function_problem(cases, checker='def check(a, expected, got): return got == expected', limits=limits)
problems['code'] = coded(calls, limits=limits)
problems['screened'] = problems['exact']
peaks = {}
with open_judge(sys.argv[1]) as judge:
    read_alike = sys.argv[1] != 'local'  # from both
    for how, problem in problems.items():
        for name in ANSWERS if how == 'exact' and not read_alike else IN_EVERY_WAY[:1] if read_alike else IN_EVERY_WAY:
            source = CANDIDATE % ANSWERS[name]
            report = next(judge.screen(problem, [source], 2.0)) if how == 'screened' else judge.run(problem, source)
            assert not report.accepted and str(report.verdict) != 'JE', report.cases[0]
            peaks[f'{name}, {how}'] = peak_mib()
print(json.dumps(peaks))
"""


def test_no_answer_costs_the_host_much(judge):
    run = subprocess.run([sys.executable, "-c", HOST, judge.backend], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    peaks = json.loads(run.stdout)
    assert max(peaks.values()) < LIMIT_MIB, peaks


KEPT = """
import json, sys
from tests.hostile.test_memory_of_the_host import peak_mib
from coderefine.judge.opening import open_judge
from coderefine.problem.problem import Limits
from tests.problems_for_tests import function_problem
limits = Limits(time_s=2.0, memory_mib=256, output_kib=64)
problem = function_problem([((i,), [i]) for i in range(60)], limits=limits)
with open_judge(sys.argv[1]) as judge:
    report = judge.run(problem, "def f(x): return [[x, i] for i in range(30_000)]")
    assert str(report.verdict) == 'WA' and 'cut' in report.cases[-1].got_cut and len(report.cases[-1].got) == 200
    assert report.cases[0].got_cut != report.cases[1].got_cut
print(peak_mib())
"""


def test_many_large_answers_are_not_kept(judge):
    run = subprocess.run([sys.executable, "-c", KEPT, judge.backend], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert int(run.stdout) < LIMIT_MIB
