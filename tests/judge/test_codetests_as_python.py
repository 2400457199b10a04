"""Tests that are code, and programs in another process: what one process of Python makes of the two is what counts."""

import pytest

from tests.judge.one_process import assert_passes_as_in_one_process

# A program that defines `f`, and a test of it.
PAIRS = [
    (
        "async def f(x):\n    return x+1\n",
        "import asyncio\nassert asyncio.run(candidate(1)) == 2\n",
    ),
    (
        "async def f(x):\n    import asyncio\n    await asyncio.sleep(0)\n    return x+1\n",
        "import asyncio\nassert asyncio.run(candidate(1)) == 2\n",
    ),
    (
        "async def f(x):\n    for i in range(x): yield i\n",
        "import asyncio\n"
        "async def go():\n"
        "    return [i async for i in candidate(3)]\n"
        "assert asyncio.run(go()) == [0,1,2]\n",
    ),
    (
        "async def f(x):\n    raise ValueError(x)\n",
        "import asyncio\ntry:\n    asyncio.run(candidate(1))\nexcept ValueError: pass\nelse: assert False\n",
    ),
    (
        "async def f(x):\n    return x+1\n",
        "import asyncio\n"
        "async def m():\n"
        "    return await asyncio.gather(candidate(1), candidate(2))\n"
        "assert asyncio.run(m()) == [2,3]\n",
    ),
    (
        "def f(n):\n    yield from range(n)\n",
        "from types import GeneratorType\nassert isinstance(candidate(3), GeneratorType)\n",
    ),
    (
        "def f(n):\n    yield from range(n)\n",
        "import types\nassert isinstance(candidate(3), types.GeneratorType)\n",
    ),
    (
        "def f(n):\n    yield from range(n)\n",
        "from collections.abc import Iterator, Generator\n"
        "assert isinstance(candidate(3), Iterator)\n"
        "assert isinstance(candidate(3), Generator)\n",
    ),
    (
        "def f(n):\n    yield from range(n)\n",
        "import inspect\nassert inspect.isgenerator(candidate(3))\n",
    ),
    (
        "import collections\ndef f(n):\n    return collections.Counter\n",
        "import collections\nassert candidate(3) is collections.Counter\n",
    ),
    (
        "import collections\ndef f(n):\n    return [int, str, collections.OrderedDict, dict, ValueError]\n",
        "import collections\nassert candidate(3) == [int, str, collections.OrderedDict, dict, ValueError]\n",
    ),
    (
        "import decimal\ndef f(n):\n    return type(decimal.Decimal(n))\n",
        "from decimal import Decimal\nassert candidate(3) == Decimal\n",
    ),
    (
        "import math\ndef f(n):\n    return math.sqrt\n",
        "import math\nassert candidate(3)(9) == 3.0\n",
    ),
    (
        "def f(n):\n    return len\n",
        "assert candidate(3) is len",
    ),
    (
        "import operator\ndef f(n):\n    return operator.add\n",
        "import operator\nassert candidate(3)(1,2) == 3\n",
    ),
    (
        "def f(n):\n    return map(str, range(n))\n",
        "assert list(candidate(3)) == ['0','1','2']",
    ),
    (
        "def f(n):\n    return map(str, range(n))\n",
        "assert isinstance(candidate(3), map)",
    ),
    (
        "def f(n):\n    return zip(range(n), range(n))\n",
        "assert isinstance(candidate(3), zip) and list(candidate(1)) == [(0,0)]",
    ),
    (
        "def f(n):\n    return {1:2}.keys()\n",
        "assert candidate(3) == {1}",
    ),
    (
        "def f(n):\n    return {1:2}.items()\n",
        "assert list(candidate(3)) == [(1,2)]",
    ),
    (
        "def f(n):\n    return filter(None, [0, 1])\n",
        "assert next(candidate(3)) == 1",
    ),
    (
        "import re\ndef f(s):\n    return re.match('a+', s)\n",
        "assert candidate('aab').group() == 'aa'\nassert candidate('b') is None\n",
    ),
    (
        "import re\ndef f(s):\n    return re.compile(s)\n",
        "import re\nassert candidate('a').match('a')\nassert candidate('a') == re.compile('a')\n",
    ),
    (
        "import io\ndef f(s):\n    return io.StringIO(s)\n",
        "assert candidate('aab').read() == 'aab'",
    ),
    (
        "from contextlib import contextmanager\n@contextmanager\ndef f(s):\n    yield s\n",
        "with candidate(3) as x: assert x == 3",
    ),
    (
        "class F:\n"
        "    def __enter__(self): return 4\n"
        "    def __exit__(self, *a): return True\n"
        "def f(s):\n"
        "    return F()\n",
        "with candidate(3) as x:\n    assert x == 4\n    raise ValueError\n",
    ),
    (
        "def f(fn):\n    def g(*a, **k): return fn(*a, **k)+1\n    return g\n",
        "@candidate\ndef h(x, y=2): return x+y\nassert h(1) == 4 and h(1, y=5) == 7\n",
    ),
    (
        "import functools\n"
        "def f(fn):\n"
        "    @functools.wraps(fn)\n"
        "    def g(*a, **k): return fn(*a, **k)+1\n"
        "    return g\n",
        "@candidate\ndef h(x, y=2):\n    'doc'\n    return x+y\nassert h.__name__ == 'h' and h.__doc__ == 'doc'\n",
    ),
    (
        "def f(x, *, key=None, **kw):\n    return sorted(x, key=key), kw\n",
        "assert candidate([3,1], key=lambda v: -v, a=1) == ([3,1], {'a': 1})",
    ),
    (
        "def f(x):\n    return x.sort()\n",
        "a=[3,1]\ncandidate(a)\nassert a == [1,3]\n",
    ),
    (
        "import enum\nclass C(enum.Enum):\n    A=1\ndef f(x):\n    return C.A\n",
        "assert candidate(1) == C.A and candidate(1) is C.A and candidate(1).name == 'A' and C['A'].value == 1 and list(C) == [C.A]",
    ),
    (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x:int\n    y:int=2\ndef f(x):\n    return P(x)\n",
        "assert candidate(1) == P(1,2) == (1,2)\n"
        "assert candidate(1).y == 2\n"
        "x, y = candidate(3)\n"
        "assert candidate(1)._replace(x=5).x == 5 and candidate(1)._asdict() == {'x':1,'y':2}\n",
    ),
    (
        "class E(Exception):\n"
        "    def __init__(self, code): super().__init__(code); self.code=code\n"
        "def f(x):\n"
        "    raise E(4)\n",
        "try:\n"
        "    candidate(1)\n"
        "except E as e:\n"
        "    assert e.code == 4 and e.args == (4,) and str(e) == '4'\n"
        "else: assert 0\n",
    ),
    (
        "def f(x):\n    raise ValueError('bad %d' % x)\n",
        "import unittest\n"
        "class T(unittest.TestCase):\n"
        "    def test(self):\n"
        "        with self.assertRaisesRegex(ValueError, 'bad 3'): candidate(3)\n"
        "r = unittest.TestResult(); T('test').run(r)\n"
        "assert r.wasSuccessful() and r.testsRun == 1\n",
    ),
    (
        "def f(x):\n    print('hi', x)\n",
        "import io, contextlib\n"
        "b = io.StringIO()\n"
        "with contextlib.redirect_stdout(b): candidate(3)\n"
        "assert b.getvalue() == 'hi 3\\n'\n",
    ),
    (
        "def f(x):\n    return x.__class__.__name__\n",
        "class A: pass\nassert candidate(A()) == 'A'\n",
    ),
    (
        "def f(x):\n    x.v += 1\n    return x.get()\n",
        "class A:\n    v=1\n    def get(self): return self.v\na=A()\nassert candidate(a) == 2 and a.v == 2\n",
    ),
    (
        "def f(a, b):\n    return a + b\n",
        "from fractions import Fraction as F\n"
        "assert candidate(F(1,2), F(1,3)) == F(5,6)\n"
        "from decimal import Decimal as D\n"
        "assert candidate(D('1.10'), D('2')) == D('3.10')\n",
    ),
    (
        "import datetime\ndef f(d):\n    return d + datetime.timedelta(days=1)\n",
        "import datetime as dt\n"
        "assert candidate(dt.date(2024,2,28)) == dt.date(2024,2,29)\n"
        "assert candidate(dt.datetime(2024,2,28,tzinfo=dt.timezone.utc)).tzinfo is dt.timezone.utc\n",
    ),
    (
        "import array\ndef f(n):\n    return array.array('i', range(n))\n",
        "import array\nassert candidate(3) == array.array('i', [0,1,2])\n",
    ),
    (
        "import pathlib\ndef f(n):\n    return pathlib.PurePosixPath('a') / n\n",
        "from pathlib import PurePosixPath as P\nassert candidate('b') == P('a/b')\n",
    ),
    (
        "import uuid\ndef f(n):\n    return uuid.UUID(int=n)\n",
        "import uuid\nassert candidate(5) == uuid.UUID(int=5)\n",
    ),
    (
        "import ipaddress\ndef f(n):\n    return ipaddress.ip_address(n)\n",
        "import ipaddress\nassert candidate('1.2.3.4') == ipaddress.ip_address('1.2.3.4')\n",
    ),
    (
        "from types import SimpleNamespace\ndef f(n):\n    return SimpleNamespace(a=n)\n",
        "assert candidate(5).a == 5",
    ),
    (
        "import random\ndef f(n):\n    random.seed(n)\n    return random.random()\n",
        "import random\nr = random.Random(5).random()\nassert candidate(5) == r\n",
    ),
    (
        "import random\ndef f(n):\n    return random.randint(1, n)\n",
        "import random\nrandom.seed(3)\na = candidate(100)\nrandom.seed(3)\nassert candidate(100) == a\n",
    ),
    (
        "def f(n):\n    return input()\n",
        "from unittest.mock import patch\n"
        "with patch('builtins.input', return_value='q'):\n"
        "    assert candidate(1) == 'q'\n",
    ),
    (
        "import time\ndef f(n):\n    time.sleep(n)\n    return n\n",
        "import time\nt=time.time()\nassert candidate(0.1) == 0.1\nassert time.time()-t >= 0.1\n",
    ),
    (
        "def f(n):\n    return lambda k: k * n\n",
        "g = candidate(3)\nassert g(2) == 6 and callable(g)\n",
    ),
    (
        "def f(n):\n    return n.__next__()\n",
        "assert candidate(iter([1])) == 1",
    ),
    (
        "def f(n):\n    return sum(n)\n",
        "assert candidate(x*x for x in range(4)) == 14",
    ),
    (
        "def f(n):\n    return [type(v) for v in n]\n",
        "assert candidate([1, 'a', None, 2.0]) == [int, str, type(None), float]",
    ),
    (
        "def f(n):\n    return NotImplemented\n",
        "assert candidate(1) is NotImplemented",
    ),
    (
        "def f(n):\n    return ...\n",
        "assert candidate(1) is ...",
    ),
    (
        "def f(n):\n    return memoryview(b'abc')\n",
        "assert candidate(1) == b'abc'",
    ),
    (
        "def f(n):\n    return slice(1,n)\n",
        "assert [1,2,3,4][candidate(3)] == [2,3]",
    ),
    (
        "import asyncio\n"
        "class Q:\n"
        "    def __init__(self): self.q = asyncio.Queue()\n"
        "    async def put(self, x): await self.q.put(x)\n"
        "    async def get(self): return await self.q.get()\n"
        "def f(): return Q()\n",
        "import asyncio\n"
        "async def main():\n"
        "    q = candidate()\n"
        "    async def producer():\n"
        "        for i in range(3):\n"
        "            await asyncio.sleep(0.01)\n"
        "            await q.put(i)\n"
        "    async def consumer():\n"
        "        return [await q.get() for _ in range(3)]\n"
        "    _, r = await asyncio.gather(producer(), consumer())\n"
        "    assert r == [0,1,2]\n"
        "asyncio.run(main())\n",
    ),
    (
        "import asyncio\nasync def f(t):\n    await asyncio.sleep(t)\n    return t\n",
        "import asyncio, time\n"
        "async def m():\n"
        "    s=time.time()\n"
        "    r = await asyncio.gather(*[candidate(0.2) for _ in range(4)])\n"
        "    assert r == [0.2]*4\n"
        "    assert time.time()-s < 0.7, time.time()-s\n"
        "asyncio.run(m())\n",
    ),
    (
        "import asyncio\nasync def f(t):\n    await asyncio.sleep(t)\n    return t\n",
        "import asyncio\n"
        "async def m():\n"
        "    try:\n"
        "        await asyncio.wait_for(candidate(5), 0.05)\n"
        "    except asyncio.TimeoutError: return\n"
        "    assert False\n"
        "asyncio.run(m())\n",
    ),
    (
        "import asyncio\nasync def f(fn, n):\n    return [await fn(i) for i in range(n)]\n",
        "import asyncio\n"
        "async def sq(x):\n"
        "    await asyncio.sleep(0.001)\n"
        "    return x*x\n"
        "assert asyncio.run(candidate(sq, 3)) == [0,1,4]\n",
    ),
    (
        "import asyncio\n"
        "def f(fn, n):\n"
        "    async def go(): return await asyncio.gather(*[fn(i) for i in range(n)])\n"
        "    return asyncio.run(go())\n",
        "import asyncio\n"
        "async def sq(x):\n"
        "    await asyncio.sleep(0.001)\n"
        "    return x*x\n"
        "assert candidate(sq, 3) == [0,1,4]\n",
    ),
    (
        "import asyncio, functools\n"
        "def f(times):\n"
        "    def deco(fn):\n"
        "        @functools.wraps(fn)\n"
        "        async def wrapper(*a, **k):\n"
        "            for i in range(times):\n"
        "                try: return await fn(*a, **k)\n"
        "                except ValueError:\n"
        "                    if i == times-1: raise\n"
        "        return wrapper\n"
        "    return deco\n",
        "import asyncio\n"
        "n = 0\n"
        "@candidate(3)\n"
        "async def flaky(x):\n"
        "    global n\n"
        "    n += 1\n"
        "    if n < 3: raise ValueError(n)\n"
        "    return x\n"
        "assert asyncio.run(flaky(7)) == 7 and n == 3\n",
    ),
    (
        "class T:\n"
        "    async def __aenter__(self): return 5\n"
        "    async def __aexit__(self, *a): return False\n"
        "def f(): return T()\n",
        "import asyncio\nasync def m():\n    async with candidate() as x:\n        assert x == 5\nasyncio.run(m())\n",
    ),
    (
        "class T:\n"
        "    def __init__(self, n): self.n=n\n"
        "    def __aiter__(self): return self\n"
        "    async def __anext__(self):\n"
        "        if not self.n: raise StopAsyncIteration\n"
        "        self.n -= 1\n"
        "        return self.n\n"
        "def f(n): return T(n)\n",
        "import asyncio\n"
        "async def m():\n"
        "    return [x async for x in candidate(3)]\n"
        "assert asyncio.run(m()) == [2,1,0]\n",
    ),
    (
        "async def f(agen):\n    return [x async for x in agen]\n",
        "import asyncio\n"
        "async def g():\n"
        "    for i in range(3):\n"
        "        await asyncio.sleep(0)\n"
        "        yield i\n"
        "assert asyncio.run(candidate(g())) == [0,1,2]\n",
    ),
    (
        "import asyncio\n"
        "class S:\n"
        "    def start(self): self.t = asyncio.create_task(self.run())\n"
        "    async def run(self):\n"
        "        await asyncio.sleep(0.01)\n"
        "        return 9\n"
        "    async def wait(self): return await self.t\n"
        "def f(): return S()\n",
        "import asyncio\n"
        "async def m():\n"
        "    s = candidate()\n"
        "    s.start()\n"
        "    return await s.wait()\n"
        "assert asyncio.run(m()) == 9\n",
    ),
    (
        "import asyncio\n"
        "async def f(n):\n"
        "    sem = asyncio.Semaphore(n)\n"
        "    async def w(i):\n"
        "        async with sem:\n"
        "            await asyncio.sleep(0.001)\n"
        "            return i\n"
        "    return await asyncio.gather(*(w(i) for i in range(5)))\n",
        "import unittest\n"
        "class T(unittest.IsolatedAsyncioTestCase):\n"
        "    async def test_a(self):\n"
        "        self.assertEqual(await candidate(2), [0,1,2,3,4])\n"
        "r = unittest.TestResult(); T('test_a').run(r)\n"
        "assert r.wasSuccessful() and r.testsRun == 1, r.errors\n",
    ),
    (
        "import json\ndef f(s):\n    return json.loads(s)\n",
        "import json\n"
        "try: candidate('{')\n"
        "except json.JSONDecodeError as e: assert e.pos == 1 and e.doc == '{'\n"
        "else: assert 0\n",
    ),
    (
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int\ndef f(x): return P(x)\n",
        "import dataclasses\n"
        "p=candidate(3)\n"
        "try: p.x = 4\n"
        "except dataclasses.FrozenInstanceError: pass\n"
        "else: assert 0\n"
        "assert p == P(3) and hash(p) == hash(P(3)) and dataclasses.is_dataclass(p) and dataclasses.asdict(p) == {'x': 3} and repr(p) == 'P(x=3)'\n",
    ),
    (
        "from decimal import Decimal\ndef f(s): return Decimal(s)\n",
        "import decimal\ntry: candidate('x')\nexcept decimal.InvalidOperation: pass\nelse: assert 0\n",
    ),
    (
        "import re\ndef f(s): return re.compile(s)\n",
        "import re\ntry: candidate('(')\nexcept re.error as e: assert 'unterminated' in str(e)\nelse: assert 0\n",
    ),
    (
        "import queue\ndef f(): return queue.Queue().get_nowait()\n",
        "import queue\ntry: candidate()\nexcept queue.Empty: pass\nelse: assert 0\n",
    ),
    (
        "import struct\ndef f(b): return struct.unpack('<I', b)\n",
        "import struct\n"
        "try: candidate(b'')\n"
        "except struct.error: pass\n"
        "else: assert 0\n"
        "assert candidate(b'\\1\\0\\0\\0') == (1,)\n",
    ),
    (
        "import statistics\ndef f(x): return statistics.mean(x)\n",
        "import statistics\ntry: candidate([])\nexcept statistics.StatisticsError: pass\nelse: assert 0\n",
    ),
    (
        "import binascii\ndef f(x): return binascii.unhexlify(x)\n",
        "import binascii\ntry: candidate('a')\nexcept binascii.Error: pass\nelse: assert 0\n",
    ),
    (
        "import subprocess\ndef f(x): raise subprocess.CalledProcessError(3, 'x')\n",
        "import subprocess\n"
        "try: candidate(1)\n"
        "except subprocess.CalledProcessError as e: assert e.returncode == 3\n"
        "else: assert 0\n",
    ),
    (
        "def f(api, x):\n    return api.fetch(x, retry=2)['v'] + 1\n",
        "from unittest.mock import Mock\n"
        "m = Mock()\n"
        "m.fetch.return_value = {'v': 3}\n"
        "assert candidate(m, 5) == 4\n"
        "m.fetch.assert_called_once_with(5, retry=2)\n",
    ),
    (
        "def f(cb):\n    cb(1); cb(2)\n",
        "from unittest.mock import Mock, call\n"
        "m = Mock()\n"
        "candidate(m)\n"
        "assert m.call_args_list == [call(1), call(2)]\n",
    ),
    (
        "def f(opener):\n    with opener('x') as fh: return fh.read().upper()\n",
        "from unittest.mock import mock_open\n"
        "m = mock_open(read_data='abc')\n"
        "assert candidate(m) == 'ABC'\n"
        "m.assert_called_once_with('x')\n",
    ),
    (
        "def f(conn):\n    conn.timeout = 5\n    return len(conn), [r for r in conn]\n",
        "from unittest.mock import MagicMock\n"
        "m = MagicMock()\n"
        "m.__len__.return_value = 2\n"
        "m.__iter__.return_value = iter([1,2])\n"
        "assert candidate(m) == (2, [1,2])\n"
        "assert m.timeout == 5\n",
    ),
    (
        "def f(x):\n    'Adds one.'\n    return x + 1\n",
        "assert candidate.__doc__ == 'Adds one.' and candidate.__name__ == 'f'",
    ),
    (
        "import sys\ndef f():\n    n = int(input())\n    return sum(int(x) for x in sys.stdin.read().split()), n\n",
        "import io, sys\n"
        "old = sys.stdin\n"
        "sys.stdin = io.StringIO('2\\n3 4\\n5\\n')\n"
        "try: assert candidate() == (12, 2)\n"
        "finally: sys.stdin = old\n",
    ),
    (
        "def f():\n    a = input('x? '); b = input()\n    print(a + b)\n",
        "from unittest.mock import patch\n"
        "import io\n"
        "with patch('builtins.input', side_effect=['1', '2']) as i, patch('sys.stdout', new_callable=io.StringIO) as o:\n"
        "    candidate()\n"
        "assert o.getvalue() == '12\\n' and i.call_count == 2\n",
    ),
    (
        "import sys\n"
        "def f(x):\n"
        "    sys.stderr.write('e')\n"
        "    sys.stdout.write(str(x))\n"
        "    print('a', 'b', sep='-', end='!', file=sys.stdout)\n",
        "import io, contextlib\n"
        "o, e = io.StringIO(), io.StringIO()\n"
        "with contextlib.redirect_stdout(o), contextlib.redirect_stderr(e): candidate(3)\n"
        "assert (o.getvalue(), e.getvalue()) == ('3a-b!', 'e')\n",
    ),
    (
        "def f(x):\n    print(x)\n    raise ValueError\n",
        "import io, contextlib\n"
        "o = io.StringIO()\n"
        "try:\n"
        "    with contextlib.redirect_stdout(o): candidate(3)\n"
        "except ValueError: pass\n"
        "assert o.getvalue() == '3\\n'\n",
    ),
    (
        "import logging\ndef f(x):\n    logging.getLogger('a').warning('w %s', x)\n",
        "import unittest\n"
        "class T(unittest.TestCase):\n"
        "    def test(self):\n"
        "        with self.assertLogs('a') as c: candidate(3)\n"
        "        assert c.output == ['WARNING:a:w 3']\n"
        "r = unittest.TestResult(); T('test').run(r)\n"
        "assert r.wasSuccessful(), r.failures or r.errors\n",
    ),
    (
        "import warnings\ndef f(x):\n    warnings.warn('old', DeprecationWarning)\n    return x\n",
        "import warnings\n"
        "with warnings.catch_warnings(record=True) as w:\n"
        "    warnings.simplefilter('always')\n"
        "    candidate(1)\n"
        "assert len(w) == 1 and issubclass(w[0].category, DeprecationWarning)\n",
    ),
    (
        "class A:\n"
        "    n = 0\n"
        "    def __init__(self): A.n += 1\n"
        "    @classmethod\n"
        "    def count(cls): return cls.n\n"
        "    @staticmethod\n"
        "    def z(): return 0\n"
        "    @property\n"
        "    def p(self): return 'p'\n"
        "def f(): return A()\n",
        "a=candidate(); b=A()\n"
        "assert A.count() == 2 and A.z() == 0 and a.p == 'p' and isinstance(a, A) and type(a) is A and A.n == 2\n",
    ),
    (
        "class B:\n"
        "    def go(self): return 'b'\n"
        "class A(B):\n"
        "    def go(self): return super().go()+'a'\n"
        "def f(): return A()\n",
        "assert candidate().go() == 'ba' and isinstance(candidate(), B) and issubclass(A, B)",
    ),
    (
        "class A:\n"
        "    def __init__(self, x): self.x=x\n"
        "    def __add__(self, o): return A(self.x+o.x)\n"
        "    def __eq__(self, o): return self.x==o.x\n"
        "    def __lt__(self, o): return self.x<o.x\n"
        "    def __repr__(self): return f'A({self.x})'\n"
        "def f(x): return A(x)\n",
        "assert A(1)+A(2) == A(3)\n"
        "assert candidate(1)+A(2) == A(3) and sorted([A(2), A(1)])[0] == A(1) and repr(candidate(2)) == 'A(2)' and max(A(1), A(5)).x == 5\n",
    ),
    (
        "class Node:\n"
        "    def __init__(self, v, n=None): self.v=v; self.n=n\n"
        "def f(h):\n"
        "    p=None\n"
        "    while h: h.n, p, h = p, h, h.n\n"
        "    return p\n",
        "h = Node(1, Node(2, Node(3)))\n"
        "r = candidate(h)\n"
        "out = []\n"
        "while r: out.append(r.v); r = r.n\n"
        "assert out == [3,2,1]\n",
    ),
    (
        "def f(a):\n    a[0][0] = 9\n    return a\n",
        "x=[[1],[2]]\nr=candidate(x)\nassert r is x and x == [[9],[2]]\n",
    ),
    (
        "from functools import lru_cache\n@lru_cache(None)\ndef f(n): return n if n < 2 else f(n-1)+f(n-2)\n",
        "assert candidate(50) == 12586269025\nassert candidate.cache_info().misses == 51\n",
    ),
    (
        "from abc import ABC, abstractmethod\n"
        "class S(ABC):\n"
        "    @abstractmethod\n"
        "    def area(self): ...\n"
        "class Q(S):\n"
        "    def __init__(self, a): self.a=a\n"
        "    def area(self): return self.a**2\n"
        "def f(a): return Q(a)\n",
        "assert candidate(3).area() == 9\ntry: S()\nexcept TypeError: pass\nelse: assert 0\n",
    ),
    (
        "import os\ndef f(p):\n    return sorted(os.listdir(p))\n",
        "from unittest.mock import patch\n"
        "with patch('os.listdir', return_value=['b', 'a']) as m:\n"
        "    assert candidate('/x') == ['a', 'b']\n"
        "m.assert_called_once_with('/x')\n",
    ),
    (
        "def f(p):\n    with open(p) as file: return [line.strip() for line in file]\n",
        "from unittest.mock import mock_open, patch\n"
        "with patch('builtins.open', mock_open(read_data='a\\nb\\n')) as m:\n"
        "    assert candidate('x') == ['a', 'b']\n"
        "m.assert_called_with('x')\n",
    ),
    (
        "import random\ndef f(): return random.choice([1, 2, 3]), random.randint(1, 6)\n",
        "from unittest.mock import patch\n"
        "@patch('random.randint', side_effect=[4, 5])\n"
        "@patch('random.choice', return_value=9)\n"
        "def test(choice, randint):\n"
        "    assert candidate() == (9, 4) and candidate() == (9, 5)\n"
        "    assert choice.call_count == 2\n"
        "test()\n"
        "assert candidate()[0] in (1, 2, 3)\n",
    ),
    (
        "import time\ndef f():\n    time.sleep(100)\n    return time.time()\n",
        "from unittest.mock import patch\n"
        "with patch('time.sleep') as sleep, patch('time.time', lambda: 5.0):\n"
        "    assert candidate() == 5.0\n"
        "sleep.assert_called_once_with(100)\n",
    ),
    (
        "import os\ndef f(): return os.environ.get('HOME_OF_X', 'none'), os.getenv('HOME_OF_X')\n",
        "import os\n"
        "from unittest.mock import patch\n"
        "with patch.dict(os.environ, {'HOME_OF_X': 'y'}):\n"
        "    assert candidate() == ('y', 'y')\n"
        "assert candidate() == ('none', None)\n",
    ),
    (
        "import json, os\ndef f(x): return json.dumps(x), os.path.exists(x)\n",
        "from unittest.mock import patch\n"
        "with patch('json.dumps', return_value='j') as dumps, patch('json.loads'), patch('os.write'), patch('os.read'), patch('os.path.exists', return_value=True):\n"
        "    assert candidate('x') == ('j', True)\n"
        "dumps.assert_called_once_with('x')\n",
    ),
    (
        "def f(x): print(x)",
        "from unittest.mock import patch\n"
        "with patch('builtins.print') as m: candidate(3)\n"
        "m.assert_called_once_with(3)\n",
    ),
    (
        "import datetime\nclass Clock:\n    def now(self): return 1\ndef f(): return Clock().now()\n",
        "from unittest.mock import patch\n"
        "with patch.object(Clock, 'now', return_value=7): assert candidate() == 7\n"
        "assert candidate() == 1\n",
    ),
    (
        "import subprocess\ndef f(c): return subprocess.run(c, capture_output=True, text=True).stdout.upper()\n",
        "import unittest\n"
        "from unittest.mock import patch, MagicMock\n"
        "class T(unittest.TestCase):\n"
        "    @patch('subprocess.run')\n"
        "    def test(self, run):\n"
        "        run.return_value = MagicMock(stdout='out', returncode=0)\n"
        "        self.assertEqual(candidate(['ls']), 'OUT')\n"
        "        run.assert_called_once()\n"
        "r = unittest.TestResult(); T('test').run(r)\n"
        "assert r.wasSuccessful() and r.testsRun == 1, r.errors\n",
    ),
    (
        "import urllib.request\ndef f(u):\n    with urllib.request.urlopen(u) as r: return r.read().decode()\n",
        "from unittest.mock import patch, MagicMock\n"
        "with patch('urllib.request.urlopen') as m:\n"
        "    m.return_value.__enter__.return_value.read.return_value = b'hi'\n"
        "    assert candidate('http://x') == 'hi'\n",
    ),
    (
        "class Clock:\n    def now(self): return 1\ndef f(): return Clock().now()\n",
        "Clock.now = lambda self: 7\nassert candidate() == 7",
    ),
    (
        "import sys\ndef f(x): sys.exit(3)\n",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n"
        "        with self.assertRaises(SystemExit) as c: candidate(1)\n        self.assertEqual(c.exception.code, 3)\n"
        "r = unittest.TestResult(); T('test').run(r)\nassert r.wasSuccessful() and r.testsRun == 1, r.errors\n",
    ),
    (
        "import threading\nclass f:\n    def __init__(self):\n        self.n, self.lock = 0, threading.Lock()\n"
        "    def inc(self):\n        with self.lock: self.n += 1\n",
        "import threading\nfrom concurrent.futures import ThreadPoolExecutor\nk = f()\n"
        "ts = [threading.Thread(target=k.inc) for _ in range(8)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n"
        "with ThreadPoolExecutor(4) as pool: list(pool.map(lambda _: k.inc(), range(8)))\nassert k.n == 16\n",
    ),
    (
        "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass Box(Generic[T]):\n"
        "    def __init__(self, v: T): self.v = v\ndef f(x): return Box(x)\n",
        "assert Box[int](3).v == candidate(3).v == 3\n",
    ),
    (
        "class f:\n    def __enter__(self): return self\n    def __exit__(self, kind, *_): return kind is ValueError\n"
        "    def fail(self): raise ValueError\n    def explode(self): raise ValueError\n",
        "with f() as x:\n    x.explode()\n    raise AssertionError('not reached')\nwith f():\n    raise ValueError\n",
    ),
]


@pytest.mark.parametrize(("program", "test"), PAIRS, ids=range(len(PAIRS)))
def test_a_test_passes_that_passes_in_one_process(judge, program, test):
    assert_passes_as_in_one_process(judge, program, test)
