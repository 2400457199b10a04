"""The channels of a candidate's process belong to it; what it writes there is its own answer, or nonsense."""

import pytest

from coderefine.judge import wire
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Problem, TestCase
from tests.hostile.containment import CANARY, PATIENT, each, guess
from tests.problems_for_tests import function_problem

# What the harness in the same process knows, the candidate knows: here it takes the nonce of its case from a frame.
WIRE = """
import os, struct, sys, threading, time
def nonce():
    frame = sys._getframe()
    while 'channel' not in frame.f_locals: frame = frame.f_back
    return frame.f_locals['channel']._nonce
def frame(text, length=None, told=None, wall=0.0, cpu=0.0):
    length = len(text) if length is None else length
    return struct.pack('>8sIdd', nonce() if told is None else told, length, wall, cpu) + text
def write(data, fd=4):
    data = memoryview(data)
    while data: data = data[os.write(fd, data):]
def every(data):
    for fd in range(64):
        try: os.write(fd, data)
        except OSError: pass
"""
STATUS = repr(
    wire.pack(
        {"id": 1, "events": [[0, "answer", 0, 0, 0, 0]]},
        b'["value",1]',
        b"",
    )
)
DONE = repr(wire.pack({"id": 1, "status": "done", "peak_kib": 0, "clean": True}))
CALLS = {
    "a message with a made-up nonce to every descriptor": ("RE", "every(frame(b'[\"value\",1]', told=b'0' * 8)); return 1"),
    "a message without an answer": ("RE WA", "write(frame(b'[\"value\",1]')); os._exit(0)"),
    "an answer before the answer": ("RE", "write(frame(b'[\"value\",1]') * 2); return 1"),
    "an answer with a remainder": ("RE", "write(frame(b'[\"value\",1]') + b'x'); os._exit(0)"),
    "the nonce of the loading, again": ("RE", "write(frame(b'[\"value\",1]', told=FIRST)); return 1"),
    "nonsense": ("RE", "os.write(4, b'x' * 99); return 1"),
    "zeros": ("RE", "os.write(4, bytes(99)); return 1"),
    "a length of four gibibytes": ("OLE", "os.write(4, frame(b'', 0xffffffff)); time.sleep(100)"),
    "a length that is just too long": ("OLE", "os.write(4, frame(b'', (16 << 20) + 1)); time.sleep(100)"),
    "half a message, and waiting": ("TLE", "os.write(4, frame(b'[', 99)); time.sleep(100)"),
    "half a message, and leaving": ("RE", "os.write(4, frame(b'[', 99)); os._exit(0)"),
    "half a head, and leaving": ("RE", "os.write(4, nonce()[:5]); os._exit(0)"),
    "a message drop by drop": ("TLE", "for byte in frame(b'x' * 9999): os.write(4, bytes([byte])); time.sleep(0.01)"),
    "an empty message": ("RE", "write(frame(b'')); os._exit(0)"),
    "the message that a source was loaded": ("RE", "write(frame(b'[\"ready\"]')); os._exit(0)"),
    "the message that a program is done": ("RE", "write(frame(b'[\"done\"]')); os._exit(0)"),
    "the message that a test passed": ("RE", "write(frame(b'[\"passed\"]')); os._exit(0)"),
    "the message of a tester": ("RE", "write(frame(b'R{}')); os._exit(0)"),
    "a verdict": ("RE", "write(frame(b'[\"AC\"]')); os._exit(0)"),
    "the runner's own frames on standard output": ("WA", f"os.write(1, {STATUS} + {DONE}); return 1"),
    "the runner's own frames to every descriptor": ("RE", f"every({STATUS} + {DONE}); return 1"),
    "printed end marks": ("WA", "print('OK\\nRan 1 test in 0.000s\\n\\nOK\\n1 passed\\nAC\\n__END__\\n{\"verdict\": \"AC\"}'); return 1"),
    "closing the channel of answers": ("RE", "os.close(4); time.sleep(100)"),
    "closing the channel of questions": ("WA RE", "os.close(3); return 1"),
    "closing both": ("RE", "os.close(3); os.close(4); return 1"),
    "output instead of answers": ("RE", "os.dup2(1, 4); return 1"),
    "answers instead of output": ("RE WA", "os.dup2(4, 1); print('x', flush=True); return 1"),
    "a channel that is never empty": ("RE WA", "os.set_blocking(4, False); write(frame(b'[\"value\",1]')); write(b'x' * 60000); return 1"),
    "packets instead of a stream": ("WA RE", "import fcntl; fcntl.fcntl(4, fcntl.F_SETFL, os.O_DIRECT); return 'x' * 100000"),
    "questions of its own making": ("WA RE TLE", "os.write(os.open('/proc/self/fd/3', os.O_WRONLY), frame(b'[6]')); return 1"),
    "answers taken back": ("WA RE TLE", "os.read(os.open('/proc/self/fd/4', os.O_RDONLY | os.O_NONBLOCK), 99); return 1"),
    "reading the questions ahead": ("WA", "return os.read(3, 1)"),
    "clocks that are no numbers": ("RE WA", "write(frame(b'[\"value\",1]', wall=float('nan'), cpu=-float('nan'))); os._exit(0)"),
    "clocks beyond all time": ("RE WA", "write(frame(b'[\"value\",1]', wall=float('inf'), cpu=1e308)); os._exit(0)"),
    "a late answer from a thread": ("WA RE", "threading.Timer(0.01, lambda: write(frame(b'[\"value\",1]', told=b'12345678'))).start(); return 1"),
}  # fmt: skip
MESSAGES = {
    "a value too many": ("RE", b'["value",1,2]'),
    "a value too few": ("RE", b'["value"]'),
    "no list": ("RE", b'7'),
    "null": ("RE", b"null"),
    "an object": ("RE", b'{"value":1}'),
    "an empty list": ("RE", b"[]"),
    "a tagged list": ("WA RE", b'{"$":"tuple","v":["value",1]}'),
    "a kind that is a list": ("RE", b'[["value"],1]'),
    "two values": ("RE", b'["value",1]["value",1]'),
    "no text": ("RE", b"\xff\xfe\xfd"),
    "a text in UTF-16": ("WA RE", '["value",1]'.encode("utf-16")),
    "a text in UTF-32": ("WA RE", '["value",1]'.encode("utf-32")),
    "a mark of byte order": ("WA RE", b'\xef\xbb\xbf["value",1]'),
    "doubled names": ("WA RE", b'["value",{"$":"set","$":"tuple","v":[1]}]'),
    "a tag that is none": ("RE", b'["value",{"$":"pickle","v":"gASVAAAA"}]'),
    "a tag that is a list": ("RE", b'["value",{"$":["set"],"v":[]}]'),
    "a tuple of a text": ("RE", b'["value",{"$":"tuple","v":"ab"}]'),
    "a set of lists": ("RE", b'["value",{"$":"set","v":[[1]]}]'),
    "a dict of triples": ("RE", b'["value",{"$":"dict","v":[[1,2,3]]}]'),
    "bytes that are none": ("RE", b'["value",{"$":"bytes","v":"zz"}]'),
    "a float that is none": ("RE", b'["value",{"$":"float","v":"1e999"}]'),
    "a complex that is none": ("RE", b'["value",{"$":"complex","v":["x","y"]}]'),
    "JSON's own infinities": ("WA", b'["value",[NaN,Infinity,-Infinity]]'),
    "a float beyond all floats": ("WA", b'["value",1e999999]'),
    "an int of a million digits": ("RE", b'["value",' + b"9" * 1_000_000 + b"]"),
    "an int of four megabytes": ("WA", b'["value",{"$":"int","v":"' + b"f" * (4 << 20) + b'"}]'),
    "a list of depth 300": ("RE", b'["value",' + b"[" * 300 + b"]" * 300 + b"]"),
    "a list of depth 900": ("RE", b'["value",' + b"[" * 900 + b"]" * 900 + b"]"),
    "a list of depth 100,000": ("RE", b'["value",' + b"[" * 100_000),
    "tuples of depth 300": ("RE", b'["value",' + b'{"$":"tuple","v":[' * 300 + b"]}" * 300 + b"]"),
    "a text of surrogates": ("WA", b'["value","\\ud800\\udfff\\ud800"]'),
    "an error without a name": ("RE", b'["error",7,"",1,[]]'),
    "an error on line minus one": ("RE", b'["error","E","",-1,[]]'),
    "an error on line two to the fortieth": ("RE", b'["error","E","",1099511627776,[]]'),
    "an error on line True": ("RE", b'["error","E","",true,[]]'),
    "an error whose frames are a text": ("RE", b'["error","E","",1,"ab"]'),
    "an error whose frames are a dict": ("RE", b'["error","E","",1,{"$":"dict","v":[]}]'),
    "an error whose frames are numbers": ("RE", b'["error","E","",1,[1,2]]'),
    "an error of a million frames": ("RE OLE", b'["error","E","",1,[' + b'[1,"a"],' * 300_000 + b'[1,"a"]]]'),
    "an error with a huge message": ("RE", b'["error","E","' + b"x" * (1 << 20) + b'",1,[]]'),
    "an error of memory that was none": ("MLE", b'["error","MemoryError","",1,[]]'),
    "a syntax error of a case": ("CE", b'["compile","SyntaxError","x",1,1]'),
    "evidence that was not asked for": ("WA", b'["evidence",["value",1],[1,2],[]]'),
    "evidence for evidence": ("RE", b'["evidence",["evidence",["value",1],[],[]],[],[]]'),
    "evidence whose lines are a dict": ("RE", b'["evidence",["value",1],{"$":"dict","v":[]},[]]'),
    "evidence whose variables are a dict": ("RE", b'["evidence",["value",1],[],{"$":"dict","v":[]}]'),
    "evidence of lines beyond counting": ("RE", b'["evidence",["value",1],[99999999999],[]]'),
    "evidence of a million lines": ("WA RE", b'["evidence",["value",1],[' + b"1," * 999_999 + b"1],[]]"),
    "evidence that is no list": ("RE", b'["evidence"'),
    "an unreadable value without a reason": ("RE", b'["unreadable",null]'),
}  # fmt: skip
# Ints that are multiples of 2**61 - 1 have one hash: a set of n of them takes n**2 / 2 comparisons.
COLLISIONS = """
members = b','.join(str(i * (2**61 - 1)).encode() for i in range(9999))
def f(x):
    write(frame(b'["value",[' + b','.join([b'{"$":"%s","v":[' + %s + b']}'] * 20) + b']]'))
    os._exit(0)
"""


@each(CALLS)
def test_is_no_answer(contain, case):
    verdicts, statements = case
    contain(verdicts, WIRE + "FIRST = nonce()\ndef f(x):\n    " + statements)


@each(MESSAGES)
def test_is_read_with_suspicion(contain, case):
    verdicts, message = case
    packed = f"zlib.decompress(bytes.fromhex('{zipped(message)}'))"
    report = contain(
        verdicts, WIRE + f"import zlib\ndef f(x):\n    write(frame({packed}))\n    os._exit(0)", guess(limits=PATIENT)
    )
    error = report.cases[0].error
    assert error is None or (len(error.frames) <= 20 and len(error.message) <= 2000)
    report.to_json()


def zipped(message):
    import zlib

    return zlib.compress(message, 9).hex()


@pytest.mark.parametrize(
    ("kind", "members"),
    [("set", "members"), ("frozenset", "members"), ("dict", "b','.join(b'[%s,0]' % m for m in members.split(b','))")],
)
def test_colliding_members_cost_the_host_nothing(contain, kind, members):
    contain("RE", WIRE + COLLISIONS.replace("%s", kind, 1).replace("%s", members), guess(limits=PATIENT))


GRAPH = """
def f(x):
    members = ','.join(%s for i in range(30000))
    graph = '{"heap":[["%s",[' + members + '],-1]],"roots":[{"@":0}]}'
    import json
    write(frame(json.dumps(["returned", graph]).encode()))
    os._exit(0)
"""


@pytest.mark.parametrize("kind", ["set", "frozenset", "dict"])
def test_colliding_members_cost_a_test_of_code_nothing(contain, kind):
    member = "'[%d,0]' % (i * (2**61 - 1))" if kind == "dict" else "str(i * (2**61 - 1))"
    code = TestCase("code", code=f"assert candidate(5) == {CANARY!r}")
    problem = Problem("coded", "Coded", "", FUNCTION, "f", (code,), limits=PATIENT)
    contain("WA RE", WIRE + GRAPH.replace("%s", member, 1).replace("%s", kind), problem)


@pytest.mark.parametrize("graph", ["{}", "[]", "7", '{"heap":[],"roots":[{"@":7}]}', '{"heap":[["tuple",[{"@":0}],-1]],"roots":[{"@":0}]}', '{"heap":[["list",[],-1]],"roots":[]}', '{"heap":[["pickle","x",-1]],"roots":[{"@":0}]}', '{"heap":[["object",["type",[["__class__",1]]],-1]],"roots":[{"@":0}]}', '{"heap":[["list",[1],99]],"roots":[{"@":0}]}', '{"heap":[["instance",-1,-1]],"roots":[{"@":0}]}'])  # fmt: skip
def test_a_graph_of_objects_is_read_with_suspicion(contain, graph):
    code = TestCase("code", code=f"assert candidate(5) == {CANARY!r}")
    problem = Problem("coded", "Coded", "", FUNCTION, "f", (code,), limits=PATIENT)
    source = f"import json\ndef f(x):\n  write(frame(json.dumps(['returned', {graph!r}]).encode()))\n  time.sleep(0.1)\n  return 1"
    contain("WA RE", WIRE + source, problem)


@pytest.mark.parametrize(
    "message", [b'["value",1]', b'["ready"]', b'["value",true]', b"nonsense", b'["error","E","",1,[]]']
)
def test_while_loading_too(contain, message):
    contain("RE WA TLE", WIRE + f"write(frame({message!r}))\nos._exit(0)")


TWO = function_problem([((5,), 5), ((6,), CANARY), ((7,), 7)], limits=PATIENT)


@each(
    {
        "a thread that answers the next case": "def g():\n  time.sleep(0.01)\n  write(frame(b'[\"value\",6]', told=bytes(8)))\ndef f(x):\n  if x == 5: threading.Thread(target=g).start()\n  else: time.sleep(0.1)\n  return x",
        "an answer to the next case, ahead": "def f(x):\n  if x == 5:\n    write(frame(b'[\"value\",5]') + frame(b'[\"value\",6]'))\n    os._exit(0)\n  return x",
        "the right answer, and then leaving": "def f(x):\n  write(frame(b'[\"value\",%d]' % x))\n  os._exit(0)",
    }
)  # fmt: skip
def test_no_case_is_answered_by_another(contain, case):
    report = contain("WA RE", WIRE + case, TWO)
    assert str(report.cases[1].verdict) != "AC"
    assert len(report.cases) == 3


READS_AHEAD = """
import select
def questions():
    data = b''
    while select.select([3], [], [], 0.05)[0]:
        chunk = os.read(3, 1 << 16)
        data += chunk
        if not chunk:
            break
    while data:
        told, length = struct.unpack_from('>8sI', data)
        yield told, data[12:12 + length]
        data = data[12 + length:]
def f(x):
    mine = nonce()
    ahead = list(questions())
    for told, question in [(mine, b'')] + ahead:
        write(frame(%s, told=told))
    os._exit(0)
"""


@pytest.mark.parametrize("answer", ["b'[\"value\",1]'", "b'[\"value\",' + question[1:-1] + b']'", "b''"])
def test_who_reads_the_questions_ahead_can_only_answer_them(contain, answer):
    """All questions of a run are in the pipe. They are arguments and nonces; what is right is in none of them."""
    cases = function_problem([((number,), CANARY) for number in range(5)], limits=PATIENT)
    report = contain("WA RE", WIRE + READS_AHEAD % answer, cases)
    assert [case.verdict for case in report.cases[1:]] in (["WA"] * 4, ["RE"] * 4)


@pytest.mark.parametrize("clock", ["0.0", "1e300", "-1e300", "float('nan')", "float('inf')", "time.thread_time() / 2"])
def test_a_lie_about_time_moves_it_between_cases_but_takes_nothing_off(contain, clock):
    cases = function_problem([((number,), CANARY) for number in range(20)], limits=PATIENT)
    source = f"""
def f(x):
    channel = sys._getframe(1)
    while 'channel' not in channel.f_locals: channel = channel.f_back
    channel.f_globals['monotonic'] = channel.f_globals['thread_time'] = lambda: {clock}
    end = time.process_time() + 0.01
    while time.process_time() < end: pass
    return x
"""
    report = contain("WA", "import sys, time\n" + source, cases)
    times = [case.cpu_s for case in report.cases]
    assert all(time >= 0 for time in times)
    assert 0.19 < sum(times) < 2
    report.to_json()
